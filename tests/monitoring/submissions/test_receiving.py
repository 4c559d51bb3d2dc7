from datetime import date

import pytest

from monitoring.audit.models import Event
from monitoring.submissions.deciding import close_period, withdraw
from monitoring.submissions.models import State, Submission
from monitoring.submissions.problems import Unreadable
from monitoring.submissions.reading import from_records
from monitoring.submissions.receiving import receive
from monitoring.vault.models import SealedDataset, SealedDocument
from tests.factories import accepted, as_csv, staff, submit
from tests.factories.submissions import AT, TODAY

pytestmark = pytest.mark.django_db


def codes(organisation, **more):
    said = {"content": as_csv(staff(10)), "collection": "workforce", "period": "2026-Q3", "today": TODAY} | more
    with pytest.raises(Unreadable) as refused:
        receive(said.pop("content"), organisation=organisation, at=AT, by=None, **said)
    return [problem.code for problem in refused.value.problems]


class TestEnvelope:
    @pytest.mark.parametrize("period", ["2026-3", "Q3 2026", "", "2026-Q7"])
    def test_a_malformed_quarter_is_answered(self, organisation, period):
        assert codes(organisation, period=period) == ["PERIOD_MALFORMED"]

    def test_a_quarter_that_has_not_ended_is_answered(self, organisation):
        assert codes(organisation, period="2026-Q4") == ["PERIOD_IN_FUTURE"]

    def test_a_quarter_ends_with_its_last_day(self, organisation):
        assert codes(organisation, period="2026-Q3", today=date(2026, 9, 30)) == ["PERIOD_IN_FUTURE"]
        receive(as_csv(staff(9)), organisation=organisation, collection="workforce", period="2026-Q3",
                today=date(2026, 10, 1), at=AT, by=None)  # fmt: skip

    def test_an_unknown_collection_is_answered(self, organisation):
        assert codes(organisation, collection="cakes") == ["COLLECTION_UNKNOWN"]

    def test_an_empty_file_is_answered(self, organisation):
        assert codes(organisation, content=b"") == ["FILE_EMPTY"]

    def test_a_file_over_the_limit_is_answered(self, organisation, settings):
        settings.SUBMISSION_MAX_BYTES = 100

        assert codes(organisation) == ["FILE_TOO_LARGE"]

    def test_everything_wrong_is_said_at_once(self, organisation):
        assert codes(organisation, content=b"", collection="cakes", period="x") == [
            "COLLECTION_UNKNOWN", "FILE_EMPTY", "PERIOD_MALFORMED",
        ]  # fmt: skip

    def test_nothing_is_kept_of_what_was_refused(self, organisation):
        codes(organisation, period="2026-Q4")

        assert not Submission.objects.exists()
        assert not SealedDocument.objects.exists()
        assert not Event.objects.filter(act__startswith="submission").exists()


class TestPublishedQuarter:
    def test_is_closed_to_new_data(self, organisation):
        close_period(organisation, "workforce", "2026-Q3", at=AT)

        assert codes(organisation) == ["PERIOD_PUBLISHED"]

    def test_takes_a_correction_that_says_why(self, organisation):
        close_period(organisation, "workforce", "2026-Q3", at=AT)

        submission = submit(organisation, correction_reason="Two teams had been left out")

        assert submission.state == State.CHECKED
        assert submission.correction_reason == "Two teams had been left out"

    def test_other_quarters_and_organisations_stay_open(self, organisation, other_organisation):
        close_period(organisation, "workforce", "2026-Q3", at=AT)

        assert submit(organisation, period="2026-Q2").state == State.CHECKED
        assert submit(other_organisation).state == State.CHECKED


class TestSameFile:
    def test_is_the_same_submission(self, organisation):
        assert submit(organisation).pk == submit(organisation).pk
        assert Event.objects.filter(act="submission.received").count() == 1

    @pytest.mark.parametrize("change", [{"period": "2026-Q2"}, {"mapping": "[columns]\n"}, {"content": b"sex\nF\n"}])
    def test_in_another_respect_is_another(self, organisation, change):
        assert submit(organisation).pk != submit(organisation, **change).pk

    def test_for_another_organisation_is_another(self, organisation, other_organisation):
        assert submit(organisation).pk != submit(other_organisation).pk

    def test_that_was_refused_is_checked_again_under_the_same_number(self, organisation):
        first = submit(organisation, b"sex\nX\n")
        again = submit(organisation, b"sex\nX\n")

        assert (first.pk, again.state) == (again.pk, State.REFUSED)
        assert Event.objects.filter(act="submission.refused").count() == 2

    def test_that_was_withdrawn_is_a_new_one(self, organisation):
        first = accepted(organisation)
        withdraw(first, reason="sent by mistake", by=None)

        assert submit(organisation).pk != first.pk


class TestWhatIsKept:
    def test_a_refused_file_leaves_its_answer_and_nothing_else(self, organisation, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            submission = submit(organisation, b"sex,ethnicity\nF,Martian\n")

        assert submission.state == State.REFUSED
        assert submission.incoming is None
        assert submission.dataset is None
        assert not SealedDataset.objects.exists()
        assert SealedDocument.objects.count() == 1

    def test_a_checked_file_leaves_its_dataset_and_not_what_was_sent(self, organisation):
        submission = submit(organisation)

        assert submission.state == State.CHECKED
        assert submission.incoming is None
        assert submission.dataset.rows == submission.kept == 60

    def test_no_wording_stands_in_the_database(self, organisation):
        submit(organisation, b"sex,ethnicity\nF,Martian\n")

        said = str(list(Submission.objects.values())) + str(list(Event.objects.values()))
        assert "Martian" not in said


class TestRecords:
    def test_are_taken_like_a_file(self, organisation):
        submission = submit(organisation, from_records(staff(12)))

        assert (submission.state, submission.rows) == (State.CHECKED, 12)

    @pytest.mark.parametrize(
        "records", [None, [], {}, "x", [1], [{"sex": ["F"]}], [{"sex": {"a": 1}}], [{"sex": "\ud800"}]]
    )
    def test_that_are_no_plain_objects_are_answered(self, records):
        with pytest.raises(Unreadable) as refused:
            from_records(records)

        assert [problem.code for problem in refused.value.problems] == ["RECORDS_MALFORMED"]

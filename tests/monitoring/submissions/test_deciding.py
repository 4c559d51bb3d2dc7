import pytest
from django.db import IntegrityError, transaction

from monitoring.audit.models import Event
from monitoring.figures.counting import NotAccepted, people_of
from monitoring.submissions.deciding import CannotDecide, accept, withdraw
from monitoring.submissions.models import NEXT, SavedMapping, State, Submission
from monitoring.submissions.work import problems_of
from monitoring.vault.models import SealedDataset
from tests.factories import accepted, as_csv, staff, submit
from tests.factories.submissions import AT

pytestmark = pytest.mark.django_db


class TestAccepting:
    def test_lets_the_data_reach_figures(self, organisation):
        submission = submit(organisation)
        with pytest.raises(NotAccepted):
            people_of(submission)

        accept(submission, at=AT, by=None)
        submission.refresh_from_db()

        assert people_of(submission).size == 60

    def test_twice_is_once(self, organisation):
        submission = submit(organisation)

        accept(submission, at=AT, by=None)
        accept(submission, at=AT, by=None)

        assert Event.objects.filter(act="submission.accepted").count() == 1

    def test_supersedes_what_was_accepted_before(self, organisation):
        first = accepted(organisation)
        second = accepted(organisation, as_csv(staff(61)))
        first.refresh_from_db()

        assert first.state == State.SUPERSEDED
        assert list(Submission.objects.accepted()) == [second]
        with pytest.raises(NotAccepted):
            people_of(first)

    def test_leaves_other_quarters_alone(self, organisation):
        accepted(organisation)
        accepted(organisation, period="2026-Q2")

        assert Submission.objects.accepted().count() == 2

    @pytest.mark.parametrize("state", [s for s in State if s not in {State.CHECKED, State.ACCEPTED}])
    def test_is_refused_in_every_other_state(self, organisation, state):
        submission = submit(organisation)
        Submission.objects.update(state=state)

        with pytest.raises(CannotDecide, match="only a checked one"):
            accept(submission, at=AT, by=None)

    def test_remembers_the_mapping_for_the_next_file(self, organisation):
        mapping = '[columns]\n"Gender" = "sex"\n'
        accepted(organisation, b"Gender\nF\n", mapping=mapping)

        again = submit(organisation, b"Gender\nM\n")

        assert again.state == State.CHECKED
        assert "SAVED_MAPPING_USED" in {problem.code for problem in problems_of(again)}

    def test_does_not_remember_a_mapping_for_others(self, organisation, other_organisation):
        accepted(organisation, b"Gender\nF\n", mapping='[columns]\n"Gender" = "sex"\n')

        assert submit(other_organisation, b"Gender\nM\n").state == State.REFUSED
        assert SavedMapping.objects.count() == 1


class TestWithdrawing:
    def test_destroys_the_dataset_and_ends_the_counting(self, organisation):
        submission = accepted(organisation)

        withdraw(submission, reason="wrong quarter", by=None)
        submission.refresh_from_db()

        assert submission.state == State.WITHDRAWN
        assert not SealedDataset.objects.exists()
        assert not Submission.objects.accepted().exists()

    def test_needs_a_reason(self, organisation):
        with pytest.raises(CannotDecide, match="why"):
            withdraw(accepted(organisation), reason=" ", by=None)

    def test_twice_is_once(self, organisation):
        submission = accepted(organisation)
        withdraw(submission, reason="wrong", by=None)
        withdraw(submission, reason="wrong", by=None)

        assert Event.objects.filter(act="submission.withdrawn").count() == 1

    @pytest.mark.parametrize("state", [State.CHECKING, State.REFUSED, State.SUPERSEDED])
    def test_is_refused_where_nothing_can_be_withdrawn(self, organisation, state):
        submission = submit(organisation)
        Submission.objects.update(state=state)

        with pytest.raises(CannotDecide):
            withdraw(submission, reason="x", by=None)


class TestDatabase:
    def test_accepts_one_submission_a_quarter(self, organisation):
        first, second = submit(organisation), submit(organisation, as_csv(staff(61)))
        accept(first, at=AT, by=None)

        with pytest.raises(IntegrityError), transaction.atomic():
            Submission.objects.filter(pk=second.pk).update(state=State.ACCEPTED, accepted_at=AT)

    def test_accepts_nothing_without_a_dataset(self, organisation):
        submission = submit(organisation)

        with pytest.raises(IntegrityError), transaction.atomic():
            Submission.objects.filter(pk=submission.pk).update(state=State.ACCEPTED, accepted_at=AT, dataset=None)

    def test_knows_the_states(self, organisation):
        submission = submit(organisation)

        with pytest.raises(IntegrityError), transaction.atomic():
            Submission.objects.filter(pk=submission.pk).update(state="elsewhere")

    def test_every_state_says_what_may_follow(self):
        assert set(NEXT) == set(State.values)
        assert {after for following in NEXT.values() for after in following} <= set(State.values)

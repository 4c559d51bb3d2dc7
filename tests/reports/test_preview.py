"""What a sender sees before accepting."""

import pytest

from equality.disclosure.programmes import Programme
from monitoring.jobs.models import Job, State
from monitoring.submissions.deciding import accept, withdraw
from monitoring.vault.models import SealedDocument
from reports.contents import Contents, Paragraph, TableBlock
from reports.preview import preview
from tests.factories import accepted, as_csv, brief, make_draft, make_published, staff, submit
from tests.factories.submissions import AT, do_waiting_work

pytestmark = pytest.mark.django_db


def shown_of(submission):
    """What the sender sees once it is worked out."""
    waiting = preview(submission)
    assert isinstance(waiting, Job)
    assert waiting.is_live
    do_waiting_work()
    submission.refresh_from_db()
    shown = preview(submission)
    assert isinstance(shown, Contents)
    return shown


def tables(contents):
    return {
        block.id: block for section in contents.sections for block in section.blocks if isinstance(block, TableBlock)
    }


class TestThePreview:
    def test_prints_what_a_report_of_these_data_alone_prints(self, organisation):
        submission = submit(organisation, brief())
        shown = tables(shown_of(submission))

        accepted(organisation, brief())
        printed = {table.id: table for table in Contents.from_json(make_draft(organisation).contents).tables()}

        assert set(shown) == {"sex", "disability"}
        assert all(
            [c.value for c in shown[name].cells if c.measure == "headcount"]
            == [c.value for c in printed[name].cells if c.measure == "headcount"]
            for name in shown
        )

    @pytest.mark.parametrize(
        ("code", "said"),
        [
            ("published-2026", False),
            ("civil-service-2023", "0 for nobody."),
            ("controlled-5", "0 for nobody, or fewer"),
        ],
    )
    def test_says_what_rounded_numbers_stand_for(self, organisation, settings, code, said):
        settings.REPORT_POLICY = code
        shown = shown_of(submit(organisation, brief()))

        first = shown.sections[0].blocks[0]
        assert (isinstance(first, Paragraph) and said in first.text) if said else not isinstance(first, Paragraph)

    def test_hides_small_numbers(self, organisation):
        submission = submit(organisation, as_csv([*staff(60, sex="F"), *staff(3, sex="M")][3:]))

        sex = tables(shown_of(submission))["sex"]

        assert {c.status for c in sex.cells if c.measure == "headcount" and c.dims["sex"] == "M"} == {"[c]"}

    def test_says_that_nothing_could_be_printed_where_the_data_cannot_be_protected(self, organisation, monkeypatch):
        submission = submit(organisation, as_csv([*staff(60, sex="F"), *staff(63, sex="M")[60:]]))
        monkeypatch.setattr(Programme, "witness", lambda *_, **__: None)
        monkeypatch.setattr(Programme, "at_any_price", lambda *_: (None, False))

        (section,) = shown_of(submission).sections

        (said,) = section.blocks
        assert isinstance(said, Paragraph)
        assert said.text.startswith("Nothing could be printed: these data cannot be protected.")

    def test_is_worked_out_once(self, organisation):
        submission = submit(organisation, brief())
        shown_of(submission)

        preview(submission)

        assert not Job.objects.filter(state=State.QUEUED).exists()

    def test_is_worked_out_again_when_more_was_told_of_the_organisation(self, organisation):
        submission = submit(organisation, brief())
        shown_of(submission)
        accepted(organisation, brief(), period="2026-Q2")
        make_published(organisation, "2026-Q2")

        shown_of(submission)

    @pytest.mark.parametrize(
        "decide",
        [lambda one: accept(one, at=AT, by=None), lambda one: withdraw(one, reason="a mistake", by=None)],
        ids=["accepted", "withdrawn"],
    )
    def test_is_destroyed_once_the_data_are_decided(self, organisation, decide):
        submission = submit(organisation, brief())
        shown_of(submission)
        sealed = SealedDocument.objects.filter(pk=submission.preview_id)
        assert sealed.exists()

        decide(submission)

        assert not sealed.exists()

    def test_is_not_kept_of_data_that_were_decided_meanwhile(self, organisation):
        submission = submit(organisation, brief())
        preview(submission)

        accept(submission, at=AT, by=None)
        do_waiting_work()

        submission.refresh_from_db()
        assert submission.preview is None

    def test_that_stops_on_our_side_is_said_and_not_tried_for_ever(self, organisation, monkeypatch):
        submission = submit(organisation, brief())
        monkeypatch.setattr("reports.preview.plan", lambda *_: 1 / 0)
        preview(submission)
        do_waiting_work()

        stopped = preview(submission)

        assert stopped.state == State.FAILED
        assert not Job.objects.filter(state=State.QUEUED).exists()

import json

import pytest

from monitoring.audit.models import Event
from monitoring.jobs import work as jobs
from monitoring.jobs.models import Job
from monitoring.jobs.models import State as JobState
from monitoring.submissions import work
from monitoring.submissions.models import State
from monitoring.submissions.work import problems_of
from monitoring.vault.documents import open_document
from monitoring.vault.models import SealedDataset
from tests.factories import submit

pytestmark = pytest.mark.django_db


class TestAnswer:
    def test_is_kept_sealed_and_read_back(self, organisation):
        submission = submit(organisation, b"sex,ethnicity\nF,Martian\nX,13\n")

        problems = problems_of(submission)

        assert {(p.code, p.row, p.value) for p in problems if p.value} == {
            ("VALUE_NOT_PLACED", 2, "Martian"), ("VALUE_NOT_PLACED", 3, "X"),
        }  # fmt: skip
        assert json.loads(open_document(submission.answer))

    def test_is_counted_on_the_envelope(self, organisation):
        submission = submit(organisation, b"sex,ethnicity\nF,Martian\nX,13\n")

        assert (submission.errors, submission.warnings) == (2, 1)


class TestOnce:
    def test_a_second_worker_finds_nothing_to_do(self, organisation):
        submit(organisation)
        (job,) = Job.objects.all()

        jobs.perform(job.pk)

        assert SealedDataset.objects.count() == 1
        assert Event.objects.filter(act="submission.checked").count() == 1

    def test_a_submission_that_was_decided_meanwhile_is_left_alone(self, organisation):
        submission = submit(organisation)
        job = jobs.ask("submission.check", str(submission.pk))

        jobs.perform(job.pk)
        submission.refresh_from_db()

        assert submission.state == State.CHECKED
        assert Event.objects.filter(act="submission.checked").count() == 1


class TestAnAgeInPounds:
    def test_does_not_stop_the_check(self, organisation):
        submission = submit(organisation, b"sex,age\nFemale,\xc2\xa334\n")

        assert submission.state == State.CHECKED


class TestUnexpected:
    def test_a_check_that_breaks_down_says_so_and_keeps_nothing(self, organisation, monkeypatch):
        def broken(*_, **__):
            raise MemoryError

        monkeypatch.setattr(work, "check", broken)

        submission = submit(organisation)

        assert submission.state == State.REFUSED
        assert [p.code for p in problems_of(submission)] == ["CHECK_STOPPED"]
        assert submission.incoming is None
        assert not SealedDataset.objects.exists()
        assert Job.objects.get().state == JobState.FAILED

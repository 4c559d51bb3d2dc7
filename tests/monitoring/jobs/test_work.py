import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from monitoring.jobs import tasks, work
from monitoring.jobs.models import Job, State

pytestmark = pytest.mark.django_db


@pytest.fixture
def done(monkeypatch):
    """A kind of work that notes what it did; and one that breaks down."""
    seen = {"done": [], "given up": []}

    def do(claim, subject):
        claim.progress(1, 2, "Working")
        with claim.finishing():
            seen["done"].append(subject)

    def broken(claim, subject):
        raise ZeroDivisionError

    monkeypatch.setitem(work._KINDS, "test", work.Kind("test", do, seen["given up"].append))
    monkeypatch.setitem(work._KINDS, "broken", work.Kind("broken", broken, seen["given up"].append))
    return seen


class TestAsking:
    def test_twice_gives_the_one_in_progress(self, done):
        assert work.ask("test", "a").pk == work.ask("test", "a").pk

    def test_again_after_it_is_done_gives_another(self, done):
        first = work.ask("test", "a")
        work.perform(first.pk)

        assert work.ask("test", "a").pk != first.pk

    def test_the_database_keeps_one_live_job_per_key(self, done):
        work.ask("test", "a")

        with pytest.raises(IntegrityError), transaction.atomic():
            Job.objects.create(kind="test", subject="a", key="test:a")

    def test_sends_on_commit_and_not_before(self, done, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            work.ask("test", "a")
            assert done["done"] == []

        assert done["done"] == ["a"]

    def test_a_broker_that_is_away_loses_nothing(self, done, settings, monkeypatch):
        settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"

        def away(**_):
            raise OperationalError("no route")

        monkeypatch.setattr(tasks.run, "apply_async", away)
        job = work.ask("test", "a")
        work.send(job.pk)

        assert Job.objects.get().state == State.QUEUED


class TestDoing:
    def test_leaves_a_receipt(self, done):
        job = work.ask("test", "a")

        work.perform(job.pk)
        job.refresh_from_db()

        assert (job.state, job.step, job.steps, job.message, job.percent) == (State.DONE, 1, 2, "Working", 50)

    def test_twice_is_once(self, done):
        job = work.ask("test", "a")
        work.perform(job.pk)
        work.perform(job.pk)

        assert done["done"] == ["a"]

    def test_what_is_not_there_is_not_done(self, done):
        work.perform(uuid.uuid4())

        assert done["done"] == []

    def test_what_another_worker_is_at_is_left_to_it(self, done):
        job = work.ask("test", "a")
        Job.objects.update(state=State.RUNNING, owner=uuid.uuid4(), lease_until=timezone.now() + timedelta(seconds=30))

        work.perform(job.pk)

        assert done["done"] == []

    def test_what_a_dead_worker_left_is_taken_over(self, done):
        job = work.ask("test", "a")
        Job.objects.update(state=State.RUNNING, owner=uuid.uuid4(), lease_until=timezone.now() - timedelta(seconds=1))

        work.perform(job.pk)

        assert done["done"] == ["a"]

    def test_the_outcome_of_a_worker_that_lost_its_claim_is_undone(self, done, monkeypatch):
        undone = []

        def slow(claim, subject):
            Job.objects.update(owner=uuid.uuid4())  # another worker takes over
            with claim.finishing():
                Job.objects.create(kind="outcome", subject="x", key="outcome")
            undone.append("never")

        monkeypatch.setitem(work._KINDS, "test", work.Kind("test", slow, lambda _: None))
        job = work.ask("test", "a")

        work.perform(job.pk)
        job.refresh_from_db()

        assert undone == []
        assert not Job.objects.filter(kind="outcome").exists()
        assert job.state == State.RUNNING


class TestCallingOff:
    def test_what_waits_is_never_done(self, done):
        job = work.ask("test", "a")

        work.call_off("test", "a")
        work.perform(job.pk)

        assert done["done"] == []
        assert Job.objects.get().state == State.FAILED

    def test_what_runs_stops_at_the_next_word_of_progress(self, done, monkeypatch):
        def called_off_meanwhile(claim, subject):
            work.call_off("slow", subject)
            claim.progress(1, 2, "Working")
            done["done"].append(subject)

        monkeypatch.setitem(work._KINDS, "slow", work.Kind("slow", called_off_meanwhile, done["given up"].append))

        work.perform(work.ask("slow", "a").pk)

        assert done == {"done": [], "given up": []}
        assert Job.objects.get().finished_at

    def test_other_work_goes_on(self, done):
        job = work.ask("test", "b")

        work.call_off("test", "a")
        work.perform(job.pk)

        assert done["done"] == ["b"]


class TestBreakingDown:
    def test_in_process_gives_up_and_tidies(self, done):
        job = work.ask("broken", "a")

        work.perform(job.pk)
        job.refresh_from_db()

        assert job.state == State.FAILED
        assert done["given up"] == ["a"]

    def test_on_workers_it_is_tried_again_before_giving_up(self, done, settings):
        settings.CELERY_BROKER_URL = "memory://"
        job = work.ask("broken", "a")
        for attempt in range(1, work.ATTEMPTS + 1):
            Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
            work.perform(job.pk)
            job.refresh_from_db()
            assert job.attempts == attempt
            assert job.state == (State.FAILED if attempt == work.ATTEMPTS else State.RUNNING)

        assert done["given up"] == ["a"]


class TestRecovering:
    def test_sends_again_what_nobody_is_working_on(self, done, settings):
        settings.JOB_LEASE_SECONDS = 10
        now = timezone.now()
        lost = work.ask("test", "lost message")
        dead = work.ask("test", "dead worker")
        alive = work.ask("test", "living worker")
        fresh = work.ask("test", "fresh")
        Job.objects.filter(pk=lost.pk).update(created_at=now - timedelta(seconds=11))
        Job.objects.filter(pk=dead.pk).update(state=State.RUNNING, owner=uuid.uuid4(), lease_until=now - timedelta(1))
        Job.objects.filter(pk=alive.pk).update(state=State.RUNNING, owner=uuid.uuid4(), lease_until=now + timedelta(1))

        assert work.recover() == 2

        assert sorted(done["done"]) == ["dead worker", "lost message"]
        assert {alive.pk, fresh.pk} == set(Job.objects.exclude(state=State.DONE).values_list("pk", flat=True))

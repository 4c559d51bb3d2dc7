import pytest
from django.db import DatabaseError, connection, transaction

from monitoring.audit import guard
from monitoring.audit.models import Event, Head
from monitoring.audit.trail import OutsideTransaction, record, verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def five():
    return [record("act", f"thing:{number}", by=None, details={"n": number}) for number in range(5)]


@pytest.fixture
def unguarded():
    """Somebody who owns the database and takes the wall down first."""
    guard.take_down(connection)
    yield
    guard.build(connection)


def faults():
    return [fault.number for fault in verify()]


class TestRecording:
    def test_each_event_carries_the_digest_of_the_one_before(self, five):
        assert [event.previous for event in five[1:]] == [event.digest for event in five[:-1]]

    def test_an_unbroken_chain_has_no_fault(self, five):
        assert faults() == []

    def test_nobody_in_particular_is_an_operator(self, five):
        assert five[0].actor == "operator"

    @pytest.mark.django_db(transaction=True)
    def test_an_event_apart_from_its_act_is_refused(self):
        with pytest.raises(OutsideTransaction):
            record("act", "thing", by=None)

    @pytest.mark.django_db(transaction=True)
    def test_an_act_that_is_undone_leaves_no_event(self):
        with transaction.atomic():
            record("act", "thing", by=None)
            transaction.set_rollback(True)

        assert not Event.objects.exists()
        assert faults() == []


class TestTampering:
    @pytest.mark.parametrize(
        "change", [{"actor": "user:9"}, {"act": "other"}, {"details": {}}, {"organisation": "x"}, {"subject": "y"}]
    )
    def test_a_changed_event_is_found(self, five, unguarded, change):
        Event.objects.filter(number=five[2].number).update(**change)

        assert faults() == [five[2].number]

    def test_a_changed_time_is_found(self, five, unguarded):
        Event.objects.filter(number=five[2].number).update(at=five[1].at)

        assert faults() == [five[2].number]

    def test_a_missing_event_is_found(self, five, unguarded):
        Event.objects.filter(number=five[2].number).delete()

        assert five[2].number in faults()

    def test_a_cut_off_end_is_found(self, five, unguarded):
        Event.objects.filter(number=five[4].number).delete()

        assert faults() == [five[4].number]

    def test_events_that_changed_places_are_found(self, five, unguarded):
        one, other = five[1], five[2]
        Event.objects.filter(number=one.number).update(number=999)
        Event.objects.filter(number=other.number).update(number=one.number)
        Event.objects.filter(number=999).update(number=other.number)

        assert {one.number, other.number} <= set(faults())

    def test_an_event_put_in_with_a_digest_of_its_own_is_found(self, five, unguarded):
        """Whoever knows the method can make a digest, but not one that the next event agrees with."""
        from monitoring.audit.trail import digest_of

        forged = Event.objects.get(number=five[2].number)
        forged.act = "nothing.happened"
        Event.objects.filter(number=forged.number).update(act=forged.act, digest=digest_of(forged))

        assert faults() == [five[3].number]

    def test_a_head_that_was_moved_back_is_found(self, five):
        Head.objects.update(number=five[3].number, digest=five[3].digest)

        assert faults()


class TestGuard:
    @pytest.mark.parametrize("verb", ["update", "delete"])
    def test_the_database_refuses(self, five, verb):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            Event.objects.update(act="x") if verb == "update" else Event.objects.all()._raw_delete(using="default")

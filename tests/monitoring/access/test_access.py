import pytest
from django.db import IntegrityError, transaction

from monitoring.access.asking import NotAllowed, may, organisations_where, require, rights_of
from monitoring.access.machines import issue_token
from monitoring.access.models import User
from monitoring.access.people import CannotGrant, add_person, grant, revoke
from monitoring.access.roles import ROLES, Right
from monitoring.audit.models import Event
from tests.factories import make_organisation, make_user

pytestmark = pytest.mark.django_db


class TestAsking:
    def test_a_role_is_held_for_its_organisation_and_no_other(self, hr, organisation, other_organisation):
        assert may(hr, Right.SUBMIT, organisation)
        assert not may(hr, Right.SUBMIT, other_organisation)

    def test_a_role_covers_what_lies_below(self, organisation, hr):
        part = make_organisation("durham", parent=organisation)

        assert may(hr, Right.SUBMIT, make_organisation("city", parent=part))

    def test_a_role_does_not_cover_what_lies_above(self, organisation):
        part = make_organisation("durham", parent=organisation)

        assert not may(make_user("hr_submitter", part), Right.SUBMIT, organisation)

    def test_a_role_has_only_its_own_rights(self, hr, organisation):
        assert not may(hr, Right.SIGN_REPORTS, organisation)

    def test_nobody_may_nothing(self, organisation):
        assert not may(None, Right.SUBMIT, organisation)
        assert rights_of(None) == frozenset()
        assert not organisations_where(None, Right.SUBMIT).exists()

    def test_a_closed_account_may_nothing(self, hr, organisation):
        hr.is_active = False

        assert not may(hr, Right.SUBMIT, organisation)
        assert rights_of(hr) == frozenset()

    def test_requiring_a_right_one_lacks_is_refused(self, hr, other_organisation):
        with pytest.raises(NotAllowed, match="administrator"):
            require(hr, Right.SUBMIT, other_organisation)


class TestGranting:
    def test_granting_twice_grants_once(self, organisation):
        user = add_person("a@example.gov.uk", by=None)

        assert grant(user, "analyst", organisation, by=None) == grant(user, "analyst", organisation, by=None)
        assert Event.objects.filter(act="role.granted").count() == 1

    def test_an_unknown_role_is_refused(self, organisation):
        with pytest.raises(CannotGrant, match="hr_submitter"):
            grant(add_person("a@example.gov.uk", by=None), "emperor", organisation, by=None)

    def test_an_address_is_one_account_whatever_its_case(self):
        assert add_person("a@example.gov.uk", by=None) == add_person("A@example.gov.uk", by=None)

    def test_something_else_than_an_address_is_refused(self):
        with pytest.raises(CannotGrant, match="e-mail"):
            add_person("not an address", by=None)

    def test_taking_away_ends_the_right_and_is_recorded(self, hr, organisation):
        revoke(hr.grants.get(), by=None)

        assert not may(hr, Right.SUBMIT, organisation)
        assert Event.objects.filter(act="role.revoked").count() == 1

    def test_the_database_knows_the_roles(self, hr, organisation):
        with pytest.raises(IntegrityError), transaction.atomic():
            hr.grants.update(role="emperor")


class TestMachines:
    def test_a_machine_belongs_to_one_organisation(self, organisation, other_organisation):
        issue_token("payroll", "hr_submitter", organisation, by=None)
        machine = User.objects.get(is_machine=True)

        with pytest.raises(CannotGrant, match="one organisation"):
            grant(machine, "hr_submitter", other_organisation, by=None)

    def test_the_token_is_not_stored(self, organisation):
        from knox.models import AuthToken

        token = issue_token("payroll", "hr_submitter", organisation, by=None)
        stored = AuthToken.objects.get()

        assert token not in (stored.digest, stored.token_key)
        assert stored.expiry is not None


class TestRoles:
    def test_the_seven_roles_are_there_and_described(self):
        assert set(ROLES) == {
            "hr_submitter", "inspector", "lead_inspector", "analyst", "chief_inspector", "administrator", "auditor",
        }  # fmt: skip
        assert all(len(role.description) > 20 for role in ROLES.values())

    def test_every_right_belongs_to_a_role(self):
        assert {right for role in ROLES.values() for right in role.rights} == set(Right)

    def test_who_signs_cannot_ask(self):
        assert not ROLES["chief_inspector"].rights & {Right.REQUEST_REPORTS}

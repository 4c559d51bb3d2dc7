import pytest
from knox.models import AuthToken

from monitoring.access.models import Grant, User
from monitoring.access.people import grant
from tests.factories import make_token, make_user
from tests.web.reading import Page

pytestmark = pytest.mark.django_db
NEW = {"email": "new@example.gov.uk", "name": "New Person", "role": "analyst", "organisation": "north-east"}


@pytest.fixture
def desk(signed_in, administrator):
    return signed_in(administrator)


class TestTheList:
    def test_names_everybody_with_their_roles(self, desk, organisation, hr):
        make_token("analyst", organisation)

        text = Page.of(desk.get("/people/")).text

        assert f"hr submitter {hr.email} HR submitter, North East Take away" in text
        assert "a machine Machine Analyst, North East" in text

    def test_has_only_roles_for_the_administrators_organisations(self, desk, hr, other_organisation):
        grant(hr, "auditor", other_organisation, by=None)
        somebody_else = make_user("analyst", other_organisation)

        text = Page.of(desk.get("/people/")).text

        assert "Wales" not in text
        assert somebody_else.email not in text

    def test_turns_pages_of_25(self, desk, organisation):
        for _ in range(25):
            make_user("inspector", organisation)

        first, second = (Page.of(desk.get(f"/people/?page={number}")).text for number in (1, 2))

        assert (first.count("@example.gov.uk"), second.count("@example.gov.uk")) == (25, 1)


class TestGivingAccess:
    def test_explains_every_role(self, desk):
        assert (
            "Auditor Reads who did what for the organisation. Sees no data." in Page.of(desk.get("/people/new/")).text
        )

    def test_makes_the_account_and_says_what_the_person_does_next(self, desk):
        page = Page.of(desk.post("/people/new/", NEW, follow=True))

        assert "The person sets a password through" in page.text
        assert "New Person new@example.gov.uk Analyst, North East" in page.text

    def test_to_somebody_who_is_known_adds_the_role(self, desk, hr):
        desk.post("/people/new/", NEW | {"email": hr.email.upper()})

        assert set(hr.grants.values_list("role", flat=True)) == {"hr_submitter", "analyst"}

    def test_twice_gives_it_once(self, desk):
        for _ in range(2):
            desk.post("/people/new/", NEW)

        assert Grant.objects.filter(user__email=NEW["email"]).count() == 1

    @pytest.mark.parametrize(
        ("change", "mistake"),
        [
            ({"email": ""}, ("Enter an e-mail address", "id_email")),
            ({"email": "nobody"}, ("Enter an e-mail address, like name@example.gov.uk", "id_email")),
            ({"role": ""}, ("Choose a role", "id_role_0")),
            ({"organisation": ""}, ("Choose an organisation", "id_organisation")),
        ],
    )
    def test_with_one_thing_wrong_names_it_and_where(self, desk, change, mistake):
        page = Page.of(desk.post("/people/new/", NEW | change))

        assert (page.status, page.mistakes) == (422, dict([mistake]))
        assert set(page.mistakes.values()) <= set(page.ids)
        assert not User.objects.filter(email=NEW["email"]).exists()

    def test_to_another_organisation_is_refused(self, desk, other_organisation):
        page = Page.of(desk.post("/people/new/", NEW | {"organisation": "wales"}))

        assert list(page.mistakes.values()) == ["id_organisation"]

    def test_to_a_machine_by_its_address_is_refused_elsewhere(
        self, desk, administrator, organisation, other_organisation
    ):
        make_token("analyst", organisation)
        grant(administrator, "administrator", other_organisation, by=None)
        machine = User.objects.get(is_machine=True)

        page = Page.of(desk.post("/people/new/", NEW | {"email": machine.email, "organisation": "wales"}))

        assert page.mistakes == {"A machine is bound to one organisation. Register another for this one.": "id_role_0"}


class TestTakingAccessAway:
    def test_ends_the_role(self, desk, hr):
        page = Page.of(desk.post(f"/people/grants/{hr.grants.get().pk}/revoke/", follow=True))

        assert "Access taken away." in page.text
        assert not hr.grants.exists()

    def test_of_another_organisation_is_not_found(self, desk, other_organisation):
        other = make_user("analyst", other_organisation)

        assert desk.post(f"/people/grants/{other.grants.get().pk}/revoke/").status_code == 404
        assert other.grants.exists()


class TestMachines:
    SAID = {"name": "payroll system", "role": "hr_submitter", "organisation": "north-east"}  # noqa: RUF012

    def test_get_a_token_that_is_shown_this_once(self, desk, client):
        response = desk.post("/people/machines/new/", self.SAID)
        page = Page.of(response)
        token = page.text.partition("shown this once ")[2].split()[0]

        answer = client.get("/api/v1/submissions/", headers={"authorization": f"Bearer {token}"})

        assert answer.status_code == 200
        assert response["Cache-Control"] == "no-store"
        assert token not in Page.of(desk.get("/people/")).text
        assert AuthToken.objects.count() == 1

    def test_need_a_name(self, desk):
        page = Page.of(desk.post("/people/machines/new/", self.SAID | {"name": ""}))

        assert (page.status, page.mistakes) == (422, {"Enter what the machine is": "id_name"})

    def test_are_not_given_to_other_organisations(self, desk, other_organisation):
        page = Page.of(desk.post("/people/machines/new/", self.SAID | {"organisation": "wales"}))

        assert list(page.mistakes.values()) == ["id_organisation"]
        assert not User.objects.filter(is_machine=True).exists()

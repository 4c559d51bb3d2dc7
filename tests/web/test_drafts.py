import pytest
from django.test import Client

from monitoring.access.people import grant
from monitoring.audit.models import Event
from reports import building
from reports.models import Report, State
from reports.requesting import request_report
from tests.conftest import AT, TODAY
from tests.factories import accepted, as_csv, brief, make_draft, make_published, staff
from tests.factories.reports import give_away, make_signed
from tests.factories.submissions import do_waiting_work
from tests.web.reading import Page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _data(organisation):
    accepted(organisation, brief())


@pytest.fixture
def asker(signed_in, analyst):
    return signed_in(analyst)


@pytest.fixture
def signer(signed_in, chief):
    return signed_in(chief)


def address(report, act=""):
    return f"/drafts/{report.pk}/{act}"


def ask(client, **change):
    return client.post(
        "/drafts/new/", {"organisation": "north-east", "code": "quarterly", "period": "2026-Q3"} | change
    )


def sign(client, report):
    """As a browser does: with the digest that the page gave."""
    digest = Page.of(client.get(address(report))).forms[address(report, "sign/")]["digest"]
    return client.post(address(report, "sign/"), {"digest": digest}, follow=True)


class TestTheList:
    def test_says_that_none_was_asked_for(self, asker):
        page = Page.of(asker.get("/drafts/"))

        assert "No report has been asked for yet." in page.text
        assert page.links["Ask for a report"] == "/drafts/new/"

    def test_names_organisation_quarter_state_and_version(self, asker, organisation):
        report = make_draft(organisation)

        page = Page.of(asker.get("/drafts/"))

        assert page.links["North East July to September 2026"] == address(report)
        assert "Draft 1" in page.text

    def test_has_only_the_organisations_of_whoever_reads(self, asker, other_organisation):
        accepted(other_organisation, brief())
        make_draft(other_organisation)

        assert "Wales" not in Page.of(asker.get("/drafts/")).text

    def test_offers_asking_to_analysts_alone(self, signer):
        assert "Ask for a report" not in Page.of(signer.get("/drafts/")).links

    def test_turns_pages_of_25(self, asker, organisation):
        for number in range(26):
            period = f"{1990 + number}-Q1"
            Report.objects.create(code="quarterly", organisation=organisation, period=period, requested_at=AT)

        assert "January to March 1990" in Page.of(asker.get("/drafts/?page=2")).text


class TestAsking:
    def test_leads_to_the_draft_which_first_says_how_far_it_is(self, asker):
        response = ask(asker)
        waiting = Page.of(asker.get(response["Location"]))
        do_waiting_work()
        done = Page.of(asker.get(response["Location"]))

        assert "Being built" in waiting.text
        assert "Waiting to start." in waiting.text
        assert "Draft Version 1." in done.text
        assert "120 people were in post on 30 September 2026." in done.text

    def test_twice_gives_the_same_report(self, asker):
        assert ask(asker)["Location"] == ask(asker)["Location"]
        assert Report.objects.count() == 1

    def test_left_empty_says_what_is_missing(self, asker):
        page = Page.of(asker.post("/drafts/new/", {}))

        assert page.status == 422
        assert page.mistakes["Choose an organisation"] == "id_organisation"
        assert set(page.mistakes.values()) <= set(page.ids)

    def test_offers_only_organisations_of_the_analyst(self, asker, other_organisation):
        page = Page.of(ask(asker, organisation="wales"))

        assert "Wales" not in Page.of(asker.get("/drafts/new/")).text
        assert list(page.mistakes.values()) == ["id_organisation"]

    def test_for_a_published_report_again_needs_what_it_corrects(self, asker, organisation):
        make_published(organisation)

        ((message, target),) = Page.of(ask(asker)).mistakes.items()
        corrected = ask(asker, correction_note="A team was left out.")
        do_waiting_work()

        assert target == "id_correction_note"
        assert "say what it corrects" in message
        assert "Corrects version 1: A team was left out." in Page.of(asker.get(corrected["Location"])).text

    def test_for_a_quarter_without_data_says_that_there_is_nothing_to_report(self, asker):
        response = ask(asker, period="2026-Q1")
        do_waiting_work()

        page = Page.of(asker.get(response["Location"]))

        assert "Could not be built" in page.text
        assert "There are no accepted data and no findings" in page.text
        assert "/drafts/new/" in page.forms

    def test_for_it_to_be_built_again_takes_what_is_accepted_now(self, asker, organisation):
        report = make_draft(organisation)
        accepted(organisation, as_csv(staff(90)))

        said = Page.of(asker.get(address(report))).forms["/drafts/new/"]
        response = asker.post("/drafts/new/", said)
        do_waiting_work()

        assert response["Location"] == address(report)
        assert "90 people were in post" in Page.of(asker.get(address(report))).text


class TestTheDraft:
    def test_is_the_report_with_its_contents_list(self, signer, organisation):
        page = Page.of(signer.get(address(make_draft(organisation))))

        assert "Quarterly report: North East" in page.text
        assert page.links["Pay"].removeprefix("#") in page.ids
        assert page.links["decide"].removeprefix("#") in page.ids

    @pytest.mark.parametrize(
        ("name", "kind", "start"),
        [
            ("report.pdf", "application/pdf", b"%PDF-"),
            ("report.ods", "application/vnd.oasis.opendocument.spreadsheet", b"PK"),
            ("report.json", "application/json", b"{"),
            ("report.html", "text/html; charset=utf-8", b"<!DOCTYPE html>"),
        ],
    )
    def test_comes_as_a_file(self, asker, organisation, name, kind, start):
        response = asker.get(address(make_draft(organisation), f"files/{name}"))

        assert response["Content-Type"] == kind
        assert response["Content-Disposition"] == f'attachment; filename="north-east-2026-Q3-quarterly-draft-{name}"'
        assert response.content.startswith(start)

    @pytest.mark.parametrize("name", ["report.exe", "sex.csv"])
    def test_has_no_other_files(self, asker, organisation, name):
        assert asker.get(address(make_draft(organisation), f"files/{name}")).status_code == 404

    def test_has_no_files_before_it_is_built(self, asker, organisation, analyst):
        report = request_report(
            "quarterly", organisation=organisation, period="2026-Q3", today=TODAY, at=AT, by=analyst
        )

        assert asker.get(address(report, "files/report.json")).status_code == 404

    def test_of_another_organisation_is_not_found(self, asker, other_organisation):
        accepted(other_organisation, brief())
        report = make_draft(other_organisation)

        assert asker.get(address(report)).status_code == 404
        assert asker.get(address(report, "files/report.json")).status_code == 404

    def test_once_published_leads_to_the_publication(self, asker, organisation):
        report = make_published(organisation)

        response = asker.get(address(report))

        assert response["Location"] == "/reports/north-east/2026-Q3/quarterly/v1/"


class TestSigning:
    def test_by_somebody_else_says_who_signed(self, signer, organisation):
        page = Page.of(sign(signer, make_draft(organisation)))

        assert "Signed off. Nothing but what you read can be published." in page.text
        assert "Signed off by chief inspector on 23 November 2026." in page.text

    def test_is_not_offered_to_whoever_asked(self, signer, chief, organisation):
        report = make_draft(organisation, by=chief)

        page = Page.of(signer.get(address(report)))

        assert "You asked for this report, so somebody else must sign it off." in page.text
        assert address(report, "sign/") not in page.forms

    def test_by_whoever_asked_is_refused(self, signer, chief, organisation):
        report = make_draft(organisation, by=chief)

        page = Page.of(signer.post(address(report, "sign/"), {"digest": "of no use"}))

        assert page.status == 409
        assert "You asked for this report. Somebody else must sign it off. Nothing was changed." in page.text

    def test_of_what_changed_since_it_was_read_is_refused(self, signer, analyst, organisation):
        report = make_draft(organisation, by=analyst)
        read = Page.of(signer.get(address(report))).forms[address(report, "sign/")]
        accepted(organisation, as_csv(staff(90)))
        make_draft(organisation, by=analyst)

        page = Page.of(signer.post(address(report, "sign/"), read))

        assert page.status == 409
        assert "The draft has changed since you opened it." in page.text
        assert page.links["See the report as it is now"] == address(report)

    def test_is_not_for_analysts(self, asker, organisation):
        report = make_draft(organisation)

        assert address(report, "sign/") not in Page.of(asker.get(address(report))).forms
        assert asker.post(address(report, "sign/")).status_code == 403

    def test_with_a_form_of_another_session_changes_nothing(self, chief, organisation):
        report = make_draft(organisation)
        client = Client(enforce_csrf_checks=True)
        client.force_login(chief)

        page = Page.of(client.post(address(report, "sign/"), {"digest": "any"}))

        assert (page.status, "This form is out of date" in page.text) == (403, True)


class TestSendingBack:
    def test_needs_a_reason(self, signer, organisation):
        report = make_draft(organisation)

        page = Page.of(signer.post(address(report, "send-back/"), {"reason": ""}))

        assert (page.status, page.mistakes) == (422, {"Say why it is sent back": "id_reason"})

    @pytest.mark.parametrize("make", [make_draft, make_signed])
    def test_lets_it_be_built_again_and_says_why(self, signer, organisation, make):
        report = make(organisation)

        page = Page.of(signer.post(address(report, "send-back/"), {"reason": "Grades look wrong."}, follow=True))

        assert "Sent back: Grades look wrong." in page.text

    def test_of_what_is_published_is_refused(self, signer, organisation):
        page = Page.of(signer.post(address(make_published(organisation), "send-back/"), {"reason": "Late"}))

        assert page.status == 409
        assert "This report is published and cannot be sent back." in page.text


class TestPublishing:
    def test_makes_it_readable_for_everybody(self, asker, client, organisation):
        report = make_signed(organisation)

        response = asker.post(address(report, "publish/"))
        waiting = Page.of(asker.get(response["Location"]))
        do_waiting_work()
        done = asker.get(response["Location"])

        assert "Being published" in waiting.text
        assert client.get(done["Location"]).status_code == 200

    def test_twice_publishes_once(self, asker, organisation):
        report = make_signed(organisation)

        for _ in range(2):
            asker.post(address(report, "publish/"))
        do_waiting_work()

        assert Report.objects.get().state == State.PUBLISHED

    def test_is_refused_before_it_is_signed(self, asker, organisation):
        page = Page.of(asker.post(address(make_draft(organisation), "publish/")))

        assert page.status == 409
        assert "This report is draft; sign it off first." in page.text

    def test_is_offered_to_those_who_may(self, asker, signed_in, organisation, inspector):
        report = make_signed(organisation)
        grant(inspector, "chief_inspector", organisation, by=None)

        assert address(report, "publish/") in Page.of(asker.get(address(report))).forms
        assert address(report, "publish/") in Page.of(signed_in(inspector).get(address(report))).forms


class TestStopping:
    def test_leaves_nothing_built_and_says_so(self, asker, organisation):
        response = ask(asker)
        waiting = Page.of(asker.get(response["Location"]))

        stopped = Page.of(asker.post(f"{response['Location']}stop/", follow=True))
        do_waiting_work()

        assert f"{response['Location']}stop/" in waiting.forms
        assert "Building was stopped. Ask for the report again." in stopped.text
        assert Report.objects.get().state == State.FAILED

    def test_is_heard_at_the_next_word_of_progress(self, asker, organisation, monkeypatch):
        location = ask(asker)["Location"]

        def stopped_meanwhile(*_, **__):
            asker.post(f"{location}stop/")
            return real(*_, **__)

        real = building.together
        monkeypatch.setattr(building, "together", stopped_meanwhile)
        do_waiting_work()

        report = Report.objects.get()
        assert (report.state, report.contents, report.price) == (State.FAILED, None, {})

    def test_lets_it_be_asked_for_again(self, asker):
        location = ask(asker)["Location"]
        asker.post(f"{location}stop/")

        ask(asker)
        do_waiting_work()

        assert Report.objects.get().state == State.DRAFT

    def test_is_written_down(self, asker, analyst):
        asker.post(f"{ask(asker)['Location']}stop/")

        assert Event.objects.filter(act="report.stopped").count() == 1

    def test_of_what_is_built_already_is_refused(self, asker, organisation):
        report = make_draft(organisation)

        page = Page.of(asker.post(address(report, "stop/")))

        assert page.status == 409
        assert "This report is not being built, so there is nothing to stop." in page.text
        assert Report.objects.get().state == State.DRAFT

    def test_is_not_for_whoever_signs(self, asker, signer):
        location = ask(asker)["Location"]

        assert f"{location}stop/" not in Page.of(signer.get(location)).forms
        assert signer.post(f"{location}stop/").status_code == 403


class TestThePrice:
    def test_is_one_link_from_the_draft(self, asker, organisation):
        report = make_draft(organisation)

        page = Page.of(asker.get(address(report)))

        assert page.links["what protection costs"] == address(report, "price/")

    def test_says_table_by_table_what_is_hidden_and_why(self, asker, organisation):
        page = Page.of(asker.get(address(make_draft(organisation), "price/")))

        assert "Sex 10 2 2 40%" in page.text
        assert "By a search that hides as little as it can prove to be enough." in page.text
        assert "Not worked out" in page.text

    def test_warns_of_what_earlier_releases_give_away(self, asker, organisation):
        silent = sum(person["sex"] == "UNKNOWN" for person in staff(120))
        give_away(organisation, "2026-Q3", {"sex": ["NO_DECLARATION"]}, silent)
        report = make_draft(organisation)

        draft, page = (Page.of(asker.get(address(report, act))) for act in ("", "price/"))

        assert "Earlier releases give numbers away that this report hides." in draft.text
        assert draft.links["See which"].partition("#")[2] in page.ids
        assert "Sex: No declaration made" in page.text

    def test_says_of_which_tables_there_was_no_time_to_try_what_would_hide_less(self, asker, organisation):
        report = make_draft(organisation)
        report.price |= {"without": {}, "broader": {}, "untried": ["sex"]}
        report.save()

        assert "Not tried: Sex." in Page.of(asker.get(address(report, "price/"))).text

    @pytest.mark.usefixtures("suggestions")
    def test_answers_what_leaving_a_table_out_would_change(self, asker, organisation):
        rows = [{name: person[name] for name in ("disability", "sex", "grade")} for person in staff(150)]
        accepted(organisation, as_csv(rows))
        report = make_draft(organisation)

        asked = Page.of(asker.get(address(report, "price/")))
        answered = Page.of(asker.get(address(report, "price/"), {"without": ["sex-by-grade", "nothing"]}))

        assert "without" in asked.forms[address(report, "price/#answers")]
        assert "Without Sex by" not in asked.text
        assert "Without Sex by" in answered.text
        assert "Nobody can leave a table out here" in asked.text

    def test_says_where_all_was_hidden_who_could_not_be_followed_and_what_was_published_beside(
        self, asker, organisation
    ):
        report = make_draft(organisation)
        report.price |= {"everything_hidden": True, "unlinked": [["2026-Q2", "2026-Q3"]], "beside": ["North", "Leeds"]}
        report.save()

        page = Page.of(asker.get(address(report, "price/")))

        assert "Everything but the number of people is hidden." in page.text
        assert "between April to June 2026 and July to September 2026" in page.text
        assert "Together with what North and Leeds published about the same quarter" in page.text

    def test_says_where_there_was_too_much_to_look_at(self, asker, organisation):
        report = make_draft(organisation)
        report.price |= {"nearby": True}
        report.save()

        assert "more may be hidden than need be" in Page.of(asker.get(address(report, "price/"))).text

    def test_is_not_there_before_the_report_is(self, asker, organisation):
        assert asker.get(address(make_draft(organisation, "2026-Q1"), "price/")).status_code == 404

    def test_is_not_for_readers(self, client, organisation):
        report = make_published(organisation)

        assert client.get(address(report, "price/")).status_code == 302
        assert "price" not in client.get("/reports/north-east/2026-Q3/quarterly/v1/report.json").json()

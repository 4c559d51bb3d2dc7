import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from monitoring.audit.models import Event
from monitoring.submissions.deciding import accept, withdraw
from monitoring.submissions.models import State, Submission
from reports.wording import SYMBOLS
from tests.factories import accepted, as_csv, brief, checked, make_organisation, make_published, staff, submit
from tests.factories.cities import MAPPING, city_staff
from tests.factories.submissions import AT, do_waiting_work
from tests.web.reading import Page

pytestmark = pytest.mark.django_db
NEW = "/submissions/new/"


@pytest.fixture
def sender(signed_in, hr):
    return signed_in(hr)


def send(client, content, *, mapping=None, **change):
    """Fill the form in and send it."""
    said = {"organisation": "north-east", "period": "2026-Q3", "file": SimpleUploadedFile("staff.csv", content)}
    if mapping is not None:
        said["mapping"] = SimpleUploadedFile("mapping.toml", mapping.encode())
    return client.post(NEW, said | change)


def address(submission, act=""):
    return f"/submissions/{submission.pk}/{act}"


class TestTheList:
    def test_says_that_nothing_was_sent(self, sender):
        page = Page.of(sender.get("/submissions/"))

        assert "Nothing has been sent yet." in page.text
        assert page.links["Send workforce data"] == NEW

    def test_names_organisation_quarter_state_rows_and_errors(self, sender, organisation):
        submission = submit(organisation, as_csv(staff(20, sex="cake")))

        page = Page.of(sender.get("/submissions/"))

        assert page.links["North East July to September 2026"] == address(submission)
        assert "Refused 20 1 23 Nov 2026, 09:00" in page.text
        assert "north-east" in page.text

    def test_has_only_the_organisations_of_whoever_reads(self, sender, other_organisation):
        submit(other_organisation)

        assert "Wales" not in Page.of(sender.get("/submissions/")).text

    def test_offers_sending_to_senders_alone(self, signed_in, analyst):
        assert NEW not in Page.of(signed_in(analyst).get("/submissions/")).links.values()

    def test_turns_pages_of_25(self, sender, organisation):
        for number in range(26):
            submit(organisation, as_csv(staff(2, seed=number)))

        first, second = (Page.of(sender.get(f"/submissions/?page={number}")) for number in (1, 2))

        assert first.text.count("July to September 2026") == 25
        assert second.text.count("July to September 2026") == 1
        assert second.links["Previous page"] == "?page=1"


class TestTheForm:
    def test_offers_the_organisations_that_somebody_may_send_for(self, sender, other_organisation):
        page = Page.of(sender.get(NEW))

        assert (page.status, page.mistakes) == (200, {})
        assert "North East" in page.text
        assert "Wales" not in page.text

    def test_offers_quarters_that_have_ended_the_last_first(self, sender):
        text = Page.of(sender.get(NEW)).text

        assert text.index("July to September 2026 (2026-Q3)") < text.index("October to December 2023 (2023-Q4)")
        assert "2026-Q4" not in text

    def test_explains_columns_and_mapping(self, sender):
        text = Page.of(sender.get(NEW)).text

        assert "North East: north-east" in text
        assert "hourly_pay Hourly pay in pounds Yes" in text
        assert "person_ref Staff reference As a pseudonym" in text
        assert '"Race/Ethnicity" = "ethnicity"' in text

    def test_left_empty_says_what_is_missing_and_where(self, sender):
        page = Page.of(sender.post(NEW, {}))

        assert page.status == 422
        assert page.title.startswith("Error: ")
        assert page.mistakes == {
            "Choose an organisation": "id_organisation",
            "Choose a quarter from the list": "id_period",
            "Choose a file": "id_file",
        }
        assert set(page.mistakes.values()) <= set(page.ids)

    def test_with_an_empty_file_says_so(self, sender):
        assert Page.of(send(sender, b"")).mistakes == {"The file has nothing in it": "id_file"}

    @pytest.mark.parametrize("period", ["2026-Q4", "soon"])
    def test_takes_no_other_quarter(self, sender, period):
        assert "id_period" in Page.of(send(sender, brief(), period=period)).mistakes.values()

    def test_takes_no_other_organisation(self, sender, other_organisation):
        page = Page.of(send(sender, brief(), organisation="wales"))

        assert "id_organisation" in page.mistakes.values()
        assert not Submission.objects.exists()

    def test_asks_for_the_reason_of_a_correction_of_a_published_quarter(self, sender, organisation):
        accepted(organisation, brief())
        make_published(organisation)

        page = Page.of(send(sender, brief(130)))
        corrected = send(sender, brief(130), correction="Ten people had been left out.")

        ((message, target),) = page.mistakes.items()
        assert target == "id_correction"
        assert "say why" in message
        assert corrected.status_code == 302


class TestSending:
    def test_leads_to_the_answer_which_first_says_how_far_the_check_is(self, sender):
        response = send(sender, brief())
        waiting = Page.of(sender.get(response["Location"]))
        do_waiting_work()
        done = Page.of(sender.get(response["Location"]))

        assert "Waiting to start." in waiting.text
        assert waiting.links["Update this page"] == ""
        assert "Checked 120 of 120 rows would be counted." in done.text

    def test_twice_gives_the_same_answer(self, sender):
        first, second = send(sender, brief()), send(sender, brief())

        assert first["Location"] == second["Location"]
        assert Submission.objects.count() == 1

    def test_foreign_headings_without_a_mapping_names_them_and_what_they_could_be(self, sender):
        response = send(sender, city_staff())
        do_waiting_work()

        page = Page.of(sender.get(response["Location"]))

        assert "Refused" in page.text
        assert "HEADING_NOT_PLACED" in page.text
        assert "Race/Ethnicity ethnicity" in page.text
        assert "Say in the mapping which column it is" in page.text
        assert page.links["Send the mended file"] == NEW

    def test_foreign_headings_with_a_mapping_is_checked(self, sender):
        response = send(sender, city_staff(), mapping=MAPPING)
        do_waiting_work()

        assert "rows would be counted" in Page.of(sender.get(response["Location"])).text

    def test_without_a_mapping_uses_that_of_the_last_accepted_file_and_says_so(self, sender, organisation):
        accepted(organisation, city_staff(), mapping=MAPPING)

        response = send(sender, city_staff(seed=4))
        do_waiting_work()

        page = Page.of(sender.get(response["Location"]))
        assert "SAVED_MAPPING_USED" in page.text
        assert "rows would be counted" in page.text


class TestTheAnswer:
    def test_tells_rows_and_columns_of_each_kind_of_problem_with_advice(self, sender, organisation):
        rows = staff(6)
        rows[1]["hourly_pay"] = rows[4]["hourly_pay"] = "a lot"
        rows[2]["sex"] = "cake"

        page = Page.of(sender.get(address(submit(organisation, as_csv(rows)))))

        assert "hourly_pay, rows 3, 6" in page.text
        assert "NUMBER_NOT_UNDERSTOOD" in page.text
        assert "cake" in page.text
        assert "Correct it in the file, or map it under [values.sex]" in page.text

    def test_never_repeats_what_a_sheet_says_of_a_person(self, sender, organisation):
        rows = staff(3)
        rows[1]["hourly_pay"] = "twelve pounds ten"

        assert "twelve pounds ten" not in Page.of(sender.get(address(submit(organisation, as_csv(rows))))).text

    def test_of_columns_that_say_who_somebody_is_counts_them_and_says_how_to_leave_them_out(self, sender, organisation):
        rows = [row | {"Surname": "Bloggs", "Forename": "Jo"} for row in staff(7)]

        text = Page.of(sender.get(address(submit(organisation, as_csv(rows))))).text

        assert "Column that says who somebody is (2)" in text
        assert 'below it columns = ["Surname", "Forename"]' in text
        assert "Bloggs" not in text

    def test_of_headings_that_are_near_nothing_counts_headings(self, sender, organisation):
        rows = [row | {"Comments": "x", "Favourite colour": "red"} for row in staff(7)]

        assert "Heading not placed (2)" in Page.of(sender.get(address(submit(organisation, as_csv(rows))))).text

    def test_puts_errors_before_warnings(self, sender, organisation):
        rows = [{name: row[name] for name in ("sex", "hourly_pay")} for row in staff(3)]
        rows[0]["sex"] = "cake"

        text = Page.of(sender.get(address(submit(organisation, as_csv(rows))))).text

        assert text.index("Error") < text.index("VALUE_NOT_PLACED") < text.index("NO_PERSON_REF")

    def test_of_a_flawless_file_says_that_nothing_is_wrong(self, sender, organisation):
        assert "The check found nothing wrong." in Page.of(sender.get(address(checked(organisation)))).text

    def test_is_the_receipt(self, signed_in, hr, organisation):
        submission = checked(organisation, by=hr)

        text = Page.of(signed_in(hr).get(address(submission))).text

        assert f"Number {submission.pk}" in text
        assert "Organisation North East, short name north-east" in text
        assert "Received 23 November 2026, 09:00, from hr submitter" in text
        assert f"SHA-256 of the file {submission.digest}" in text

    def test_is_for_the_organisation_alone(self, sender, other_organisation):
        assert sender.get(address(checked(other_organisation))).status_code == 404


def with_preview(sender, submission):
    """The page, once what would be printed is worked out."""
    sender.get(address(submission))
    do_waiting_work()
    return Page.of(sender.get(address(submission)))


class TestThePreview:
    def test_is_worked_out_while_the_page_says_so(self, sender, organisation):
        page = Page.of(sender.get(address(submit(organisation, brief()))))

        assert "What would be printed Waiting to start." in page.text
        assert "Update this page" in page.links

    def test_that_cannot_be_worked_out_keeps_nobody_from_accepting(self, sender, organisation, monkeypatch):
        monkeypatch.setattr("reports.preview.plan", lambda *_: 1 / 0)

        page = with_preview(sender, submit(organisation, brief()))

        assert "This could not be worked out for a reason on our side" in page.text
        assert [action for action in page.forms if action.endswith("/accept/")]

    def test_shows_what_would_be_printed_to_its_sender(self, sender, organisation):
        page = with_preview(sender, submit(organisation, brief()))

        assert "What would be printed" in page.text
        assert "Sex: people, and share of those who declared" in page.text
        assert page.links["accept the data"].removeprefix("#") in page.ids

    def test_explains_the_symbols_that_stand_in_it_and_no_others(self, sender, organisation):
        text = with_preview(sender, submit(organisation, as_csv(staff(60)))).text
        shown, _, after = text.partition("What would be printed")[2].rpartition("Tables by grade, by unit and of pay")

        assert after.startswith(" are made when the report is built.")
        occurring = {symbol for symbol in SYMBOLS if shown.count(symbol) > 1}
        assert occurring
        assert occurring < set(SYMBOLS)
        for symbol, meaning in SYMBOLS.items():
            assert (f"{symbol} {meaning}." in shown) == (symbol in occurring)

    def test_says_of_how_many_rows_a_number_was_read(self, sender, organisation):
        rows = staff(12)
        rows[3]["hourly_pay"] = ""

        text = Page.of(sender.get(address(submit(organisation, as_csv(rows))))).text

        assert "Rows in which a number was read: 11. Rows in which the cell is empty: 1." in text

    def test_is_not_for_analysts_nor_is_accepting(self, signed_in, analyst, organisation):
        page = Page.of(signed_in(analyst).get(address(checked(organisation))))

        assert "What would be printed" not in page.text
        assert "not counted until the organisation accepts them" in page.text
        assert not [action for action in page.forms if action.startswith("/submissions/")]

    def test_is_over_once_the_data_are_accepted(self, sender, organisation):
        page = Page.of(sender.get(address(accepted(organisation))))

        assert "What would be printed" not in page.text
        assert "Reports of this quarter count 60 rows." in page.text


class TestAccepting:
    def test_lets_reports_count_the_data_and_says_so(self, sender, organisation):
        submission = checked(organisation)

        page = Page.of(sender.post(address(submission, "accept/"), follow=True))

        submission.refresh_from_db()
        assert submission.state == State.ACCEPTED
        assert "Accepted. Reports of this quarter now count these data." in page.text

    def test_twice_is_once(self, sender, organisation):
        submission = checked(organisation)

        answers = [sender.post(address(submission, "accept/")).status_code for _ in range(2)]

        assert answers == [302, 302]
        assert Event.objects.filter(act="submission.accepted").count() == 1

    def test_of_what_was_withdrawn_meanwhile_is_refused_with_the_reason(self, sender, organisation):
        submission = checked(organisation)
        withdraw(submission, reason="Wrong file", by=None)

        page = Page.of(sender.post(address(submission, "accept/")))

        assert page.status == 409
        assert "This submission is withdrawn; only a checked one can be accepted. Nothing was changed." in page.text
        assert page.links["See the submission as it is now"] == address(submission)

    def test_needs_a_form(self, sender, organisation):
        assert sender.get(address(checked(organisation), "accept/")).status_code == 405

    def test_with_a_form_of_another_session_changes_nothing(self, hr, organisation):
        submission = checked(organisation)
        client = Client(enforce_csrf_checks=True)
        client.force_login(hr)

        page = Page.of(client.post(address(submission, "accept/"), {"csrfmiddlewaretoken": "stale"}))

        submission.refresh_from_db()
        assert page.status == 403
        assert "This form is out of date" in page.text
        assert submission.state == State.CHECKED


class TestWithdrawing:
    def test_needs_a_reason(self, sender, organisation):
        submission = accepted(organisation)

        page = Page.of(sender.post(address(submission, "withdraw/"), {"reason": " "}))

        assert page.status == 422
        assert page.mistakes == {"Say why it is withdrawn": "id_reason"}

    def test_takes_the_data_out_of_every_report_to_come(self, sender, organisation):
        submission = accepted(organisation)

        page = Page.of(sender.post(address(submission, "withdraw/"), {"reason": "Wrong file"}, follow=True))

        assert "Withdrawn. No report counts these data any more." in page.text
        assert "withdrawn and destroyed" in page.text
        assert not Submission.objects.accepted().exists()

    def test_of_superseded_data_is_refused_with_the_reason(self, sender, organisation):
        first = accepted(organisation)
        accept(submit(organisation, brief()), at=AT, by=None)

        page = Page.of(sender.post(address(first, "withdraw/"), {"reason": "Late"}))

        assert page.status == 409
        assert "superseded and cannot be withdrawn" in page.text

    def test_is_not_offered_where_it_cannot_be(self, sender, organisation):
        first = accepted(organisation)
        accept(submit(organisation, brief()), at=AT, by=None)

        page = Page.of(sender.get(address(first)))

        assert "Data accepted later are counted instead." in page.text
        assert address(first, "withdraw/") not in page.forms


class TestSomebodyWithARoleElsewhere:
    @pytest.mark.parametrize("act", ["accept/", "withdraw/"])
    def test_changes_nothing_here(self, signed_in, hr, act):
        submission = checked(make_organisation("south"))

        response = signed_in(hr).post(address(submission, act), {"reason": "none of mine"})

        submission.refresh_from_db()
        assert response.status_code == 404
        assert submission.state == State.CHECKED

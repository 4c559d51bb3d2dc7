"""Every page in every state it can be seen in: who opens it, where, and what is done there."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.factories.people import PASSWORD
from tests.web.stage import Stage

Act = Callable[[Page, Stage], None]


@dataclass(frozen=True)
class Case:
    """``says``: words that prove that this is the page. ``act``: what is done on the page that opens at ``where``."""

    route: str
    state: str
    who: str | None
    where: str
    says: str
    act: Act | None = None

    def __str__(self) -> str:
        return f"{self.route}, {self.state}"


def press(name: str, **filled: str) -> Act:
    """Fill fields in by their labels and press a button of the page."""

    def act(page: Page, stage: Stage) -> None:
        for label, value in filled.items():
            page.locator(f"#id_{label}").fill(value)
        with page.expect_navigation():
            page.locator("main").get_by_role("button", name=name, exact=True).click()

    return act


def unfold_and_press(name: str) -> Act:
    """The same inside a part that is folded."""

    def act(page: Page, stage: Stage) -> None:
        unfold(page, stage)
        press(name)(page, stage)

    return act


def unfold(page: Page, stage: Stage) -> None:
    page.evaluate("() => document.querySelectorAll('details').forEach(part => { part.open = true; })")


def post_to(address: str) -> Act:
    """Send the first form of the page to another address: what it was for has changed meanwhile."""

    def act(page: Page, stage: Stage) -> None:
        send = "address => { const form = document.querySelector('main form'); form.action = address; form.submit(); }"
        with page.expect_navigation():
            page.evaluate(send, address.format(**stage.ids))

    return act


def out_of_date(page: Page, stage: Stage) -> None:
    """Sign in elsewhere, and send the old form."""
    page.context.clear_cookies(name="csrftoken")
    press("Accept")(page, stage)


def _issue(page: Page, stage: Stage) -> None:
    page.locator("#id_name").fill("payroll system")
    page.locator("#id_role_0").check()
    page.locator("#id_organisation").select_option("quiet-county")
    press("Issue a token")(page, stage)


def _leave_out(page: Page, stage: Stage) -> None:
    page.locator("#without-1").check()
    press("Say what that would change")(page, stage)


_FINDING = "/inspections/{inspection}/findings/new/"
_REPORT = "/reports/north-east/2026-Q1/quarterly/"

CASES = (
    Case("home", "filled", None, "/", "Newest report"),
    Case("published", "filled", None, _REPORT, "Version 2"),
    Case("published-version", "corrected since", None, f"{_REPORT}v1/", "Version 2 corrects it."),
    Case("accessibility", "filled", None, "/accessibility/", "Accessibility statement"),
    Case("cookies", "filled", None, "/cookies/", "Cookies of this service"),
    Case("privacy", "filled", None, "/privacy/", "People who are counted"),
    Case("work", "filled", "chief_inspector", "/work/", "Waiting for you"),
    Case("work", "empty", "nobody", "/work/", "You have no role yet."),
    Case("submissions", "filled", "hr_submitter", "/submissions/", "Superseded"),
    Case("submissions", "empty", "new_hr_submitter", "/submissions/", "Nothing has been sent yet."),
    Case("new-submission", "empty", "hr_submitter", "/submissions/new/", "Send workforce data"),
    Case("new-submission", "error", "hr_submitter", "/submissions/new/", "Choose a file", press("Send and check")),
    Case("submission", "waiting", "hr_submitter", "/submissions/{waiting}/", "Waiting to start."),
    Case("submission", "foreign headings", "hr_submitter", "/submissions/{foreign}/", "HEADING_NOT_PLACED"),
    Case("submission", "errors in rows", "hr_submitter", "/submissions/{wrong}/", "NUMBER_NOT_UNDERSTOOD"),
    Case("submission", "checked", "hr_submitter", "/submissions/{checked}/", "What would be printed"),
    Case("submission", "accepted", "hr_submitter", "/submissions/{accepted}/", "Data accepted later"),
    Case("submission", "withdrawn", "analyst", "/submissions/{withdrawn}/", "withdrawn and destroyed"),
    Case("accept-submission", "changed meanwhile", "hr_submitter", "/submissions/{checked}/",
         "This page was out of date", post_to("/submissions/{withdrawn}/accept/")),
    Case("accept-submission", "form out of date", "hr_submitter", "/submissions/{checked}/",
         "This form is out of date", out_of_date),
    Case("withdraw-submission", "error", "hr_submitter", "/submissions/{checked}/",
         "Say why it is withdrawn", unfold_and_press("Withdraw")),
    Case("inspections", "filled", "inspector", "/inspections/", "1 finding."),
    Case("inspections", "empty", "new_inspector", "/inspections/", "No inspection has been opened yet."),
    Case("new-inspection", "empty", "lead_inspector", "/inspections/new/", "Lead inspectorate"),
    Case("new-inspection", "error", "lead_inspector", "/inspections/new/", "Choose a programme", press("Open")),
    Case("inspection", "filled", "inspector", "/inspections/{inspection}/", "Withdrawn"),
    Case("inspection", "empty", "inspector", "/inspections/{bare_inspection}/", "No finding has been recorded yet."),
    Case("new-finding", "empty", "inspector", _FINDING, "Tag a finding"),
    Case("new-finding", "unfolded", "inspector", _FINDING, "Private note", unfold),
    Case("new-finding", "error", "inspector", _FINDING, "Select a theme", press("Record finding", observed_date_0="77")),
    Case("finding", "filled", "lead_inspector", "/findings/{finding}/", "A shared booking sheet."),
    Case("finding", "withdrawn", "inspector", "/findings/{withdrawn_finding}/", "Counted twice."),
    Case("withdraw-finding", "error", "lead_inspector", "/findings/{finding}/",
         "Say why the finding is withdrawn", unfold_and_press("Withdraw")),
    Case("drafts", "filled", "analyst", "/drafts/", "Could not be built"),
    Case("drafts", "empty", "new_analyst", "/drafts/", "No report has been asked for yet."),
    Case("new-report", "empty", "analyst", "/drafts/new/", "Ask for a report"),
    Case("new-report", "error", "analyst", "/drafts/new/", "Choose an organisation", press("Build the report")),
    Case("draft", "waiting", "analyst", "/drafts/{requested}/", "Being built"),
    Case("draft", "failed", "analyst", "/drafts/{failed}/", "There are no accepted data"),
    Case("draft", "to be signed", "chief_inspector", "/drafts/{draft}/", "Your signature covers"),
    Case("draft", "asked for by oneself", "chief_inspector", "/drafts/{own_draft}/", "somebody else must sign it off"),
    Case("draft", "signed", "analyst", "/drafts/{signed}/", "Publishing makes the report readable"),
    Case("stop-report", "stopped", "analyst", "/drafts/{requested}/", "Building was stopped.",
         press("Stop building")),
    Case("stop-report", "built meanwhile", "analyst", "/drafts/{signed}/", "there is nothing to stop",
         post_to("/drafts/{draft}/stop/")),
    Case("draft-price", "not worked out", "analyst", "/drafts/{signed}/price/", "Not worked out"),
    Case("draft-price", "given away earlier", "chief_inspector", "/drafts/{draft}/price/",
         "Given away by earlier releases"),
    Case("draft-price", "a table ticked", "analyst", "/drafts/{draft}/price/", "Without Ethnic",
         _leave_out),
    Case("sign-report", "changed meanwhile", "chief_inspector", "/drafts/{draft}/",
         "This could not be done", post_to("/drafts/{signed}/sign/")),
    Case("send-report-back", "error", "chief_inspector", "/drafts/{draft}/",
         "Say why it is sent back", unfold_and_press("Send back")),
    Case("publish-report", "changed meanwhile", "analyst", "/drafts/{signed}/",
         "This could not be done", post_to("/drafts/{draft}/publish/")),
    Case("people", "filled", "administrator", "/people/", "Machine"),
    Case("new-person", "empty", "administrator", "/people/new/", "Give somebody access"),
    Case("new-person", "error", "administrator", "/people/new/", "Choose a role", press("Give access")),
    Case("new-machine", "empty", "administrator", "/people/machines/new/", "What is the machine?"),
    Case("new-machine", "error", "administrator", "/people/machines/new/", "Enter what the machine is",
         press("Issue a token")),
    Case("new-machine", "issued", "new_administrator", "/people/machines/new/", "The token, shown this once",
         _issue),
    Case("revoke-grant", "gone meanwhile", "administrator", "/people/", "Page not found",
         post_to("/people/grants/{grant}/revoke/")),
    Case("audit", "filled", "auditor", "/audit/", "report.published"),
    Case("account_login", "empty", None, "/account/sign-in/", "Forgotten your password?"),
    Case("account_login", "error", None, "/account/sign-in/", "is wrong. Check both.",
         press("Sign in", login="a@example.gov.uk", password="not it")),
    Case("account_login", "left empty", None, "/account/sign-in/", "Enter your password", press("Sign in")),
    Case("account_logout", "filled", "nobody", "/account/sign-out/", "Do you want to sign out?"),
    Case("account_signup", "closed", None, "/account/sign-up/", "You cannot sign up yourself."),
    Case("account_inactive", "closed", None, "/account/inactive/", "This account is closed."),
    Case("account_change_password", "empty", "auditor", "/account/password/change/", "New password again"),
    Case("account_change_password", "error", "auditor", "/account/password/change/", "too short",
         press("Change password", oldpassword=PASSWORD, password1="short", password2="short")),
    Case("account_set_password", "empty", "no_password", "/account/password/set/", "Password again"),
    Case("account_set_password", "error", "no_password", "/account/password/set/", "Enter a password",
         press("Set password")),
    Case("account_reset_password", "empty", None, "/account/password/reset/", "Send the link"),
    Case("account_reset_password", "error", None, "/account/password/reset/", "Enter your e-mail address",
         press("Send the link")),
    Case("account_reset_password_done", "filled", None, "/account/password/reset/done/", "Check your e-mail"),
    Case("account_reset_password_from_key", "filled", None, "/{reset_link}", "New password again"),
    Case("account_reset_password_from_key", "error", None, "/{reset_link}", "Enter a password", press("Set password")),
    Case("account_reset_password_from_key", "worn out", None, "/account/password/reset/key/1-none/",
         "This link does not work any more."),
    Case("account_reset_password_from_key_done", "filled", None, "/account/password/reset/key/done/",
         "Your new password works"),
    Case("api-docs", "filled", None, "/api/v1/docs/", "OpenAPI 3.1"),
    Case("not found", "error", None, "/cakes/", "Page not found"),
    Case("forbidden", "error", "hr_submitter", "/people/", "You cannot do this"),
)  # fmt: skip

# Addresses that lead to no page of their own, and why.
NO_PAGE = {
    "published-file": "a file; report.html is looked at alone",
    "draft-file": "a file",
    "health-live": "JSON for load balancers",
    "health-ready": "JSON for load balancers",
}

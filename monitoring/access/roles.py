"""Rights, and the roles that bundle them. A role is always held for an organisation and what lies below it."""

from dataclasses import dataclass
from enum import StrEnum


class Right(StrEnum):
    SEE_SUBMISSIONS = "see_submissions"
    SUBMIT = "submit"
    SEE_INSPECTIONS = "see_inspections"
    PLAN_INSPECTIONS = "plan_inspections"
    TAG_FINDINGS = "tag_findings"
    WITHDRAW_FINDINGS = "withdraw_findings"
    SEE_DRAFTS = "see_drafts"
    REQUEST_REPORTS = "request_reports"
    SIGN_REPORTS = "sign_reports"
    PUBLISH_REPORTS = "publish_reports"
    MANAGE_PEOPLE = "manage_people"
    SEE_AUDIT = "see_audit"


@dataclass(frozen=True)
class Role:
    """``description``: what an HR officer reads before giving somebody the role."""

    code: str
    label: str
    description: str
    rights: frozenset[Right]


ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role(
            "hr_submitter",
            "HR submitter",
            "Sends workforce data for the organisation, mends and accepts it, and sees what was sent.",
            frozenset({Right.SEE_SUBMISSIONS, Right.SUBMIT}),
        ),
        Role(
            "inspector",
            "Inspector",
            "Tags diversity findings in inspections of the organisation.",
            frozenset({Right.SEE_INSPECTIONS, Right.TAG_FINDINGS}),
        ),
        Role(
            "lead_inspector",
            "Lead inspector",
            "Opens inspections, tags findings, and withdraws findings that do not stand.",
            frozenset({Right.SEE_INSPECTIONS, Right.TAG_FINDINGS, Right.PLAN_INSPECTIONS, Right.WITHDRAW_FINDINGS}),
        ),
        Role(
            "analyst",
            "Analyst",
            "Asks for reports about the organisation, reads drafts, and publishes what has been signed.",
            frozenset(
                {
                    Right.SEE_SUBMISSIONS,
                    Right.SEE_INSPECTIONS,
                    Right.SEE_DRAFTS,
                    Right.REQUEST_REPORTS,
                    Right.PUBLISH_REPORTS,
                }
            ),
        ),
        Role(
            "chief_inspector",
            "Chief Inspector",
            "Signs reports about the organisation off, and publishes them.",
            frozenset({Right.SEE_INSPECTIONS, Right.SEE_DRAFTS, Right.SIGN_REPORTS, Right.PUBLISH_REPORTS}),
        ),
        Role(
            "administrator",
            "Administrator",
            "Gives people and machines access to the organisation, and takes it away. Sees no data.",
            frozenset({Right.MANAGE_PEOPLE}),
        ),
        Role(
            "auditor",
            "Auditor",
            "Reads who did what for the organisation. Sees no data.",
            frozenset({Right.SEE_AUDIT}),
        ),
    )
}


def roles_with(right: Right) -> list[str]:
    """Codes of the roles that include a right."""
    return [role.code for role in ROLES.values() if right in role.rights]

"""Publishing: the attack, the files, the ledger. Everything that was signed, nothing else, once."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.utils import timezone

from equality.disclosure.attack import Attacked, Contradictory, Rule
from equality.disclosure.certificate import Certificate, OutdatedCertificate
from equality.disclosure.exchange import People
from equality.quarters import is_quarter
from monitoring.access.models import User
from monitoring.audit.trail import record
from monitoring.figures.ledger import Population, ledger_size, remember, told_periods, written
from monitoring.figures.releasing import open_certificate
from monitoring.jobs import work
from monitoring.organisations.models import Organisation
from monitoring.submissions.deciding import close_period
from monitoring.submissions.work import SERVICE
from reports.attacking import attack_report, in_words
from reports.contents import Contents
from reports.drawing import draw_all
from reports.models import Report, State
from reports.parts import attack_parts, to_be_taken
from reports.reading import Document
from reports.wording import counted, listed
from reports.workforce import COLLECTION

PUBLISH = "report.publish"
STEPS = 3
_NAMED = 5  # opened cells that a refusal names
_OF_PAY = {Rule.AVERAGE_OF_FEW, Rule.AVERAGE_TOO_EXACT}
_PAY_OF_A_FEW = "What a few people are paid"


class CannotPublish(RuntimeError):
    """The report was not published; ``code`` never changes, the message says why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@transaction.atomic
def publish(report: Report, *, by: User) -> Report:
    """Ask for a signed report to be published. Asking twice publishes once. Raises CannotPublish for any other
    state."""
    current = Report.objects.select_for_update().get(pk=report.pk)
    if current.state in {State.PUBLISHING, State.PUBLISHED}:
        return current
    if current.state != State.SIGNED:
        raise CannotPublish("NOT_SIGNED", f"This report is {current.state_label.lower()}; sign it off first.")
    current.state, current.published_by = State.PUBLISHING, by
    current.save()
    record("report.publication_asked", current.audit_name, by=by, organisation=current.organisation.slug)
    work.ask(PUBLISH, str(current.pk))
    return current


def carry_out(claim: work.Claim, subject: str) -> None:
    """Publish one report whose publication was asked for; what cannot be published goes back to be built again."""
    report = Report.objects.select_related("organisation", "signed_by").get(pk=subject)
    if report.state != State.PUBLISHING:
        with claim.finishing():
            return
    contents = Contents.from_json(report.contents)
    claim.progress(1, STEPS, "Attacking the report as a reader could")
    reason, attack = _reason_against(report, contents)
    if reason:
        with claim.finishing():
            _refuse(report, reason, attack.opened)
        return
    at = timezone.now()
    claim.progress(2, STEPS, "Drawing the files")
    published = contents.with_report(
        status="published",
        published_at=at.isoformat(timespec="seconds"),
        signed_off={"by": _signer(report), "at": _seconds(report.signed_at)},
    )
    files = draw_all(published)
    claim.progress(3, STEPS, "Publishing")
    with claim.finishing():
        _nobody_else_publishes(report)
        late = _told_meanwhile(report)
        if late:
            _refuse(report, late)
        else:
            _make_public(report, published, files, at, attack.tried)


def _signer(report: Report) -> str:
    """Not by the address of an account without a name: that is nobody's to publish."""
    return (report.signed_by.name if report.signed_by else "") or "HM Chief Inspector"


def _nobody_else_publishes(report: Report) -> None:
    """From here to the end of the transaction: no report about people that this one could be about too."""
    top = [report.organisation, *report.organisation.above()][-1]
    Organisation.objects.select_for_update().get(pk=top.pk)


def _told_meanwhile(report: Report) -> str:
    """Why a draft is out of date, if it is: it was protected against less than has been told by now."""
    if ledger_size(Population(report.organisation, COLLECTION, report.period)) == report.ledger_size:
        return ""
    return "Another report about the same people was published meanwhile. Build this one again."


def give_up(subject: str) -> None:
    """Publication stopped for a reason on our side: the signature still stands."""
    Report.objects.filter(pk=subject, state=State.PUBLISHING).update(state=State.SIGNED)


def storage() -> Storage:
    return storages["published"]


def file_of(report: Report, name: str) -> bytes | None:
    """A published file as it was published; None where there is no such file, or where it was changed since."""
    if report.state != State.PUBLISHED or name not in report.files:
        return None
    with storage().open(path_of(report, name)) as file:
        content: bytes = file.read()
    return content if hashlib.sha256(content).hexdigest() == report.files[name] else None


@dataclass(frozen=True)
class _Attack:
    """What an attack came to: how much was ``tried``, and people of a quarter whose number could be worked out."""

    tried: dict[str, Any] = field(default_factory=dict)
    opened: Sequence[People] = ()


def _reason_against(report: Report, contents: Contents) -> tuple[str, _Attack]:
    """Why a report may not be published, if anything; and what the attack came to."""
    if contents.body_digest() != report.signed_digest:
        return "The contents are not those that were signed.", _Attack()
    if late := _told_meanwhile(report):
        return late, _Attack()
    try:
        proof = open_certificate(report.certificate) if report.certificate else None
    except OutdatedCertificate:
        return "The proof was written by an earlier version of this service. Build this report again.", _Attack()
    document = contents.as_json()
    reason, attack = _given_away(document, _versions(report), _earlier(report), proof)
    if reason:
        return reason, attack
    reason, taken = _given_away_with_parts(report, document)
    return reason, replace(attack, tried=attack.tried | {"taken": taken})


def _earlier(report: Report) -> list[Document]:
    """The reports about the quarters that this one was protected together with."""
    periods = told_periods(report.organisation, COLLECTION, report.period)
    same = Report.objects.newest().filter(organisation=report.organisation, code=report.code, period__in=periods)
    return list(Report.objects.filter(pk__in=same.values("pk")).values_list("contents", flat=True))


def _versions(report: Report) -> list[Document]:
    """The versions of it that were published before."""
    return list(Report.objects.before(report).values_list("contents", flat=True))


def _given_away(
    document: Document, versions: list[Document], earlier: list[Document], proof: Certificate | None
) -> tuple[str, _Attack]:
    """What a reader of this report, its versions and earlier ones could work out, if anything: how many numbers, and
    the first of them. Not what the analyst was told before that earlier releases give away. And the attack."""
    try:
        attacked, together = _attacked(document, versions, earlier, proof)
    except Contradictory as fault:
        return f"{fault} Nothing was published.", _Attack()
    tried = {
        "hidden": len(attacked.intervals),
        "unprinted": attacked.margins_tried,
        "all_unprinted": attacked.margins_all,
        "unsettled": attacked.unsettled,
        "together_with": [other["report"]["period"] for other in together],
    }
    attack = _Attack(tried, [one.people for one in attacked.opened if is_quarter(one.block)])
    if not attacked.broken:
        return "", attack
    mended = {one.people for one in attacked.broken} <= set(attack.opened)
    advice = " Build this report again: then they are looked after." if mended else ""
    return f"{_in_words(document, attacked)} Nothing was published.{advice}", attack


def _in_words(document: Document, attacked: Attacked, names: Mapping[str, str] | None = None) -> str:
    """What could be worked out: how many numbers, and the first of them. ``names``: of blocks."""
    opened = {one.people: one for one in (*attacked.broken, *attacked.opened)}.values()
    pay = [one for one in opened if one.rule in _OF_PAY]
    numbers = [one for one in opened if one.rule not in _OF_PAY]
    return " ".join(
        f"{what} could be worked out: {'; '.join(in_words(document, one, names) for one in which[:_NAMED])}."
        for what, which in ((counted(len(numbers), "hidden number", "hidden numbers"), numbers), (_PAY_OF_A_FEW, pay))
        if which
    )


def _given_away_with_parts(report: Report, document: Document) -> tuple[str, list[list[str]]]:
    """What a reader could work out with what organisations that this one is part of, or that are part of it, published
    about the same quarter. And which of them were taken from each other: the whole, and its parts."""
    tried = []
    for taken in to_be_taken(report, document):
        found = attack_parts(document, taken)
        if found is None:
            continue
        _, attacked = found
        tried.append([taken.whole[0], *taken.parts])
        if attacked.broken:
            others = listed([name for name in (taken.whole[0], *taken.parts) if name != report.organisation.name])
            return (
                f"With what {others} published about the same quarter, {_in_words(document, attacked, taken.named)} "
                "Nothing was published. These reports cannot all be public."
            ), tried
    return "", tried


def _attacked(
    document: Document, versions: list[Document], earlier: list[Document], proof: Certificate | None
) -> tuple[Attacked, list[Document]]:
    """By a reader who has this report with all its versions and earlier ones, and knows who joined and left in between.
    Where data were corrected since, they contradict each other and the reader cannot tell where: then with fewer of
    them, at last alone, without who joined and left. Also the others that it was attacked together with."""
    links, exposed = (proof.links, proof.exposed) if proof else ((), {})
    choices = ([*versions, *earlier], earlier, versions, [])
    for others in (others for at, others in enumerate(choices) if others not in choices[:at]):
        try:
            return attack_report(document, others=others, versions=versions, links=links, given_away=exposed), others
        except Contradictory:
            continue
    return attack_report(document, versions=versions, given_away=exposed), []


def _refuse(report: Report, reason: str, opened: Sequence[People] = ()) -> None:
    """``opened``: people whose number a reader could work out, for the next draft to look after."""
    report.state, report.failure = State.FAILED, reason
    report.opened = [*report.opened, *([block, written(within)] for block, within in opened)]
    report.signed_at, report.signed_by, report.signed_digest = None, None, ""
    report.save()
    record("report.refused", report.audit_name, by=SERVICE, organisation=report.organisation.slug)


def _make_public(
    report: Report, contents: Contents, files: dict[str, bytes], at: datetime, attack: dict[str, Any]
) -> None:
    """Files first: a file that no report names is nobody's; a report that names a missing file would be a broken
    promise."""
    report.contents = contents.as_json()
    report.files = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    for name, content in files.items():
        if not storage().exists(path_of(report, name)):
            storage().save(path_of(report, name), ContentFile(content))
    report.state, report.published_at = State.PUBLISHED, at
    report.save()
    for told in report.told:
        _remember(report, told, at)
    if report.contents["report"]["datasets"]:
        close_period(report.organisation, COLLECTION, report.period, at=at)
    record(
        "report.published",
        report.audit_name,
        by=report.published_by,
        organisation=report.organisation.slug,
        details={"version": report.version, "files": report.files, "attack": attack},
    )


def _remember(report: Report, told: dict[str, Any], at: datetime) -> None:
    remember(
        Population(report.organisation, COLLECTION, told["period"]),
        told["shown"],
        told["hidden"],
        report=report.pk,
        at=at,
    )


def path_of(report: Report, name: str) -> str:
    """Where a published file lies. Its digest is part of the name, so that two workers at the same report cannot
    write over each other."""
    folder = f"{report.organisation.slug}/{report.period}/{report.code}-v{report.version}"
    return f"{folder}/{report.files[name]}/{name}"


def _seconds(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


KIND = work.Kind(PUBLISH, carry_out, give_up)

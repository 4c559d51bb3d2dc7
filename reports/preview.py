"""What would be printed of a checked submission, for its sender to see before accepting: the tables of single
characteristics, protected as in the report."""

from collections.abc import Iterator
from datetime import timedelta

from django.core.cache import cache

from equality.disclosure.protection import Protected
from equality.disclosure.witnesses import CannotProtect
from equality.quarters import Quarter
from monitoring.figures.counting import People, candidates_of
from monitoring.figures.releasing import Population, alone, release, report_policy
from monitoring.submissions.models import State, Submission
from reports import sentences
from reports.building import ledger_size
from reports.contents import Block, Contents, Paragraph, Section, Subheading
from reports.workforce import COLLECTION, characteristics_of, one_way_block, plan

KEPT = timedelta(days=1)


def preview(submission: Submission) -> Contents:
    """One section: every characteristic with its table, or why there is nothing to show. Kept, because protecting
    takes longer than a page may, until anything more is told of the organisation. Raises NotAccepted for a submission
    that is not a checked one."""
    name = f"preview:{submission.pk}:{ledger_size(submission.organisation)}:{report_policy().code}"
    known = cache.get(name) if submission.state == State.CHECKED else None
    if known is None:
        known = _protected_preview(submission).as_json()
        cache.set(name, known, KEPT.total_seconds())
    return Contents.from_json(known)


def _protected_preview(submission: Submission) -> Contents:
    people = candidates_of(submission)
    try:
        blocks = tuple(_blocks(people, _protected(people, submission)))
    except CannotProtect as reason:
        blocks = (Paragraph(f"Nothing could be printed: these data cannot be protected. {reason}"),)
    return Contents(
        report={"period": str(Quarter.parse(submission.period))},
        dimensions={name: people.dimensions[name] for name in characteristics_of(people)},
        sections=(Section("preview", "What would be printed", blocks),),
    )


def _protected(people: People, submission: Submission) -> Protected:
    """Every table of the report, because what one of them shows decides what another may."""
    population = Population(submission.organisation, COLLECTION, submission.period)
    policy = report_policy()
    return release(alone(people, population), plan(people, policy, submission.period), policy)


def _blocks(people: People, protected: Protected) -> Iterator[Block]:
    for name in characteristics_of(people):
        table = protected.tables[name]
        yield Subheading(table.dimension(name).label)
        yield Paragraph(sentences.declaration(table))
        yield one_way_block(table, None)

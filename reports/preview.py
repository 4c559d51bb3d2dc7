"""What would be printed of a checked submission, for its sender to see before accepting: the tables of single
characteristics, protected as in the report."""

from collections.abc import Iterator

from equality.disclosure.policy import PUBLISHED
from equality.disclosure.protection import Protected
from equality.disclosure.witnesses import CannotProtect
from equality.quarters import Quarter
from monitoring.figures.counting import People, candidates_of
from monitoring.figures.releasing import Population, alone, release
from monitoring.submissions.models import Submission
from reports import sentences
from reports.contents import Block, Contents, Paragraph, Section, Subheading
from reports.workforce import COLLECTION, characteristics_of, one_way_block, plan


def preview(submission: Submission) -> Contents:
    """One section: every characteristic with its table, or why there is nothing to show. Raises NotAccepted for a
    submission that is not a checked one."""
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
    names = characteristics_of(people)
    tables = [table for table in plan(people, PUBLISHED, submission.period) if table.id in names]
    population = Population(submission.organisation, COLLECTION, submission.period)
    return release(alone(people, population), tables, PUBLISHED)


def _blocks(people: People, protected: Protected) -> Iterator[Block]:
    for name in characteristics_of(people):
        table = protected.tables[name]
        yield Subheading(table.dimension(name).label)
        yield Paragraph(sentences.declaration(table))
        yield one_way_block(table, None)

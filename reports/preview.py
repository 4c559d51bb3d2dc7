"""What would be printed of a checked submission, for its sender to see before accepting: the tables of single
characteristics, protected as in the report."""

from equality.disclosure.policy import PUBLISHED
from equality.quarters import Quarter
from monitoring.figures.counting import candidates_of
from monitoring.figures.releasing import Population, release
from monitoring.submissions.models import Submission
from reports import sentences
from reports.contents import Block, Contents, Paragraph, Section, Subheading
from reports.workforce import COLLECTION, characteristics_of, one_way_block, plan


def preview(submission: Submission) -> Contents:
    """One section: every characteristic with its table. Raises NotAccepted for a submission that is not a checked
    one."""
    people = candidates_of(submission)
    names = characteristics_of(people)
    tables = [table for table in plan(people, PUBLISHED) if table.id in names]
    population = Population(submission.organisation, COLLECTION, submission.period)
    protected = release(people, tables, population, PUBLISHED)
    blocks: list[Block] = []
    for name in names:
        table = protected.tables[name]
        blocks += [Subheading(table.dimension(name).label), Paragraph(sentences.declaration(table))]
        blocks.append(one_way_block(table, None))
    return Contents(
        report={"period": str(Quarter.parse(submission.period))},
        dimensions={name: people.dimensions[name] for name in names},
        sections=(Section("preview", "What would be printed", tuple(blocks)),),
    )

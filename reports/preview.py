"""What would be printed of a checked submission, for its sender to see before accepting: the tables of single
characteristics, protected as in the report. A job, because protecting takes longer than a page may."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from equality.disclosure.policy import Policy
from equality.disclosure.protection import Protected
from equality.disclosure.witnesses import CannotProtect, Watch
from equality.quarters import Quarter
from monitoring.figures.counting import People, candidates_of
from monitoring.figures.ledger import Population, ledger_size
from monitoring.figures.releasing import alone, release, report_policy
from monitoring.jobs import work
from monitoring.jobs.models import Job
from monitoring.jobs.models import State as JobState
from monitoring.submissions.models import State, Submission
from monitoring.submissions.previewing import keep_preview, kept_preview
from reports import method, sentences
from reports.building import PROTECTING, STEPS, watching
from reports.contents import Block, Contents, Paragraph, Section, Subheading
from reports.workforce import COLLECTION, characteristics_of, one_way_block, plan

PREVIEW = "submission.preview"


def preview(submission: Submission) -> Contents | Job:
    """One section: every characteristic with its table, or why there is nothing to show. It is worked out again when
    more is told of the organisation; meanwhile the work that is being done, or that stopped for a reason on our side.
    For a checked submission."""
    known = _known(submission)
    if known is not None:
        return known
    last = Job.objects.filter(kind=PREVIEW, subject=str(submission.pk)).first()
    if last is not None and last.state == JobState.FAILED:
        return last
    job = work.ask(PREVIEW, str(submission.pk))
    submission.refresh_from_db(fields=["preview"])  # without a broker it is done by now
    return _known(submission) or job


def _known(submission: Submission) -> Contents | None:
    kept = kept_preview(submission)
    return Contents.from_json(kept["contents"]) if kept and kept["of"] == _circumstances(submission) else None


def _circumstances(submission: Submission) -> list[Any]:
    """What a preview depends on besides the data: how much was told of the organisation before, and the policy."""
    return [ledger_size(_population(submission)), report_policy().code]


def _work_out(claim: work.Claim, subject: str) -> None:
    """Work a preview out and keep it until the submission is decided."""
    submission = Submission.objects.select_related("organisation", "dataset").get(pk=subject)
    if submission.state != State.CHECKED:
        with claim.finishing():
            return
    of = _circumstances(submission)
    contents = _protected_preview(submission, claim.progress)
    with claim.finishing():
        keep_preview(submission, {"of": of, "contents": contents.as_json()}, at=timezone.now())


def _give_up(subject: str) -> None:
    """The page says that there is no preview; the submission can be decided without."""


def _protected_preview(submission: Submission, progress: Any) -> Contents:
    progress(1, STEPS, "Counting")
    people = candidates_of(submission)
    progress(2, STEPS, PROTECTING)
    policy = report_policy()
    try:
        protected = _protected(people, submission, policy, watching(progress, PROTECTING))
        rounded = [Paragraph(method.rounding(policy))] if policy.rounds else []
        blocks = (*rounded, *_blocks(people, protected))
    except CannotProtect as reason:
        blocks = (Paragraph(f"Nothing could be printed: these data cannot be protected. {reason}"),)
    return Contents(
        report={"period": str(Quarter.parse(submission.period))},
        dimensions={name: people.dimensions[name] for name in characteristics_of(people)},
        sections=(Section("preview", "What would be printed", blocks),),
    )


def _population(submission: Submission) -> Population:
    return Population(submission.organisation, COLLECTION, submission.period)


def _protected(people: People, submission: Submission, policy: Policy, watch: Watch) -> Protected:
    """Every table of the report, because what one of them shows decides what another may."""
    return release(alone(people, _population(submission)), plan(people, policy, submission.period), policy, watch=watch)


def _blocks(people: People, protected: Protected) -> Iterator[Block]:
    for name in characteristics_of(people):
        table = protected.tables[name]
        yield Subheading(table.dimension(name).label)
        yield Paragraph(sentences.declaration(table))
        yield one_way_block(table, None)


KIND = work.Kind(PREVIEW, _work_out, _give_up)

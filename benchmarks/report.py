"""Building a report, step by step: three populations of the demonstration, and a city of many tiny departments."""

import time
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from django.utils import timezone

from equality.disclosure.policy import PUBLISHED
from monitoring.demonstration.people import as_csv, quarters
from monitoring.demonstration.story import employers
from monitoring.figures.counting import people_of
from monitoring.figures.ledger import Population
from monitoring.figures.releasing import alone, release
from monitoring.organisations.models import Organisation
from monitoring.submissions.deciding import accept
from monitoring.submissions.models import Submission
from monitoring.submissions.receiving import receive
from reports.attacking import attack_report
from reports.building import draft_of
from reports.drawing import draw_all
from reports.models import Report
from reports.workforce import COLLECTION, plan
from tests.factories import make_organisation
from tests.factories.cities import MAPPING, city_staff

TITLE = "Report: seconds of each step"
PERIOD = "2026-Q3"


def run() -> Iterator[str]:
    yield f"  {'':34}{'people':>8}{'count':>8}{'protect':>9}{'all to draft':>14}{'draw':>8}{'attack':>8}"
    for employer in employers():
        organisation = make_organisation(employer.slug)
        (rows,) = quarters(employer, 1)
        yield _measured(employer.slug, _accepted(organisation, as_csv(rows)))
    yield _measured("city, 30 departments", _accepted(make_organisation("city"), city_staff(), MAPPING))


def _accepted(organisation: Organisation, content: bytes, mapping: str = "") -> Submission:
    at = timezone.now()
    submission = receive(
        content, organisation=organisation, collection=COLLECTION, period=PERIOD, today=date(2026, 11, 1), at=at,
        by=None, mapping=mapping,
    )  # fmt: skip
    return accept(Submission.objects.get(pk=submission.pk), at=at, by=None)


def _measured(name: str, submission: Submission) -> str:
    organisation = submission.organisation
    report = Report(code="quarterly", organisation=organisation, period=PERIOD, requested_at=timezone.now())
    marks = [time.perf_counter()]
    people = people_of(submission)
    tables = plan(people, PUBLISHED, PERIOD)
    marks.append(time.perf_counter())
    release(alone(people, Population(organisation, COLLECTION, PERIOD)), tables, PUBLISHED)
    marks.append(time.perf_counter())
    contents, _, _ = draft_of(report)
    marks.append(time.perf_counter())
    draw_all(contents)
    marks.append(time.perf_counter())
    assert attack_report(contents.as_json()).broken == ()
    marks.append(time.perf_counter())
    count, protect, draft, draw, attack = (after - before for before, after in pairwise(marks))
    return f"  {name:34}{people.size:8,}{count:8.2f}{protect:9.2f}{draft:14.2f}{draw:8.2f}{attack:8.2f}"

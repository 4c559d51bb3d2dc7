"""Where somebody lands who signs in: what waits for them, what they can do, and for whom."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from equality.quarters import Quarter
from monitoring.access.asking import organisations_where
from monitoring.access.models import Grant, User
from monitoring.access.roles import Right
from monitoring.submissions.models import State as SubmissionState
from monitoring.submissions.models import Submission
from reports.models import Report
from reports.models import State as ReportState
from web.access import for_people_signed_in

_NAMED = 10  # things of one kind that wait; the lists have the others


@for_people_signed_in
def work(request: HttpRequest) -> HttpResponse:
    grants = Grant.objects.filter(user=request.user).select_related("organisation")
    context = {"title": "Your work", "grants": grants, "waiting": list(_waiting(request.user))}
    return render(request, "web/work.html", context)


def _waiting(user: User) -> Iterator[dict[str, str]]:
    """Data to accept, drafts to sign that somebody else asked for, signed reports to publish."""
    accepts, signs, publishes = (
        organisations_where(user, right) for right in (Right.SUBMIT, Right.SIGN_REPORTS, Right.PUBLISH_REPORTS)
    )
    checked = Submission.objects.filter(state=SubmissionState.CHECKED, organisation__in=accepts)
    yield from _named("Read and accept the data of", "submission", checked)
    reports = Report.objects.defer("contents", "told", "files", "price")
    drafts = reports.filter(state=ReportState.DRAFT, organisation__in=signs).exclude(requested_by=user)
    yield from _named("Read and sign off the report of", "draft", drafts)
    signed = reports.filter(state=ReportState.SIGNED, organisation__in=publishes)
    yield from _named("Publish the report of", "draft", signed)


def _named(act: str, page: str, found: Any) -> Iterator[dict[str, str]]:
    for one in found.select_related("organisation")[:_NAMED]:
        label = f"{act} {one.organisation.name}, {Quarter.parse(one.period).label}"
        yield {"label": label, "address": reverse(page, kwargs={"pk": one.pk})}

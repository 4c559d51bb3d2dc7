"""Pages for analysts and the Chief Inspector: ask for a report, read the draft, sign it off, publish it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from equality.quarters import Quarter
from monitoring.access.asking import may, organisations_where
from monitoring.access.roles import Right
from monitoring.jobs.models import Job
from reports.contents import Contents
from reports.drawing import WHOLE, draw, media_type
from reports.models import Report, State
from reports.page import as_contents_list, as_fragment
from reports.price import (
    choices_to_leave_out,
    hides_something,
    organisations_beside,
    share_hidden,
    unlinked_quarters,
    untried,
    with_broad_groups,
    without,
)
from reports.publishing import CannotPublish, publish
from reports.requesting import CODES, CannotRequest, CannotStop, request_report, stop_building
from reports.signing import CannotSign, send_back, sign
from web.access import needs
from web.forms import GovukForm, QuarterField, sent


class RequestForm(GovukForm):
    organisation = forms.ModelChoiceField(
        None,
        to_field_name="slug",
        empty_label="Choose an organisation",
        error_messages={"required": "Choose an organisation"},
    )
    code = forms.ChoiceField(label="Report", choices=list(CODES.items()))
    period = QuarterField(label="Quarter")
    correction_note = forms.CharField(
        label="What does it correct? (optional)",
        required=False,
        max_length=500,
        help_text="Only where the report is published already. The note is printed in the new version as you write it: "
        "name nobody, and say no small number of people",
    )

    def __init__(self, *arguments: Any, user: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["organisation"].queryset = organisations_where(user, Right.REQUEST_REPORTS)


class ReasonForm(GovukForm):
    reason = forms.CharField(
        label="Why is it sent back?", max_length=250, error_messages={"required": "Say why it is sent back"}
    )


@needs(Right.SEE_DRAFTS)
def drafts(request: HttpRequest) -> HttpResponse:
    visible = _visible(request).select_related("organisation").defer("contents", "told", "files", "price")
    page = Paginator(visible, 25).get_page(request.GET.get("page"))
    for report in page:
        report.quarter = Quarter.parse(report.period).label
    can_request = organisations_where(request.user, Right.REQUEST_REPORTS).exists()
    return render(
        request, "web/drafts.html", {"title": "Reports in preparation", "page": page, "can_request": can_request}
    )


@needs(Right.REQUEST_REPORTS)
def new_report(request: HttpRequest) -> HttpResponse:
    form = RequestForm(sent(request), user=request.user)
    if form.is_valid():
        try:
            report = request_report(**form.cleaned_data, today=timezone.localdate(), at=timezone.now(), by=request.user)
        except CannotRequest as refused:
            form.add_error("correction_note" if refused.code == "REPORT_PUBLISHED" else "period", str(refused))
        else:
            return redirect("draft", pk=report.pk)
    status = 422 if form.is_bound else 200
    return render(request, "web/new_report.html", {"title": "Ask for a report", "form": form}, status=status)


@needs(Right.SEE_DRAFTS)
def draft(request: HttpRequest, pk: str) -> HttpResponse:
    found = get_object_or_404(_visible(request).select_related("organisation", "requested_by", "signed_by"), pk=pk)
    if found.state == State.PUBLISHED:
        return redirect(
            "published-version",
            slug=found.organisation.slug,
            period=found.period,
            code=found.code,
            version=found.version,
        )
    return _page(request, found, ReasonForm(), 200)


@needs(Right.SEE_DRAFTS)
def draft_file(request: HttpRequest, pk: str, name: str) -> HttpResponse:
    found = get_object_or_404(_visible(request).select_related("organisation"), pk=pk)
    if name not in WHOLE or not found.contents:
        raise Http404
    response = HttpResponse(draw(Contents.from_json(found.contents), name), content_type=media_type(name))
    saved_as = f"{found.organisation.slug}-{found.period}-{found.code}-draft-{name}"
    response["Content-Disposition"] = f'attachment; filename="{saved_as}"'
    return response


@needs(Right.REQUEST_REPORTS)
@require_POST
def stop_report(request: HttpRequest, pk: str) -> HttpResponse:
    found = get_object_or_404(_visible(request, Right.REQUEST_REPORTS).select_related("organisation"), pk=pk)
    try:
        stop_building(found, at=timezone.now(), by=request.user)
    except CannotStop as refused:
        return _refused(request, found, str(refused))
    messages.success(request, "Building was stopped.")
    return redirect("draft", pk=pk)


@needs(Right.SEE_DRAFTS)
def draft_price(request: HttpRequest, pk: str) -> HttpResponse:
    """What protection costs, and what would cost less. The tables ticked stand in the address: nothing is changed."""
    found = get_object_or_404(_visible(request).select_related("organisation"), pk=pk)
    if not found.price:
        raise Http404
    left_out = request.GET.getlist("without")
    return render(
        request,
        "web/draft_price.html",
        {
            "title": "What protection costs",
            "quarter": Quarter.parse(found.period).label,
            "report": found,
            "tables": [{**table, "share": share_hidden(table)} for table in found.price["tables"]],
            "unlinked": unlinked_quarters(found.price),
            "beside": organisations_beside(found.price),
            "hides_something": hides_something(found.price),
            "choices": choices_to_leave_out(found.price),
            "left_out": left_out,
            "answers": without(found.price, left_out),
            "broader": with_broad_groups(found.price),
            "untried": untried(found.price),
        },
    )


@needs(Right.SIGN_REPORTS)
@require_POST
def sign_report(request: HttpRequest, pk: str) -> HttpResponse:
    found = get_object_or_404(_visible(request, Right.SIGN_REPORTS), pk=pk)
    try:
        sign(found, digest=request.POST.get("digest", ""), at=timezone.now(), by=request.user)
    except CannotSign as refused:
        return _refused(request, found, str(refused))
    messages.success(request, "Signed off. Nothing but what you read can be published.")
    return redirect("draft", pk=pk)


@needs(Right.SIGN_REPORTS)
@require_POST
def send_report_back(request: HttpRequest, pk: str) -> HttpResponse:
    found = get_object_or_404(_visible(request, Right.SIGN_REPORTS).select_related("organisation"), pk=pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, 422)
    try:
        send_back(found, reason=form.cleaned_data["reason"], by=request.user)
    except CannotSign as refused:
        return _refused(request, found, str(refused))
    messages.success(request, "Sent back.")
    return redirect("draft", pk=pk)


@needs(Right.PUBLISH_REPORTS)
@require_POST
def publish_report(request: HttpRequest, pk: str) -> HttpResponse:
    found = get_object_or_404(_visible(request, Right.PUBLISH_REPORTS), pk=pk)
    try:
        publish(found, by=request.user)
    except CannotPublish as refused:
        return _refused(request, found, str(refused))
    return redirect("draft", pk=pk)


def _visible(request: HttpRequest, right: Right = Right.SEE_DRAFTS) -> Any:
    return Report.objects.filter(organisation__in=organisations_where(request.user, right))


def _page(request: HttpRequest, found: Report, form: ReasonForm, status: int) -> HttpResponse:
    contents = Contents.from_json(found.contents) if found.contents else None
    choices = _choices(request, found)
    return render(
        request,
        "web/draft.html",
        {
            "title": f"{CODES[found.code]}: {found.organisation.name}",
            "quarter": Quarter.parse(found.period).label,
            "report": found,
            "job": Job.objects.filter(subject=str(found.pk)).first(),
            "contents_list": as_contents_list(contents) if contents else None,
            "fragment": as_fragment(contents) if contents else None,
            "digest": contents.body_digest() if contents else "",
            "form": form,
            **choices,
        },
        status=status,
    )


def _choices(request: HttpRequest, found: Report) -> dict[str, bool]:
    """What this person may do with the report in the state it is in."""
    signs, publishes, requests = (
        may(request.user, right, found.organisation)
        for right in (Right.SIGN_REPORTS, Right.PUBLISH_REPORTS, Right.REQUEST_REPORTS)
    )
    asked_by_me = found.requested_by_id == request.user.pk
    choices = {
        "can_sign": signs and found.state == State.DRAFT,
        "can_send_back": signs and found.state in {State.DRAFT, State.SIGNED},
        "can_publish": publishes and found.state == State.SIGNED,
        "can_stop": requests and found.state == State.REQUESTED,
        "can_rebuild": requests and found.state in {State.DRAFT, State.FAILED},
    }
    decisions = [able for choice, able in choices.items() if choice != "can_stop"]
    return {**choices, "can_decide": any(decisions), "asked_by_me": asked_by_me}


def _refused(request: HttpRequest, found: Report, reason: str) -> HttpResponse:
    context = {
        "title": "This could not be done",
        "advice": f"{reason} Nothing was changed.",
        "back": reverse("draft", kwargs={"pk": found.pk}),
        "back_to": "See the report as it is now",
    }
    return render(request, "web/error.html", context, status=409)

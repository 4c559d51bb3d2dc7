"""Pages for HR: send a file, see what is wrong with it, see what would be printed, accept it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from equality.quarters import Quarter
from monitoring.access.asking import may, organisations_where
from monitoring.access.roles import Right
from monitoring.jobs.models import Job
from monitoring.submissions.deciding import CannotDecide, accept, withdraw
from monitoring.submissions.layout import COLLECTIONS
from monitoring.submissions.models import State, Submission
from monitoring.submissions.problems import Problem, Unreadable
from monitoring.submissions.receiving import CHECK, receive
from monitoring.submissions.work import problems_of
from reports.contents import Contents
from reports.page import as_fragment
from reports.preview import preview
from reports.wording import SYMBOLS
from web.access import needs
from web.forms import GovukForm, QuarterField, sent
from web.problems import grouped

WORKFORCE = "workforce"  # the collection that is sent by page


class UploadForm(GovukForm):
    organisation = forms.ModelChoiceField(
        None,
        to_field_name="slug",
        empty_label="Choose an organisation",
        error_messages={"required": "Choose an organisation"},
    )
    period = QuarterField(label="Quarter", help_text="The data are those of its last day")
    file = forms.FileField(
        label="Workforce file",
        help_text="CSV, XLSX or ODS, with one row of headings and one row for each person",
        widget=forms.FileInput({"accept": ".csv,.tsv,.txt,.xlsx,.ods"}),
        error_messages={"required": "Choose a file", "empty": "The file has nothing in it"},
    )
    mapping = forms.FileField(
        label="Mapping file (optional)",
        required=False,
        help_text=(
            "A TOML file that says where your headings and wordings go. "
            "Without one, the mapping of your last accepted file is used"
        ),
        widget=forms.FileInput({"accept": ".toml"}),
    )
    correction = forms.CharField(
        label="Reason for a correction (optional)",
        required=False,
        max_length=300,
        help_text="Only where figures of this quarter are published already: say what was wrong with them",
    )

    def __init__(self, *arguments: Any, user: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["organisation"].queryset = organisations_where(user, Right.SUBMIT)


class ReasonForm(GovukForm):
    reason = forms.CharField(
        label="Why is it withdrawn?", max_length=300, error_messages={"required": "Say why it is withdrawn"}
    )


@needs(Right.SEE_SUBMISSIONS)
def submissions(request: HttpRequest) -> HttpResponse:
    visible = _visible(request).select_related("organisation")
    page = Paginator(visible, 25).get_page(request.GET.get("page"))
    can_submit = organisations_where(request.user, Right.SUBMIT).exists()
    for one in page:
        one.quarter = Quarter.parse(one.period).label
    return render(request, "web/submissions.html", {"title": "Submissions", "page": page, "can_submit": can_submit})


@needs(Right.SUBMIT)
def new_submission(request: HttpRequest) -> HttpResponse:
    form = UploadForm(sent(request), request.FILES or None, user=request.user)
    if form.is_valid():
        mapping = form.cleaned_data["mapping"]
        try:
            submission = receive(
                form.cleaned_data["file"].read(),
                organisation=form.cleaned_data["organisation"],
                collection=WORKFORCE,
                period=form.cleaned_data["period"],
                mapping=mapping.read().decode("utf-8-sig", errors="replace") if mapping else "",
                correction_reason=form.cleaned_data["correction"],
                today=timezone.localdate(),
                at=timezone.now(),
                by=request.user,
            )
        except Unreadable as refused:
            for found in refused.problems:
                form.add_error(_field_of(found), f"{found.message} {found.advice}")
        else:
            return redirect("submission", pk=submission.pk)
    status = 422 if form.is_bound else 200
    context = {"title": "Send workforce data", "form": form, "columns": COLLECTIONS[WORKFORCE]}
    return render(request, "web/new_submission.html", context, status=status)


@needs(Right.SEE_SUBMISSIONS)
def submission(request: HttpRequest, pk: str) -> HttpResponse:
    found = get_object_or_404(
        _visible(request).select_related("organisation", "answer", "dataset", "received_by"), pk=pk
    )
    return _page(request, found, ReasonForm(), 200)


@needs(Right.SUBMIT)
@require_POST
def accept_submission(request: HttpRequest, pk: str) -> HttpResponse:
    found = get_object_or_404(_own(request), pk=pk)
    try:
        accept(found, at=timezone.now(), by=request.user)
    except CannotDecide as refused:
        return _out_of_date(request, found, str(refused))
    messages.success(request, "Accepted. Reports of this quarter now count these data.")
    return redirect("submission", pk=pk)


@needs(Right.SUBMIT)
@require_POST
def withdraw_submission(request: HttpRequest, pk: str) -> HttpResponse:
    found = get_object_or_404(_own(request).select_related("organisation", "answer", "dataset", "received_by"), pk=pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, 422)
    try:
        withdraw(found, reason=form.cleaned_data["reason"], by=request.user)
    except CannotDecide as refused:
        return _out_of_date(request, found, str(refused))
    messages.success(request, "Withdrawn. No report counts these data any more.")
    return redirect("submission", pk=pk)


def _visible(request: HttpRequest) -> Any:
    return Submission.objects.filter(organisation__in=organisations_where(request.user, Right.SEE_SUBMISSIONS))


def _own(request: HttpRequest) -> Any:
    return Submission.objects.filter(organisation__in=organisations_where(request.user, Right.SUBMIT))


def _page(request: HttpRequest, found: Submission, form: ReasonForm, status: int) -> HttpResponse:
    mine = may(request.user, Right.SUBMIT, found.organisation)
    foreseen = preview(found) if mine and found.state == State.CHECKED else None
    shown = as_fragment(foreseen) if isinstance(foreseen, Contents) else None
    return render(
        request,
        "web/submission.html",
        {
            "title": f"Workforce data of {found.organisation.name}",
            "quarter": Quarter.parse(found.period).label,
            "submission": found,
            "job": Job.objects.filter(kind=CHECK, subject=str(found.pk)).first(),
            "groups": grouped(problems_of(found)),
            "form": form,
            "can_send": mine,
            "can_accept": mine and found.state == State.CHECKED,
            "can_withdraw": mine and found.state in {State.CHECKED, State.ACCEPTED},
            "preview": shown,
            "symbols": [(symbol, meaning) for symbol, meaning in SYMBOLS.items() if shown and symbol in shown],
            "preview_job": foreseen if isinstance(foreseen, Job) else None,
        },
        status=status,
    )


def _field_of(found: Problem) -> str:
    if found.code.startswith("PERIOD"):
        return "correction" if found.code == "PERIOD_PUBLISHED" else "period"
    return "file"


def _out_of_date(request: HttpRequest, found: Submission, reason: str) -> HttpResponse:
    context = {
        "title": "This page was out of date",
        "advice": f"{reason} Nothing was changed.",
        "back": reverse("submission", kwargs={"pk": found.pk}),
        "back_to": "See the submission as it is now",
    }
    return render(request, "web/error.html", context, status=409)

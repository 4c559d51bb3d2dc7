"""Pages for inspectors: inspections, and tagging a finding on a phone in the field."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from equality.characteristics import characteristics
from equality.vocabulary import DIRECTION, EVIDENCE, EXTENT, PARTNER, PROGRAMME, SEVERITY, THEME, words
from monitoring.access.asking import may, organisations_where
from monitoring.access.models import User
from monitoring.access.roles import Right
from monitoring.inspections.models import Finding, Inspection, Standing
from monitoring.inspections.recording import (
    MAX_WORDS,
    Fault,
    Faulty,
    FindingDraft,
    faults_of,
    open_inspection,
    record_finding,
    withdraw_finding,
)
from monitoring.organisations.models import INSPECTORATE, Organisation
from web.access import needs
from web.forms import CompactCheckboxes, CompactRadios, DayField, GovukForm, NumberField, WordsField, sent


def _choices(name: str, empty: str = "") -> list[tuple[str, str]]:
    return ([("", empty)] if empty else []) + list(words(name).items())


class InspectionForm(GovukForm):
    programme = forms.ChoiceField(
        choices=_choices(PROGRAMME, "Choose a programme"), error_messages={"required": "Choose a programme"}
    )
    title = forms.CharField(
        max_length=200, help_text="As the report will be called", error_messages={"required": "Enter a title"}
    )
    organisation = forms.ModelChoiceField(
        None,
        label="Inspected organisation",
        empty_label="Choose an organisation",
        error_messages={"required": "Choose the inspected organisation"},
    )
    lead = forms.ModelChoiceField(
        None,
        label="Lead inspectorate",
        empty_label="Choose an inspectorate",
        error_messages={"required": "Choose the lead inspectorate"},
    )
    partners = forms.MultipleChoiceField(
        label="Partner inspectorates (optional)",
        required=False,
        choices=_choices(PARTNER),
        widget=forms.CheckboxSelectMultiple,
    )
    fieldwork_start_date = DayField(
        label="Fieldwork starts",
        help_text="For example, 14 9 2026",
        error_messages={"required": "Enter the first day of fieldwork"},
    )
    fieldwork_end_date = DayField(
        label="Fieldwork ends",
        help_text="For example, 25 9 2026",
        error_messages={"required": "Enter the last day of fieldwork"},
    )

    def __init__(self, *arguments: Any, user: User, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["organisation"].queryset = organisations_where(user, Right.PLAN_INSPECTIONS)
        self.fields["lead"].queryset = Organisation.objects.filter(kind=INSPECTORATE)


class FindingForm(GovukForm):
    reference = forms.UUIDField(widget=forms.HiddenInput)
    statement = WordsField(
        MAX_WORDS,
        label="What did you find?",
        help_text="In words that may be published. No names, case numbers or dates of birth",
        required=False,
    )
    characteristics = forms.MultipleChoiceField(
        label="Which characteristics does it concern?", required=False, widget=forms.CheckboxSelectMultiple
    )
    theme = forms.ChoiceField(choices=_choices(THEME, "Choose a theme"), required=False)
    direction = forms.ChoiceField(
        label="Is it a strength?", choices=_choices(DIRECTION), widget=CompactRadios, required=False
    )
    severity = forms.TypedChoiceField(
        label="How serious is it?",
        help_text="For a strength, how much it matters",
        choices=_choices(SEVERITY),
        coerce=int,
        empty_value=None,
        widget=CompactRadios,
        required=False,
    )
    extent = forms.ChoiceField(
        label="How widespread is it?", choices=_choices(EXTENT), widget=CompactRadios, required=False
    )
    evidence = forms.MultipleChoiceField(
        label="What does it rest on?", choices=_choices(EVIDENCE), widget=CompactCheckboxes, required=False
    )
    observed_date = DayField(label="When was it seen?", required=False)
    responsible = forms.ModelChoiceField(None, label="Who answers for it?", empty_label=None, required=False)
    recommendation = WordsField(
        MAX_WORDS, label="Recommendation", required=False, help_text="What should be done, in words for publication"
    )
    recommendation_due_date = DayField(label="To be done by", required=False, help_text="For example, 31 3 2027")
    good_practice = WordsField(
        MAX_WORDS, label="Good practice", required=False, help_text="What others could follow, in words for publication"
    )
    cases = NumberField(
        label="In how many cases?", required=False, min_value=0, help_text="Where you counted: 6, if it was 6 of 14"
    )
    cases_seen = NumberField(label="Out of how many?", required=False, min_value=1)
    note = forms.CharField(
        label="Private note", required=False, widget=forms.Textarea({"rows": 2}), help_text="Never published"
    )
    # What a finding can do without. It stands at the end, folded until somebody wants it.
    more = ("recommendation", "recommendation_due_date", "good_practice", "cases", "cases_seen", "note")

    def __init__(self, *arguments: Any, inspection: Inspection, **named: Any) -> None:
        super().__init__(*arguments, **named)
        inspected = inspection.organisation
        above = Q(pk=inspected.parent_id) if inspected.parent_id else Q(pk__in=[])
        below = Organisation.objects.covered_by({inspected.pk})
        self.fields["responsible"].queryset = Organisation.objects.filter(Q(pk__in=below) | above)
        self.fields["characteristics"].choices = [(code, c.label) for code, c in characteristics().items()]

    def asked(self) -> list[forms.BoundField]:
        """What every finding needs."""
        return [bound for bound in self.visible_fields() if bound.name not in self.more]

    def offered(self) -> list[forms.BoundField]:
        return [self[name] for name in self.more]

    def offers_are_open(self) -> bool:
        """Whether something was written there, or is wrong there."""
        return any(bound.errors or any(_flat(bound.value())) for bound in self.offered())


def _flat(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


class ReasonForm(GovukForm):
    reason = forms.CharField(
        label="Why is it withdrawn?", max_length=300, error_messages={"required": "Say why the finding is withdrawn"}
    )


@needs(Right.SEE_INSPECTIONS)
def inspections(request: HttpRequest) -> HttpResponse:
    recorded = Count("findings", filter=Q(findings__standing=Standing.RECORDED))
    # Grouping drops the model's own order.
    visible = (
        _visible(request)
        .select_related("organisation")
        .annotate(recorded=recorded)
        .order_by(*Inspection._meta.ordering)
    )
    page = Paginator(visible, 25).get_page(request.GET.get("page"))
    can_open = organisations_where(request.user, Right.PLAN_INSPECTIONS).exists()
    for inspection in page:
        inspection.programme_label = words(PROGRAMME).get(inspection.programme, inspection.programme)
    return render(request, "web/inspections.html", {"title": "Inspections", "page": page, "can_open": can_open})


@needs(Right.PLAN_INSPECTIONS)
def new_inspection(request: HttpRequest) -> HttpResponse:
    form = InspectionForm(sent(request), user=request.user)
    if form.is_valid():
        try:
            opened = open_inspection(**form.cleaned_data, at=timezone.now(), by=request.user)
        except Faulty as refused:
            _tell(form, refused.faults)
        else:
            return redirect("inspection", pk=opened.pk)
    status = 422 if form.is_bound else 200
    return render(request, "web/new_inspection.html", {"title": "Open an inspection", "form": form}, status=status)


@needs(Right.SEE_INSPECTIONS)
def inspection(request: HttpRequest, pk: str) -> HttpResponse:
    found = get_object_or_404(_visible(request).select_related("organisation", "lead"), pk=pk)
    findings = found.findings.select_related("responsible").prefetch_related("characteristics")
    return render(
        request,
        "web/inspection.html",
        {
            "title": found.title,
            "inspection": found,
            "programme": words(PROGRAMME).get(found.programme, found.programme),
            "partners": [words(PARTNER)[code] for code in found.partners],
            "findings": [_labelled(finding) for finding in findings],
            "can_tag": may(request.user, Right.TAG_FINDINGS, found.organisation),
        },
    )


@needs(Right.TAG_FINDINGS)
def new_finding(request: HttpRequest, pk: str) -> HttpResponse:
    taggable = Inspection.objects.filter(organisation__in=organisations_where(request.user, Right.TAG_FINDINGS))
    found = get_object_or_404(taggable.select_related("organisation"), pk=pk)
    today = timezone.localdate()
    initial = {
        "reference": uuid.uuid4(),
        "observed_date": min(today, found.fieldwork_end_date),
        "responsible": found.organisation,
    }
    form = FindingForm(sent(request), inspection=found, initial=initial)
    if form.is_valid():
        try:
            finding = record_finding(
                found, FindingDraft(**form.cleaned_data), today=today, at=timezone.now(), by=request.user
            )
        except Faulty as refused:
            _tell(form, refused.faults)
        else:
            messages.success(request, "Finding recorded. It will appear in the quarter's report.")
            return redirect("finding", pk=finding.pk)
    elif form.is_bound:  # what was understood is checked too, so that everything wrong is said at once
        understood = FindingDraft(**dict.fromkeys(form.fields) | form.cleaned_data)
        _tell(form, faults_of(understood, found, today))
    context = {"title": "Tag a finding", "form": form, "inspection": found}
    return render(request, "web/new_finding.html", context, status=422 if form.is_bound else 200)


@needs(Right.SEE_INSPECTIONS)
def finding(request: HttpRequest, pk: str) -> HttpResponse:
    return _finding_page(
        request, get_object_or_404(_findings(request, Right.SEE_INSPECTIONS), pk=pk), ReasonForm(), 200
    )


@needs(Right.WITHDRAW_FINDINGS)
@require_POST
def withdraw(request: HttpRequest, pk: str) -> HttpResponse:
    found = get_object_or_404(_findings(request, Right.WITHDRAW_FINDINGS), pk=pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _finding_page(request, found, form, 422)
    withdraw_finding(found, reason=form.cleaned_data["reason"], by=request.user)
    messages.success(request, "Finding withdrawn. No report to come will hold it.")
    return redirect("finding", pk=pk)


def _tell(form: GovukForm, faults: Iterable[Fault]) -> None:
    """One mistake for each field: what could not be understood is not also missing."""
    for fault in faults:
        if fault.field not in form.errors:
            form.add_error(fault.field, fault.message)


def _visible(request: HttpRequest) -> Any:
    return Inspection.objects.filter(organisation__in=organisations_where(request.user, Right.SEE_INSPECTIONS))


def _findings(request: HttpRequest, right: Right) -> Any:
    reachable = Finding.objects.filter(inspection__organisation__in=organisations_where(request.user, right))
    return reachable.select_related("inspection__organisation", "responsible").prefetch_related(
        "characteristics", "recommendations", "good_practice"
    )


def _finding_page(request: HttpRequest, found: Finding, form: ReasonForm, status: int) -> HttpResponse:
    may_withdraw = may(request.user, Right.WITHDRAW_FINDINGS, found.inspection.organisation)
    context = {
        "title": "Finding",
        "finding": _labelled(found),
        "form": form,
        "can_tag": may(request.user, Right.TAG_FINDINGS, found.inspection.organisation),
        "can_withdraw": may_withdraw and found.standing == Standing.RECORDED,
    }
    return render(request, "web/finding.html", context, status=status)


def _labelled(found: Finding) -> Finding:
    """The finding with the words for its codes."""
    found.labels = {
        "characteristics": [characteristics()[tag.code].label for tag in found.characteristics.all()],
        "theme": words(THEME)[found.theme],
        "direction": words(DIRECTION)[found.direction],
        "severity": words(SEVERITY)[str(found.severity)],
        "extent": words(EXTENT)[found.extent],
        "evidence": [words(EVIDENCE)[code] for code in found.evidence],
    }
    return found

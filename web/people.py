"""Pages for administrators: who has access to their organisations, and machines' tokens."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from monitoring.access.asking import organisations_where
from monitoring.access.machines import issue_token
from monitoring.access.models import Grant, User
from monitoring.access.people import CannotGrant, add_person, grant, revoke
from monitoring.access.roles import ROLES, Right
from web.access import needs
from web.forms import GovukForm, sent

_DESCRIBED = '{} <span class="govuk-hint service-described">{}</span>'
_ROLES = [(role.code, format_html(_DESCRIBED, role.label, role.description)) for role in ROLES.values()]


class PersonForm(GovukForm):
    email = forms.EmailField(
        label="E-mail address",
        error_messages={
            "required": "Enter an e-mail address",
            "invalid": "Enter an e-mail address, like name@example.gov.uk",
        },
        widget=forms.EmailInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(
        max_length=120, required=False, label="Name (optional)", widget=forms.TextInput({"autocomplete": "off"})
    )
    role = forms.ChoiceField(choices=_ROLES, widget=forms.RadioSelect, error_messages={"required": "Choose a role"})
    organisation = forms.ModelChoiceField(
        None,
        to_field_name="slug",
        empty_label="Choose an organisation",
        error_messages={"required": "Choose an organisation"},
    )

    def __init__(self, *arguments: Any, user: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["organisation"].queryset = organisations_where(user, Right.MANAGE_PEOPLE)


class MachineForm(PersonForm):
    email = None
    name = forms.CharField(
        max_length=120,
        label="What is the machine?",
        help_text="For example, payroll system",
        error_messages={"required": "Enter what the machine is"},
    )


@needs(Right.MANAGE_PEOPLE)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with a role for the administrator's organisations, each with all of those roles."""
    grants = _grants(request)
    known = User.objects.filter(pk__in=grants.values("user")).order_by("is_machine", Lower("name"), "email")
    shown = known.prefetch_related(Prefetch("grants", queryset=grants, to_attr="shown"))
    page = Paginator(shown, 25).get_page(request.GET.get("page"))
    return render(request, "web/people.html", {"title": "People", "page": page})


@needs(Right.MANAGE_PEOPLE)
def new_person(request: HttpRequest) -> HttpResponse:
    form = PersonForm(sent(request), user=request.user)
    if form.is_valid():
        person = add_person(form.cleaned_data["email"], name=form.cleaned_data["name"], by=request.user)
        try:
            grant(person, form.cleaned_data["role"], form.cleaned_data["organisation"], by=request.user)
        except CannotGrant as refused:
            form.add_error("role", str(refused))
        else:
            messages.success(request, "Access given. The person sets a password through “Forgotten your password?”.")
            return redirect("people")
    status = 422 if form.is_bound else 200
    return render(request, "web/new_person.html", {"title": "Give somebody access", "form": form}, status=status)


@needs(Right.MANAGE_PEOPLE)
def new_machine(request: HttpRequest) -> HttpResponse:
    form = MachineForm(sent(request), user=request.user)
    token = ""
    if form.is_valid():
        token = issue_token(
            form.cleaned_data["name"], form.cleaned_data["role"], form.cleaned_data["organisation"], by=request.user
        )
    status = 422 if form.is_bound and not token else 200
    context = {"title": "Give a machine access", "form": form, "token": token}
    response = render(request, "web/new_machine.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


@needs(Right.MANAGE_PEOPLE)
@require_POST
def revoke_grant(request: HttpRequest, pk: int) -> HttpResponse:
    revoke(get_object_or_404(_grants(request), pk=pk), by=request.user)
    messages.success(request, "Access taken away.")
    return redirect("people")


def _grants(request: HttpRequest) -> Any:
    managed = organisations_where(request.user, Right.MANAGE_PEOPLE)
    return Grant.objects.filter(organisation__in=managed).select_related("user", "organisation")

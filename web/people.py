"""Pages for administrators: who has access to their organisations, and machines' tokens."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from monitoring.access.asking import organisations_where
from monitoring.access.machines import issue_token
from monitoring.access.models import Grant
from monitoring.access.people import CannotGrant, add_person, grant, revoke
from monitoring.access.roles import ROLES, Right
from web.access import needs
from web.forms import GovukForm

_ROLES = [(role.code, f"{role.label}: {role.description}") for role in ROLES.values()]


class PersonForm(GovukForm):
    email = forms.EmailField(label="E-mail address", error_messages={"required": "Enter an e-mail address"})
    name = forms.CharField(max_length=120, required=False, label="Name (optional)")
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
    return render(request, "web/people.html", {"title": "People", "grants": _grants(request)})


@needs(Right.MANAGE_PEOPLE)
def new_person(request: HttpRequest) -> HttpResponse:
    form = PersonForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
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
    form = MachineForm(request.POST or None, user=request.user)
    token = ""
    if request.method == "POST" and form.is_valid():
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

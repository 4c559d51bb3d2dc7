"""Signing in, by django-allauth, in the look of this service. Accounts are given by administrators; nobody signs
up."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account import views
from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import path

from web.access import open_to_everybody
from web.forms import GovukForm


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class LoginForm(GovukForm, allauth_forms.LoginForm):
    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["login"].label = "E-mail address"
        self.fields["password"].help_text = ""  # the page has the link for a forgotten password
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class ChangePasswordForm(GovukForm, allauth_forms.ChangePasswordForm):
    pass


class SetPasswordForm(GovukForm, allauth_forms.SetPasswordForm):
    pass


class ResetPasswordForm(GovukForm, allauth_forms.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(GovukForm, allauth_forms.ResetPasswordKeyForm):
    pass


# Only what this service uses of allauth has an address. The views guard themselves where they need somebody signed
# in.
urlpatterns = [
    path("sign-in/", open_to_everybody(views.login), name="account_login"),
    path("sign-out/", open_to_everybody(views.logout), name="account_logout"),
    path("sign-up/", open_to_everybody(views.signup), name="account_signup"),
    path("inactive/", open_to_everybody(views.account_inactive), name="account_inactive"),
    path("password/change/", open_to_everybody(views.password_change), name="account_change_password"),
    path("password/set/", open_to_everybody(views.password_set), name="account_set_password"),
    path("password/reset/", open_to_everybody(views.password_reset), name="account_reset_password"),
    path("password/reset/done/", open_to_everybody(views.password_reset_done), name="account_reset_password_done"),
    path(
        "password/reset/key/<str:uidb36>-<str:key>/",
        open_to_everybody(views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        open_to_everybody(views.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
]

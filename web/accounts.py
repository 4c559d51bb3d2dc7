"""Signing in, by django-allauth, in the look of this service. Accounts are given by administrators; nobody signs
up."""

from typing import Any, ClassVar

from allauth.account import forms as allauth_forms
from allauth.account import views
from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import HttpRequest
from django.urls import path, re_path

from web.access import open_to_everybody
from web.forms import GovukForm


class AccountAdapter(DefaultAccountAdapter):
    error_messages: ClassVar[dict[str, str]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The e-mail address or the password is wrong. Check both.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def render_mail(self, template_prefix: str, email: str, context: dict[str, Any], *more: Any, **named: Any) -> Any:
        context = {"service_name": settings.SERVICE_NAME, **context}
        return super().render_mail(template_prefix, email, context, *more, **named)


class AccountForm(GovukForm):
    """The forms of allauth in the words and the look of this service. ``labels``: field to label."""

    labels: ClassVar[dict[str, str]] = {}
    missing: ClassVar[dict[str, str]] = {
        "login": "Enter your e-mail address",
        "email": "Enter your e-mail address",
        "password": "Enter your password",
        "oldpassword": "Enter your password",
        "password1": "Enter a password",
        "password2": "Enter the password again",
    }

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = ""
            field.error_messages["required"] = self.missing.get(name, field.error_messages["required"])
            field.widget.attrs.pop("placeholder", None)
        if "password1" in self.fields:
            self.fields["password1"].help_text = " ".join(password_validators_help_texts())


class LoginForm(AccountForm, allauth_forms.LoginForm):
    labels: ClassVar[dict[str, str]] = {"login": "E-mail address"}


class ChangePasswordForm(AccountForm, allauth_forms.ChangePasswordForm):
    labels: ClassVar[dict[str, str]] = {
        "oldpassword": "Your password now",
        "password1": "New password",
        "password2": "New password again",
    }


class SetPasswordForm(AccountForm, allauth_forms.SetPasswordForm):
    labels: ClassVar[dict[str, str]] = {"password1": "Password", "password2": "Password again"}


class ResetPasswordForm(AccountForm, allauth_forms.ResetPasswordForm):
    labels: ClassVar[dict[str, str]] = {"email": "E-mail address"}


class ResetPasswordKeyForm(AccountForm, allauth_forms.ResetPasswordKeyForm):
    labels: ClassVar[dict[str, str]] = {"password1": "New password", "password2": "New password again"}


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
    re_path(  # the key holds a hyphen itself
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        open_to_everybody(views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        open_to_everybody(views.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
]

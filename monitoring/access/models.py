"""People and machines, and the roles they hold."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from monitoring.access.roles import ROLES
from monitoring.organisations.models import Organisation


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """Somebody who signs in by e-mail, or a machine that comes with a token. What they may do is in their grants."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    is_machine = models.BooleanField(default=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        app_label = "monitoring"
        constraints = (models.UniqueConstraint(Lower("email"), name="one_account_per_address"),)

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def audit_name(self) -> str:
        return f"user:{self.pk}"


class Grant(models.Model):
    """A role that a user holds for an organisation and what lies below it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=[(role.code, role.label) for role in ROLES.values()])
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="grants")
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "monitoring"
        ordering = ("organisation__name", "role")
        constraints = (
            models.UniqueConstraint(fields=("user", "role", "organisation"), name="one_grant_of_a_role"),
            models.CheckConstraint(condition=Q(role__in=list(ROLES)), name="grant_of_known_role"),
        )

    def __str__(self) -> str:
        return f"{self.role} for {self.organisation_id}"

    @property
    def label(self) -> str:
        return ROLES[self.role].label

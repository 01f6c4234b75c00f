"""The portal's own people, the roles they hold, and the one-time links by which they come in."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from portal.people.roles import LABELS, Role

ROLE_LENGTH = 32
HASH_LENGTH = 64


def normal_email(email: str) -> str:
    """E-mail addresses are kept and compared in lower case."""
    return email.strip().lower()


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person without any role. `password=None` gives one that matches nothing."""
        user = self.model(email=normal_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=normal_email(username or ""))


class User(AbstractBaseUser):
    """A person who signs in here. What they may do follows from their role assignments alone: no staff flag, no
    superuser, no Django permissions."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    owes_second_factor = False
    """Whether the person of a request has none while one is required; set by second_factor.Backend."""

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique_in_any_case")]

    def __str__(self) -> str:
        return self.name or self.email


IS_APP_ADMIN = Q(role=Role.APP_ADMIN.value)
IS_FOR_APP = ~Q(app_id="") & Q(instance_id__isnull=True)
IS_FOR_INSTANCE = Q(app_id="", instance_id__isnull=False)
IS_FOR_ALL = Q(app_id="", instance_id__isnull=True)


class ScopedRole(models.Model):
    """A role and where it holds: everywhere, or for an app admin one app or one instance of it."""

    role = models.CharField(max_length=ROLE_LENGTH)
    app_id = models.CharField(max_length=64, blank=True, default="")
    instance_id = models.BigIntegerField(null=True)
    """Of portal.instances; no foreign key, since people stand below instances."""
    is_full = models.BooleanField(default=False)

    class Meta:
        abstract = True

    @property
    def role_label(self) -> str:
        label = LABELS[Role(self.role)]
        return f"{label}, full control" if self.is_full else label


class RoleAssignment(ScopedRole):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_assignments")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "app_id"], condition=Q(instance_id__isnull=True), name="role_once_per_app"
            ),
            models.UniqueConstraint(
                fields=["user", "role", "instance_id"],
                condition=Q(instance_id__isnull=False),
                name="role_once_per_instance",
            ),
            models.CheckConstraint(
                condition=(IS_APP_ADMIN & (IS_FOR_APP | IS_FOR_INSTANCE)) | (~IS_APP_ADMIN & IS_FOR_ALL),
                name="only_app_admins_are_scoped",
            ),
            models.CheckConstraint(
                condition=IS_APP_ADMIN | Q(is_full=False), name="only_app_admins_are_full"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role_label}"


class Invitation(ScopedRole):
    """A link that makes one person with one role. The link's secret is not kept, only its hash."""

    email = models.EmailField()
    name = models.CharField(max_length=120, blank=True)
    token_hash = models.CharField(max_length=HASH_LENGTH, unique=True)
    created_by_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["email"])]

    def __str__(self) -> str:
        return f"{self.email}: {self.role_label}"


class SetupLink(models.Model):
    """The one-time link by which the first Global Admin comes in; at most one is good at a time."""

    token_hash = models.CharField(max_length=HASH_LENGTH, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"set-up link of {self.created_at}"

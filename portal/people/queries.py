"""Reads of people, invitations and the audit trail, for those who may."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from portal.audit.models import AuditEntry
from portal.people.models import Invitation, User, normal_email
from portal.people.open_invitations import waiting
from portal.people.roles import Right
from portal.people.scope import Scope
from portal.people.second_factor import IS_THERE

PAGE = 50
INVITATIONS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """Conditions on the audit trail; empty ones do not count. `verb` is the beginning of one, such as `sign_in`."""

    who: str = ""
    verb: str = ""
    since: datetime | None = None
    until: datetime | None = None


def people(scope: Scope, text: str = "", after: str = "") -> list[User]:
    """One page and one more row by address, beginning after `after`; roles read along, `has_mfa` set. Raises
    PermissionDenied."""
    found = _people(scope, text).filter(email__gt=normal_email(after))
    return list(found.order_by("email")[: PAGE + 1])


def every_person(scope: Scope, text: str = "") -> Iterator[User]:
    """All that match, by address, read while they are taken. Raises PermissionDenied."""
    return _people(scope, text).order_by("email").iterator(chunk_size=500)


def _people(scope: Scope, text: str) -> QuerySet[User]:
    scope.require(Right.MANAGE_PEOPLE)
    found = User.objects.filter(is_active=True).prefetch_related("role_assignments")
    if text:
        found = found.filter(Q(email__icontains=text) | Q(name__icontains=text))
    return found.annotate(has_mfa=IS_THERE)


def person(scope: Scope, pk: int) -> User:
    """Raises PermissionDenied, or User.DoesNotExist for nobody or somebody removed."""
    scope.require(Right.MANAGE_PEOPLE)
    return User.objects.filter(is_active=True).annotate(has_mfa=IS_THERE).get(pk=pk)


def without_second_factor(scope: Scope) -> int:
    """How many people have none. Raises PermissionDenied."""
    scope.require(Right.MANAGE_PEOPLE)
    return User.objects.filter(~IS_THERE, is_active=True).count()


def open_invitations(scope: Scope) -> QuerySet[Invitation]:
    """Newest first. Raises PermissionDenied."""
    scope.require(Right.MANAGE_PEOPLE)
    return waiting().order_by("-pk")


def trail_page(scope: Scope, conditions: TrailFilter, before: int | None = None) -> list[AuditEntry]:
    """One page and one more row, newest first, of entries older than `before`. Raises PermissionDenied."""
    found = _trail(scope, conditions)
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found[: PAGE + 1])


def trail_rows(scope: Scope, conditions: TrailFilter) -> Iterator[AuditEntry]:
    """All of them, newest first, read while they are taken. Raises PermissionDenied."""
    return _trail(scope, conditions).iterator(chunk_size=2000)


def _trail(scope: Scope, conditions: TrailFilter) -> QuerySet[AuditEntry]:
    scope.require(Right.READ_AUDIT)
    found: QuerySet[AuditEntry] = AuditEntry.objects.order_by("-pk")
    if conditions.who:
        found = found.filter(Q(actor_email__icontains=conditions.who) | Q(object_label__icontains=conditions.who))
    if conditions.verb:
        found = found.filter(verb__startswith=conditions.verb)
    if conditions.since:
        found = found.filter(at__gte=conditions.since)
    if conditions.until:
        found = found.filter(at__lt=conditions.until)
    return found

"""Changing the portal's settings, and suggesting apps: who may, and the audit trail of it."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from portal.audit import trail
from portal.people.models import User
from portal.people.roles import Right
from portal.people.scope import scope_of
from portal.people.second_factor import REQUIRED, has_second_factor
from portal.preferences import preferences, suggestions
from portal.preferences.models import Suggestion
from portal.preferences.preferences import Change

NONE_YOURSELF = (
    "You have no second factor yourself. Set one up first, under “Sign-in and security” in the menu of your account, "
    "so that you do not lock yourself out."
)


def change(actor: User, changes: Mapping[str, Any]) -> list[Change]:
    """Store settings; returns what differs now. Raises PermissionDenied, or ValidationError by key and then stores
    nothing."""
    scope_of(actor).require(Right.CHANGE_SETTINGS)
    if changes.get(REQUIRED) and not has_second_factor(actor):
        raise ValidationError({REQUIRED: NONE_YOURSELF})
    with transaction.atomic():
        changed = preferences.keep(changes)
        for each in changed:
            trail.record(
                actor=actor, verb="settings.changed", object_kind="setting", object_id=each.key,
                object_label=preferences.BY_KEY[each.key].label, before=each.before, after=each.after,
            )
    return changed


def values(actor: User) -> dict[str, Any]:
    """Every setting in force. Raises PermissionDenied."""
    scope_of(actor).require(Right.READ_SETTINGS)
    return preferences.all_values()


def suggest(actor: User, app_name: str, web_address: str = "", why: str = "") -> Suggestion:
    """Keep a suggestion of an app; whoever is signed in may make one."""
    with transaction.atomic():
        suggestion = suggestions.keep(actor.pk, actor.email, app_name, web_address, why)
        trail.record(
            actor=actor, verb="app.suggested", object_kind="suggestion", object_id=str(suggestion.pk),
            object_label=suggestion.app_name,
        )
    return suggestion


def suggested(actor: User) -> QuerySet[Suggestion]:
    """Newest first. Raises PermissionDenied."""
    scope_of(actor).require(Right.READ_SETTINGS)
    return suggestions.newest_first()


def remove_suggestion(actor: User, suggestion: Suggestion) -> None:
    """Raises PermissionDenied."""
    scope_of(actor).require(Right.CHANGE_SETTINGS)
    with transaction.atomic():
        trail.record(
            actor=actor, verb="app.suggestion_removed", object_kind="suggestion", object_id=str(suggestion.pk),
            object_label=suggestion.app_name,
        )
        suggestion.delete()

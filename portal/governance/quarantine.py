"""What is held in quarantine: noted when it is asked for, held once the app has done it, released by the undo.

The inventory is told which file that is: the one that the action was asked for, also where the app holds a copy of it.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from connectors.base import ActionKind
from portal.audit import trail
from portal.governance.catalogue import right_for
from portal.governance.models import GovernanceAction, QuarantineRecord
from portal.governance.targets import row_of
from portal.instances.holding import notice_for
from portal.instances.problems import Problem
from portal.inventory import store
from portal.inventory.models import File
from portal.people.models import User
from portal.people.scope import scope_of
from portal.preferences import preferences

QUARANTINES = (ActionKind.QUARANTINE_FILE, ActionKind.QUARANTINE_TRASHED_FILE)
LEAVING = (*QUARANTINES, ActionKind.OVERWRITE_FILE)
"""Kinds that leave a notice."""


def notice_of(action: GovernanceAction) -> str:
    """What an action leaves in the place of what it takes away: decided before its first step, and then no more."""
    if action.steps or action.reverts_id or action.kind not in LEAVING:
        return action.notice
    return action.notice or notice_for(action.instance, action.reference)


def note_begun(action: GovernanceAction) -> None:
    """Before the first step: where the file was and who could reach it, which the steps are about to change."""
    file = None if action.reverts_id or action.kind not in QUARANTINES else row_of(action)
    if isinstance(file, File):
        QuarantineRecord.objects.get_or_create(
            action=action,
            defaults={
                "instance_id": action.instance_id, "name": action.target_name, "place": file.path,
                "owner_name": file.owner_name, "exposure": file.exposure,
            },
        )


def note_done(action: GovernanceAction) -> None:
    """The app has done it: the file is held, or back, or deleted for good. Inside the caller's `atomic()`."""
    now = timezone.now()
    if action.deletes_id:
        QuarantineRecord.objects.filter(action_id=action.deletes_id).update(deleted_at=now)
    elif action.reverts_id:
        QuarantineRecord.objects.filter(action_id=action.reverts_id).update(released_at=now)
    elif action.kind in QUARANTINES:
        review_at = now + timedelta(days=preferences.get("quarantine_days"))
        QuarantineRecord.objects.filter(action=action).update(held_at=now, review_at=review_at)
    if action.deletes_id or action.kind in QUARANTINES:
        _tell_inventory(action)


def _tell_inventory(action: GovernanceAction) -> None:
    """Several actions may hold one file: it is back when none does."""
    is_held = _held().filter(
        instance_id=action.instance_id, action__target_kind=action.target_kind, action__target_id=action.target_id
    ).exists()
    store.note_quarantine(action.instance_id, action.target_id, is_held)


def extend(actor: User, record: QuarantineRecord) -> None:
    """Put the review off by as many days as a file is held at first. Raises Problem or PermissionDenied."""
    instance = record.instance
    right = right_for(ActionKind(record.action.kind))
    scope_of(actor).require(right, instance_id=instance.pk, app_id=instance.app_id)
    days = preferences.get("quarantine_days")
    review_at = timezone.now() + timedelta(days=days)
    with transaction.atomic():
        if not _held().filter(pk=record.pk).update(review_at=review_at):
            raise Problem("It is not held any more.")
        trail.record(
            actor=actor, verb="action.quarantine_extended", object_kind="governance_action",
            object_id=str(record.action_id), object_label=record.name,
            before={"review_at": _day(record.review_at)}, after={"review_at": _day(review_at)},
        )


def _held() -> QuerySet[QuarantineRecord]:
    return QuarantineRecord.objects.filter(released_at=None, deleted_at=None).exclude(held_at=None)


def _day(moment: object) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""

"""Deleting for good what quarantine holds: asked for by one person and, where the setting says so, approved by another.

The deletion itself is an action like any other, with a row in the governance log and the steps of the connector.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from connectors.base import Action, ActionKind, Order
from portal.audit import trail
from portal.governance import deletion_mails, jobs, service
from portal.governance.catalogue import closed, instance_obstacle, right_for
from portal.governance.models import ActionState, DeletionRequest, DeletionState, GovernanceAction, QuarantineRecord
from portal.governance.service import OPEN, Preview
from portal.governance.steps import results_of
from portal.governance.targets import target_of
from portal.instances.clients import client_for, connector_of
from portal.instances.models import AppInstance
from portal.instances.problems import Problem
from portal.people.models import User
from portal.people.scope import Scope, scope_of
from portal.preferences import preferences
from portal.queue import enqueue

EXPIRES_AFTER = timedelta(days=7)
"""What nobody approves by then has to be asked for anew."""
SETTING = "deletion_second_person"
NOTHING_CHANGED = "Nothing was changed."


def action_for(instance: AppInstance) -> Action | None:
    """The connector's own way to delete what it holds; None where it has none."""
    try:
        actions = connector_of(instance).actions
    except KeyError:
        return None
    return next((each for each in actions if each.is_for_held and each.kind is ActionKind.DELETE_FILE), None)


def needs_second_person() -> bool:
    return bool(preferences.get(SETTING))


def may_delete(scope: Scope, record: QuarantineRecord) -> bool:
    right = right_for(ActionKind.DELETE_FILE)
    return scope.can(right, instance_id=record.instance_id, app_id=record.instance.app_id)


def obstacle(record: QuarantineRecord) -> str:
    """A sentence why this cannot be deleted for good now, else ''."""
    action = action_for(record.instance)
    if action is None:
        return _no_way(record.instance)
    return not_held(record) or instance_obstacle(record.instance) or closed(record.instance, action)


def not_held(record: QuarantineRecord) -> str:
    """A sentence why there is nothing to delete, or no deletion to ask for, else ''."""
    if record.held_at is None or record.released_at or record.deleted_at:
        return "It is not held any more."
    if GovernanceAction.objects.filter(reverts=record.action_id).exclude(state=ActionState.FAILED).exists():
        return "It is being released, or was."
    if GovernanceAction.objects.filter(deletes=record.action_id, state__in=OPEN).exists():
        return "It is being deleted already."
    return ""


def pending(record: QuarantineRecord) -> DeletionRequest | None:
    """What waits for a second person."""
    waiting = record.deletion_requests.filter(state=DeletionState.PENDING, expires_at__gt=timezone.now())
    return waiting.first()


def is_open(asked: DeletionRequest) -> bool:
    """Whether it still waits."""
    return asked.state == DeletionState.PENDING and asked.expires_at > timezone.now()


def preview(actor: User, record: QuarantineRecord) -> Preview:
    """Reads the app and says what exactly would be deleted; changes nothing. Raises PermissionDenied."""
    _require(actor, record)
    action = action_for(record.instance)
    if action is None:
        return Preview("", "", problem=_no_way(record.instance))
    effect, undo = effect_words(action, record)
    sentence = obstacle(record)
    if sentence:
        return Preview(effect, undo, problem=sentence)
    order = Order(target_of(record.action), held=results_of(record.action))
    refusal, details, trouble = service.looked_at(action, client_for(record.instance), order)
    return Preview(effect, undo, details, refusal or trouble)


def effect_words(action: Action, record: QuarantineRecord) -> tuple[str, str]:
    """What will happen in the app, and that nothing brings it back, without asking the app."""
    words = {"name": record.name, "tenant": record.instance.tenant_name or record.instance.name}
    return action.effect.format(**words), action.undo_effect.format(**words)


def ask(actor: User, record: QuarantineRecord, reason: str) -> GovernanceAction | DeletionRequest:
    """The action, or the request that waits for a second person. Raises Problem or PermissionDenied."""
    _require(actor, record)
    words = service.checked_reason(reason)
    with transaction.atomic():
        _hold(record)
        if pending(record):
            raise Problem("Its deletion was asked for already.", remedy="Somebody else has to approve.")
        if not needs_second_person():
            return _begin(actor, record, words)
        now = timezone.now()
        record.deletion_requests.filter(state=DeletionState.PENDING).update(state=DeletionState.EXPIRED)
        asked = DeletionRequest.objects.create(
            record=record, reason=words, requested_by_id=actor.pk, requested_by_email=actor.email, requested_at=now,
            expires_at=now + EXPIRES_AFTER,
        )
        deletion_mails.waits(asked)
        _record(actor, "action.deletion_asked", record, reason=words, expires=f"{asked.expires_at:%Y-%m-%d}")
    return asked


def approve(actor: User, asked: DeletionRequest) -> GovernanceAction:
    """The second person agrees, and the deletion begins. Raises Problem or PermissionDenied."""
    _require(actor, asked.record)
    if asked.requested_by_id == actor.pk:
        raise Problem("Whoever asked for it cannot approve it.", remedy="Another person with the right has to.")
    requester = User.objects.filter(pk=asked.requested_by_id).first()
    if requester is None:
        raise Problem("Whoever asked for it is no longer here.", remedy="Decline it and ask for it yourself.")
    with transaction.atomic():
        _hold(asked.record)
        _decide(actor, asked, DeletionState.APPROVED)
        _record(actor, "action.deletion_approved", asked.record, requested_by=asked.requested_by_email)
        return _begin(requester, asked.record, asked.reason, approver=actor)


def decline(actor: User, asked: DeletionRequest) -> None:
    """Whoever asked may take it back like this, too. Raises Problem or PermissionDenied."""
    _require(actor, asked.record)
    with transaction.atomic():
        _decide(actor, asked, DeletionState.DECLINED)
        _record(actor, "action.deletion_declined", asked.record, requested_by=asked.requested_by_email)


def _hold(record: QuarantineRecord) -> None:
    """Two who decide about one thing see each other. Raises Problem where it cannot be deleted now."""
    record.instance = AppInstance.objects.select_for_update().get(pk=record.instance_id)
    record.refresh_from_db(fields=["held_at", "released_at", "deleted_at"])
    sentence = obstacle(record)
    if sentence:
        raise Problem(sentence, remedy=NOTHING_CHANGED)


def _decide(actor: User, asked: DeletionRequest, state: DeletionState) -> None:
    now = timezone.now()
    open_ones = DeletionRequest.objects.filter(pk=asked.pk, state=DeletionState.PENDING, expires_at__gt=now)
    if not open_ones.update(state=state, decided_by_id=actor.pk, decided_by_email=actor.email, decided_at=now):
        raise Problem("It does not wait any more: it expired, or somebody has decided.", remedy=NOTHING_CHANGED)


def _begin(actor: User, record: QuarantineRecord, reason: str, approver: User | None = None) -> GovernanceAction:
    action, held = action_for(record.instance), record.action
    if action is None:
        raise Problem(_no_way(record.instance))
    row = GovernanceAction.objects.create(
        instance=record.instance, action_name=action.name, kind=action.kind, target_kind=held.target_kind,
        target_id=held.target_id, target_name=held.target_name, target_raw=held.target_raw, reason=reason,
        requested_by_id=actor.pk, requested_by_email=actor.email, requested_at=timezone.now(), deletes=held,
        approved_by_id=approver.pk if approver else None, approved_by_email=approver.email if approver else "",
    )
    _record(actor, "action.requested", record, reason=reason)
    enqueue(jobs.run_action, row.pk, cluster="actions")
    return row


def _require(actor: User, record: QuarantineRecord) -> None:
    right = right_for(ActionKind.DELETE_FILE)
    scope_of(actor).require(right, instance_id=record.instance_id, app_id=record.instance.app_id)


def _no_way(instance: AppInstance) -> str:
    """Why the app deletes nothing for good from here, in the connector's words."""
    try:
        return connector_of(instance).gaps.get(ActionKind.DELETE_FILE, "This app has no way to delete it from here.")
    except KeyError:
        return "Its connector is no longer installed."


def _record(actor: User, verb: str, record: QuarantineRecord, **after: str) -> None:
    trail.record(
        actor=actor, verb=verb, object_kind="governance_action", object_id=str(record.action_id),
        object_label=f"Delete for good: {record.name}", after=after,
    )

"""Asking for an action, asking again, taking it back. The work itself is done in jobs.py, by a worker."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from connectors.base import (
    WORDS,
    Action,
    ActionKind,
    ActionTarget,
    Client,
    ConnectorError,
    Consequence,
    Order,
    RateLimited,
)
from connectors.base.deadline import deadline
from portal.audit import trail
from portal.governance import jobs
from portal.governance.catalogue import applies, closed, instance_obstacle, obstacle, right_for
from portal.governance.choices import checked
from portal.governance.models import ActionState, GovernanceAction
from portal.governance.store import DatabaseStore
from portal.governance.targets import TargetRow, facts_of, kind_of, name_of, row_of
from portal.instances.clients import client_for, connector_of
from portal.instances.models import AppInstance
from portal.instances.problems import Problem
from portal.people.models import User
from portal.people.scope import scope_of
from portal.queue import enqueue

PREVIEW_SECONDS = 8.0
"""A person waits for it, and so does a thread of the web server."""
TOO_SLOW = (
    f"The app could not be asked for all of it within {PREVIEW_SECONDS:.0f} seconds. The action itself takes its time "
    "and can be asked for all the same."
)
OPEN = (ActionState.QUEUED, ActionState.RUNNING)
ENDED_BADLY = (ActionState.FAILED, ActionState.UNKNOWN)
LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True)
class Preview:
    """What the confirmation says. `problem` where the app refuses or could not be asked."""

    effect: str
    undo: str
    details: tuple[str, ...] = ()
    problem: str = ""


def request(
    actor: User, target: TargetRow, action_name: str, reason: str, typed: Mapping[str, str] | None = None
) -> GovernanceAction:
    """One row in the governance log and one task, in one transaction. `typed`: what was put into the action's fields.
    Raises Problem or PermissionDenied."""
    instance = AppInstance.objects.get(pk=target.instance_id)
    action = _action(actor, instance, target, action_name)
    words, params = checked_reason(reason), checked(action, typed or {})
    sentence = obstacle(instance, target) or closed(instance, action)
    if sentence:
        raise Problem(sentence, remedy="Nothing was changed.")
    with transaction.atomic():
        # Locking the instance's row lets two requests for one target see each other.
        AppInstance.objects.select_for_update().get(pk=instance.pk)
        _refuse_twin(instance.pk, action.name, kind_of(target).word, target.vendor_id)
        row = GovernanceAction.objects.create(
            instance=instance,
            action_name=action.name,
            kind=action.kind,
            target_kind=kind_of(target).word,
            target_id=target.vendor_id,
            target_name=name_of(target)[:255],
            target_raw=target.raw,
            params=params,
            reason=words,
            requested_by_id=actor.pk,
            requested_by_email=actor.email,
            requested_at=timezone.now(),
        )
        _record(actor, "action.requested", row)
        enqueue(jobs.run_action, row.pk, cluster="actions")
    return row


def retry(actor: User, row: GovernanceAction) -> None:
    """Try a failed or unknown action again; what is recorded as done is not repeated. Raises Problem."""
    _require(actor, row)
    with transaction.atomic():
        instance = AppInstance.objects.select_for_update().get(pk=row.instance_id)
        _refuse_obstacle(instance, row)
        if not row.reverts_id:
            _refuse_twin(instance.pk, row.action_name, row.target_kind, row.target_id, except_pk=row.pk)
        again = GovernanceAction.objects.filter(pk=row.pk, state__in=ENDED_BADLY).update(
            state=ActionState.QUEUED, problem_code="", problem="", remedy="", ended_at=None, next_try_at=None, tries=0,
            lease_owner="", lease_until=None, retried_by_id=actor.pk,
        )
        if not again:
            raise Problem("Only an action that failed or whose result is unknown can be tried again.")
        _record(actor, "action.retried", row)
        enqueue(jobs.run_action, row.pk, cluster="actions")


def cancel(actor: User, row: GovernanceAction) -> None:
    """End an action that waits. What an earlier try has done stays done. Raises Problem for one that runs or ended."""
    _require(actor, row)
    row.refresh_from_db()
    with transaction.atomic():
        waiting = GovernanceAction.objects.filter(pk=row.pk, state=ActionState.QUEUED, tries=row.tries)
        if not waiting.update(**ending_of_cancelled(actor, row.steps)):
            raise Problem("It runs at this moment, or has ended.", remedy="Only an action that waits is cancelled.")
        _record(actor, "action.cancelled", row)


def try_now(actor: User, row: GovernanceAction) -> None:
    """What waits to be tried again is tried at once, but not before a limit of the app ends. Raises Problem."""
    _require(actor, row)
    with transaction.atomic():
        waiting = GovernanceAction.objects.filter(pk=row.pk, state=ActionState.QUEUED, next_try_at__isnull=False)
        if not waiting.exclude(problem_code=RateLimited.code).update(next_try_at=timezone.now()):
            raise Problem("It does not wait, or the app has said when it may be asked again.")
        enqueue(jobs.run_action, row.pk, cluster="actions")


def ending_of_cancelled(actor: User, steps: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The columns of an action that was cancelled while it waited, by the steps it had begun."""
    is_any_open = any(step["state"] == "started" for step in steps)
    return {
        "state": ActionState.UNKNOWN if is_any_open else ActionState.FAILED,
        "problem_code": "cancelled",
        "problem": f"{actor.email} cancelled it while it waited.",
        "remedy": "What its steps say was done stays done." if steps else "Nothing was changed.",
        "ended_at": timezone.now(),
        "next_try_at": None,
    }


def revert(actor: User, row: GovernanceAction, reason: str = "") -> GovernanceAction:
    """A new action that takes the steps of a done one back. Raises Problem where it cannot be."""
    _require(actor, row)
    sentence = revert_obstacle(row)
    if sentence:
        raise Problem(sentence)
    with transaction.atomic():
        row.instance = AppInstance.objects.select_for_update().get(pk=row.instance_id)
        sentence = revert_obstacle(row)
        if sentence:
            raise Problem(sentence, remedy="Nothing was changed.")
        undo = GovernanceAction.objects.create(
            instance=row.instance,
            action_name=row.action_name,
            kind=row.kind,
            target_kind=row.target_kind,
            target_id=row.target_id,
            target_name=row.target_name,
            target_raw=row.target_raw,
            params=row.params,
            reason=(reason.strip() or f"Undo of: {row.reason}")[:LONGEST_REASON],
            requested_by_id=actor.pk,
            requested_by_email=actor.email,
            requested_at=timezone.now(),
            reverts=row,
        )
        _record(actor, "action.undo_requested", undo)
        enqueue(jobs.run_action, undo.pk, cluster="actions")
    return undo


def revert_obstacle(row: GovernanceAction) -> str:
    """A sentence why this row cannot be undone, else ''."""
    if row.reverts_id:
        return "An undo is not undone; ask for the action anew."
    if row.state != ActionState.DONE:
        return "Only a finished action can be undone."
    if GovernanceAction.objects.filter(reverts=row).exists():
        return "This action is being undone already, or was."
    try:
        action = connector_of(row.instance).action(row.action_name)
    except KeyError:
        return "Its connector is no longer installed."
    if not action.is_reversible:
        return "The app has no way to take this back."
    if row.deleted_by.exclude(state=ActionState.FAILED).exists():
        return "What it holds is being deleted for good, or was."
    return closed(row.instance, action) or instance_obstacle(row.instance)


def preview(actor: User, target: TargetRow, action_name: str) -> Preview:
    """Reads the app and says what exactly would change; changes nothing. A vendor in trouble becomes `problem`."""
    instance = AppInstance.objects.get(pk=target.instance_id)
    action = _action(actor, instance, target, action_name)
    effect, undo = effect_words(action, instance, target)
    sentence = obstacle(instance, target) or closed(instance, action)
    if sentence:
        return Preview(effect, undo, problem=sentence)
    target_now = ActionTarget(kind_of(target).record, target.vendor_id, name_of(target), target.raw)
    order = Order(target_now, store=DatabaseStore(GovernanceAction(instance=instance)))
    refusal, details, trouble = looked_at(action, client_for(instance), order)
    return Preview(effect, undo, details, refusal or trouble)


def looked_at(action: Action, client: Client, order: Order) -> tuple[str, tuple[str, ...], str]:
    """Why the app refuses, the details, and what kept the rest from being read; within PREVIEW_SECONDS in all."""
    ends_at = time.monotonic() + PREVIEW_SECONDS
    try:
        with deadline(PREVIEW_SECONDS):
            refusal = action.refuse(client, order) if action.refuse else ""
            details = action.preview(client, order) if action.preview and not refusal else ()
    except ConnectorError as error:
        return "", (), TOO_SLOW if time.monotonic() >= ends_at else str(error)
    return refusal, details, ""


def effect_words(action: Action, instance: AppInstance, target: TargetRow) -> tuple[str, str]:
    """What will happen in the app and whether it can be undone, without asking the app."""
    words = {"name": name_of(target), "tenant": instance.tenant_name or instance.name}
    return action.effect.format(**words), action.undo_effect.format(**words)


def consequence(action: Action, instance: AppInstance) -> Consequence | None:
    """What the action means beside what it does, without asking the app."""
    return connector_of(instance).consequences.get(action.kind)


def _action(actor: User, instance: AppInstance, target: TargetRow, action_name: str) -> Action:
    try:
        action = connector_of(instance).action(action_name)
    except KeyError:
        raise Problem("This app does not offer that action.", remedy="Choose one of the listed actions.") from None
    if action.target is not kind_of(target).record or action.is_for_held:
        raise Problem("That action is for something else.", remedy="Choose one of the listed actions.")
    if not applies(action, facts_of(target)):
        raise Problem(
            f"{action.label} makes no sense for {target} as it is now.",
            remedy="Look at it again: it may have changed since the page was shown.",
        )
    scope_of(actor).require(right_for(action.kind), instance_id=instance.pk, app_id=instance.app_id)
    return action


def _require(actor: User, row: GovernanceAction) -> None:
    try:
        action = connector_of(row.instance).action(row.action_name)
    except KeyError:
        raise Problem("Its connector is no longer installed.") from None
    scope = scope_of(actor)
    scope.require(right_for(action.kind), instance_id=row.instance_id, app_id=row.instance.app_id)


def checked_reason(reason: str) -> str:
    """Cut to what is kept. Raises Problem where there is none."""
    words = reason.strip()
    if not words:
        raise Problem("A reason is needed.", remedy="Say in a few words why; it is kept in the log.", field="reason")
    return words[:LONGEST_REASON]


def _refuse_obstacle(instance: AppInstance, row: GovernanceAction) -> None:
    """That the target is gone stops only what was not begun: it may be gone by the steps that were done. What was
    released since its deletion failed is no longer deleted."""
    undos = GovernanceAction.objects.filter(reverts=row.deletes_id).exclude(state=ActionState.FAILED)
    if row.deletes_id and undos.exists():
        raise Problem("It was released meanwhile, or is being released.", remedy="Nothing was changed.")
    target = None if row.steps or row.reverts_id or row.deletes_id else row_of(row)
    sentence = obstacle(instance, target) if target else instance_obstacle(instance)
    if sentence:
        raise Problem(sentence, remedy="Nothing was changed.")


def _refuse_twin(
    instance_id: int, action_name: str, target_kind: str, target_id: str, except_pk: int = 0
) -> None:
    twins = GovernanceAction.objects.filter(
        instance_id=instance_id, action_name=action_name, target_kind=target_kind, target_id=target_id,
        state__in=OPEN, reverts=None,
    )
    if twins.exclude(pk=except_pk).exists():
        raise Problem("The same action on the same target is under way.", remedy="See the governance log.")


def _record(actor: User, verb: str, row: GovernanceAction) -> None:
    trail.record(
        actor=actor, verb=verb, object_kind="governance_action", object_id=str(row.pk),
        object_label=f"{WORDS[ActionKind(row.kind)].label}: {row.target_name}",
        after={"reason": row.reason},
    )

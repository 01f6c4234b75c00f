"""Asking for one action of many targets at once. The work itself is done in bulk_jobs.py, by a worker."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from connectors.base import Action
from portal.audit import trail
from portal.governance import bulk_jobs
from portal.governance.catalogue import applies, closed, obstacle, right_for
from portal.governance.choices import checked
from portal.governance.models import ActionBatch, GovernanceAction
from portal.governance.service import OPEN, checked_reason
from portal.governance.targets import TargetRow, facts_of, kind_of, kind_of_model, name_of
from portal.instances.clients import connector_of
from portal.instances.models import AppInstance
from portal.instances.problems import Problem
from portal.people.models import User
from portal.people.scope import REFUSAL, Scope, scope_of

MOST_TARGETS = 10_000
Keys = dict[tuple[int, type[TargetRow]], set[int]]
"""Of the inventory's rows, by instance and kind."""
AT_ONCE = 500
"""Rows of the inventory that are looked at together."""

NOT_OFFERED = "Their app does not offer this action."
NO_SENSE = "The action makes no sense for them as they are now."
UNDER_WAY = "The same action on the same target is under way."
NOT_KNOWN = "They are no longer in the inventory."


@dataclass(frozen=True, slots=True)
class Asked:
    """`number` of actions in the batch; `skipped`: how many targets were left out, by the reason."""

    batch: ActionBatch
    number: int
    skipped: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Place:
    """An instance and a kind of target in it, with what forbids the action there altogether."""

    instance: AppInstance
    model: type[TargetRow]
    action: Action | None
    params: Mapping[str, str]
    reason: str


def request_many(
    actor: User, targets: Sequence[TargetRow], action_name: str, reason: str,
    typed: Mapping[str, str] | None = None,
) -> Asked:
    """One row each in the governance log and one task for all, in one transaction. Targets that the action cannot be
    asked for are left out and counted. Raises Problem where there are too many, where none is left, or where what was
    `typed` into the action's fields cannot be right."""
    _refuse_too_many(len(targets))
    keys: Keys = {}
    for target in targets:
        keys.setdefault((target.instance_id, type(target)), set()).add(target.pk)
    return request_by_key(actor, keys, action_name, reason, typed)


def request_by_key(
    actor: User, keys: Keys, action_name: str, reason: str, typed: Mapping[str, str] | None = None
) -> Asked:
    """The same for rows that nobody has loaded."""
    words = checked_reason(reason)
    _refuse_too_many(sum(len(pks) for pks in keys.values()))
    scope, skipped = scope_of(actor), Counter[str]()
    with transaction.atomic():
        batch = ActionBatch.objects.create(
            action_name=action_name, reason=words, requested_by_id=actor.pk, requested_by_email=actor.email,
            requested_at=timezone.now(),
        )
        number = 0
        for place, pks in _places(scope, keys, action_name, typed or {}):
            for part in _parts(sorted(pks)):
                number += _ask(batch, place, part, skipped)
        if not number:
            raise Problem(
                "Nothing was asked for.", why=_sentences(skipped), remedy="Choose targets that the action is for."
            )
        _record(actor, batch, number, skipped)
        bulk_jobs.put_in_queue(batch.pk)
    return Asked(batch, number, dict(skipped))


def _refuse_too_many(number: int) -> None:
    if number > MOST_TARGETS:
        raise Problem(
            f"These are {number:,} targets; at most {MOST_TARGETS:,} can be acted on at once.",
            remedy="Narrow the list with a filter.",
        )


def _places(
    scope: Scope, keys: Keys, action_name: str, typed: Mapping[str, str]
) -> Iterator[tuple[_Place, set[int]]]:
    """The targets by instance and kind; instances are locked, in one order, so that two requests see each other."""
    wanted = AppInstance.objects.filter(pk__in={instance_id for instance_id, _ in keys}).order_by("pk")
    instances = {instance.pk: instance for instance in wanted.select_for_update()}
    for (instance_id, model), found in sorted(keys.items(), key=lambda each: (each[0][0], each[0][1].__name__)):
        yield _place(scope, instances[instance_id], model, action_name, typed), found


def _place(
    scope: Scope, instance: AppInstance, model: type[TargetRow], action_name: str, typed: Mapping[str, str]
) -> _Place:
    actions = {action.name: action for action in connector_of(instance).actions}
    action = actions.get(action_name)
    if action is None or action.is_for_held or action.target is not kind_of_model(model).record:
        return _Place(instance, model, None, {}, NOT_OFFERED)
    if not scope.can(right_for(action.kind), instance_id=instance.pk, app_id=instance.app_id):
        return _Place(instance, model, None, {}, REFUSAL)
    return _Place(instance, model, action, checked(action, typed), closed(instance, action))


def _ask(batch: ActionBatch, place: _Place, pks: Sequence[int], skipped: Counter[str]) -> int:
    """Rows for those of these targets that the action can be asked for; how many."""
    if place.action is None or place.reason:
        skipped[place.reason] += len(pks)
        return 0
    # Read again: lists leave the vendor's record out, and know what was true when they were shown.
    rows: list[TargetRow] = list(place.model._default_manager.filter(pk__in=pks).order_by("pk"))
    if len(rows) < len(pks):
        skipped[NOT_KNOWN] += len(pks) - len(rows)
    under_way, made = busy(place.instance, place.action, rows), []
    for row in rows:
        reason = UNDER_WAY if row.vendor_id in under_way else reason_against(place.instance, place.action, row)
        if reason:
            skipped[reason] += 1
        else:
            made.append(_row(batch, place, place.action, row))
    GovernanceAction.objects.bulk_create(made)
    return len(made)


def reason_against(instance: AppInstance, action: Action, row: TargetRow) -> str:
    """Why the action cannot be asked for of this row now, else ''."""
    return obstacle(instance, row) or ("" if applies(action, facts_of(row)) else NO_SENSE)


def busy(instance: AppInstance, action: Action, rows: Sequence[TargetRow]) -> set[str]:
    """Ids of those rows, all of one kind, that the same action is under way for."""
    if not rows:
        return set()
    twins = GovernanceAction.objects.filter(
        instance=instance, action_name=action.name, target_kind=kind_of(rows[0]).word,
        target_id__in=[row.vendor_id for row in rows], state__in=OPEN, reverts=None,
    )
    return set(twins.values_list("target_id", flat=True))


def _row(batch: ActionBatch, place: _Place, action: Action, target: TargetRow) -> GovernanceAction:
    return GovernanceAction(
        batch=batch,
        instance=place.instance,
        action_name=action.name,
        kind=action.kind,
        target_kind=kind_of(target).word,
        target_id=target.vendor_id,
        target_name=name_of(target)[:255],
        target_raw=target.raw,
        params=dict(place.params),
        reason=batch.reason,
        requested_by_id=batch.requested_by_id,
        requested_by_email=batch.requested_by_email,
        requested_at=batch.requested_at,
    )


def _record(actor: User, batch: ActionBatch, number: int, skipped: Counter[str]) -> None:
    batch.skipped = [[reason, count] for reason, count in skipped.most_common()]
    batch.save(update_fields=["skipped"])
    trail.record(
        actor=actor, verb="action.requested_of_many", object_kind="action_batch", object_id=str(batch.pk),
        object_label=f"{batch.action_name}: {number:,} targets",
        after={"reason": batch.reason, "targets": number, "skipped": sum(skipped.values())},
    )


def _sentences(skipped: Counter[str]) -> str:
    return " ".join(f"{count:,}: {reason}" for reason, count in skipped.most_common())


def _parts(items: Sequence[int]) -> Iterator[Sequence[int]]:
    return (items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE))

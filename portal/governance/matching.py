"""What may be asked for of all that match a list's filters: counted in parts, as nobody loads ten thousand rows."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from django.db.models import Count

from connectors.base import Action, Field
from portal.governance import bulk
from portal.governance.catalogue import closed, right_for
from portal.governance.selection import fields_of_all
from portal.governance.targets import KINDS, TargetRow, name_of
from portal.instances.clients import connector_of
from portal.instances.models import AppInstance
from portal.people.scope import Scope

NAMED = 10
"""Rows, and owners, that are named of each instance; the others are counted."""


@dataclass(frozen=True, slots=True)
class Offered:
    """An action, and how many of the rows are in instances that have it."""

    name: str
    label: str
    number: int
    is_reversible: bool


@dataclass(slots=True)
class Part:
    """What would happen in one instance. `owners`: how many rows each has."""

    instance: AppInstance
    action: Action
    keys: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    owners: Counter[str] = field(default_factory=Counter)

    def add(self, row: TargetRow) -> None:
        self.keys.append(row.pk)
        self.owners[getattr(row, "owner_name", "") or getattr(row, "owner_id", "") or "an unknown owner"] += 1
        if len(self.names) < NAMED:
            self.names.append(name_of(row))


@dataclass(slots=True)
class Survey:
    """`left_out`: how many, by the reason."""

    kind: str
    label: str
    fields: tuple[Field, ...]
    parts: list[Part] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def number(self) -> int:
        return sum(len(part.keys) for part in self.parts)

    @property
    def number_left_out(self) -> int:
        return self.left_out.total()

    @property
    def is_reversible(self) -> bool:
        return all(part.action.is_reversible for part in self.parts)

    @property
    def keys(self) -> bulk.Keys:
        return {(part.instance.pk, KINDS[self.kind].model): set(part.keys) for part in self.parts}

    @property
    def digest(self) -> str:
        """Of which rows these are: the same rows have the same."""
        keys = sorted(pk for part in self.parts for pk in part.keys)
        return sha256(",".join(map(str, keys)).encode()).hexdigest()[:32]


def offered(scope: Scope, kind: str, keys: Sequence[int]) -> list[Offered]:
    """Actions that some of the rows' instances have and the role allows, those for most rows first."""
    found: dict[str, list[tuple[Action, int]]] = {}
    for instance, number in _numbers(kind, keys):
        for action in _allowed(scope, instance, kind):
            found.setdefault(action.name, []).append((action, number))
    choices = [
        Offered(
            name, each[0][0].label, sum(number for _, number in each), all(action.is_reversible for action, _ in each)
        )
        for name, each in found.items()
        if fields_of_all([action for action, _ in each]) is not None
    ]
    return sorted(choices, key=lambda choice: (-choice.number, choice.label))


def survey(scope: Scope, kind: str, keys: Sequence[int], action_name: str) -> Survey | None:
    """What the action would do to each; None where it is offered for none of them. Rows are read in parts."""
    numbers = _numbers(kind, keys)
    places = {
        instance.pk: Part(instance, action)
        for instance, _ in numbers
        for action in _allowed(scope, instance, kind)
        if action.name == action_name
    }
    actions = [part.action for part in places.values()]
    fields = fields_of_all(actions) if actions else None
    if fields is None:
        return None
    found = Survey(kind, actions[0].label, fields)
    for instance, number in numbers:
        if instance.pk not in places:
            found.left_out[bulk.NOT_OFFERED] += number
    for part in places.values():
        reason = closed(part.instance, part.action)
        for rows in _rows(kind, part.instance, keys):
            _sort(found, part, rows, reason)
    found.parts = [part for part in places.values() if part.keys]
    return found


def _sort(found: Survey, part: Part, rows: Sequence[TargetRow], closed_for: str) -> None:
    under_way = bulk.busy(part.instance, part.action, rows)
    for row in rows:
        reason = closed_for or (bulk.UNDER_WAY if row.vendor_id in under_way else "")
        reason = reason or bulk.reason_against(part.instance, part.action, row)
        if reason:
            found.left_out[reason] += 1
        else:
            part.add(row)


def _numbers(kind: str, keys: Sequence[int]) -> list[tuple[AppInstance, int]]:
    rows = KINDS[kind].model._default_manager.filter(pk__in=keys).order_by()
    numbers = dict(rows.values_list("instance_id").annotate(number=Count("pk")))
    instances = AppInstance.objects.filter(pk__in=numbers).order_by("pk")
    return [(instance, numbers[instance.pk]) for instance in instances]


def _allowed(scope: Scope, instance: AppInstance, kind: str) -> list[Action]:
    return [
        action
        for action in connector_of(instance).actions
        if action.target is KINDS[kind].record
        and not action.is_for_held
        and scope.can(right_for(action.kind), instance_id=instance.pk, app_id=instance.app_id)
    ]


def _rows(kind: str, instance: AppInstance, keys: Sequence[int]) -> Iterator[list[TargetRow]]:
    rows = KINDS[kind].model._default_manager.filter(instance_id=instance.pk).defer("raw")
    for start in range(0, len(keys), bulk.AT_ONCE):
        yield list(rows.filter(pk__in=keys[start : start + bulk.AT_ONCE]).order_by("pk"))

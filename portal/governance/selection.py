"""What may be asked for of rows that somebody selected: each action, the rows it is for, and why not the others."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from connectors.base import Action, Field
from connectors.catalogue import catalogue
from portal.governance.bulk import NO_SENSE
from portal.governance.catalogue import Offer, obstacle, offers
from portal.governance.targets import KINDS, TargetRow
from portal.instances.models import AppInstance
from portal.instances.queries import visible
from portal.people.scope import Scope

MOST_ROWS = 200
"""Of one selection: what a page of a list holds, with room to spare."""


@dataclass(slots=True)
class Group:
    """The targets of an action in one instance."""

    instance: AppInstance
    action: Action
    rows: list[TargetRow] = field(default_factory=list)


@dataclass(slots=True)
class Choice:
    """One action for a part of the selection. `left_out`: the others, each with the reason."""

    name: str
    label: str
    groups: dict[int, Group] = field(default_factory=dict)
    left_out: list[tuple[TargetRow, str]] = field(default_factory=list)

    @property
    def rows(self) -> list[TargetRow]:
        return [row for group in self.groups.values() for row in group.rows]

    @property
    def is_reversible(self) -> bool:
        return all(group.action.is_reversible for group in self.groups.values())

    @property
    def fields(self) -> tuple[Field, ...]:
        """What is told once for all."""
        return fields_of_all(_actions(self)) or ()

    def add(self, row: TargetRow, instance: AppInstance, offer: Offer) -> None:
        if offer.is_allowed:
            self.groups.setdefault(instance.pk, Group(instance, offer.action)).rows.append(row)
        else:
            self.left_out.append((row, offer.reason))


def selected(scope: Scope, kind: str, pks: Iterable[int]) -> list[TargetRow]:
    """The rows of this kind that the scope may see, in one order. Raises KeyError for a kind nothing can be done to."""
    instances = visible(scope).filter(app_id__in=list(catalogue())).values("pk")
    rows = KINDS[kind].model._default_manager.filter(pk__in=list(pks)[:MOST_ROWS], instance_id__in=instances)
    return list(rows.defer("raw").order_by("pk"))


def choices(scope: Scope, rows: Sequence[TargetRow]) -> list[Choice]:
    """Actions that may be asked for of at least one of the rows, those for most of them first. What an action must be
    told is told once for all: where their apps ask for different things, it is told for one target at a time."""
    instances = AppInstance.objects.in_bulk({row.instance_id for row in rows})
    found: dict[str, Choice] = {}
    for row in rows:
        instance = instances[row.instance_id]
        for offer in offers(scope, instance, row):
            found.setdefault(offer.action.name, Choice(offer.action.name, offer.action.label)).add(row, instance, offer)
    for choice in found.values():
        known = {*choice.rows, *(row for row, _ in choice.left_out)}
        others = [row for row in rows if row not in known]
        choice.left_out += [(row, obstacle(instances[row.instance_id], row) or NO_SENSE) for row in others]
    asked_alike = [each for each in found.values() if each.groups and fields_of_all(_actions(each)) is not None]
    return sorted(asked_alike, key=lambda each: -len(each.rows))


def fields_of_all(actions: Sequence[Action]) -> tuple[Field, ...] | None:
    """What these actions are told, by one value for all; None where one of them must be told what others do not know.
    What is optional and not common to all is left to what each does without."""
    if all(each.fields == actions[0].fields for each in actions):
        return actions[0].fields
    is_any_required = any(field.is_required for each in actions for field in each.fields)
    return None if is_any_required else ()


def _actions(choice: Choice) -> list[Action]:
    return [group.action for group in choice.groups.values()]

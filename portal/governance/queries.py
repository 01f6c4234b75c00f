"""The reads of the governance log, always within what a person may see."""

import re
from collections.abc import Callable, Iterator, Sequence

from django.db.models import Count as Counted
from django.db.models import Q, QuerySet

from connectors.base import WORDS, ActionKind
from portal.governance.models import REFERENCE_PREFIX, ActionBatch, ActionState, GovernanceAction
from portal.governance.targets import TargetRow, row_of
from portal.instances.queries import visible
from portal.inventory import keyset
from portal.inventory.filters import ACCOUNT_FILTERS, SHORTEST_SEARCH, Condition, FilterField, Values, narrow
from portal.inventory.keyset import Listing, Order
from portal.inventory.row_lists import CAP, EXPORT_CHUNK, PAGE_SIZE, Count
from portal.people.roles import Right
from portal.people.scope import Scope

NEWEST_FIRST = Order("requested", ("requested_at", "id"), is_descending=True, times=frozenset({"requested_at"}))


STATES = (*((state.value, str(state.label)) for state in ActionState), ("waiting", "Waits to be tried again"))


def _one_of(column: str) -> Callable[[Values], Q]:
    return lambda values: Q(**{f"{column}__in": values})


def _state(values: Values) -> Q:
    found = Q(state__in=[value for value in values if value != "waiting"])
    return found | Q(state=ActionState.QUEUED, next_try_at__isnull=False) if "waiting" in values else found


def _search(values: Values) -> Q:
    condition = Q()
    for value in values:
        condition |= Q(target_name__icontains=value) | Q(reason__icontains=value)
        found = re.fullmatch(f"{REFERENCE_PREFIX}([0-9]{{1,18}})", value.strip().upper())
        condition |= Q(pk=int(found[1])) if found else Q()
    return condition


def _long_enough(value: str) -> str:
    return "" if len(value) >= SHORTEST_SEARCH else f"Search needs at least {SHORTEST_SEARCH} characters."


def _is_number(value: str) -> str:
    return "" if re.fullmatch("[0-9]{1,18}", value) else "What was asked for together is named by its number."


GOVERNANCE_FILTERS: dict[str, FilterField] = {
    field.name: field
    for field in (
        ACCOUNT_FILTERS["app"],
        ACCOUNT_FILTERS["instance"],
        FilterField("action", "Action", _one_of("kind"), tuple((kind.value, WORDS[kind].label) for kind in ActionKind)),
        FilterField("state", "State", _state, STATES),
        FilterField("by", "Asked by", _one_of("requested_by_email"), is_text=True),
        FilterField("batch", "Asked together", _one_of("batch_id"), is_text=True, problem=_is_number),
        FilterField("q", "Search", _search, is_text=True, problem=_long_enough),
    )
}


def actions(
    scope: Scope, conditions: Sequence[Condition], *, older: str = "", newer: str = "", size: int = PAGE_SIZE
) -> Listing[GovernanceAction]:
    """Newest first."""
    return keyset.page(_actions(scope, conditions), NEWEST_FIRST, older=older, newer=newer, size=size)


def count_actions(scope: Scope, conditions: Sequence[Condition], cap: int = CAP) -> Count:
    found = _actions(scope, conditions).order_by().values_list("pk")[: cap + 1].count()
    return Count(min(found, cap), found > cap)


def export_actions(scope: Scope, conditions: Sequence[Condition]) -> Iterator[GovernanceAction]:
    """All of them, newest first, streamed."""
    return keyset.every(_actions(scope, conditions), NEWEST_FIRST, EXPORT_CHUNK)


def action(scope: Scope, pk: int) -> GovernanceAction:
    """Raises GovernanceAction.DoesNotExist where there is none or the scope may not see it."""
    return _visible(scope).get(pk=pk)


def batch(scope: Scope, pk: int) -> ActionBatch:
    """Raises ActionBatch.DoesNotExist where there is none or the scope may see none of its actions."""
    return ActionBatch.objects.get(pk__in=_visible(scope).filter(batch_id=pk).values("batch_id")[:1])


def first_of(scope: Scope, batch: ActionBatch) -> GovernanceAction:
    """One action of a batch that `batch` found. Raises GovernanceAction.DoesNotExist where the scope sees none."""
    return _visible(scope).filter(batch=batch).order_by("pk")[:1].get()


def progress(scope: Scope, batch: ActionBatch) -> dict[ActionState, int]:
    """How many actions of a batch stand where; one query."""
    rows = _visible(scope).filter(batch=batch).order_by()
    found = dict(rows.values_list("state").annotate(number=Counted("pk")))
    return {state: found.get(state.value, 0) for state in ActionState}


def for_target(instance_id: int, target_kind: str, target_id: str, limit: int = 10) -> list[GovernanceAction]:
    """What was asked for on one target, newest first. The target comes from a query that knew the scope."""
    rows = GovernanceAction.objects.filter(instance_id=instance_id, target_kind=target_kind, target_id=target_id)
    return list(rows.select_related("instance", "reverted_by").order_by("-requested_at", "-id")[:limit])


def open_by_state() -> dict[str, int]:
    """How many actions have not ended, by state; of all instances, for whoever runs the portal."""
    rows = GovernanceAction.objects.filter(state__in=[ActionState.QUEUED, ActionState.RUNNING]).order_by()
    counted = dict(rows.values_list("state").annotate(number=Counted("pk")))
    return {state.value: counted.get(state.value, 0) for state in (ActionState.QUEUED, ActionState.RUNNING)}


def target_row(action: GovernanceAction) -> TargetRow | None:
    """The inventory's row of an action's target; None when the data was deleted."""
    return row_of(action)


def _actions(scope: Scope, conditions: Sequence[Condition]) -> QuerySet[GovernanceAction]:
    found: QuerySet[GovernanceAction] = narrow(_visible(scope), GOVERNANCE_FILTERS, list(conditions))
    return found


def _visible(scope: Scope) -> QuerySet[GovernanceAction]:
    rows = GovernanceAction.objects.select_related("instance", "reverted_by")
    if scope.can(Right.READ_GOVERNANCE_LOG):
        return rows
    return rows.filter(instance__in=visible(scope))

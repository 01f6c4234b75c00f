"""What all lists of the inventory have in common: scope, filters, keyset pages, capped counts, streamed exports."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

from portal.instances.queries import visible
from portal.inventory import keyset, windows
from portal.inventory.filters import Condition, FilterField, Met, met, narrow
from portal.inventory.keyset import Listing, Order
from portal.inventory.models import InventoryRow
from portal.people.scope import Scope

AnyRow = TypeVar("AnyRow", bound=Model)
Row = TypeVar("Row", bound=InventoryRow)

PAGE_SIZE = 50
LARGEST_PAGE = 200
CAP = 10_000
EXPORT_CHUNK = 500

BY_NAME = Order("name", ("sort_name", "id"))
BY_NAME_BACKWARDS = Order("-name", ("sort_name", "id"), is_descending=True)
NAME_ORDERS: Mapping[str, Order] = {"name": BY_NAME, "-name": BY_NAME_BACKWARDS}


@dataclass(frozen=True, slots=True)
class Count:
    """`is_capped`: there are more than `number`, or may be where so many rows were `looked_through` and no more."""

    number: int
    is_capped: bool
    looked_through: int = 0


@dataclass(frozen=True, slots=True)
class RowList(Generic[Row]):
    """The list of one kind of row. `deferred`: long columns that only `one` reads; `orders`: by the word for it in an
    address, a leading "-" turns it round. Without another word it is by name. `is_windowed`: it may have a million
    rows, and filters that name few of them (windows.py)."""

    model: type[Row]
    filters: Mapping[str, FilterField]
    deferred: tuple[str, ...] = ("raw", "search")
    orders: Mapping[str, Order] = field(default_factory=lambda: NAME_ORDERS)
    is_windowed: bool = False

    def page(
        self, scope: Scope, conditions: Sequence[Condition], *, older: str = "", newer: str = "", size: int = PAGE_SIZE,
        sort: str = "name",
    ) -> Listing[Row]:
        """One page; one query, or two and those that look up the few that filters name."""
        order, size = self.orders.get(sort, BY_NAME), sized(size)
        if not self.is_windowed or not windows.is_narrowed(conditions):
            return keyset.page(self._short(scope, conditions), order, older=older, newer=newer, size=size)
        rows, walked = self._looked_at(scope, conditions, order)
        rows = rows.defer(*self.deferred)
        if walked is None:
            return keyset.page(rows, order, older=older, newer=newer, size=size)
        return windows.page(rows, walked, order, older=older, newer=newer, size=size)

    def count(self, scope: Scope, conditions: Sequence[Condition], cap: int = CAP) -> Count:
        if not self.is_windowed or not windows.is_narrowed(conditions):
            return capped(self._rows(scope, conditions), cap)
        stretches = {self.filters[each.field].along for each in conditions if each.field in self.filters}
        order = next((each for each in self.orders.values() if each.columns[0] in stretches), BY_NAME)
        rows, walked = self._looked_at(scope, conditions, order)
        if walked is None:
            return capped(rows, cap)
        number, is_capped = windows.count(rows, walked, order, cap)
        return Count(number, is_capped, windows.COUNTED if is_capped and number < cap else 0)

    def first_keys(self, scope: Scope, conditions: Sequence[Condition], limit: int) -> tuple[list[int], bool]:
        """Keys of the first that match, by name, and whether there may be more. No more rows are looked through than a
        count does."""
        rows, walked = self._looked_at(scope, conditions, BY_NAME)
        if walked is not None:
            return windows.first_keys(rows, walked, BY_NAME, limit)
        found = list(BY_NAME.apply(rows).values_list("pk", flat=True)[: limit + 1])
        return found[:limit], len(found) > limit

    def every(self, scope: Scope, conditions: Sequence[Condition]) -> Iterator[Row]:
        """All of them by name, streamed."""
        return keyset.every(self._short(scope, conditions), BY_NAME, EXPORT_CHUNK)

    def one(self, scope: Scope, pk: int) -> Row:
        """Raises the model's DoesNotExist where there is none or the scope may not see it."""
        return within(scope, self._all()).get(pk=pk)

    def _short(self, scope: Scope, conditions: Sequence[Condition]) -> QuerySet[Row]:
        return self._rows(scope, conditions).defer(*self.deferred)

    def _rows(self, scope: Scope, conditions: Sequence[Condition]) -> QuerySet[Row]:
        return narrow(within(scope, self._all()), self.filters, with_presence(conditions))

    def _looked_at(
        self, scope: Scope, conditions: Sequence[Condition], order: Order
    ) -> tuple[QuerySet[Row], QuerySet[Row] | None]:
        """The rows that meet the conditions; and those to look through for them, None where the rows are few."""
        wanted = met(self.filters, with_presence(conditions))
        found = windows.few(self._all(), wanted)
        if found is not None:
            return windows.meeting(within(scope, self._all()).filter(pk__in=found), wanted), None
        places = None if scope.sees_everything else set(visible(scope).values_list("pk", flat=True))
        seen = [] if places is None else [Met(Q(instance_id__in=places), is_found=False)]
        walked = self._walked(places, conditions, order)
        return windows.meeting(walked, [*wanted, *seen]), walked

    def _walked(self, places: set[int] | None, conditions: Sequence[Condition], order: Order) -> QuerySet[Row]:
        """What an index has in this order: all rows of one instance where no other counts, else all there are; with
        them, the stretch of the order that conditions name."""
        along = {name: field for name, field in self.filters.items() if field.along == order.columns[0]}
        rows = narrow(self._all(), along, list(conditions))
        named = {int(value) for each in conditions if _is_of_instances(each) for value in each.values}
        only = named or places or set()
        return rows.filter(instance_id__in=only) if len(only) == 1 else rows

    def _all(self) -> QuerySet[Row]:
        return self.model._default_manager.all()


def _is_of_instances(condition: Condition) -> bool:
    return condition.field == "instance" and not condition.is_negated


def known(model: type[Row], instance_id: int, vendor_id: str) -> Row | None:
    """The row with this id in an instance, where the inventory knows it; '' is nobody's id. The instance comes from a
    query that knew the scope."""
    return known_by_id(model, instance_id, {vendor_id}).get(vendor_id)


def known_by_id(model: type[Row], instance_id: int, vendor_ids: Collection[str]) -> dict[str, Row]:
    """The same for many, by vendor id; at most one query."""
    wanted = {each for each in vendor_ids if each}
    if not wanted:
        return {}
    found = model._default_manager.filter(instance_id=instance_id, vendor_id__in=wanted)
    return {each.vendor_id: each for each in found.defer("raw", "search")}


def within(scope: Scope, rows: QuerySet[AnyRow]) -> QuerySet[AnyRow]:
    """The rows of the instances that the scope may read. Their ids are read first: that table is small."""
    if scope.sees_everything:
        return rows
    return rows.filter(instance_id__in=list(visible(scope).values_list("pk", flat=True)))


def with_presence(conditions: Sequence[Condition]) -> list[Condition]:
    """Without a word on it, what is gone from the app is not listed."""
    if any(condition.field == "presence" for condition in conditions):
        return list(conditions)
    return [*conditions, Condition("presence", ("present",))]


def capped(rows: QuerySet[Any], cap: int) -> Count:
    number = rows.order_by()[: cap + 1].count()
    return Count(min(number, cap), number > cap)


def sized(size: int) -> int:
    return min(max(size, 1), LARGEST_PAGE)

"""What all lists of the inventory have in common: scope, filters, keyset pages, capped counts, streamed exports."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet

from portal.instances.queries import visible
from portal.inventory import keyset
from portal.inventory.filters import Condition, FilterField, narrow
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
    """`is_capped`: there are more than `number`."""

    number: int
    is_capped: bool


@dataclass(frozen=True, slots=True)
class RowList(Generic[Row]):
    """The list of one kind of row. `deferred`: long columns that only `one` reads; `orders`: by the word for it in an
    address, a leading "-" turns it round. Without another word it is by name."""

    model: type[Row]
    filters: Mapping[str, FilterField]
    deferred: tuple[str, ...] = ("raw", "search")
    orders: Mapping[str, Order] = field(default_factory=lambda: NAME_ORDERS)

    def page(
        self, scope: Scope, conditions: Sequence[Condition], *, older: str = "", newer: str = "", size: int = PAGE_SIZE,
        sort: str = "name",
    ) -> Listing[Row]:
        """One page; one query."""
        order = self.orders.get(sort, BY_NAME)
        return keyset.page(self._short(scope, conditions), order, older=older, newer=newer, size=sized(size))

    def count(self, scope: Scope, conditions: Sequence[Condition], cap: int = CAP) -> Count:
        return capped(self._rows(scope, conditions), cap)

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

    def _all(self) -> QuerySet[Row]:
        return self.model._default_manager.all()


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

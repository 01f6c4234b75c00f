"""Lists of very many rows under filters: no page and no count reads everything, whatever the filters are.

Where an index finds what meets one of the conditions, and that is few, those rows are all there is to look at. Else
rows are looked through in the order of the list, a window at a time: a page whose window ends before it is full says
so, and the next one goes on where it ended.
"""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import and_
from typing import Any, TypeVar

from django.db.models import BooleanField, Case, Model, Q, QuerySet, When

from portal.inventory.filters import Condition, Met
from portal.inventory.keyset import STALE, Listing, Order

Row = TypeVar("Row", bound=Model)

LOOKED_UP = 1_000
"""So many are few: they are sorted in no time."""
WINDOW = 50_000
"""Rows that a page looks through: a tenth of a second or two on a small machine."""
COUNTED = 100_000
"""Rows that a count looks through, which is loaded after its page."""
PLACES = frozenset({"app", "instance", "presence"})
"""Conditions that most rows of a place meet: a list in order meets them soon."""


def is_narrowed(conditions: Sequence[Condition]) -> bool:
    return any(each.field not in PLACES or each.is_negated or "gone" in each.values for each in conditions)


def few(rows: QuerySet[Row], conditions: Iterable[Met]) -> list[int] | None:
    """Keys of the rows that meet the first condition by which an index finds few; None where there is none."""
    for each in conditions:
        if each.is_found:
            found = list(rows.filter(each.condition).order_by().values_list("pk", flat=True)[: LOOKED_UP + 1])
            if len(found) <= LOOKED_UP:
                return found
    return None


def meeting(rows: QuerySet[Row], conditions: Iterable[Met]) -> QuerySet[Row]:
    """Those of the rows that meet all, said so that no index of the conditions draws the database away from the order
    that it looks through: it would read and sort all that meet one of them."""
    every = reduce(and_, (each.condition for each in conditions), Q())
    return rows.filter(Case(When(every, then=True), default=False, output_field=BooleanField()))


def page(
    rows: QuerySet[Row], walked: QuerySet[Row], order: Order, *, older: str, newer: str, size: int
) -> Listing[Row]:
    """One page out of one window. Two queries, three where it is empty. `walked`: rows that an index has in this order,
    `rows` among them."""
    position = order.read(newer or older) if newer or older else None
    if newer and position is not None:
        return _back(rows, walked, order, position, size)
    end = _end(walked, order, position, WINDOW)
    found = list(_between(rows, order, position, end)[: size + 1])
    problem = STALE if (newer or older) and position is None else ""
    # Before an empty page lies what comes before the first row that was looked at.
    begins = found or (list(order.after(order.apply(walked), position)[:1]) if position else [])
    first = order.token(begins[0]) if begins and position else ""
    if len(found) > size or end is None:
        return Listing(found[:size], order.token(found[size - 1]) if len(found) > size else "", first, problem)
    return Listing(found, order.token_at(end), first, problem, looked_through=WINDOW)


def count(rows: QuerySet[Row], walked: QuerySet[Row], order: Order, cap: int) -> tuple[int, bool]:
    """How many, and whether there may be more: they are counted up to `cap`, and among the first rows."""
    end = _end(walked, order, None, COUNTED)
    number = _between(rows, order, None, end).order_by()[: cap + 1].count()
    return min(number, cap), number > cap or end is not None


def first_keys(rows: QuerySet[Row], walked: QuerySet[Row], order: Order, limit: int) -> tuple[list[int], bool]:
    """Keys of the first of the rows that a count looks through, and whether there may be more."""
    end = _end(walked, order, None, COUNTED)
    found = list(_between(rows, order, None, end).values_list("pk", flat=True)[: limit + 1])
    return found[:limit], len(found) > limit or end is not None


def _back(
    rows: QuerySet[Row], walked: QuerySet[Row], order: Order, position: list[Any], size: int
) -> Listing[Row]:
    back = order.backwards()
    end = _end(walked, back, position, WINDOW)
    found = list(_between(rows, back, position, end)[: size + 1])
    shown = found[:size][::-1]
    older = order.token(shown[-1]) if shown else order.token_at(position)
    if len(found) > size:
        return Listing(shown, older, order.token(shown[0]))
    if end is None:
        return Listing(shown, older)
    return Listing(shown, older, order.token_at(end), looked_through=WINDOW)


def _end(walked: QuerySet[Row], order: Order, position: list[Any] | None, window: int) -> list[Any] | None:
    """Where the window ends that begins after `position`; None where no more rows are left than it holds."""
    ordered = order.apply(walked)
    ahead = order.after(ordered, position) if position else ordered
    found = list(ahead.values_list(*order.columns)[window - 1 : window + 1])
    return list(found[0]) if len(found) == 2 else None


def _between(
    rows: QuerySet[Row], order: Order, position: list[Any] | None, end: list[Any] | None
) -> QuerySet[Row]:
    """The rows after `position` up to `end`, in this order."""
    ordered = order.apply(rows)
    ahead = order.after(ordered, position) if position else ordered
    return order.up_to(ahead, end) if end else ahead

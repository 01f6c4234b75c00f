"""Paging by the last row seen: as fast on page 10,000 as on page 1, and nothing is shown twice when rows are added.

A token is signed, so that nobody makes the database compare what they like; one that does not fit gives the first page.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db.models import BooleanField, F, Func, Model, QuerySet, Value

Row = TypeVar("Row", bound=Model)

SALT = "portal.inventory.keyset"
STALE = "The page in the address does not exist (any more), so this is the first one."


@dataclass(frozen=True, slots=True)
class Listing(Generic[Row]):
    """`older` and `newer` are opaque tokens for the next and the previous page, '' where there is none. `problem` is a
    sentence when the token that was handed in fits no page. `looked_through`: so many rows were, and more are left,
    where the page is not full for that reason (windows.py); else 0."""

    rows: list[Row]
    older: str = ""
    newer: str = ""
    problem: str = ""
    looked_through: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """Columns that together are unique, all in one direction. `name` keeps tokens of different lists apart."""

    name: str
    columns: tuple[str, ...]
    is_descending: bool = False
    times: frozenset[str] = field(default=frozenset())

    def backwards(self) -> "Order":
        return Order(self.name, self.columns, not self.is_descending, self.times)

    def apply(self, rows: QuerySet[Row]) -> QuerySet[Row]:
        sign = "-" if self.is_descending else ""
        return rows.order_by(*(f"{sign}{column}" for column in self.columns))

    def after(self, rows: QuerySet[Row], position: Sequence[Any]) -> QuerySet[Row]:
        """The rows that follow `position` in this order."""
        return rows.filter(_RowComparison(rows.model, self.columns, position, "<" if self.is_descending else ">"))

    def up_to(self, rows: QuerySet[Row], position: Sequence[Any]) -> QuerySet[Row]:
        """The rows at `position` and before it."""
        return rows.filter(_RowComparison(rows.model, self.columns, position, ">=" if self.is_descending else "<="))

    def position(self, row: Model) -> list[Any]:
        return [getattr(row, column) for column in self.columns]

    def token(self, row: Model) -> str:
        return self.token_at(self.position(row))

    def token_at(self, position: Sequence[Any]) -> str:
        values = [each.isoformat() if isinstance(each, datetime) else each for each in position]
        return signing.dumps([self.name, *values], salt=SALT, compress=True)

    def read(self, token: str) -> list[Any] | None:
        """The position of a token; None for a token that was not made for this list."""
        try:
            name, *values = signing.loads(token, salt=SALT)
        except (signing.BadSignature, ValueError):
            return None
        if name != self.name or len(values) != len(self.columns):
            return None
        return [
            datetime.fromisoformat(value) if column in self.times else value
            for column, value in zip(self.columns, values, strict=True)
        ]


def page(rows: QuerySet[Row], order: Order, *, older: str, newer: str, size: int) -> Listing[Row]:
    """One page. One query."""
    position = order.read(newer or older) if newer or older else None
    if position is None:
        return _first(rows, order, size, STALE if newer or older else "")
    return _before(rows, order, position, size) if newer else _after(rows, order, position, size)


def every(rows: QuerySet[Row], order: Order, size: int) -> Iterator[Row]:
    """All rows in chunks, one query each; nothing is held in memory for long."""
    ordered = order.apply(rows)
    found = list(ordered[:size])
    while found:
        yield from found
        if len(found) < size:
            return
        found = list(order.after(ordered, order.position(found[-1]))[:size])


def _first(rows: QuerySet[Row], order: Order, size: int, problem: str) -> Listing[Row]:
    found = list(order.apply(rows)[: size + 1])
    return Listing(found[:size], _more(order, found, size), "", problem)


def _after(rows: QuerySet[Row], order: Order, position: list[Any], size: int) -> Listing[Row]:
    found = list(order.after(order.apply(rows), position)[: size + 1])
    if not found:
        return _first(rows, order, size, STALE)
    return Listing(found[:size], _more(order, found, size), order.token(found[0]))


def _before(rows: QuerySet[Row], order: Order, position: list[Any], size: int) -> Listing[Row]:
    back = order.backwards()
    found = list(back.after(back.apply(rows), position)[: size + 1])
    if not found:
        return _first(rows, order, size, "")
    shown = found[:size][::-1]
    return Listing(shown, order.token(shown[-1]), order.token(shown[0]) if len(found) > size else "")


def _more(order: Order, found: list[Row], size: int) -> str:
    return order.token(found[size - 1]) if len(found) > size else ""


class _RowComparison(Func):
    """`(a, b) < (1, 2)`: what both databases answer from one index."""

    conditional = True

    def __init__(self, model: type[Model], columns: Sequence[str], position: Sequence[Any], sign: str) -> None:
        fields = [model._meta.get_field(column) for column in columns]
        values = [Value(value, output_field=each) for value, each in zip(position, fields, strict=True)]  # type: ignore[arg-type]
        super().__init__(*(F(column) for column in columns), *values, output_field=BooleanField())
        self.sign = sign

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, tuple[Any, ...]]:
        parts: list[str] = []
        params: list[Any] = []
        for expression in self.get_source_expressions():
            sql, values = compiler.compile(expression)
            parts.append(sql)
            params.extend(values)
        middle = len(parts) // 2
        return f"({', '.join(parts[:middle])}) {self.sign} ({', '.join(parts[middle:])})", tuple(params)

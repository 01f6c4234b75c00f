"""Lists whose whole state is the address: conditions, chips, the form that adds one, pages, count and export."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from portal.inventory.filters import NOT, Condition, FilterField, parse
from portal.inventory.keyset import Listing
from portal.people.roles import Right
from portal.people.scope import REFUSAL, Scope
from portal.web.access import scope
from portal.web.app_names import Label
from portal.web.templatetags.look import local_words, zone_of

Choices = Mapping[str, tuple[tuple[str, str], ...]]
MOMENTS = ("from", "to")
"""Fields that hold a time: typed in the person's zone, kept in UTC."""
WITHOUT_NOT = (*MOMENTS, "last", "larger")
BY_NAME = {"older_word": "Next", "newer_word": "Previous"}
"""What the ways on are called where the order is not one of time."""
NOT_CARRIED = ("older", "newer", "add", "operator", "value")
"""What belongs to one request, not to the list."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line: the item, the instance it is of, and its own page."""

    item: Any
    app: Label | None
    href: str


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column that sorts. `url`: the list by this column, turned round where it is by it already."""

    url: str
    direction: str
    """`ascending`, `descending`, or `none` where the list is by another column."""


@dataclass(frozen=True, slots=True)
class Chip:
    sentence: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class FieldForm:
    """One entry of "Add filter"; `options` is empty where the value is typed."""

    name: str
    label: str
    options: tuple[Option, ...]
    text: str
    is_negated: bool
    has_not: bool
    is_moment: bool


class ListState:
    """What the address of a list says, and the addresses that lead on from it."""

    def __init__(
        self,
        request: HttpRequest,
        fields: Mapping[str, FilterField],
        name: str,
        choices: Choices | None = None,
        sorts: tuple[str, ...] = ("name",),
    ) -> None:
        """`name` is the prefix of the list's url names: account_list, account_count, account_export. `sorts`: the
        columns it can be ordered by, the usual one first; a leading "-" there means that it usually is turned round."""
        self.request = request
        self._sorts = sorts
        self.fields = fields
        self.name = name
        self._choices = choices or {}
        self._names: dict[str, Mapping[str, str]] = {}
        self.conditions, self.problems = parse(fields, self.query)

    def values_of(self, name: str) -> list[str]:
        """What the conditions on a field name."""
        return [value for each in self.conditions if each.field == name for value in each.values]

    def name_values(self, name: str, words: Mapping[str, str]) -> None:
        """How chips call the values of a field that holds ids."""
        self._names[name] = words

    @property
    def query(self) -> QueryDict:
        """The address without what belongs to one request and without what was left empty in a form."""
        kept = QueryDict(mutable=True)
        for key, values in self.request.GET.lists():
            filled = [value for value in values if value.strip()]
            if filled and key not in NOT_CARRIED:
                kept.setlist(key, filled)
        return kept

    @property
    def older(self) -> str:
        return self.request.GET.get("older", "")

    @property
    def newer(self) -> str:
        return self.request.GET.get("newer", "")

    @property
    def sort(self) -> str:
        """A column of `sorts`, with a leading "-" where it is turned round."""
        asked = self.request.GET.get("sort", "")
        return asked if asked.removeprefix("-") in self._columns else self._sorts[0]

    @property
    def heads(self) -> dict[str, Head]:
        """By column."""
        return {column.removeprefix("-"): self._head(column) for column in self._sorts}

    @property
    def text(self) -> str:
        """The free text."""
        return self.request.GET.get("q", "")

    @property
    def is_filtered(self) -> bool:
        return bool(self.conditions)

    @property
    def reset_url(self) -> str:
        return reverse(f"{self.name}_list")

    @property
    def count_url(self) -> str:
        return _address(reverse(f"{self.name}_count"), self.query)

    @property
    def export_url(self) -> str:
        return _address(reverse(f"{self.name}_export"), self.query)

    @property
    def here_url(self) -> str:
        """This very page of the list."""
        return _address(reverse(f"{self.name}_list"), self.request.GET)

    def page_url(self, token: str, direction: str) -> str:
        """The address of the older or newer page."""
        query = self.query
        query[direction] = token
        return _address(self.reset_url, query)

    def hidden(self, *but: str) -> list[tuple[str, str]]:
        """What a form carries along, so that it changes one condition only."""
        return [(key, value) for key, values in self.query.lists() if key not in but for value in values]

    @property
    def hidden_but_text(self) -> list[tuple[str, str]]:
        return self.hidden("q")

    @property
    def hidden_all(self) -> list[tuple[str, str]]:
        return self.hidden()

    @property
    def chips(self) -> list[Chip]:
        return [self._chip(condition) for condition in self.conditions if condition.field != "q"]

    @property
    def forms(self) -> list[FieldForm]:
        """One for each field but the search; a choice of which there is nothing to choose from is left out."""
        offered = (field for name, field in self.fields.items() if name != "q")
        return [self._form(field) for field in offered if field.is_text or self._choices_of(field)]

    def added(self) -> HttpResponse | None:
        """The way to the address that holds the condition of a sent "Add filter" form; None where none was sent."""
        name = self.request.GET.get("add", "")
        if name not in self.fields:
            return None
        values = [value.strip() for value in self.request.GET.getlist("value") if value.strip()]
        query = _without(self.query, name)
        if name in MOMENTS:
            values = [utc for value in values if (utc := _as_utc(value, self.zone))]
        if values:
            query.setlist(name + NOT if self.request.GET.get("operator") == "not" else name, values)
        return redirect(_address(self.reset_url, query))

    @property
    def zone(self) -> ZoneInfo:
        return zone_of(self.request.user)

    @property
    def _columns(self) -> set[str]:
        return {column.removeprefix("-") for column in self._sorts}

    def _head(self, usual: str) -> Head:
        column, sort = usual.removeprefix("-"), self.sort
        is_by_it = sort.removeprefix("-") == column
        wanted = _turned(sort) if is_by_it else usual
        query = self.query
        query.pop("sort", None)
        if wanted != self._sorts[0]:
            query["sort"] = wanted
        direction = "descending" if sort.startswith("-") else "ascending"
        return Head(_address(self.reset_url, query), direction if is_by_it else "none")

    def _chip(self, condition: Condition) -> Chip:
        field = self.fields[condition.field]
        values = ", ".join(self._value_words(field, value) for value in condition.values)
        verb = " is not" if condition.is_negated else "" if field.name in WITHOUT_NOT else " is"
        query = self.query
        query.pop(condition.field + NOT if condition.is_negated else condition.field, None)
        return Chip(f"{field.label}{verb} {values}", _address(self.reset_url, query))

    def _value_words(self, field: FilterField, value: str) -> str:
        if field.name in MOMENTS:
            return local_words(datetime.fromisoformat(value), self.zone)
        known = {**dict(self._choices_of(field)), **self._names.get(field.name, {})}
        return known.get(value, value)

    def _form(self, field: FilterField) -> FieldForm:
        query = self.query
        is_negated = f"{field.name}{NOT}" in query
        values = query.getlist(field.name + NOT if is_negated else field.name)
        options = tuple(Option(value, label, value in values) for value, label in self._choices_of(field))
        is_moment = field.name in MOMENTS
        return FieldForm(
            name=field.name,
            label=field.label,
            options=options,
            text="" if options or is_moment else ", ".join(values),
            is_negated=is_negated,
            has_not=field.name not in WITHOUT_NOT,
            is_moment=is_moment,
        )

    def _choices_of(self, field: FilterField) -> Iterable[tuple[str, str]]:
        return self._choices.get(field.name) or field.choices or ()


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks, for a part of a page."""
    return request.headers.get("HX-Request") == "true"


def scope_with(request: HttpRequest, right: Right) -> Scope:
    """The person's scope. Raises PermissionDenied where it gives the right nowhere: an empty list would hide that."""
    own = scope(request)
    if not own.has(right):
        raise PermissionDenied(REFUSAL)
    return own


def list_page(
    request: HttpRequest,
    template: str,
    state: ListState,
    listing: Listing[Any],
    rows: list[Row],
    labels: Mapping[int, Label],
    own: Scope,
    **more: Any,
) -> HttpResponse:
    """A page of a list: rows, ways on, and why it is empty or old where it is."""
    context = {
        "state": state,
        "rows": rows,
        "problems": [*state.problems, *filter(None, [listing.problem])],
        "looked_through": listing.looked_through,
        "older_url": state.page_url(listing.older, "older") if listing.older else "",
        "newer_url": state.page_url(listing.newer, "newer") if listing.newer else "",
        "labels": labels,
        "stale": [label for label in labels.values() if label.is_stale],
        "may_connect": own.has(Right.CONNECT),
        **more,
    }
    return render(request, template, context)


def _turned(sort: str) -> str:
    return sort[1:] if sort.startswith("-") else f"-{sort}"


def _as_utc(typed: str, zone: ZoneInfo) -> str:
    """What a datetime-local input holds, as UTC; '' where it is no time."""
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError:
        return ""
    local = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return f"{local.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _without(query: QueryDict, name: str) -> QueryDict:
    query.pop(name, None)
    query.pop(name + NOT, None)
    return query


def _address(path: str, query: QueryDict) -> str:
    return f"{path}?{query.urlencode()}" if query else path

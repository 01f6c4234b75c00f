"""Lists whose whole state is the address: conditions, chips, the form that adds one, pages, count and export."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from portal.inventory.filters import Condition, FilterField, parse
from portal.inventory.queries import Listing
from portal.people.roles import Right
from portal.people.scope import Scope
from portal.scans import queries as scans
from portal.web.app_names import Label

Choices = Mapping[str, tuple[tuple[str, str], ...]]
NOT = ".not"
NOT_CARRIED = ("older", "newer", "add", "operator", "value")
"""What belongs to one request, not to the list."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line: the item, the instance it is of, and its own page."""

    item: Any
    app: Label | None
    href: str


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


class ListState:
    """What the address of a list says, and the addresses that lead on from it."""

    def __init__(
        self, request: HttpRequest, fields: Mapping[str, FilterField], name: str, choices: Choices | None = None
    ) -> None:
        """`name` is the prefix of the list's url names: account_list, account_count, account_export."""
        self.request = request
        self.fields = fields
        self.name = name
        self._choices = choices or {}
        self.conditions, self.problems = parse(fields, self.query)

    @property
    def query(self) -> QueryDict:
        """The address without what belongs to one request."""
        kept = self.request.GET.copy()
        for key in NOT_CARRIED:
            kept.pop(key, None)
        return kept

    @property
    def older(self) -> str:
        return self.request.GET.get("older", "")

    @property
    def newer(self) -> str:
        return self.request.GET.get("newer", "")

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
        return [self._form(field) for name, field in self.fields.items() if name != "q"]

    def added(self) -> HttpResponse | None:
        """The way to the address that holds the condition of a sent "Add filter" form; None where none was sent."""
        name = self.request.GET.get("add", "")
        if name not in self.fields:
            return None
        values = [value.strip() for value in self.request.GET.getlist("value") if value.strip()]
        query = _without(self.query, name)
        if values:
            query.setlist(name + NOT if self.request.GET.get("operator") == "not" else name, values)
        return redirect(_address(self.reset_url, query))

    def _chip(self, condition: Condition) -> Chip:
        field = self.fields[condition.field]
        known = dict(self._choices_of(field))
        values = ", ".join(known.get(value, value) for value in condition.values)
        verb = "is not" if condition.is_negated else "is"
        query = self.query
        query.pop(condition.field + NOT if condition.is_negated else condition.field, None)
        return Chip(f"{field.label} {verb} {values}", _address(self.reset_url, query))

    def _form(self, field: FilterField) -> FieldForm:
        query = self.query
        is_negated = f"{field.name}{NOT}" in query
        values = query.getlist(field.name + NOT if is_negated else field.name)
        options = tuple(Option(value, label, value in values) for value, label in self._choices_of(field))
        return FieldForm(field.name, field.label, options, "" if options else ", ".join(values), is_negated)

    def _choices_of(self, field: FilterField) -> Iterable[tuple[str, str]]:
        return self._choices.get(field.name) or field.choices or ()


def list_page(
    request: HttpRequest, template: str, state: ListState, listing: Listing, rows: list[Row], labels: Mapping[int, Label],
    scope: Scope, **more: Any,
) -> HttpResponse:
    """A page of a list: rows, ways on, and why it is empty or old where it is."""
    context = {
        "state": state,
        "rows": rows,
        "older_url": state.page_url(listing.older, "older") if listing.older else "",
        "newer_url": state.page_url(listing.newer, "newer") if listing.newer else "",
        "labels": labels,
        "stale": [label for label in labels.values() if label.is_stale],
        "reading": list(scans.running(scope)),
        "may_connect": scope.has(Right.CONNECT),
        **more,
    }
    return render(request, template, context)


def _without(query: QueryDict, name: str) -> QueryDict:
    query.pop(name, None)
    query.pop(name + NOT, None)
    return query


def _address(path: str, query: QueryDict) -> str:
    return f"{path}?{query.urlencode()}" if query else path

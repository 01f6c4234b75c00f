"""What lists can be filtered by, and reading it from an address: `status=active&status.not=pending&q=anna&last=24h`.

Values of one condition are alternatives; conditions add up. Values are checked here, so that nothing in an address can
raise; what is not understood is left out and said.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from connectors.base import AccountKind, AccountStatus, ActivityCategory, HolderKind, Outcome
from portal.instances.models import AppInstance
from portal.inventory.models import Membership

MOST_VALUES = 50
LONGEST_VALUE = 500
SHORTEST_SEARCH = 2
NOT = ".not"

Choices = tuple[tuple[str, str], ...]
Values = tuple[str, ...]
Rows = QuerySet[Any]


class Query(Protocol):
    """A Django QueryDict."""

    def getlist(self, key: str) -> list[str]: ...

    def __iter__(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Condition:
    field: str
    values: Values
    is_negated: bool = False


@dataclass(frozen=True, slots=True)
class FilterField:
    """`choices` None: the page knows them (apps and instances) or there are none. `is_text`: typed, not chosen.

    `matches` gives what one of the values makes true. `problem` says what is wrong with a value, '' if nothing.
    """

    name: str
    label: str
    matches: Callable[[Values], Q]
    choices: Choices | None = None
    is_text: bool = False
    problem: Callable[[str], str] = lambda value: ""

    def apply(self, rows: Rows, values: Values, negated: bool = False) -> Rows:
        condition = self.matches(values)
        return rows.exclude(condition) if negated else rows.filter(condition)

    def complaint(self, value: str) -> str:
        """Why a value is left out, '' when it is good."""
        if self.choices is not None and value not in dict(self.choices):
            return f"{self.label} has no value “{value[:50]}”."
        if len(value) > LONGEST_VALUE:
            return f"A value of {self.label} is longer than {LONGEST_VALUE} characters."
        if not value or "\x00" in value:
            return f"{self.label} was given without a usable value."
        return self.problem(value)


Fields = Mapping[str, FilterField]


def parse(fields: Fields, query: Query, ignored: frozenset[str] = frozenset()) -> tuple[list[Condition], list[str]]:
    """The conditions of an address and, as sentences, what of it was not understood. `ignored`: names that mean
    something else on the page, such as `older`."""
    conditions: list[Condition] = []
    problems: list[str] = []
    for name in query:
        if name in ignored | PAGE_NAMES:
            continue
        field = fields.get(name.removesuffix(NOT))
        if field is None:
            problems.append(f"There is no filter “{name[:50]}”.")
            continue
        values = _values(field, query.getlist(name), problems)
        if values:
            conditions.append(Condition(field.name, values, name.endswith(NOT)))
    return conditions, problems


def narrow(rows: Rows, fields: Fields, conditions: list[Condition]) -> Rows:
    """The rows that meet every condition. Conditions on fields this list does not have are passed over."""
    for condition in conditions:
        field = fields.get(condition.field)
        if field is not None:
            rows = field.apply(rows, condition.values, condition.is_negated)
    return rows


PAGE_NAMES = frozenset({"older", "newer", "sort", "size", "drawer"})
"""What addresses of lists hold beside filters."""


def _values(field: FilterField, given: list[str], problems: list[str]) -> Values:
    good: dict[str, None] = {}
    for value in (each.strip() for each in given):
        complaint = field.complaint(value)
        if complaint:
            problems.append(complaint)
        elif len(good) < MOST_VALUES:
            good[value] = None
        else:
            problems.append(f"Only the first {MOST_VALUES} values of {field.label} are used.")
            break
    return tuple(good)


# --- the fields -----------------------------------------------------------------------------------------------------


def _words(kinds: Any, **labels: str) -> Choices:
    return tuple((str(kind), labels.get(str(kind), str(kind).replace("_", " ").capitalize())) for kind in kinds)


def _is_number(value: str) -> str:
    return "" if re.fullmatch("[0-9]{1,18}", value) else "An instance is named by its number."


def _of_apps(values: Values) -> Q:
    """The table of instances is small: its ids are read first, so that big tables are asked for ids alone."""
    return Q(instance_id__in=list(AppInstance.objects.filter(app_id__in=values).values_list("pk", flat=True)))


def _of_instances(values: Values) -> Q:
    return Q(instance_id__in=[int(value) for value in values])


def _one_of(column: str) -> Callable[[Values], Q]:
    return lambda values: Q(**{f"{column}__in": values})


def _flag(column: str, words: Mapping[str, bool | None]) -> Callable[[Values], Q]:
    def matches(values: Values) -> Q:
        condition = Q()
        for value in values:
            condition |= Q(**{column: words[value]})
        return condition

    return matches


def _admin(values: Values) -> Q:
    """Who is not said to be an admin is none."""
    is_admin = Q(is_admin=True)
    return Q(pk__isnull=False) if len(set(values)) == 2 else is_admin if values[0] == "yes" else ~is_admin


def _presence(values: Values) -> Q:
    if "all" in values or {"present", "gone"} <= set(values):
        return Q(pk__isnull=False)
    return Q(gone_at__isnull="present" in values)


def _search(values: Values) -> Q:
    condition = Q()
    for value in values:
        condition |= Q(search__contains=value.lower())
    return condition


def _long_enough(value: str) -> str:
    return "" if len(value) >= SHORTEST_SEARCH else f"Search needs at least {SHORTEST_SEARCH} characters."


def _in_groups(values: Values) -> Q:
    condition = Q()
    for value in values:
        instance_id, _, group_id = value.partition(":")
        inside = Membership.objects.filter(
            instance_id=int(instance_id), group_id=group_id, member_kind=HolderKind.ACCOUNT,
            member_id=OuterRef("vendor_id"), gone_at=None,
        )
        condition |= Q(Exists(inside), instance_id=int(instance_id))
    return condition


def _is_group(value: str) -> str:
    is_good = re.fullmatch("[0-9]{1,18}:.+", value)
    return "" if is_good else "A group is named by its instance's number, a colon and its id."


def _by_actor(values: Values) -> Q:
    return Q(actor_id__in=values) | Q(actor_name__in=values) | Q(actor_email__in=values)


def _is_time(value: str) -> str:
    return "" if _time(value) else f"“{value[:50]}” is not a time such as 2026-01-31T10:00:00Z."


def _time(value: str) -> datetime | None:
    """ISO 8601; a `+` of an offset may have become a space on its way. Without an offset it is UTC."""
    try:
        moment = datetime.fromisoformat(value.replace(" ", "+") if re.search(r" \d\d:?\d\d$", value) else value)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _times(values: Values) -> list[datetime]:
    return [moment for value in values if (moment := _time(value))]


LAST: Mapping[str, tuple[str, timedelta]] = {
    "24h": ("24 hours", timedelta(hours=24)),
    "7d": ("7 days", timedelta(days=7)),
    "30d": ("30 days", timedelta(days=30)),
}
PRESENCE: Choices = (("present", "In the app"), ("gone", "Gone"), ("all", "Both"))
YES_NO: Choices = (("yes", "Yes"), ("no", "No"))


def _fields(*fields: FilterField) -> dict[str, FilterField]:
    return {field.name: field for field in fields}


_APP = FilterField("app", "App", _of_apps)
_INSTANCE = FilterField("instance", "Instance", _of_instances, problem=_is_number)
_PRESENT = FilterField("presence", "Presence", _presence, PRESENCE)
_TEXT = FilterField("q", "Search", _search, is_text=True, problem=_long_enough)

ACCOUNT_FILTERS: dict[str, FilterField] = _fields(
    _APP,
    _INSTANCE,
    FilterField("status", "Status", _one_of("status"), _words(AccountStatus)),
    FilterField("kind", "Kind", _one_of("kind"), _words(AccountKind, service="Service account")),
    FilterField(
        "affiliation", "Affiliation", _flag("is_external", {"internal": False, "external": True, "unknown": None}),
        (("internal", "Internal"), ("external", "External"), ("unknown", "Unknown")),
    ),
    FilterField("admin", "Admin", _admin, YES_NO),
    FilterField(
        "mfa", "Multi-factor sign-in", _flag("has_mfa", {"yes": True, "no": False, "unknown": None}),
        (*YES_NO, ("unknown", "Unknown")),
    ),
    FilterField("group", "Group", _in_groups, is_text=True, problem=_is_group),
    _PRESENT,
    _TEXT,
)
GROUP_FILTERS: dict[str, FilterField] = _fields(_APP, _INSTANCE, _PRESENT, _TEXT)
ACTIVITY_FILTERS: dict[str, FilterField] = _fields(
    _APP,
    _INSTANCE,
    FilterField("category", "Category", _one_of("category"), _words(ActivityCategory, sign_in="Sign-in")),
    FilterField("action", "Action", _one_of("action"), is_text=True),
    FilterField("outcome", "Outcome", _one_of("outcome"), _words(Outcome)),
    FilterField("actor", "Actor", _by_actor, is_text=True),
    FilterField("ip", "IP address", _one_of("ip_address"), is_text=True),
    FilterField("from", "From", lambda values: Q(occurred_at__gte=min(_times(values))), is_text=True, problem=_is_time),
    FilterField("to", "To", lambda values: Q(occurred_at__lte=max(_times(values))), is_text=True, problem=_is_time),
    FilterField(
        "last", "Last",
        lambda values: Q(occurred_at__gte=timezone.now() - max(LAST[value][1] for value in values)),
        tuple((value, words) for value, (words, _) in LAST.items()),
    ),
    _TEXT,
)

"""What lists can be filtered by, and reading it from an address: `status=active&status.not=pending&q=anna&last=24h`.

Values of one condition are alternatives; conditions add up. Values are checked here, so that nothing in an address can
raise; what is not understood is left out and said.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from django.db import connection
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
    For lists that are read a window at a time (windows.py): `is_found` says whether an index finds what is true for
    these values without reading other rows, `along` names the column that it is a stretch of.
    """

    name: str
    label: str
    matches: Callable[[Values], Q]
    choices: Choices | None = None
    is_text: bool = False
    problem: Callable[[str], str] = lambda value: ""
    is_found: Callable[[Values], bool] = lambda values: False
    along: str = ""

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


@dataclass(frozen=True, slots=True)
class Met:
    """A condition in the database's words. `is_found`: an index finds the rows that meet it."""

    condition: Q
    is_found: bool


def met(fields: Fields, conditions: list[Condition]) -> list[Met]:
    """Each condition on a field that this list has."""
    known = [(fields[each.field], each) for each in conditions if each.field in fields]
    return [
        Met(~field.matches(each.values), is_found=False)
        if each.is_negated
        else Met(field.matches(each.values), field.is_found(each.values))
        for field, each in known
    ]


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


# --- what fields of several lists are made of -----------------------------------------------------------------------

YES_NO: Choices = (("yes", "Yes"), ("no", "No"))
YES_NO_UNKNOWN: Mapping[str, bool | None] = {"yes": True, "no": False, "unknown": None}
PRESENCE: Choices = (("present", "In the app"), ("gone", "Gone"), ("all", "Both"))


def always(values: Values) -> bool:
    return True


def _has_text_index() -> bool:
    """For parts of words (trigrams.py)."""
    return connection.vendor == "postgresql"


def only_yes(values: Values) -> bool:
    return set(values) == {"yes"}


def words(kinds: Any, **labels: str) -> Choices:
    return tuple((str(kind), labels.get(str(kind), str(kind).replace("_", " ").capitalize())) for kind in kinds)


def is_number(value: str) -> str:
    return "" if re.fullmatch("[0-9]{1,18}", value) else "An instance is named by its number."


def of_apps(values: Values) -> Q:
    """The table of instances is small: its ids are read first, so that big tables are asked for ids alone."""
    return Q(instance_id__in=list(AppInstance.objects.filter(app_id__in=values).values_list("pk", flat=True)))


def of_instances(values: Values) -> Q:
    return Q(instance_id__in=[int(value) for value in values])


def one_of(column: str) -> Callable[[Values], Q]:
    return lambda values: Q(**{f"{column}__in": values})


def flag(column: str, meanings: Mapping[str, bool | None] = YES_NO_UNKNOWN) -> Callable[[Values], Q]:
    def matches(values: Values) -> Q:
        condition = Q()
        for value in values:
            condition |= Q(**{column: meanings[value]})
        return condition

    return matches


def presence(values: Values) -> Q:
    if "all" in values or {"present", "gone"} <= set(values):
        return Q(pk__isnull=False)
    return Q(gone_at__isnull="present" in values)


def contains(column: str) -> Callable[[Values], Q]:
    """For columns that hold lower-case text."""

    def matches(values: Values) -> Q:
        condition = Q()
        for value in values:
            condition |= Q(**{f"{column}__contains": value.lower()})
        return condition

    return matches


def named(column: str) -> Callable[[Values], Q]:
    """For `instance:vendor id`, as an id of a vendor means something within its instance alone."""

    def matches(values: Values) -> Q:
        condition = Q()
        for value in values:
            instance_id, _, vendor_id = value.partition(":")
            condition |= Q(**{column: vendor_id}, instance_id=int(instance_id))
        return condition

    return matches


def is_named(what: str) -> Callable[[str], str]:
    sentence = f"{what} is named by its instance's number, a colon and its id."
    return lambda value: "" if re.fullmatch("[0-9]{1,18}:.+", value) else sentence


def long_enough(value: str) -> str:
    return "" if len(value) >= SHORTEST_SEARCH else f"Search needs at least {SHORTEST_SEARCH} characters."


def is_time(value: str) -> str:
    return "" if time_of(value) else f"“{value[:50]}” is not a time such as 2026-01-31T10:00:00Z."


def time_of(value: str) -> datetime | None:
    """ISO 8601; a `+` of an offset may have become a space on its way. Without an offset it is UTC."""
    try:
        moment = datetime.fromisoformat(value.replace(" ", "+") if re.search(r" \d\d:?\d\d$", value) else value)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def times_of(values: Values) -> list[datetime]:
    return [moment for value in values if (moment := time_of(value))]


def since(column: str) -> Callable[[Values], Q]:
    return lambda values: Q(**{f"{column}__gte": min(times_of(values))})


def until(column: str) -> Callable[[Values], Q]:
    return lambda values: Q(**{f"{column}__lte": max(times_of(values))})


LAST: Mapping[str, tuple[str, timedelta]] = {
    "24h": ("24 hours", timedelta(hours=24)),
    "7d": ("7 days", timedelta(days=7)),
    "30d": ("30 days", timedelta(days=30)),
}


def fields_of(*fields: FilterField) -> dict[str, FilterField]:
    return {field.name: field for field in fields}


APP = FilterField("app", "App", of_apps)
INSTANCE = FilterField("instance", "Instance", of_instances, problem=is_number)
PRESENT = FilterField("presence", "Presence", presence, PRESENCE, is_found=lambda values: set(values) == {"gone"})
TEXT = FilterField(
    "q", "Search", contains("search"), is_text=True, problem=long_enough, is_found=lambda values: _has_text_index()
)

# --- the lists --------------------------------------------------------------------------------------------------------


def _admin(values: Values) -> Q:
    """Who is not said to be an admin is none."""
    is_admin = Q(is_admin=True)
    return Q(pk__isnull=False) if len(set(values)) == 2 else is_admin if values[0] == "yes" else ~is_admin


def _mfa(values: Values) -> Q:
    """Weak second factors are second factors as well."""
    condition = flag("has_mfa")(tuple(value for value in values if value != "weak"))
    return condition | Q(has_weak_mfa=True) if "weak" in values else condition


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


def _by_actor(values: Values) -> Q:
    return Q(actor_id__in=values) | Q(actor_name__in=values) | Q(actor_email__in=values)


ACCOUNT_FILTERS: dict[str, FilterField] = fields_of(
    APP,
    INSTANCE,
    FilterField("status", "Status", one_of("status"), words(AccountStatus, expired="Invitation expired")),
    FilterField("kind", "Kind", one_of("kind"), words(AccountKind, service="Service account")),
    FilterField(
        "affiliation", "Affiliation", flag("is_external", {"internal": False, "external": True, "unknown": None}),
        (("internal", "Internal"), ("external", "External"), ("unknown", "Unknown")),
    ),
    FilterField("admin", "Admin", _admin, YES_NO),
    FilterField("mfa", "Multi-factor sign-in", _mfa, (*YES_NO, ("weak", "Weak"), ("unknown", "Unknown"))),
    FilterField("group", "Group", _in_groups, is_text=True, problem=is_named("A group")),
    PRESENT,
    TEXT,
)
GROUP_FILTERS: dict[str, FilterField] = fields_of(APP, INSTANCE, PRESENT, TEXT)
ACTIVITY_FILTERS: dict[str, FilterField] = fields_of(
    APP,
    INSTANCE,
    FilterField("category", "Category", one_of("category"), words(ActivityCategory, sign_in="Sign-in")),
    FilterField("component", "Part of the app", one_of("component")),
    FilterField("action", "Action", one_of("action"), is_text=True),
    FilterField("outcome", "Outcome", one_of("outcome"), words(Outcome)),
    FilterField("actor", "Actor", _by_actor, is_text=True),
    FilterField("ip", "IP address", one_of("ip_address"), is_text=True),
    FilterField("from", "From", since("occurred_at"), is_text=True, problem=is_time),
    FilterField("to", "To", until("occurred_at"), is_text=True, problem=is_time),
    FilterField(
        "last", "Last",
        lambda values: Q(occurred_at__gte=timezone.now() - max(LAST[value][1] for value in values)),
        tuple((value, label) for value, (label, _) in LAST.items()),
    ),
    TEXT,
)

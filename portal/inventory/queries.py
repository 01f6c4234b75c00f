"""The reads of the inventory: accounts, groups and activities here, the rest in file_queries.py and
permission_queries.py. Whatever lists takes the scope first, and no query leaves it.

Nothing counts or loads a whole table: lists are keyset pages, counts are capped, exports are streamed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from connectors.base import HolderKind
from portal.instances.queries import visible
from portal.inventory import keyset
from portal.inventory.filters import ACCOUNT_FILTERS, ACTIVITY_FILTERS, GROUP_FILTERS, Condition, narrow
from portal.inventory.keyset import Listing, Order
from portal.inventory.models import (
    Account,
    Activity,
    ActivityRaw,
    Credential,
    File,
    Group,
    InventoryRow,
    Membership,
    OAuthApp,
    Privilege,
)
from portal.people.scope import Scope

Row = TypeVar("Row", bound=Model)

PAGE_SIZE = 50
LARGEST_PAGE = 200
CAP = 10_000
EXPORT_CHUNK = 500

BY_NAME = Order("name", ("sort_name", "id"))
BY_NAME_BACKWARDS = Order("-name", ("sort_name", "id"), is_descending=True)
NAME_ORDERS = {"name": BY_NAME, "-name": BY_NAME_BACKWARDS}
NEWEST_FIRST = Order(
    "time", ("occurred_at", "instance_id", "vendor_id"), is_descending=True, times=frozenset({"occurred_at"})
)


@dataclass(frozen=True, slots=True)
class Count:
    """`is_capped`: there are more than `number`."""

    number: int
    is_capped: bool


@dataclass(frozen=True, slots=True)
class InGroup:
    """A group that something is in, and how."""

    group: Group
    role: str
    is_inherited: bool


@dataclass(frozen=True, slots=True)
class Member:
    """An account or group that is in a group. `name` where the inventory does not know it: the vendor's id."""

    row: Account | Group | None
    name: str
    kind: HolderKind
    role: str
    is_inherited: bool


# --- lists ----------------------------------------------------------------------------------------------------------


def accounts(
    scope: Scope, conditions: Sequence[Condition], *, older: str = "", newer: str = "", size: int = PAGE_SIZE,
    sort: str = "name",
) -> Listing[Account]:
    """By name; `sort` is "name" or "-name". `raw` is left out of the rows: read it from `account`."""
    rows = _accounts(scope, conditions).defer("raw", "search")
    return keyset.page(rows, NAME_ORDERS.get(sort, BY_NAME), older=older, newer=newer, size=sized(size))


def groups(
    scope: Scope, conditions: Sequence[Condition], *, older: str = "", newer: str = "", size: int = PAGE_SIZE,
    sort: str = "name",
) -> Listing[Group]:
    """By name; `sort` is "name" or "-name". `raw` is left out of the rows: read it from `group`."""
    rows = _groups(scope, conditions).defer("raw", "search")
    return keyset.page(rows, NAME_ORDERS.get(sort, BY_NAME), older=older, newer=newer, size=sized(size))


def activities(
    scope: Scope, conditions: Sequence[Condition], *, older: str = "", newer: str = "", size: int = PAGE_SIZE
) -> Listing[Activity]:
    """Newest first."""
    rows = _activities(scope, conditions).defer("search")
    return keyset.page(rows, NEWEST_FIRST, older=older, newer=newer, size=sized(size))


def count_accounts(scope: Scope, conditions: Sequence[Condition], cap: int = CAP) -> Count:
    return capped(_accounts(scope, conditions), cap)


def count_groups(scope: Scope, conditions: Sequence[Condition], cap: int = CAP) -> Count:
    return capped(_groups(scope, conditions), cap)


def count_activities(scope: Scope, conditions: Sequence[Condition], cap: int = CAP) -> Count:
    return capped(_activities(scope, conditions), cap)


def export_accounts(scope: Scope, conditions: Sequence[Condition]) -> Iterator[Account]:
    """All of them by name, streamed; `raw` left out."""
    return keyset.every(_accounts(scope, conditions).defer("raw", "search"), BY_NAME, EXPORT_CHUNK)


def export_groups(scope: Scope, conditions: Sequence[Condition]) -> Iterator[Group]:
    return keyset.every(_groups(scope, conditions).defer("raw", "search"), BY_NAME, EXPORT_CHUNK)


def export_activities(scope: Scope, conditions: Sequence[Condition]) -> Iterator[Activity]:
    return keyset.every(_activities(scope, conditions).defer("search"), NEWEST_FIRST, EXPORT_CHUNK)


# --- one ------------------------------------------------------------------------------------------------------------


def account(scope: Scope, pk: int) -> Account:
    """Raises Account.DoesNotExist where there is none or the scope may not see it."""
    return within(scope, Account.objects.all()).get(pk=pk)


def group(scope: Scope, pk: int) -> Group:
    """Raises Group.DoesNotExist where there is none or the scope may not see it."""
    return within(scope, Group.objects.all()).get(pk=pk)


def activity(scope: Scope, instance_id: int, occurred_at: datetime, vendor_id: str) -> Activity:
    """Raises Activity.DoesNotExist where there is none or the scope may not see it."""
    rows = within(scope, Activity.objects.all())
    return rows.get(instance_id=instance_id, occurred_at=_aware(occurred_at), vendor_id=vendor_id)


def activity_raw(scope: Scope, instance_id: int, occurred_at: datetime, vendor_id: str) -> dict[str, Any]:
    """The vendor's own record. Raises ActivityRaw.DoesNotExist like `activity`."""
    rows = within(scope, ActivityRaw.objects.all())
    found = rows.get(instance_id=instance_id, occurred_at=_aware(occurred_at), vendor_id=vendor_id)
    raw: dict[str, Any] = found.raw
    return raw


# --- around one -----------------------------------------------------------------------------------------------------


def groups_of(account: Account, limit: int = 100) -> list[InGroup]:
    """The groups an account is in, by name. The account comes from a query that knew the scope."""
    rows = Membership.objects.filter(
        instance_id=account.instance_id, member_id=account.vendor_id, member_kind=HolderKind.ACCOUNT, gone_at=None
    ).order_by("id")[:limit]
    memberships = {row.group_id: row for row in rows}
    found = Group.objects.filter(instance_id=account.instance_id, vendor_id__in=memberships).defer("raw", "search")
    return [
        InGroup(each, memberships[each.vendor_id].role, memberships[each.vendor_id].is_inherited)
        for each in found.order_by("sort_name", "id")
    ]


def members_of(group: Group, limit: int = 100) -> list[Member]:
    """Who is in a group, direct members first. The group comes from a query that knew the scope."""
    rows = Membership.objects.filter(instance_id=group.instance_id, group_id=group.vendor_id, gone_at=None)
    memberships = list(rows.order_by("is_inherited", "id")[:limit])
    known: dict[tuple[str, str], Account | Group] = {
        **_by_id(Account.objects.all(), group.instance_id, HolderKind.ACCOUNT, memberships),
        **_by_id(Group.objects.all(), group.instance_id, HolderKind.GROUP, memberships),
    }
    return [_member(row, known.get((row.member_kind, row.member_id))) for row in memberships]


def privileges_of(account: Account, limit: int = 100) -> list[Privilege]:
    """What an account may do by itself, admin rights first. The account comes from a query that knew the scope."""
    rows = Privilege.objects.filter(
        instance_id=account.instance_id, holder_id=account.vendor_id, holder_kind=HolderKind.ACCOUNT, gone_at=None
    )
    return list(rows.defer("raw").order_by("-is_admin", "name", "id")[:limit])


def activities_of(account: Account, limit: int = 20) -> list[Activity]:
    """The newest of what an account did. The account comes from a query that knew the scope."""
    rows = Activity.objects.filter(instance_id=account.instance_id, actor_id=account.vendor_id)
    return list(NEWEST_FIRST.apply(rows.defer("search"))[:limit])


def account_of_actor(activity: Activity) -> Account | None:
    """The account that did it, where the inventory knows it. The activity comes from a query that knew the scope."""
    if not activity.actor_id:
        return None
    found = Account.objects.filter(instance_id=activity.instance_id, vendor_id=activity.actor_id)
    return found.defer("raw", "search").first()


def group_names(scope: Scope, values: Sequence[str]) -> dict[str, str]:
    """The names of groups by the values of the filter "group", which are `instance:vendor id`."""
    if not values:
        return {}
    wanted = [value.split(":", 1) for value in values]
    instances, ids = [int(instance_id) for instance_id, _ in wanted], [vendor_id for _, vendor_id in wanted]
    rows = within(scope, Group.objects.filter(instance_id__in=instances, vendor_id__in=ids))
    return {f"{row.instance_id}:{row.vendor_id}": row.name for row in rows.only("instance_id", "vendor_id", "name")}


def instance_totals(instance_id: int) -> dict[str, Count]:
    """How much of an instance is known by now: `accounts`, `groups`, `activities`, and what else there is in it:
    `files`, `OAuth apps`, `credentials`."""
    more: dict[str, type[InventoryRow]] = {"files": File, "OAuth apps": OAuthApp, "credentials": Credential}
    found = {name: _present(model, instance_id) for name, model in more.items()}
    return {
        "accounts": _present(Account, instance_id),
        "groups": _present(Group, instance_id),
        "activities": capped(Activity.objects.filter(instance_id=instance_id), CAP),
        **{name: count for name, count in found.items() if count.number},
    }


# --- how ------------------------------------------------------------------------------------------------------------


def _accounts(scope: Scope, conditions: Sequence[Condition]) -> QuerySet[Account]:
    return narrow(within(scope, Account.objects.all()), ACCOUNT_FILTERS, with_presence(conditions))


def _groups(scope: Scope, conditions: Sequence[Condition]) -> QuerySet[Group]:
    return narrow(within(scope, Group.objects.all()), GROUP_FILTERS, with_presence(conditions))


def _activities(scope: Scope, conditions: Sequence[Condition]) -> QuerySet[Activity]:
    return narrow(within(scope, Activity.objects.all()), ACTIVITY_FILTERS, list(conditions))


def within(scope: Scope, rows: QuerySet[Row]) -> QuerySet[Row]:
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


def _present(model: type[InventoryRow], instance_id: int) -> Count:
    return capped(model._default_manager.filter(instance_id=instance_id, gone_at=None), CAP)


def _by_id(
    rows: QuerySet[Row], instance_id: int, kind: HolderKind, memberships: Sequence[Membership]
) -> dict[tuple[str, str], Row]:
    ids = [row.member_id for row in memberships if row.member_kind == kind]
    found: Any = rows.filter(instance_id=instance_id, vendor_id__in=ids).defer("raw", "search")
    return {(str(kind), each.vendor_id): each for each in found}


def _member(row: Membership, known: Account | Group | None) -> Member:
    name = str(known) if known else row.member_id
    return Member(known, name, HolderKind(row.member_kind), row.role, row.is_inherited)


def sized(size: int) -> int:
    return min(max(size, 1), LARGEST_PAGE)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

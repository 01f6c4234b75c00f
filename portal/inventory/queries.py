"""The reads of the inventory: accounts, groups and activities here, the rest in file_queries.py and
permission_queries.py. Whatever lists takes the scope first, and no query leaves it.

Nothing counts or loads a whole table: lists are keyset pages, counts are capped, exports are streamed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet

from connectors.base import HolderKind
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
from portal.inventory.row_lists import (
    CAP,
    EXPORT_CHUNK,
    PAGE_SIZE,
    Count,
    RowList,
    capped,
    known_by_id,
    sized,
    within,
)
from portal.people.scope import Scope

NEWEST_FIRST = Order(
    "time", ("occurred_at", "instance_id", "vendor_id"), is_descending=True, times=frozenset({"occurred_at"})
)


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


ACCOUNTS = RowList(Account, ACCOUNT_FILTERS)
GROUPS = RowList(Group, GROUP_FILTERS)

accounts, count_accounts, export_accounts, account = ACCOUNTS.page, ACCOUNTS.count, ACCOUNTS.every, ACCOUNTS.one
groups, count_groups, export_groups, group = GROUPS.page, GROUPS.count, GROUPS.every, GROUPS.one


def activities(
    scope: Scope, conditions: Sequence[Condition], *, older: str = "", newer: str = "", size: int = PAGE_SIZE
) -> Listing[Activity]:
    """Newest first."""
    rows = _activities(scope, conditions).defer("search")
    return keyset.page(rows, NEWEST_FIRST, older=older, newer=newer, size=sized(size))


def count_activities(scope: Scope, conditions: Sequence[Condition], cap: int = CAP) -> Count:
    return capped(_activities(scope, conditions), cap)


def export_activities(scope: Scope, conditions: Sequence[Condition]) -> Iterator[Activity]:
    return keyset.every(_activities(scope, conditions).defer("search"), NEWEST_FIRST, EXPORT_CHUNK)


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
    accounts = known_by_id(Account, group.instance_id, _ids(memberships, HolderKind.ACCOUNT))
    groups = known_by_id(Group, group.instance_id, _ids(memberships, HolderKind.GROUP))
    found: Mapping[str, Mapping[str, Account | Group]] = {HolderKind.ACCOUNT: accounts, HolderKind.GROUP: groups}
    return [_member(row, found[row.member_kind].get(row.member_id)) for row in memberships]


def privileges_of(account: Account, limit: int = 100) -> list[Privilege]:
    """What an account may do by itself, admin rights first. The account comes from a query that knew the scope."""
    rows = Privilege.objects.filter(
        instance_id=account.instance_id, holder_id=account.vendor_id, holder_kind=HolderKind.ACCOUNT, gone_at=None
    )
    return list(rows.defer("raw").order_by("-is_admin", "name", "id")[:limit])


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


def _activities(scope: Scope, conditions: Sequence[Condition]) -> QuerySet[Activity]:
    return narrow(within(scope, Activity.objects.all()), ACTIVITY_FILTERS, list(conditions))


def _present(model: type[InventoryRow], instance_id: int) -> Count:
    return capped(model._default_manager.filter(instance_id=instance_id, gone_at=None), CAP)


def _ids(memberships: Sequence[Membership], kind: HolderKind) -> set[str]:
    return {row.member_id for row in memberships if row.member_kind == kind}


def _member(row: Membership, known: Account | Group | None) -> Member:
    name = str(known) if known else row.member_id
    return Member(known, name, HolderKind(row.member_kind), row.role, row.is_inherited)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

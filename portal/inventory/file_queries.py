"""The reads of files and of who they are shared with. Whatever lists takes the scope first, and no query leaves it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import F, QuerySet

from portal.inventory import keyset
from portal.inventory.file_filters import FILE_FILTERS
from portal.inventory.filters import Condition, narrow
from portal.inventory.keyset import Listing, Order
from portal.inventory.models import Account, Collaborator, File, Group
from portal.inventory.queries import (
    BY_NAME,
    CAP,
    EXPORT_CHUNK,
    NAME_ORDERS,
    PAGE_SIZE,
    Count,
    capped,
    sized,
    with_presence,
    within,
)
from portal.people.scope import Scope

Row = TypeVar("Row", Account, Group)

LOOKED_UP = 500
TIMES = frozenset({"sort_time"})
ORDERS = {
    **NAME_ORDERS,
    "modified": Order("modified", ("sort_time", "id"), times=TIMES),
    "-modified": Order("-modified", ("sort_time", "id"), is_descending=True, times=TIMES),
}


@dataclass(frozen=True, slots=True)
class Shared:
    """Somebody a file is shared with. `row` where the inventory knows the account or group; `name` in any case."""

    collaborator: Collaborator
    row: Account | Group | None
    name: str


@dataclass(frozen=True, slots=True)
class Reached:
    """A file that an account can reach, and how."""

    file: File
    role: str


def files(
    scope: Scope, conditions: Sequence[Condition], *, older: str = "", newer: str = "", size: int = PAGE_SIZE,
    sort: str = "name",
) -> Listing[File]:
    """`sort` is "name", "-name", "modified" (oldest first) or "-modified". `raw` is left out: read it from `file`."""
    rows = _files(scope, conditions).defer("raw", "search")
    return keyset.page(rows, ORDERS.get(sort, BY_NAME), older=older, newer=newer, size=sized(size))


def count_files(scope: Scope, conditions: Sequence[Condition], cap: int = CAP) -> Count:
    return capped(_files(scope, conditions), cap)


def export_files(scope: Scope, conditions: Sequence[Condition]) -> Iterator[File]:
    """All of them by name, streamed; `raw` left out."""
    return keyset.every(_files(scope, conditions).defer("raw", "search"), BY_NAME, EXPORT_CHUNK)


def file(scope: Scope, pk: int) -> File:
    """Raises File.DoesNotExist where there is none or the scope may not see it."""
    return within(scope, File.objects.all()).get(pk=pk)


def collaborator(scope: Scope, pk: int) -> Collaborator:
    """Raises Collaborator.DoesNotExist where there is none or the scope may not see it."""
    return within(scope, Collaborator.objects.all()).get(pk=pk)


# --- around one -----------------------------------------------------------------------------------------------------


def collaborators_of(file: File, limit: int = 100) -> list[Shared]:
    """Who a file is shared with: anyone first, then external ones. The file comes from a query that knew the scope."""
    rows = Collaborator.objects.filter(instance_id=file.instance_id, file_id=file.vendor_id, gone_at=None)
    collaborators = list(rows.defer("raw").order_by("-is_public", F("is_external").desc(nulls_last=True), "id")[:limit])
    accounts = _by_id(Account.objects.all(), file.instance_id, {row.account_id for row in collaborators})
    groups = _by_id(Group.objects.all(), file.instance_id, {row.group_id for row in collaborators})
    return [_shared(row, accounts.get(row.account_id) or groups.get(row.group_id)) for row in collaborators]


def count_collaborators_of(file: File, cap: int = CAP) -> Count:
    rows = Collaborator.objects.filter(instance_id=file.instance_id, file_id=file.vendor_id, gone_at=None)
    return capped(rows, cap)


def owner_of(file: File) -> Account | None:
    """The account that owns it, where the inventory knows it."""
    if not file.owner_id:
        return None
    found = Account.objects.filter(instance_id=file.instance_id, vendor_id=file.owner_id)
    return found.defer("raw", "search").first()


def files_owned_by(account: Account, limit: int = 20) -> list[File]:
    """By name. The account comes from a query that knew the scope."""
    rows = File.objects.filter(instance_id=account.instance_id, owner_id=account.vendor_id, gone_at=None)
    return list(rows.defer("raw", "search").order_by("sort_name", "id")[:limit])


def files_shared_with(account: Account, limit: int = 20) -> list[Reached]:
    """What others let an account reach by itself, not by a group; by name, out of the first
    500. The account comes from a query that knew the scope."""
    shares = Collaborator.objects.filter(
        instance_id=account.instance_id, account_id=account.vendor_id, gone_at=None
    ).order_by("id")
    roles = dict(shares.values_list("file_id", "role")[:LOOKED_UP])
    rows = File.objects.filter(instance_id=account.instance_id, vendor_id__in=roles, gone_at=None)
    found = rows.defer("raw", "search").order_by("sort_name", "id")[:limit]
    return [Reached(each, roles[each.vendor_id]) for each in found]


# --- how ------------------------------------------------------------------------------------------------------------


def _files(scope: Scope, conditions: Sequence[Condition]) -> QuerySet[File]:
    return narrow(within(scope, File.objects.all()), FILE_FILTERS, with_presence(conditions))


def _by_id(rows: QuerySet[Row], instance_id: int, ids: set[str]) -> dict[str, Row]:
    ids.discard("")
    if not ids:
        return {}
    found = rows.filter(instance_id=instance_id, vendor_id__in=ids).defer("raw", "search")
    return {each.vendor_id: each for each in found}


def _shared(row: Collaborator, known: Account | Group | None) -> Shared:
    if row.is_public and known is None:
        return Shared(row, None, "Anyone with the link")
    return Shared(row, known, str(known) if known else str(row))

"""The reads of files and of who they are shared with. Whatever lists takes the scope first, and no query leaves it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F

from portal.inventory.file_filters import FILE_FILTERS
from portal.inventory.keyset import Order
from portal.inventory.models import Account, Collaborator, File, Group
from portal.inventory.row_lists import CAP, NAME_ORDERS, Count, RowList, capped, known, known_by_id, within
from portal.people.scope import Scope

LOOKED_UP = 500
TIMES = frozenset({"sort_time"})
ORDERS = {
    **NAME_ORDERS,
    "modified": Order("modified", ("sort_time", "id"), times=TIMES),
    "-modified": Order("-modified", ("sort_time", "id"), is_descending=True, times=TIMES),
}
"""By the last change: "modified" has the oldest first; "-modified" the other way round."""


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


FILES = RowList(File, FILE_FILTERS, orders=ORDERS, is_windowed=True)

files, count_files, export_files, file = FILES.page, FILES.count, FILES.every, FILES.one
first_keys_of_files = FILES.first_keys


def collaborator(scope: Scope, pk: int) -> Collaborator:
    """Raises Collaborator.DoesNotExist where there is none or the scope may not see it."""
    return within(scope, Collaborator.objects.all()).get(pk=pk)


# --- around one -----------------------------------------------------------------------------------------------------


def collaborators_of(file: File, limit: int = 100) -> list[Shared]:
    """Who a file is shared with: anyone first, then external ones. The file comes from a query that knew the scope."""
    rows = Collaborator.objects.filter(instance_id=file.instance_id, file_id=file.vendor_id, gone_at=None)
    collaborators = list(rows.defer("raw").order_by("-is_public", F("is_external").desc(nulls_last=True), "id")[:limit])
    accounts = known_by_id(Account, file.instance_id, {row.account_id for row in collaborators})
    groups = known_by_id(Group, file.instance_id, {row.group_id for row in collaborators})
    return [_shared(row, accounts.get(row.account_id) or groups.get(row.group_id)) for row in collaborators]


def count_collaborators_of(file: File, cap: int = CAP) -> Count:
    rows = Collaborator.objects.filter(instance_id=file.instance_id, file_id=file.vendor_id, gone_at=None)
    return capped(rows, cap)


def owner_of(file: File) -> Account | None:
    """The account that owns it, where the inventory knows it."""
    return known(Account, file.instance_id, file.owner_id)


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


def shares_of(account: Account, limit: int) -> list[int]:
    """Keys of what lets an account by itself into files of others, oldest first. The account comes from a query that
    knew the scope."""
    rows = Collaborator.objects.filter(instance_id=account.instance_id, account_id=account.vendor_id, gone_at=None)
    return list(rows.order_by("id").values_list("pk", flat=True)[:limit])


def names_of_files(instance_id: int, file_ids: Iterable[str]) -> dict[str, str]:
    """By the vendor's id."""
    rows = File.objects.filter(instance_id=instance_id, vendor_id__in=set(file_ids))
    return dict(rows.values_list("vendor_id", "name"))


# --- how ------------------------------------------------------------------------------------------------------------


def _shared(row: Collaborator, known: Account | Group | None) -> Shared:
    if row.is_public and known is None:
        return Shared(row, None, "Anyone with the link")
    return Shared(row, known, str(known) if known else str(row))

"""What Microsoft says of a user now, as the actions on accounts need to know it."""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base import AccountKind, Client, Facts, Order, PermissionMissing, Record, TargetGone
from connectors.office365 import people
from connectors.office365.mapping import accounts
from connectors.office365.mapping.values import text
from connectors.office365.reading import Row, found
from connectors.office365.roles import admin_ids
from connectors.office365.scopes import ROLES, USERS

PERMISSIONS = (USERS, ROLES)
SYNCED = (
    "The account is kept in step with an Active Directory, which undoes this at its next synchronisation: do it there "
    "as well."
)
SENSITIVE = (
    "The account is an administrator. Microsoft lets an app change one only if the app itself holds a higher role, "
    "such as Privileged Authentication Administrator."
)


def is_person(facts: Facts) -> bool:
    return bool(facts["kind"] == AccountKind.USER)


def user_now(client: Client, order: Order) -> Row:
    """Raises TargetGone for somebody who was deleted."""
    row = found(client, path(order), accounts.USER_FIELDS)
    if row is None:
        raise TargetGone(f"{order.target.name} is not in the tenant any more.")
    return row


def login_of(row: Row) -> str:
    return text(row.get("userPrincipalName")) or text(row["id"])


def change(client: Client, order: Order, values: Mapping[str, Any]) -> None:
    """Raises PermissionMissing, with what to do about it, for administrators."""
    with_remedy(client, order, "PATCH", path(order), values)


def with_remedy(client: Client, order: Order, method: str, path: str, body: Mapping[str, Any] | None) -> None:
    """A call that Microsoft refuses for administrators, and then says no more than that."""
    try:
        client.request(method, path, json=body)
    except PermissionMissing as error:
        raise PermissionMissing(
            f"Microsoft does not let the app do this to {order.target.name}.",
            why="The permission for it is not granted; or the account is an administrator or in a role-assignable "
            "group, and then only an app that holds a higher role itself may.",
            remedy="Choose Test now to see what is missing. For administrators give the app the role Privileged "
            "Authentication Administrator, or do it in the Entra admin center.",
            permission=error.permission,
        ) from error


def warnings(client: Client, row: Row) -> tuple[str, ...]:
    """What an admin wants to know of this account before changing it."""
    synced = (SYNCED,) if accounts.is_synced(row) else ()
    return (*synced, SENSITIVE) if text(row["id"]) in admin_ids(client) else synced


def read_back(client: Client, order: Order) -> Iterator[Record]:
    """What the users feed would say of this one."""
    yield people.account_now(client, order.target.id)


def path(order: Order) -> str:
    return f"/users/{order.target.id}"

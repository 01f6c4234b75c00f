"""Who are we connected to, and what may we do there? Asked at connecting, at Test now and before scans.

Box does not tell which scopes an app was granted. So each is tried by the least call that needs it. The one that
writes is tried on a file that there is not: without the scope Box refuses that as well (unverified for this call), and
with it nothing is there to be changed.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from connectors.base import (
    Action,
    ActionKind,
    Capability,
    Client,
    Feed,
    MissingPermission,
    PermissionMissing,
    Tenant,
)
from connectors.box import event_stream, mapping, people
from connectors.box.methods import BY_ADMIN, NOT_ALL_FILES
from connectors.box.reading import document, entries
from connectors.box.refusals import WHERE, personal_account
from connectors.box.scopes import AS_USER, ENTERPRISE, GROUPS, LABELS, READ, USERS, WEBHOOKS, WRITE

SERVICE_WORDS = ("svc", "service", "bot", "admin", "automation", "integration", "gatehouse", "connector")
CO_ADMIN_WARNING = (
    "Connected as a co-admin. Box does not let co-admins act for other admins: the files of the primary admin and of "
    "the other co-admins are not read. Reconnect as the primary admin."
)
SERVER_WARNING = NOT_ALL_FILES + " To see those, connect as the primary admin."
ONE = {"limit": 1}


def check(client: Client) -> Tenant:
    """Raises PermissionMissing for a personal account, and for one that is no admin."""
    me = people.me(client)
    enterprise = mapping.part(me, "enterprise")
    if not enterprise.get("id"):
        raise personal_account()
    if client.method_id == BY_ADMIN and me.get("role") not in mapping.ADMIN_ROLES:
        raise _no_admin(me)
    refused = dict(_refused(client))
    return Tenant(
        id=mapping.id_of(enterprise["id"]),
        name=mapping.text(enterprise.get("name")) or mapping.id_of(enterprise["id"]),
        url="https://app.box.com/master",
        connected_as=mapping.text(me.get("login")) or mapping.text(me.get("name")),
        granted=tuple(scope for scope in client.setup.scopes() if scope in PROBES and scope not in refused),
        missing=tuple(_missing(client, refused)),
        warnings=tuple(_warnings(client, me)),
    )


def _refused(client: Client) -> Iterator[tuple[str, PermissionMissing]]:
    for permission, probe in PROBES.items():
        try:
            probe(client)
        except PermissionMissing as error:
            yield permission, error


def _list_users(client: Client) -> None:
    entries(client.get("/users", params={**ONE, "user_type": "managed"}))


def _list_groups(client: Client) -> None:
    entries(client.get("/groups", params=ONE))


def _list_webhooks(client: Client) -> None:
    entries(client.get("/webhooks", params=ONE))


def _list_files(client: Client) -> None:
    entries(client.get("/folders/0/items", params=ONE))


def _change_no_file(client: Client) -> None:
    """Any other refusal tells nothing about the scope."""
    try:
        client.put("/files/0", json={}, expect=(400, 404, 405))
    except PermissionMissing as error:
        if error.permission == WRITE:
            raise


def _act_as_somebody(client: Client) -> None:
    """The first user whom Box could let us act for."""
    listed = entries(client.get("/users", params={"limit": 20, "user_type": "managed", "fields": "id,login,role"}))
    own = mapping.id_of(people.me(client)["id"])
    others = [row for row in listed if mapping.id_of(row["id"]) != own and people.can_act_as(client, row)]
    if others:
        acting = client.acting_as(mapping.id_of(others[0]["id"]))
        document(acting.get("/users/me", params={"fields": "id"}), "id")


PROBES: Mapping[str, Callable[[Client], Any]] = {
    USERS: _list_users,
    GROUPS: _list_groups,
    ENTERPRISE: event_stream.check_readable,
    WEBHOOKS: _list_webhooks,
    READ: _list_files,
    WRITE: _change_no_file,
    AS_USER: _act_as_somebody,
}


def _missing(client: Client, refused: Mapping[str, PermissionMissing]) -> Iterator[MissingPermission]:
    for permission, error in refused.items():
        if permission == AS_USER and USERS in refused:
            continue  # nobody could be found to act for
        if error.permission not in (permission, AS_USER):
            yield MissingPermission(error.permission, _closed_by(client, permission), str(error))
        else:
            yield MissingPermission(permission, _closed_by(client, permission), f"Tick {LABELS[permission]} {WHERE}")


def _closed_by(client: Client, permission: str) -> tuple[Capability | ActionKind, ...]:
    """What cannot be done without it, by what feeds and actions say that they need."""
    if permission == WEBHOOKS:
        return (Capability.REAL_TIME,)
    needed = READ if permission == AS_USER else permission
    found: dict[Capability | ActionKind, None] = {}
    offers: tuple[Feed | Action, ...] = (*client.connector.feeds, *client.connector.actions)
    for each in offers:
        if needed in each.permissions:
            found |= dict.fromkeys(each.serves if isinstance(each, Feed) else (each.kind,))
    return tuple(found)


def _warnings(client: Client, me: Mapping[str, Any]) -> Iterator[str]:
    if client.method_id != BY_ADMIN:
        yield SERVER_WARNING
        return
    if me.get("role") == mapping.CO_ADMIN:
        yield CO_ADMIN_WARNING
    words = f"{me.get('login', '')} {me.get('name') or ''}".lower()
    if not any(word in words for word in SERVICE_WORDS):
        yield (
            f"The account {me.get('login')} looks like a person's (nothing in its name says otherwise). When that "
            "person leaves, the connection ends: better connect with an account made for this purpose alone."
        )


def _no_admin(me: Mapping[str, Any]) -> PermissionMissing:
    return PermissionMissing(
        f"The account {me.get('login')} is not an admin of the enterprise in Box.",
        why="Only the primary admin sees all users, their files and the events.",
        remedy="Sign in to Box as the primary admin and connect again.",
        permission="primary admin",
    )

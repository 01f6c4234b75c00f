"""Whom the connection can act for: files are read, and actions on them done, in the name of their owner."""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base import AccountKind, Client
from connectors.box import mapping
from connectors.box.reading import Row, document, entries, marked_rows

OWN = "the account that Box takes us for"
ME_FIELDS = "id,type,name,login,role,status,enterprise"


def me(client: Client) -> Mapping[str, Any]:
    """The account behind the connection: {id, name, login, role, status, enterprise}, asked for once by each client."""
    kept = client.setup.memory.values
    if OWN not in kept:
        answer = client.acting_as("").get("/users/me", params={"fields": ME_FIELDS})
        kept[OWN] = document(answer, "id")
    found: Mapping[str, Any] = kept[OWN]
    return found


def enterprise_id(client: Client) -> str:
    return mapping.id_of(mapping.part(me(client), "enterprise").get("id"))


def as_user(client: Client, user_id: str) -> Client:
    """A client that calls in the name of a user. Box refuses to be asked so in one's own name."""
    return client if user_id == mapping.id_of(me(client)["id"]) else client.acting_as(user_id)


def sees_admins(client: Client) -> bool:
    """Only the primary admin acts for other admins."""
    return me(client).get("role") == mapping.PRIMARY


def can_act_as(client: Client, user: Row) -> bool:
    """Whether Box lets us: never as a service account of an app, nor, but for the primary admin, as an admin."""
    if mapping.id_of(user["id"]) == mapping.id_of(me(client)["id"]):
        return True
    if mapping.kind_of(user) is AccountKind.SERVICE:
        return False
    return user.get("role") not in mapping.ADMIN_ROLES or sees_admins(client)


def managed(client: Client, fields: str) -> Iterator[Row]:
    """All users of the enterprise, with the members `fields`."""
    return marked_rows(client, "/users", {"user_type": "managed", "fields": fields}, "id", names_markers=True)


def is_outside(client: Client, account_id: str, address: str) -> bool:
    """Whether Box does not count somebody among the people of the enterprise; asked for once by each client. Of people
    from outside Box shows no enterprise, or nothing at all."""
    kept, name = client.setup.memory.values, f"outside: {account_id or address.lower()}"
    if name not in kept:
        kept[name] = _is_outside(client.acting_as(""), account_id, address.lower())
    return bool(kept[name])


def _is_outside(client: Client, account_id: str, address: str) -> bool:
    if account_id:
        answer = client.get(f"/users/{account_id}", params={"fields": "id,enterprise"}, expect=(404,))
        if answer.status == 404:
            return True
        return mapping.id_of(mapping.part(document(answer, "id"), "enterprise").get("id")) != enterprise_id(client)
    asked = {"filter_term": address, "user_type": "managed", "fields": "id,login", "limit": 100}
    listed = entries(client.get("/users", params=asked), "id")
    return all(mapping.text(row.get("login")).lower() != address for row in listed)

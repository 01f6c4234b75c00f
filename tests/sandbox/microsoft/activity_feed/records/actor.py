"""Who records name, and the forms in which they do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something that acts. `user_id`, `user_key` and `user_type` are as records have them; a person's
    `object_id` is the directory's."""

    user_id: str
    user_key: str
    user_type: int
    object_id: str = ""
    address: str | None = None
    name: str = ""


def person(user_principal_name: str, object_id: str, puid: str, address: str, name: str) -> Actor:
    return Actor(user_principal_name, puid, 0, object_id, address, name)


def in_sharepoint(actor: Actor) -> Actor:
    """SharePoint writes people's keys in its own way."""
    key = f"i:0h.f|membership|{actor.user_key.lower()}@live.com"
    return Actor(actor.user_id, key, actor.user_type, actor.object_id, actor.address, actor.name)


EXCHANGE_ITSELF = Actor(
    "NT AUTHORITY\\SYSTEM (Microsoft.Exchange.ServiceHost)", "NT AUTHORITY\\SYSTEM (Microsoft.Exchange.ServiceHost)", 3
)
SHAREPOINT_ITSELF = Actor("SHAREPOINT\\system", "S-1-0-0", 0, address="52.166.21.191")
SHAREPOINT_APP = Actor("app@sharepoint", "i:0i.t|00000003-0000-0ff1-ce00-000000000000|app@sharepoint", 5)
LOCAL_SYSTEM = Actor("S-1-5-18", "S-1-5-18", 4)
ALERTS = Actor("SecurityComplianceAlerts", "SecurityComplianceAlerts", 4)
NOBODY_FOUND = Actor("NOT-FOUND", "Not Available", 4)
UNKNOWN_LOGIN = Actor("", "00000000-0000-0000-0000-000000000000", 0)
"""Somebody who mistyped the login."""


def application(object_id: str) -> Actor:
    """A service principal, as directory records name it."""
    return Actor(f"ServicePrincipal_{object_id}", "Not Available", 4, object_id)


def graph_application(client_id: str, name: str) -> Actor:
    """An application that acts on files of its own right."""
    return Actor("app@sharepoint", f"i:0i.t|{client_id}|app@sharepoint", 5, client_id, "203.0.113.20", name)

"""Who made things, changed them, or may see them."""

from dataclasses import dataclass

USER = "user"
GROUP = "group"
APPLICATION = "application"
SITE_GROUP = "siteGroup"


@dataclass(frozen=True, slots=True)
class Identity:
    """`kind` is one of those above. `login`: how SharePoint names a person or group."""

    kind: str
    id: str
    name: str
    email: str = ""
    login: str = ""


def user(object_id: str, name: str, email: str, user_principal_name: str) -> Identity:
    """Guests, too: the login says so."""
    return Identity(USER, object_id, name, email, f"i:0#.f|membership|{user_principal_name.lower()}")


def stranger(email: str) -> Identity:
    """Somebody outside who proves an address with a code and has no account here."""
    return Identity(USER, "", email, email, f"i:0#.f|membership|urn%3aspo%3aguest#{email.lower()}")


def application(client_id: str, name: str) -> Identity:
    return Identity(APPLICATION, client_id, name)


EVERYONE_INSIDE = Identity(
    GROUP, "spo-grid-all-users", "Everyone except external users", "", "c:0-.f|rolemanager|spo-grid-all-users"
)

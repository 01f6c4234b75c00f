"""Events of the team's log, as the vendor writes them. Which actor it names for a call of an app is unverified."""

from collections.abc import Sequence

from tests.sandbox.clock import iso
from tests.sandbox.dropbox.entries import Entry, Folder
from tests.sandbox.dropbox.namespace import Namespace
from tests.sandbox.dropbox.people import Member
from tests.sandbox.dropbox.state import State
from tests.sandbox.dropbox.unions import nested, tagged
from tests.sandbox.exchange import Json

API_ADDRESS = "203.0.113.250"

CATEGORIES = {
    "file_": "file_operations",
    "create_folder": "file_operations",
    "member_": "members",
    "app_": "apps",
    "device_": "devices",
    "login_": "logins",
    "logout": "logins",
    "sso_": "logins",
    "shared_": "sharing",
    "team_folder_": "team_folders",
    "group_": "groups",
    "tfa_": "tfa",
    "password_": "passwords",
    "web_sessions_": "team_policies",
}


def category_of(kind: str) -> str:
    return next(category for beginning, category in CATEGORIES.items() if kind.startswith(beginning))


def user(member: Member) -> Json:
    """Whoever is in the team. Who was only invited has no account id."""
    shape = tagged("team_member", display_name=member.display_name, email=member.email, team_member_id=member.id)
    return {**shape, "account_id": member.account_id} if member.account_id else shape


def outsider(email: str, name: str = "") -> Json:
    return tagged("non_team_member", email=email, **({"display_name": name} if name else {}))


def application(state: State) -> Json:
    found = state.application
    return tagged("team_linked_app", app_id=found.id, display_name=found.name)


def origin(address: str, country: str, method: Json) -> Json:
    place = {"city": "", "region": "", "country": country, "ip_address": address}
    return {"geo_location": {key: value for key, value in place.items() if value}, "access_method": method}


def at_browser(member: Member, session_id: str = "") -> Json:
    web = tagged("web", **({"session_id": session_id} if session_id else {}))
    return origin(member.address, member.country, nested("end_user", web))


def asset(namespace: Namespace, entry: Entry) -> Json:
    place = {"ns_id": namespace.id, "relative_path": entry.path, "is_shared_namespace": namespace.is_shared}
    path = {"contextual": entry.path, "namespace_relative": place}
    name = entry.path.rpartition("/")[2]
    if isinstance(entry, Folder):
        return tagged("folder", path=path, display_name=name, file_id=entry.id)
    return tagged("file", path=path, display_name=name, file_id=entry.id, file_size=len(entry.revision.content))


def event(
    kind: str,
    at: float,
    *,
    actor: Json = None,
    origin: Json = None,
    context: Json = None,
    assets: Sequence[Json] = (),
    participants: Sequence[Json] = (),
    details: Json = None,
    is_external: bool = False,
) -> dict[str, Json]:
    """`details`: the fields of <kind>_details. Without an actor, origin or context the field is absent."""
    shape = {
        "timestamp": iso(at),
        "event_category": tagged(category_of(kind)),
        "actor": actor,
        "origin": origin,
        "involve_non_team_member": is_external,
        "context": context,
        "participants": list(participants),
        "assets": list(assets),
        "event_type": tagged(kind, description=kind.replace("_", " ").capitalize()),
        "details": tagged(f"{kind}_details", **(details or {})),
    }
    return {key: value for key, value in shape.items() if value is not None}


def relocation(old: Json, new: Json) -> dict[str, Json]:
    """Assets and details of a move."""
    return {
        "assets": [old, new],
        "details": {"relocate_action_details": [{"src_asset_index": 0, "dest_asset_index": 1}]},
    }


"""Who may see a file: links, people, invitations."""

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.directory.objects import GROUP as DIRECTORY_GROUP
from tests.sandbox.microsoft.directory.objects import USER as DIRECTORY_USER
from tests.sandbox.microsoft.files import identity
from tests.sandbox.microsoft.files.identity import Identity
from tests.sandbox.microsoft.files.items import Item, Link, Permission
from tests.sandbox.microsoft.files.people import known
from tests.sandbox.microsoft.graph import drive_records, drive_shapes
from tests.sandbox.microsoft.graph.collections import ROOT, collection
from tests.sandbox.microsoft.graph.drive_access import (
    READ,
    SHARING,
    WRITE,
    body,
    caller,
    charged,
    invalid,
    item,
    not_found,
)
from tests.sandbox.microsoft.graph.drive_items import BASE, ways
from tests.sandbox.microsoft.graph.drive_sharing import effective
from tests.sandbox.microsoft.graph.refusals import GraphRefusal
from tests.sandbox.microsoft.moments import seconds
from tests.sandbox.microsoft.router import route

ROLES = {"read", "write", "owner"}
CREATED = {"anonymous": "AnonymousLinkCreated", "organization": "CompanyLinkCreated", "users": "SecureLinkCreated"}
REMOVED = {"anonymous": "AnonymousLinkRemoved", "organization": "CompanyLinkRemoved", "users": "SecureLinkDeleted"}


def listed(call: Call) -> Answer:
    found = item(call)
    rows = effective(call.state.files, found)
    return collection(call, "permissions", rows, lambda each: _shape(call, found, *each), default=200)


def _shape(call: Call, found: Item, holder: Item, permission: Permission) -> dict[str, Json]:
    return drive_shapes.permission(call.state.files, permission, holder, found)


def _named(call: Call) -> tuple[Item, Item, Permission]:
    """The item, the one that holds the permission, the permission."""
    found = item(call)
    for holder, permission in effective(call.state.files, found):
        if permission.id == call.parameters["permission_id"]:
            return found, holder, permission
    raise not_found()


def shown(call: Call) -> Answer:
    found, holder, permission = _named(call)
    return _answer(call, found, holder, permission)


def _answer(call: Call, found: Item, holder: Item, permission: Permission, status: int = 200) -> Answer:
    shape = {"@odata.context": f"{ROOT}permissions/$entity", **_shape(call, found, holder, permission)}
    return Answer.of_json(shape, status)


def _own(call: Call) -> tuple[Item, Permission]:
    """One that was given on this item and may be changed here."""
    found, holder, permission = _named(call)
    if holder is not found:
        raise invalid("Cannot change an inherited permission here.")
    return found, permission


def deleted(call: Call) -> Answer:
    """The same address of a link never comes back."""
    found, permission = _own(call)
    if permission.roles == ["owner"]:
        raise GraphRefusal(403, "accessDenied", "Cannot remove the owner.")
    found.permissions.remove(permission)
    found.was_shared = True
    _changed(call, found)
    if permission.link is not None:
        drive_records.told_sharing(call, REMOVED[permission.link.scope], found, f"<Type>{permission.link.type}</Type>")
    else:
        drive_records.told_sharing(call, "SharingRevoked", found, "", _whom(permission))
    return Answer(204)


def _changed(call: Call, found: Item) -> None:
    call.state.files.touch(found, call.state.now(), is_sharing=True)


def _whom(permission: Permission) -> tuple[str, str]:
    who = permission.granted_to
    if who is None:
        return permission.invited, "Guest"
    if who.kind != identity.USER:
        return who.name, "SecurityGroup" if who.kind == identity.GROUP else "SharePointGroup"
    return who.email, "Guest" if "#ext#" in who.login or not who.id else "Member"


def changed(call: Call) -> Answer:
    """Roles, or when it ends."""
    found, permission = _own(call)
    sent = body(call)
    if "roles" in sent:
        permission.roles = _roles(sent["roles"])
    if "expirationDateTime" in sent:
        permission.expires_at = _expiration(sent)
    _changed(call, found)
    drive_records.told_sharing(call, "SharingSet", found, f"<Role>{permission.roles[0]}</Role>")
    return _answer(call, found, found, permission)


def _roles(asked: Json) -> list[str]:
    if not isinstance(asked, list) or not asked or not set(asked) <= ROLES:
        raise invalid("The roles are not known.")
    return [str(each) for each in asked]


def _expiration(sent: dict[str, Json]) -> float | None:
    text = sent.get("expirationDateTime")
    if not text:
        return None
    try:
        return seconds(str(text))
    except ValueError:
        raise invalid("expirationDateTime is no time.") from None


def link_made(call: Call) -> Answer:
    """The one that is there, if it is of the same kind."""
    found, sent, files = item(call), body(call), call.state.files
    kind, scope = sent.get("type", "view"), sent.get("scope", "organization")
    if kind not in ("view", "edit", "embed") or scope not in CREATED:
        raise invalid("The kind of link is not known.")
    held = next((each for each in found.permissions if _is_link(each, str(kind), str(scope))), None)
    if held is not None and "password" not in sent:
        return _answer(call, found, found, held)
    site = files.site_of(found)
    url = f"https://{site.host}/:{'f' if found.kind == 'folder' else 'u'}:/g/{files.text()[:40]}"
    permission = Permission(files.guid(), ["write" if kind == "edit" else "read"], Link(str(kind), str(scope), url))
    permission.password = str(sent["password"]) if sent.get("password") else None
    permission.expires_at = _expiration(sent)
    found.permissions.append(permission)
    _changed(call, found)
    drive_records.told_sharing(call, CREATED[str(scope)], found, f"<Type>{str(kind).capitalize()}</Type>")
    return _answer(call, found, found, permission, 201)


def _is_link(permission: Permission, kind: str, scope: str) -> bool:
    return permission.link is not None and (permission.link.type, permission.link.scope) == (kind, scope)


def invited(call: Call) -> Answer:
    """People and groups by address or id; strangers are invited."""
    found, sent = item(call), body(call)
    roles, recipients = _roles(sent.get("roles")), sent.get("recipients")
    if not isinstance(recipients, list) or not recipients:
        raise invalid("Recipients are missing.")
    made = [_given(call, each, roles, sent) for each in recipients]
    found.permissions += made
    _changed(call, found)
    for each in made:
        operation = "SharingInvitationCreated" if each.invited else "SharingSet"
        drive_records.told_sharing(call, operation, found, f"<Permission>{roles[0]}</Permission>", _whom(each))
    return Answer.of_json({"value": [_shape(call, found, found, each) for each in made]})


def _given(call: Call, recipient: Json, roles: list[str], sent: dict[str, Json]) -> Permission:
    name = str(recipient.get("objectId") or recipient.get("email") or recipient.get("alias") or "")
    permission = Permission(call.state.files.guid(), list(roles), expires_at=_expiration(sent))
    who = _somebody(call, name)
    if who is not None:
        permission.granted_to = who
    elif "@" in name:
        permission.invited, permission.invited_by = name, caller(call)
        permission.granted_to = identity.stranger(name)
    else:
        raise invalid("A recipient is not known.")
    return permission


def _somebody(call: Call, name: str) -> Identity | None:
    directory = call.state.directory
    found = directory.find(DIRECTORY_USER, name) or directory.find(DIRECTORY_GROUP, name)
    if found is None:
        held = (each for each in directory.users() if str(each.properties.get("mail") or "").lower() == name.lower())
        found = next(held, None)
    return None if found is None else known(found)


PERMISSION = f"{BASE}/items/{{item_id}}/permissions/{{permission_id}}"
ROUTES = [
    *(route("GET", way, charged(SHARING, listed), *READ) for way in ways("/permissions")),
    route("GET", PERMISSION, charged(SHARING, shown), *READ),
    route("PATCH", PERMISSION, charged(SHARING, changed), *WRITE, limit="sharing"),
    route("DELETE", PERMISSION, charged(SHARING, deleted), *WRITE, limit="sharing"),
    *(route("POST", way, charged(SHARING, link_made), *WRITE, limit="sharing") for way in ways("/createLink")),
    *(route("POST", way, charged(SHARING, invited), *WRITE, limit="sharing") for way in ways("/invite")),
]

"""How Graph shows sites, drives, items, versions and permissions."""

import mimetypes
from urllib.parse import quote

from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.files.identity import GROUP, SITE_GROUP, Identity
from tests.sandbox.microsoft.files.items import FOLDER, PACKAGE, Drive, Item, Permission, Site, Version
from tests.sandbox.microsoft.files.store import Files
from tests.sandbox.microsoft.graph.drive_access import tag
from tests.sandbox.microsoft.moments import iso
from tests.sandbox.microsoft.state import State

Shape = dict[str, Json]
NEVER = "0001-01-01T00:00:00Z"
ALWAYS = ("id", "permissions")


def identities(who: Identity) -> Shape:
    """As items name people: without SharePoint's own names for them."""
    shape = {"displayName": who.name, "id": who.id, "email": who.email}
    return {who.kind: {name: value for name, value in shape.items() if value}}


def _granted(who: Identity) -> Shape:
    """As permissions name them."""
    if who.kind == SITE_GROUP:
        return {"siteGroup": {"id": who.id, "displayName": who.name, "loginName": who.name}}
    shape = identities(who)
    if who.kind == GROUP:
        return {"siteUser": {"id": "7", "displayName": who.name, "loginName": who.login}, **shape}
    if who.login:
        shape["siteUser"] = {"id": "9", "displayName": who.name, "email": who.email, "loginName": who.login}
    return shape


def site(found: Site) -> Shape:
    return {
        "id": found.full_id,
        "createdDateTime": iso(found.created_at),
        "name": found.path.rpartition("/")[2],
        "displayName": found.name,
        "webUrl": found.url,
        "isPersonalSite": found.is_personal,
        "siteCollection": {"hostname": found.host},
        "root": {},
    }


def drive(state: State, found: Drive) -> Shape:
    """The owner of a library is a group or nobody; of a OneDrive it is the user."""
    held = state.files.sites[found.site_id]
    owner = state.directory.objects.get(found.owner_id)
    who = {"user": {"id": found.owner_id, "displayName": owner.name if owner else held.name}} if found.owner_id else {}
    return {
        "id": found.id,
        "createdDateTime": iso(found.created_at),
        "name": found.name,
        "driveType": "business" if found.owner_id else "documentLibrary",
        "webUrl": f"{held.url}/{quote(found.folder)}",
        "owner": who or {"group": {"displayName": f"{held.name} Owners"}},
        "quota": {"state": "normal", "total": 1_099_511_627_776, "used": 1_048_576},
    }


def web_url(files: Files, found: Item) -> str:
    held = files.drive_of(found)
    base = f"{files.sites[held.site_id].url}/{quote(held.folder)}"
    return base if found.is_root else f"{base}/{quote(files.path(found))}"


def item(state: State, found: Item, *, has_path: bool = True) -> Shape:
    """`has_path`: deltas tell no paths."""
    files = state.files
    shape: Shape = {
        "id": found.id,
        "name": found.name,
        "eTag": tag(found),
        "createdDateTime": iso(found.created_at),
        "lastModifiedDateTime": iso(found.modified_at),
        "webUrl": web_url(files, found),
        "size": files.size(found),
        "parentReference": parent_reference(files, found, has_path),
        "fileSystemInfo": {
            "createdDateTime": iso(found.created_at),
            "lastModifiedDateTime": iso(found.modified_at),
        },
        "sharepointIds": _sharepoint_ids(state, found),
        **_kind(found),
    }
    for name, who in (("createdBy", found.author), ("lastModifiedBy", found.editor)):
        if who is not None:
            shape[name] = identities(who)
    if found.is_root:
        shape["root"] = {}
    if found.special:
        shape["specialFolder"] = {"name": found.special}
    if found.malware:
        shape["malware"] = {"description": found.malware}
    return shape


def _kind(found: Item) -> Shape:
    if found.kind == FOLDER:
        return {"folder": {"childCount": len(found.children)}}
    if found.kind == PACKAGE:
        return {"package": {"type": "oneNote"}}
    kind = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
    return {"file": {"mimeType": kind, "hashes": {"quickXorHash": found.current.hash}}}


def parent_reference(files: Files, found: Item, has_path: bool) -> Shape:
    held = files.drive_of(found)
    shape: Shape = {
        "driveType": "business" if held.owner_id else "documentLibrary",
        "driveId": held.id,
        "siteId": held.site_id,
    }
    if found.is_root:
        return shape
    shape["id"] = found.parent_id
    if has_path:
        way = files.path(files.items[found.parent_id])
        shape["path"] = f"/drives/{held.id}/root:{'/' if way else ''}{quote(way)}"
    return shape


def _sharepoint_ids(state: State, found: Item) -> Shape:
    held = state.files.drive_of(found)
    of = state.files.sites[held.site_id]
    return {
        "listId": held.list_id,
        "listItemId": str(found.number),
        "listItemUniqueId": found.unique_id,
        "siteId": of.id,
        "siteUrl": of.url,
        "tenantId": state.tenant.id,
        "webId": of.web_id,
    }


def shared(files: Files, permissions: list[Permission]) -> Shape | None:
    """The facet: the widest scope; None when nobody but owners and the site's groups is let in."""
    scopes = {_scope(each) for each in permissions}
    scope = next((each for each in ("anonymous", "organization", "users") if each in scopes), None)
    return None if scope is None else {"scope": scope}


def _scope(found: Permission) -> str | None:
    if found.link is not None:
        return found.link.scope
    is_ordinary = found.roles == ["owner"] or (found.granted_to is not None and found.granted_to.kind == SITE_GROUP)
    return None if is_ordinary else "users"


def version(found: Version) -> Shape:
    return {
        "id": found.id,
        "lastModifiedBy": identities(found.author),
        "lastModifiedDateTime": iso(found.modified_at),
        "size": found.size,
    }


def permission(files: Files, found: Permission, holder: Item, shown_on: Item) -> Shape:
    """`holder`: the item that it was given on."""
    shape: Shape = {"id": found.id, "roles": list(found.roles)}
    if found.link is not None:
        shape["hasPassword"] = found.password is not None
        shape["link"] = {
            "scope": found.link.scope,
            "type": found.link.type,
            "webUrl": found.link.url,
            "preventsDownload": found.link.prevents_download,
        }
        shape["grantedToIdentitiesV2"] = [_granted(each) for each in found.identities]
        shape["grantedToIdentities"] = [identities(each) for each in found.identities]
        shape["shareId"] = f"u!{found.id}"
    if found.expires_at is not None:
        shape["expirationDateTime"] = iso(found.expires_at)
    elif found.link is not None:
        shape["expirationDateTime"] = NEVER
    if found.granted_to is not None:
        shape["grantedToV2"] = _granted(found.granted_to)
        if found.granted_to.kind not in (SITE_GROUP, GROUP):
            shape["grantedTo"] = identities(found.granted_to)
    if found.invited:
        by = {} if found.invited_by is None else {"invitedBy": identities(found.invited_by)}
        shape["invitation"] = {"email": found.invited, "signInRequired": True, **by}
    if holder is not shown_on:
        shape["inheritedFrom"] = {"driveId": holder.drive_id, "id": holder.id, "path": f"/{files.path(holder)}"}
    return shape


def narrowed(shape: Shape, select: str) -> Shape:
    """What $select names, of what there is: facets that an item lacks are not made up. What was expanded stays."""
    names = {each.strip() for each in select.split(",") if each.strip()}
    if not names:
        return shape
    return {name: value for name, value in shape.items() if name in names or name in ALWAYS or "@" in name}


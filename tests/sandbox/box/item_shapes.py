"""Files, folders and links as the API tells them to one user; a field is a function, made when asked for."""

from collections.abc import Callable

from tests.sandbox.box.access import DOWNLOAD, EDIT, INVITE, OWN, SEE, UPLOAD, Access
from tests.sandbox.box.items import File, Folder, Item, SharedLink, Version
from tests.sandbox.box.minis import mini, mini_version
from tests.sandbox.box.moments import told
from tests.sandbox.box.shapes import BASE, ROLES, named_user
from tests.sandbox.box.state import State
from tests.sandbox.box.tree import is_root
from tests.sandbox.exchange import Json

SITE = "https://contoso.app.box.com"
Field = Callable[[Access, Item], Json]

FOLDER_MINI = ("type", "id", "sequence_id", "etag", "name")
FILE_MINI = ("type", "id", "file_version", "sequence_id", "etag", "sha1", "name")
SHARED_DEFAULT = (
    "description",
    "size",
    "path_collection",
    "created_at",
    "modified_at",
    "trashed_at",
    "purged_at",
    "content_created_at",
    "content_modified_at",
    "created_by",
    "modified_by",
    "owned_by",
    "shared_link",
    "parent",
    "item_status",
)
FILE_DEFAULT = (*FILE_MINI, *SHARED_DEFAULT)
FOLDER_DEFAULT = (*FOLDER_MINI, *SHARED_DEFAULT, "folder_upload_email", "item_collection")
WEB_LINK_MINI = ("type", "id", "sequence_id", "etag", "name", "url")


def version_shape(state: State, version: Version, number: int) -> dict[str, Json]:
    shape: dict[str, Json] = {
        **mini_version(version),
        "name": version.name,
        "size": version.size,
        "created_at": told(version.created_at),
        "modified_at": told(version.created_at),
        "modified_by": named_user(state, version.author_id),
        "trashed_at": told(version.trashed_at),
        "restored_at": told(version.restored_at),
        "purged_at": None,
        "version_number": str(number),
    }
    if version.trashed_by:
        shape["trashed_by"] = named_user(state, version.trashed_by)
    if version.restored_by:
        shape["restored_by"] = named_user(state, version.restored_by)
    return shape


def item_shape(access: Access, item: Item, asked: list[str] | None) -> dict[str, Json]:
    """With all default fields when none are asked for."""
    known = KNOWN[item.kind]
    names = DEFAULT[item.kind] if asked is None else (*BASE, *asked)
    return {name: known[name](access, item) for name in dict.fromkeys(names) if name in known}


def entry_shape(access: Access, item: Item, asked: list[str] | None) -> dict[str, Json]:
    """As one of many in a folder: little, unless more is asked for."""
    return mini(item) if asked is None else item_shape(access, item, asked)


def path_shape(access: Access, item: Item) -> dict[str, Json]:
    entries = [mini(each) for each in access.path(item)]
    return {"total_count": len(entries), "entries": entries}


# -- sharing


def live_link(state: State, item: Item) -> SharedLink | None:
    """None when there is none, when it has expired, or when the item is in trash, where links sleep."""
    link = item.link
    if link is None or state.tree.is_in_trash(item):
        return None
    return None if link.unshared_at is not None and link.unshared_at <= state.now() else link


def effective_access(state: State, link: SharedLink) -> str:
    return "company" if link.access == "open" and not state.allows_open_links else link.access


def link_shape(access: Access, item: Item) -> Json:
    link = live_link(access.state, item)
    if link is None:
        return None
    extension = item.name.rpartition(".")[2]
    may_download = link.can_download and link.access != "collaborators"
    static = f"{SITE}/shared/static/{link.token}.{extension}"
    permission = "can_edit" if link.can_edit else "can_download" if link.can_download else "can_preview"
    return {
        "url": f"{SITE}/s/{link.token}",
        "download_url": static if isinstance(item, File) and may_download else None,
        "vanity_url": f"{SITE}/v/{link.vanity_name}" if link.vanity_name else None,
        "vanity_name": link.vanity_name,
        "access": link.access,
        "effective_access": effective_access(access.state, link),
        "effective_permission": permission,
        "unshared_at": told(link.unshared_at),
        "is_password_enabled": link.password is not None,
        "permissions": {"can_preview": True, "can_download": link.can_download, "can_edit": link.can_edit},
        "download_count": link.download_count,
        "preview_count": link.preview_count,
    }


def _has_collaborations(access: Access, item: Item) -> bool:
    state = access.state
    return any(state.collaborations_on(each.id) for each in (item, *state.tree.ancestors(item)))


def _is_reached_by_link(access: Access, item: Item) -> bool:
    return any(live_link(access.state, each) for each in (item, *access.state.tree.ancestors(item)))


def _is_externally_owned(access: Access, item: Item) -> bool:
    owner = access.state.owner(item)
    return owner.enterprise != access.user.enterprise


# -- single fields


def _parent(access: Access, item: Item) -> Json:
    path = access.path(item)
    return mini(path[-1]) if path else None


def _status(access: Access, item: Item) -> str:
    return "trashed" if access.state.tree.is_in_trash(item) else "active"


def _purged_at(access: Access, item: Item) -> Json:
    return None if item.trashed_at is None else told(item.trashed_at + access.state.trash_days * 86_400)


def _permissions(access: Access, item: Item) -> dict[str, Json]:
    allowed = access.allowed(item)
    shape = {
        "can_delete": EDIT in allowed,
        "can_download": DOWNLOAD in allowed,
        "can_invite_collaborator": INVITE in allowed,
        "can_rename": EDIT in allowed,
        "can_set_share_access": OWN in allowed,
        "can_share": EDIT in allowed,
        "can_upload": UPLOAD in allowed,
        "can_apply_watermark": EDIT in allowed,
    }
    if isinstance(item, File):
        shape |= {"can_preview": SEE in allowed, "can_comment": SEE in allowed, "can_annotate": SEE in allowed}
        shape |= {"can_view_annotations_all": True, "can_view_annotations_self": True}
    return shape


def _classification(access: Access, item: Item) -> Json:
    name = item.classification
    if name is None:
        return None
    return {"name": name, "definition": "", "color": access.state.classifications.get(name, "#000000")}


def _watermark(access: Access, item: Item) -> dict[str, Json]:
    return {
        "is_watermarked": item.watermarked_at is not None,
        "is_watermark_inherited": False,
        "is_watermarked_by_access_policy": False,
    }


def _lock(access: Access, item: Item) -> Json:
    lock = item.lock if isinstance(item, File) else None
    if lock is None or (lock.expires_at is not None and lock.expires_at <= access.state.now()):
        return None
    return {
        "type": "lock",
        "id": lock.id,
        "created_by": named_user(access.state, lock.user_id),
        "created_at": told(lock.created_at),
        "expired_at": told(lock.expires_at),
        "is_download_prevented": lock.is_download_prevented,
        "app_type": None,
    }


def _of_mini(name: str) -> Field:
    return lambda access, item: mini(item)[name]


def _moment(name: str) -> Field:
    return lambda access, item: told(getattr(item, name, None)) if not is_root(item) else None


def _person(name: str) -> Field:
    return lambda access, item: named_user(access.state, getattr(item, name))


def _owner(access: Access, item: Item) -> Json:
    return named_user(access.state, access.state.tree.owner_id(item))


def _constant(value: Json) -> Field:
    return lambda access, item: value


def _item_collection(access: Access, item: Item) -> Json:
    assert isinstance(item, Folder)
    entries = [mini(each) for each in folder_entries(access, item)]
    return {"total_count": len(entries), "entries": entries[:100], "offset": 0, "limit": 100, "order": ORDER}


ORDER = [{"by": "type", "direction": "ASC"}, {"by": "name", "direction": "ASC"}]
KIND_ORDER = {"folder": 0, "file": 1, "web_link": 2}


def folder_entries(access: Access, folder: Folder) -> list[Item]:
    """What a user finds in a folder; in the own root also what others share."""
    found = access.state.tree.children(folder)
    if is_root(folder) and folder.owner_id == access.user.id:
        found = [*found, *access.shared_to()]
    return in_order(found)


def in_order(items: list[Item]) -> list[Item]:
    return sorted(items, key=lambda each: (KIND_ORDER[each.kind], each.name.casefold(), each.id))


COMMON: dict[str, Field] = {
    **{name: _of_mini(name) for name in FOLDER_MINI},
    "description": lambda access, item: item.description,
    "size": lambda access, item: access.state.tree.size(item),
    "path_collection": path_shape,
    "created_at": _moment("created_at"),
    "modified_at": _moment("modified_at"),
    "trashed_at": _moment("trashed_at"),
    "purged_at": _purged_at,
    "created_by": _person("creator_id"),
    "modified_by": _person("modifier_id"),
    "owned_by": _owner,
    "shared_link": link_shape,
    "parent": _parent,
    "item_status": _status,
}
SHARED_FULL: dict[str, Field] = {
    "permissions": _permissions,
    "tags": lambda access, item: item.tags,
    "has_collaborations": _has_collaborations,
    "is_externally_owned": _is_externally_owned,
    "is_accessible_via_shared_link": _is_reached_by_link,
    "classification": _classification,
    "watermark_info": _watermark,
    "allowed_invitee_roles": _constant(ROLES),
    "is_associated_with_app_item": _constant(False),
}
KNOWN: dict[str, dict[str, Field]] = {
    "file": {
        **COMMON,
        **SHARED_FULL,
        "sha1": _of_mini("sha1"),
        "file_version": _of_mini("file_version"),
        "content_created_at": _moment("content_created_at"),
        "content_modified_at": _moment("content_modified_at"),
        "version_number": lambda access, item: str(getattr(item, "version_number", 1)),
        "comment_count": _constant(0),
        "extension": lambda access, item: item.name.rpartition(".")[2] if "." in item.name else "",
        "is_package": _constant(False),
        "lock": _lock,
        "uploader_display_name": lambda access, item: getattr(item, "uploader_display_name", ""),
        "expires_at": _constant(None),
        "disposition_at": _constant(None),
        "shared_link_permission_options": _constant(["can_preview", "can_download", "can_edit"]),
    },
    "folder": {
        **COMMON,
        **SHARED_FULL,
        "content_created_at": _moment("created_at"),
        "content_modified_at": _moment("modified_at"),
        "folder_upload_email": _constant(None),
        "item_collection": _item_collection,
        "sync_state": _constant("not_synced"),
        "can_non_owners_invite": lambda access, item: getattr(item, "can_non_owners_invite", True),
        "can_non_owners_view_collaborators": _constant(True),
        "is_collaboration_restricted_to_enterprise": lambda access, item: getattr(
            item, "is_restricted_to_enterprise", False
        ),
        "allowed_shared_link_access_levels": _constant(["collaborators", "open", "company"]),
    },
    "web_link": {**COMMON, "url": lambda access, item: getattr(item, "url", "")},
}
DEFAULT = {"file": FILE_DEFAULT, "folder": FOLDER_DEFAULT, "web_link": (*WEB_LINK_MINI, *SHARED_DEFAULT)}


"""The shortest shapes, in which things are named inside other answers."""

from tests.sandbox.box.items import File, Item, Version, WebLink
from tests.sandbox.box.people import Enterprise, Group, User
from tests.sandbox.box.tree import is_root, shown_id
from tests.sandbox.exchange import Json


def mini(item: Item) -> dict[str, Json]:
    number = None if is_root(item) else str(item.etag)
    told_mini: dict[str, Json] = {
        "type": item.kind,
        "id": shown_id(item),
        "sequence_id": number,
        "etag": number,
        "name": item.name,
    }
    if isinstance(item, File):
        told_mini["sha1"] = item.current.sha1
        told_mini["file_version"] = mini_version(item.current)
    if isinstance(item, WebLink):
        told_mini["url"] = item.url
    return told_mini


def mini_version(version: Version) -> dict[str, Json]:
    return {"type": "file_version", "id": version.id, "sha1": version.sha1}


def mini_user(user: User) -> dict[str, Json]:
    return {"type": "user", "id": user.id, "name": user.name, "login": user.login}


def mini_enterprise(enterprise: Enterprise | None) -> Json:
    return None if enterprise is None else {"type": "enterprise", "id": enterprise.id, "name": enterprise.name}


def mini_group(group: Group) -> dict[str, Json]:
    return {"type": "group", "id": group.id, "name": group.name, "group_type": group.group_type}

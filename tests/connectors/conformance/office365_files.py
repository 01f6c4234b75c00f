"""The files of Office 365's bench: a few sites with what trials are about, and what is in them, comparable."""

import re

from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.files.items import FILE, LIVE, Item, Permission
from tests.sandbox.microsoft.files.store import Files
from tests.sandbox.microsoft.seed_people import user_id

KEPT_SITES = frozenset({"Finance", "Sales", "Engineering"})
KEPT_OWNERS = frozenset({user_id("C1028")})
NOTICE = re.compile(r" \([0-9A-Z]+\)\.txt$")


def keep_few(files: Files) -> None:
    """Three sites that can be read, and one OneDrive."""
    for site in list(files.sites.values()):
        if site.name not in KEPT_SITES and site.owner_id not in KEPT_OWNERS:
            for drive_id in site.drive_ids:
                del files.drives[drive_id]
                files.items = {key: item for key, item in files.items.items() if item.drive_id != drive_id}
            del files.sites[site.id]


def plant(files: Files, text: str) -> None:
    for item in [each for each in files.items.values() if each.kind == FILE][:2]:
        item.name = text


def state_of(files: Files) -> list[str]:
    """What lies where, with what in it and who gets to it. Numbers that are given anew do not count, nor does a notice
    that was thrown away."""
    found = (_item(files, each) for each in files.items.values() if each.stage == LIVE or not NOTICE.search(each.name))
    return sorted(found)


def _item(files: Files, item: Item) -> str:
    content = item.versions[0].hash if item.versions else ""
    shared = sorted(_permission(each) for each in item.permissions)
    return str((item.drive_id, files.path(item), item.stage, content, item.is_unique, shared))


def _permission(permission: Permission) -> str:
    link: Json = permission.link and [permission.link.type, permission.link.scope]
    who = permission.granted_to and permission.granted_to.login
    people = sorted(each.login for each in permission.identities)
    ends = permission.expires_at
    return str((permission.roles, link, bool(permission.password), ends, who, people, permission.invited))

"""The files of Office 365's bench: a few sites with what trials are about, and what is in them, comparable."""

import re
from functools import cache

from connectors.base import Collaborator, File
from tests.connectors.conformance.bench import Trial
from tests.sandbox.clock import Clock
from tests.sandbox.exchange import Json
from tests.sandbox.microsoft import Microsoft
from tests.sandbox.microsoft.files.items import FILE, FIRST_STAGE, LIVE, Item, Permission
from tests.sandbox.microsoft.files.seed import Planter
from tests.sandbox.microsoft.files.store import Files
from tests.sandbox.microsoft.seed_people import user_id
from tests.sandbox.microsoft.state import State

KEPT_SITES = frozenset({"Finance", "Sales", "Engineering"})
KEPT_OWNERS = frozenset({user_id("C1028")})


SHORT = frozenset({
    "Customers", "Brochure.pdf", "Fabrikam", "NDA.pdf", "deploy.sh", "Of a former colleague.txt", "Documents",
    "Notes.txt", "Old ledger.csv",
})  # fmt: skip
FOLDERS = frozenset({"Quarantine", "Gatehouse quarantine"})
COPIES = "https://contoso.sharepoint.com/sites/Finance"
THROWN_AWAY = re.compile(r" \([0-9A-Z]+\)\.txt$|^01[0-9A-Z]+ ")


@cache
def seeded() -> Files:
    """Every item has the same number whenever it is planted."""
    return Microsoft(Clock()).state.files


def file_id(name: str) -> str:
    item = _own(seeded()) if name == "Notes.txt" else seeded().named(name)
    return f"{item.drive_id}:{item.id}"


def _own(files: Files) -> Item:
    """The notes in the OneDrive that is kept."""
    drive = next(each for each in files.drives.values() if each.owner_id in KEPT_OWNERS)
    return next(each for each in files.items.values() if (each.name, each.drive_id) == ("Notes.txt", drive.id))


def trials() -> tuple[Trial, ...]:
    guest = f"{file_id('Fabrikam')}/{seeded().named('Fabrikam').permissions[0].id}"
    return (
        Trial("remove_link", File, file_id("Brochure.pdf")),
        Trial("remove_external_collaborators", File, file_id("Fabrikam")),
        Trial("remove_collaborator", Collaborator, guest),
        Trial("make_private", File, file_id("deploy.sh")),
        Trial("quarantine_file", File, file_id("Notes.txt")),
        Trial("quarantine_with_portal", File, file_id("Of a former colleague.txt")),
        Trial("quarantine_with_admin", File, file_id("Of a former colleague.txt"), is_struck=False),
        Trial("overwrite_file", File, file_id("deploy.sh")),
        Trial("trash_file", File, file_id("Brochure.pdf"), is_undone=False),
    )


def trash_trials() -> tuple[Trial, ...]:
    """Where the recycle bin is open. What comes out of it for a moment goes back without what it was shared with."""
    binned = f"bin:{seeded().named('Old ledger.csv').bin_id}"
    return (
        Trial("trash_file", File, file_id("Brochure.pdf")),
        Trial("quarantine_with_portal", File, file_id("deploy.sh")),
        Trial("quarantine_with_admin", File, file_id("deploy.sh"), is_struck=False),
        Trial("restore_file", File, binned),
        Trial("quarantine_trashed_file", File, binned),
    )


def shorten(state: State) -> None:
    """What is left is what trials are about, two of them with a link and a guest."""
    files, planter = state.files, Planter(state)
    for item in list(files.items.values()):
        if not item.is_root and item.name not in SHORT and item.id in files.items:
            files.purge(item, state.now())
    files.named("Old ledger.csv").stage = FIRST_STAGE
    for item in (files.named("deploy.sh"), _own(files)):
        planter.link(item, "view", "anonymous")
        planter.grant(item, planter.who("fab-omar"))


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
    """What lies where, with what in it and who gets to it. Numbers that are given anew do not count, nor does what was
    made anew, a notice or a copy that was thrown away, nor folders for what is quarantined."""
    there = {_place(files, each): each for each in files.items.values() if each.stage == LIVE}
    binned = {_place(files, each): each for each in files.items.values() if each.stage != LIVE}
    told = (each for each in {**binned, **there}.values() if each.stage == LIVE or not THROWN_AWAY.search(each.name))
    return sorted(_item(files, each) for each in told if each.name not in FOLDERS)


def _place(files: Files, item: Item) -> tuple[str, str, str]:
    return item.drive_id, files.path(item), item.versions[0].hash if item.versions else ""


def _item(files: Files, item: Item) -> str:
    shared = sorted(_permission(each) for each in item.permissions)
    return str((*_place(files, item), item.stage, item.is_unique, shared))


def _permission(permission: Permission) -> str:
    link: Json = permission.link and [permission.link.type, permission.link.scope]
    who = permission.granted_to and permission.granted_to.login
    people = sorted(each.login for each in permission.identities)
    ends = permission.expires_at
    return str((permission.roles, link, bool(permission.password), ends, who, people, permission.invited))

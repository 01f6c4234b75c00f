"""All files of the tenant: where things lie, what changed when, and that no bytes get lost on the way."""

from __future__ import annotations

import random
import uuid
from base64 import b32encode
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tests.sandbox.microsoft.files.copying import CopyJob
from tests.sandbox.microsoft.files.identity import Identity
from tests.sandbox.microsoft.files.items import (
    FILE,
    FIRST_STAGE,
    FOLDER,
    LIVE,
    Change,
    Drive,
    Item,
    Permission,
    Site,
    Version,
)
from tests.sandbox.microsoft.files.units import Units
from tests.sandbox.microsoft.files.uploading import Upload


@dataclass(frozen=True, slots=True)
class Place:
    """Where bytes can be read: `how` is live, version (a former one) or bin."""

    how: str
    drive_id: str
    item_id: str
    version_id: str


class NameTaken(Exception):
    """In this folder something else bears the name, whatever its case."""


class Files:
    """`copies_failing`: how many of the copies to come fail. `copy_polls`: how often a copy says that it is in progress
    before it is done. `monitor_status`: 202 or 303. `largest_page`: rows of a page at most. `upload_step`: what the
    length of a part of an upload must be a multiple of. `direct_upload_limit`: bytes in one call."""

    def __init__(self) -> None:
        self.sites: dict[str, Site] = {}
        self.drives: dict[str, Drive] = {}
        self.items: dict[str, Item] = {}
        self.jobs: dict[str, CopyJob] = {}
        self.uploads: dict[str, Upload] = {}
        self.tickets: dict[str, tuple[Version, float]] = {}
        self.units = Units()
        self.copies_failing = 0
        self.copy_polls = 1
        self.monitor_status = 202
        self.largest_page = 200
        self.upload_step = 320 * 1024
        self.direct_upload_limit = 250 * 1024 * 1024
        self._chance = random.Random("20261204/files")
        self._numbers = 0

    def guid(self) -> str:
        return str(uuid.UUID(int=self._chance.getrandbits(128), version=4))

    def text(self) -> str:
        return self._chance.randbytes(24).hex()

    # -- making

    def add_site(self, host: str, path: str, name: str, at: float, owner_id: str = "") -> Site:
        site = Site(self.guid(), host, path, name, self.guid(), at, owner_id)
        self.sites[site.id] = site
        return site

    def add_drive(self, site: Site, name: str, folder: str, at: float, access: list[Permission]) -> Drive:
        """`folder`: of the library in addresses. `access`: what its root hands down."""
        drive_id = f"b!{b32encode(self._chance.randbytes(35)).decode()[:54]}"
        root = self._item(drive_id, "", "root", FOLDER, at, None)
        root.permissions = access
        drive = Drive(drive_id, site.id, name, folder, root.id, self.guid(), at, site.owner_id)
        self.drives[drive_id] = drive
        self.items[root.id] = root
        self.touch(root, at)
        site.drive_ids.append(drive_id)
        return drive

    def _item(
        self, drive_id: str, parent_id: str, name: str, kind: str, at: float, author: Identity | None
    ) -> Item:
        self._numbers += 1
        item_id = f"01{b32encode(self._chance.randbytes(20)).decode()}"
        return Item(item_id, drive_id, parent_id, name, kind, at, at, author, author, self.guid(), self._numbers)

    def add(self, parent: Item, name: str, kind: str, author: Identity | None, at: float) -> Item:
        """A new item without content; NameTaken."""
        self._check_free(parent, name)
        item = self._item(parent.drive_id, parent.id, name, kind, at, author)
        self.items[item.id] = item
        self._attach(item)
        self.touch(item, at)
        return item

    def add_file(self, parent: Item, name: str, data: bytes, author: Identity, at: float) -> Item:
        item = self.add(parent, name, FILE, author, at)
        item.versions = [Version("1.0", data, at, author)]
        return item

    # -- looking

    def drive_of(self, item: Item) -> Drive:
        return self.drives[item.drive_id]

    def site_of(self, item: Item) -> Site:
        return self.sites[self.drive_of(item).site_id]

    def root(self, drive: Drive) -> Item:
        return self.items[drive.root_id]

    def drive_named(self, owner_or_site: str, name: str = "") -> Drive:
        """The OneDrive of this directory id, or a library of the site of this name; KeyError when there is none."""
        for drive in self.drives.values():
            site = self.sites[drive.site_id]
            if owner_or_site in (site.owner_id, site.name) and name in ("", drive.name):
                return drive
        raise KeyError(owner_or_site)

    def named(self, name: str) -> Item:
        """The first item of this name anywhere, also in a recycle bin; KeyError when there is none."""
        found = next((each for each in self.items.values() if each.name == name and not each.is_root), None)
        if found is None:
            raise KeyError(name)
        return found

    def ancestors(self, item: Item) -> list[Item]:
        """From the root down to the parent."""
        chain: list[Item] = []
        while item.parent_id and item.parent_id in self.items:
            item = self.items[item.parent_id]
            chain.append(item)
        return chain[::-1]

    def is_live(self, item: Item) -> bool:
        """Neither it nor what it lies in is in the recycle bin."""
        return all(each.stage == LIVE for each in (item, *self.ancestors(item)))

    def children(self, folder: Item) -> list[Item]:
        return [self.items[each] for each in folder.children.values()]

    def below(self, folder: Item) -> Iterator[Item]:
        for child in self.children(folder):
            yield child
            yield from self.below(child)

    def child(self, folder: Item, name: str) -> Item | None:
        found = folder.children.get(name.casefold())
        return self.items[found] if found else None

    def at_path(self, folder: Item, path: str) -> Item | None:
        found: Item | None = folder
        for step in path.strip("/").split("/"):
            found = self.child(found, step) if found is not None else None
        return found

    def changed(self, drive: Drive, after: int, until: int) -> Iterator[Item]:
        """What was changed last by these changes, in their order, what is gone as well."""
        for number in range(after, until):
            change = drive.log[number]
            found = self.items.get(change.item_id) or drive.gone[change.item_id]
            if found.changed == change.number:
                yield found

    def size(self, item: Item) -> int:
        if item.kind == FILE:
            return item.current.size
        return sum(each.current.size for each in self.below(item) if each.kind == FILE)

    def path(self, item: Item) -> str:
        """Below the library, without a slash at either end."""
        return "/".join(each.name for each in (*self.ancestors(item), item) if not each.is_root)

    # -- changing

    def touch(self, item: Item, at: float, *, is_sharing: bool = False) -> None:
        """It comes in the next delta."""
        drive = self.drives[item.drive_id]
        drive.log.append(Change(drive.changes + 1, at, item.id))
        item.changed = drive.changes
        item.tag += 1
        if is_sharing:
            item.shared_changed = drive.changes

    def move(self, item: Item, folder: Item, name: str, at: float) -> None:
        """NameTaken."""
        if item.parent_id != folder.id or item.name.casefold() != name.casefold():
            self._check_free(folder, name)
        self._detach(item)
        item.parent_id, item.name = folder.id, name
        self._attach(item)
        self.touch(item, at)

    def write(self, item: Item, data: bytes, author: Identity, at: float) -> None:
        """The former content stays as a version."""
        number = int(item.current.id.partition(".")[0]) + 1
        item.versions.insert(0, Version(f"{number}.0", data, at, author))
        item.modified_at, item.editor = at, author
        self.touch(item, at)

    def recycle(self, item: Item, deleter: Identity, at: float) -> None:
        self._detach(item)
        item.stage, item.deleted_at, item.deleter, item.bin_id = FIRST_STAGE, at, deleter, self.guid()
        for each in (item, *self.below(item)):
            self.touch(each, at)

    def restore(self, item: Item, at: float) -> None:
        """To where it was; NameTaken, or KeyError when the folder is gone."""
        parent = self.items[item.parent_id]
        if not self.is_live(parent):
            raise KeyError(item.parent_id)
        self._check_free(parent, item.name)
        item.stage, item.bin_id = LIVE, ""
        self._attach(item)
        for each in (item, *self.below(item)):
            self.touch(each, at)

    def purge(self, item: Item, at: float) -> None:
        """Gone for good, with all that lies in it."""
        if item.stage == LIVE:
            self._detach(item)
        inside = [each for each in self.items.values() if item in self.ancestors(each)]
        for each in (item, *inside):
            self.touch(each, at)
            self.drives[each.drive_id].gone[each.id] = replace(each, versions=[], permissions=[], children={})
            del self.items[each.id]

    def _check_free(self, folder: Item, name: str) -> None:
        if name.casefold() in folder.children:
            raise NameTaken(name)

    def _attach(self, item: Item) -> None:
        self.items[item.parent_id].children[item.name.casefold()] = item.id

    def _detach(self, item: Item) -> None:
        self.items[item.parent_id].children.pop(item.name.casefold(), None)

    # -- bytes

    def fingerprints(self) -> set[str]:
        """The hashes of all bytes that can be read now, former versions and recycle bins included."""
        return {version.hash for item in self.items.values() for version in item.versions}

    def places_of(self, fingerprint: str) -> list[Place]:
        """Everywhere these bytes can be read now; none: they are lost."""
        return [
            Place(self._how(item, version), item.drive_id, item.id, version.id)
            for item in self.items.values()
            for version in item.versions
            if version.hash == fingerprint
        ]

    def _how(self, item: Item, version: Version) -> str:
        if not self.is_live(item):
            return "bin"
        return "live" if version is item.current else "version"

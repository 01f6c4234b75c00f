"""The folders of all users: where things lie, where they go, and that no bytes get lost on the way."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from tests.sandbox.box.items import ROOT, File, Folder, Item, Version


@dataclass(frozen=True, slots=True)
class Place:
    """Where bytes can be read: `how` is live, trash, version (a former one) or trashed version."""

    how: str
    file_id: str
    version_id: str


def folded(name: str) -> str:
    """Names in a folder are told apart without regard to case."""
    return name.casefold()


def root_id(user_id: str) -> str:
    return f"root:{user_id}"


def is_root(item: Item) -> bool:
    return item.parent_id == ""


def shown_id(item: Item) -> str:
    return ROOT if is_root(item) else item.id


class Tree:
    """`items`: everything that is not gone for good, also what lies in trash; roots by `root:<user id>`."""

    def __init__(self) -> None:
        self.items: dict[str, Item] = {}

    # -- looking

    def root(self, user_id: str) -> Folder:
        """A user's root, made when first looked for."""
        key = root_id(user_id)
        found = self.items.get(key)
        if found is None:
            found = Folder(key, "All Files", "", 0.0, 0.0, None, None, owner_id=user_id)
            self.items[key] = found
        assert isinstance(found, Folder)
        return found

    def folder(self, folder_id: str) -> Folder:
        found = self.items[folder_id]
        assert isinstance(found, Folder)
        return found

    def ancestors(self, item: Item) -> list[Folder]:
        """From the root down to the parent."""
        chain: list[Folder] = []
        while item.parent_id:
            parent = self.items.get(item.parent_id)
            if not isinstance(parent, Folder):
                break
            chain.append(parent)
            item = parent
        return chain[::-1]

    def owner_id(self, item: Item) -> str:
        root = item if is_root(item) else self.ancestors(item)[0]
        assert isinstance(root, Folder)
        assert root.owner_id is not None
        return root.owner_id

    def children(self, folder: Folder) -> list[Item]:
        """Not in trash."""
        return [self.items[each] for each in folder.children.values()]

    def below(self, folder: Folder) -> Iterator[Item]:
        """Everything under a folder that was not trashed by itself."""
        for child in self.children(folder):
            yield child
            if isinstance(child, Folder):
                yield from self.below(child)

    def named(self, folder: Folder, name: str) -> Item | None:
        found = folder.children.get(folded(name))
        return self.items[found] if found else None

    def is_in_trash(self, item: Item) -> bool:
        """Trashed itself, or lying in a folder that is."""
        return item.trashed_at is not None or any(each.trashed_at is not None for each in self.ancestors(item))

    def trash_of(self, user_id: str) -> list[Item]:
        """What was trashed directly."""
        found = [each for each in self.items.values() if each.trashed_at is not None]
        return [each for each in found if self.owner_id(each) == user_id]

    def size(self, item: Item) -> int:
        if isinstance(item, File):
            return item.current.size
        inside = self.below(item) if isinstance(item, Folder) else ()
        return sum(each.current.size for each in inside if isinstance(each, File))

    # -- changing

    def add(self, item: Item) -> None:
        self.items[item.id] = item
        self._attach(item)

    def put(self, item: Item, folder: Folder, name: str) -> None:
        """Into this folder, under this name."""
        self._detach(item)
        item.parent_id, item.name = folder.id, name
        self._attach(item)

    def trash(self, item: Item, moment: float, user_id: str) -> None:
        self._detach(item)
        item.trashed_at = moment
        item.trashed_by = user_id

    def restore(self, item: Item, folder: Folder, name: str) -> None:
        item.trashed_at = item.trashed_by = None
        item.parent_id, item.name = folder.id, name
        self._attach(item)

    def purge(self, item: Item) -> list[Item]:
        """Gone for good, with all that lies in it, trashed by itself or not; what is gone."""
        if item.trashed_at is None:
            self._detach(item)
        gone = [item, *self._all_below({item.id})]
        for each in gone:
            del self.items[each.id]
        return gone

    def _all_below(self, folder_ids: set[str]) -> list[Item]:
        """Also what was trashed by itself."""
        inside = [each for each in self.items.values() if each.parent_id in folder_ids]
        return [*inside, *self._all_below({each.id for each in inside})] if inside else []

    def _attach(self, item: Item) -> None:
        folder = self.folder(item.parent_id)
        if folded(item.name) in folder.children:
            raise ValueError(f"{item.name!r} is there already")
        folder.children[folded(item.name)] = item.id

    def _detach(self, item: Item) -> None:
        self.folder(item.parent_id).children.pop(folded(item.name), None)

    # -- bytes

    def places(self, sha1: str) -> list[Place]:
        """Everywhere these bytes can be read now; none: they are lost."""
        return [place for file in self.files() for place in self._places_in(file, sha1)]

    def files(self) -> list[File]:
        return [each for each in self.items.values() if isinstance(each, File)]

    def _places_in(self, file: File, sha1: str) -> Iterator[Place]:
        if file.current.sha1 == sha1:
            yield Place("trash" if self.is_in_trash(file) else "live", file.id, file.current.id)
        for each in file.past:
            if each.sha1 == sha1:
                yield Place("version" if each.trashed_at is None else "trashed version", file.id, each.id)


def sha1_of(data: bytes) -> str:
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()


def version_of(file: File, version_id: str) -> Version | None:
    """A version by its id, the current one too."""
    return next((each for each in (file.current, *file.past) if each.id == version_id), None)

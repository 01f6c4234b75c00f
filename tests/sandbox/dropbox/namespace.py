"""A namespace: a tree of entries by lower-case path, what was there before, and a journal of what changed."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.sandbox.clock import Clock
from tests.sandbox.dropbox.entries import Entry, File, Folder, Past, Revision


@dataclass(slots=True)
class Namespace:
    """`kind`: team_member_folder, team_member_root, team_folder, shared_folder or app_folder.

    `team_id`: of the team that owns it. `owner_id`: the member to whom a home, root or app folder belongs. `members`:
    account id or e-mail of an invitee -> access (owner, editor, viewer), of shared and team folders; `groups` alike.
    `parent_id`: the shared or team folder around it. `journal`: lower-case paths in the order of their changes; a
    cursor is a place in it. `generation`: list cursors of an earlier one are answered with reset. `busy_writes`: how
    many of the next writes meet the vendor's lock on the namespace.
    """

    id: str
    kind: str
    name: str
    clock: Clock
    team_id: str
    owner_id: str = ""
    parent_id: str = ""
    members: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    member_policy: str = "anyone"
    shared_link_policy: str = "anyone"
    status: str = "active"
    created_at: float = 0.0
    entries: dict[str, Entry] = field(default_factory=dict)
    past: dict[str, list[Past]] = field(default_factory=dict)
    journal: list[str] = field(default_factory=list)
    generation: int = 0
    busy_writes: int = 0

    @property
    def is_shared(self) -> bool:
        return self.kind in ("shared_folder", "team_folder")

    @property
    def owner_account(self) -> str:
        return next((account for account, access in self.members.items() if access == "owner"), "")

    # -- looking

    def get(self, path: str) -> Entry | None:
        return self.entries.get(path.lower())

    def by_id(self, entry_id: str) -> Entry | None:
        return next((each for each in self.entries.values() if each.id == entry_id), None)

    def files(self) -> Iterator[File]:
        return (each for each in self.entries.values() if isinstance(each, File))

    def below(self, path: str) -> list[Entry]:
        """Everything in a folder at any depth, parents first; "" for the whole namespace."""
        prefix = f"{path.lower()}/"
        return [self.entries[key] for key in sorted(self.entries) if key.startswith(prefix)]

    def display_of(self, path: str) -> str:
        """A path in the spelling of the folders that are there."""
        parent, _, name = path.rpartition("/")
        found = self.get(parent) if parent else None
        return f"{found.path if found else parent}/{name}"

    def revisions(self, since: float) -> Iterator[tuple[str, Revision]]:
        """Path and revision, of all that is live or went out of use after `since`."""
        for path, history in self.past.items():
            live = self.entries.get(path)
            for number, each in enumerate(history):
                ended = history[number + 1].at if number + 1 < len(history) else self.clock.now()
                is_live = isinstance(live, File) and each.revision is live.revision
                if each.revision and (is_live or ended >= since):
                    yield path, each.revision

    def gone(self) -> list[str]:
        """Paths, as shown, of what was deleted or moved away and can still be looked up."""
        paths = [key for key in sorted(self.past) if key not in self.entries]
        return [self.past[key][-1].display for key in paths]

    # -- changing

    def put(self, entry: Entry, at: float | None = None) -> None:
        """A new entry, or an entry at its new path."""
        key = entry.path.lower()
        self.entries[key] = entry
        self.journal.append(key)
        if isinstance(entry, File):
            self._remember(key, entry.revision, entry.path, at)

    def save(self, file: File, revision: Revision, at: float | None = None) -> None:
        """A new revision of a file that is there."""
        file.revision = revision
        self.put(file, at)

    def remove(self, path: str, at: float | None = None) -> list[Entry]:
        """Delete what is there and below. The journal names the top alone: readers drop what is below it."""
        key = path.lower()
        removed = [self.entries[key], *self.below(path)]
        for each in removed:
            del self.entries[each.path.lower()]
            self._remember(each.path.lower(), None, each.path, at)
        self.journal.append(key)
        return removed

    def forget(self, path: str) -> None:
        """Nothing of this path and what is below it, nor of its revisions, can be read any more."""
        key = path.lower()
        for each in [each for each in self.past if each == key or each.startswith(f"{key}/")]:
            del self.past[each]

    def forget_file(self, file_id: str) -> None:
        """Revisions of the file at paths where it was before."""
        for key in list(self.past):
            kept = [each for each in self.past[key] if each.revision is None or each.revision.file_id != file_id]
            if any(each.revision for each in kept):
                self.past[key] = kept
            elif len(kept) < len(self.past[key]):
                del self.past[key]

    def _remember(self, key: str, revision: Revision | None, display: str, at: float | None) -> None:
        self.past.setdefault(key, []).append(Past(self.clock.now() if at is None else at, revision, display))

    def make_folders(self, path: str, file_id: str) -> None:
        """The folders on the way to a path; `file_id` begins the ids of new ones."""
        steps = path.split("/")[1:-1]
        for number in range(len(steps)):
            folder = "/" + "/".join(steps[: number + 1])
            if self.get(folder) is None:
                self.put(Folder(f"{file_id[:-2]}{number:02d}", self.display_of(folder)))

    def expire_cursors(self) -> None:
        self.generation += 1

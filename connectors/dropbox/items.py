"""The records of what lies in a namespace: each file and folder with who gets to it, and how it stands now."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.base import Client, Collaborator, Exposure, File, Gone, Record
from connectors.dropbox import admin, mapping, reach
from connectors.dropbox.namespaces import Namespace
from connectors.dropbox.reading import Row, ask, ask_unless, document, rows_of

QUARANTINE = "/Quarantine"
"""The folder of an owner for what is quarantined with them."""
NOT_A_FILE = frozenset({"not_found", "not_file", "malformed_path"})


@dataclass(frozen=True)
class Surroundings:
    """What is the same for all that lies in a namespace. `members`: who beside its owner has it; `links`: to the folder
    as a whole; `metadata`: of a shared or team folder."""

    namespace: Namespace
    members: Sequence[Row] = ()
    links: Sequence[Row] = ()
    metadata: Row | None = None

    @property
    def place(self) -> Mapping[str, Any]:
        """As mapping.item wants it."""
        namespace = self.namespace
        return {
            "namespace": namespace.row,
            "owner_id": namespace.owner_id,
            "owner_name": namespace.owner_name,
            "prefix": f"/{namespace.name}" if namespace.is_shared else "",
            "parent_id": mapping.namespace_file_id(namespace.id) if namespace.is_shared else "",
        }

    @property
    def inherited(self) -> list[Row]:
        """Who gets to each file by the folder, and is told at each: groups, and people who are not known to be of the
        team. The team's own people are told at the folder alone."""
        return [{**row, "is_inherited": True} for row in self.members if row.get("group") or _may_be_outside(row)]

    def exposure(self, client: Client) -> Exposure:
        by_links = (mapping.link_exposure(link, client.now()) for link in self.links)
        by_owner = Exposure.EXTERNAL if self.namespace.is_foreign else Exposure.PRIVATE
        return mapping.highest((mapping.members_exposure(self.members), by_owner, *by_links))

    def folder(self, client: Client) -> Iterator[Record]:
        """The shared or team folder itself; nothing of other namespaces."""
        if self.metadata is None:
            return
        row = self.namespace.row
        folder = mapping.shared_folder(self.place, self.metadata, self.exposure(client))
        yield folder
        yield from (mapping.collaborator(folder.id, each, row) for each in self.members)
        yield from mapping.link_collaborators(folder.id, self.links, client.now(), row)

    def records(
        self, client: Client, row: Row, links: Sequence[Row], above: Exposure, given: Sequence[Row]
    ) -> Iterator[Record]:
        """`links`: its own; `above`: how far links to folders around it open it; `given`: who was given it itself."""
        by_links = (mapping.link_exposure(link, client.now()) for link in links)
        found = (self.exposure(client), above, mapping.members_exposure(given), *by_links)
        file, place = mapping.item(row, self.place, mapping.highest(found)), self.namespace.row
        yield file
        yield from (mapping.collaborator(file.id, each, place) for each in (*self.inherited, *given))
        yield from mapping.link_collaborators(file.id, links, client.now(), place)


def surroundings(client: Client, namespace: Namespace) -> Surroundings:
    if not namespace.is_shared:
        return Surroundings(namespace)
    asked = {"shared_folder_id": namespace.id}
    metadata = document(ask(admin.reading(client), "sharing/get_folder_metadata", asked), "name")
    links = reach.links_to(client, mapping.namespace_file_id(namespace.id), is_direct=True)
    return Surroundings(namespace, reach.folder_members(client, namespace), links, metadata)


def _may_be_outside(row: Row) -> bool:
    return mapping.is_outside(row) is not False


# --- what is there now ------------------------------------------------------------------------------------------------


def present(client: Client, around: Surroundings, rows: Iterable[Row]) -> Iterator[Record]:
    """Files and folders, each with the links that lead to it: for the few that have changed."""
    listed = list(rows)
    given = explicit(client, listed)
    for row in listed:
        file_id = mapping.text(row["id"])
        links = reach.links_to(client, file_id, is_direct=False)
        own = [link for link in links if link["id"] == file_id]
        around_it = (mapping.link_exposure(link, client.now()) for link in links if link["id"] != file_id)
        yield from around.records(client, row, own, mapping.highest(around_it), given.get(file_id, []))


def explicit(client: Client, rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Whom files were given themselves, by their ids, where Dropbox says that there is somebody."""
    shared = [mapping.text(row["id"]) for row in rows if row.get("has_explicit_shared_members") is True]
    return reach.files_members(client, shared)


def metadata_of(client: Client, namespace: Namespace, file_id: str) -> Row | None:
    """What Dropbox says of a file or folder; None where it is not in this namespace."""
    asked = {"path": file_id, "include_has_explicit_shared_members": True}
    reading = admin.reading(client)
    answer = ask_unless(reading, "files/get_metadata", asked, NOT_A_FILE, root=namespace.id)
    found = document(answer, ".tag", "id") if answer else {}
    return found if found.get("path_lower") else None


def now(client: Client, namespace: Namespace, file_id: str, path: str) -> Iterator[Record]:
    """A file, or a folder that is a namespace of its own, as the feed would tell it; by the path at which it lay, when
    it was deleted there."""
    around = surroundings(client, namespace)
    if file_id.startswith(mapping.NAMESPACE):
        yield from around.folder(client)
        return
    row = metadata_of(client, namespace, file_id)
    if row is not None:
        yield from present(client, around, (row,))
        return
    deleted, _ = trash(client, around, (path,))
    yield next((each for each in deleted if each.id == file_id), Gone(File, file_id))


# --- what was deleted -------------------------------------------------------------------------------------------------


def last_revision(client: Client, namespace: Namespace, path: str) -> tuple[Row, Any] | None:
    """Of a file that was deleted or moved away: its last revision, and when it went. None for a folder."""
    asked = {"path": f"{mapping.NAMESPACE}{namespace.id}{path}", "limit": 1}
    answer = ask_unless(admin.reading(client), "files/list_revisions", asked, NOT_A_FILE)
    if answer is None:
        return None
    found, entries = document(answer, "is_deleted"), rows_of(answer, "entries", "id", "rev")
    return (entries[0], found.get("server_deleted")) if entries and found["is_deleted"] else None


def trash(client: Client, around: Surroundings, paths: Iterable[str]) -> tuple[list[File], bool]:
    """The files that were deleted at these paths, by their last revisions, and whether all paths were files'. What was
    moved away is not among them."""
    told = [(path, last_revision(client, around.namespace, path)) for path in paths]
    found: dict[str, tuple[str, Row, Any]] = {}
    for path, last in told:
        if last is not None:
            file_id = mapping.text(last[0]["id"])
            found[file_id] = max(found.get(file_id, (path, *last)), (path, *last), key=_moment)
    alive = reach.alive(client, found)
    left = (each for file_id, each in found.items() if file_id not in alive)
    return [mapping.trashed(path, row, around.place, at) for path, row, at in left], all(last for _, last in told)


def _moment(each: tuple[str, Row, Any]) -> tuple[str, bool]:
    """When it went. What came out of quarantine and was deleted within a second lay elsewhere."""
    return mapping.text(each[2]), not each[0].startswith(f"{QUARANTINE}/")


def gone_sharing(file_id: str, before: Iterable[str], listed: Iterable[Record]) -> Iterator[Gone]:
    """Of the collaborators that were known before, those that are not told any more."""
    there = {each.id for each in listed}
    for vendor_id in before:
        if vendor_id not in there:
            yield Gone(Collaborator, vendor_id)

"""Puts content where it was before the simulator began."""

from tests.sandbox.dropbox.entries import File, Folder, Revision
from tests.sandbox.dropbox.namespace import Namespace
from tests.sandbox.dropbox.state import State


def plant_folder(state: State, namespace: Namespace, path: str, mounts: str = "") -> Folder:
    folder = Folder(state.next_file_id(), path, mounts)
    namespace.put(folder)
    return folder


def plant_file(
    state: State, namespace: Namespace, path: str, content: bytes, at: float, author_id: str = ""
) -> File:
    """`at`: when it was saved; over a file that is there, a new revision of it."""
    found = namespace.get(path)
    if isinstance(found, File):
        namespace.save(found, Revision(state.next_rev(), found.id, content, at, at, author_id), at)
        return found
    file_id = state.next_file_id()
    namespace.make_folders(path, file_id)
    file = File(file_id, path, Revision(state.next_rev(), file_id, content, at, at, author_id))
    namespace.put(file, at)
    return file

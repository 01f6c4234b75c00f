"""Makes the enterprise big, for load tests: many files that share their bytes."""

from itertools import islice

from tests.sandbox.box import sources
from tests.sandbox.box.items import File
from tests.sandbox.box.state import State
from tests.sandbox.box.tree import sha1_of

DATA = b"One of very many files.\n"
EDITED = b"One of very many files, and changed since.\n"


def grow(state: State, files: int, per_folder: int = 1000, handle: str = "contoso-backup-svc") -> None:
    """So many files more in somebody's folders "Grown 0", "Grown 1" and so on."""
    owner, now = state.person(handle), state.now()
    root, sha1 = state.tree.root(owner.id), sha1_of(DATA)
    first = sum(1 for each in state.tree.children(root) if each.name.startswith("Grown "))
    for number in range(files):
        if number % per_folder == 0:
            folder = state.add_folder(root, f"Grown {first + number // per_folder}", owner, now)
        file = File(state.next_id(), f"grown-{number:07d}.txt", folder.id, now, now, owner.id, owner.id)
        file.current.id, file.current.sha1, file.current.size = state.next_id(), sha1, len(DATA)
        file.current.data = DATA
        file.current.author_id, file.current.created_at, file.current.name = owner.id, now, file.name
        file.content_created_at = file.content_modified_at = now
        state.tree.add(file)


def edit(state: State, files: int) -> None:
    """So many of those files get new bytes, and events tell of it."""
    grown = (each for each in state.tree.files() if each.name.startswith("grown-"))
    for file in list(islice(grown, files)):
        owner, now = state.owner(file), state.now()
        file.past.insert(0, file.current)
        file.current = state.version(file.name, EDITED, owner.id, now)
        file.content_modified_at = now
        file.touch(now, owner.id)
        state.record("EDIT", owner, sources.item(state, file))

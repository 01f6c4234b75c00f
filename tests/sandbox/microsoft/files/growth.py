"""Makes a library big, for load tests: many files that share their bytes."""

from tests.sandbox.microsoft.files.items import FILE, FOLDER, Drive, Version
from tests.sandbox.microsoft.files.store import Files

DATA = b"One of very many files.\n"


def grow(files: Files, drive: Drive, count: int, now: float, per_folder: int = 1000) -> None:
    """So many files more in folders "Grown 0", "Grown 1" and so on."""
    root = files.root(drive)
    first = sum(1 for each in files.children(root) if each.name.startswith("Grown "))
    author = next((each.granted_to for each in root.permissions if each.granted_to), None)
    assert author is not None
    shared = Version("1.0", DATA, now, author)
    for number in range(count):
        if number % per_folder == 0:
            folder = files.add(root, f"Grown {first + number // per_folder}", FOLDER, author, now)
        item = files.add(folder, f"grown-{number:07d}.txt", FILE, author, now)
        item.versions = [Version("1.0", DATA, now, author, shared.hash)]

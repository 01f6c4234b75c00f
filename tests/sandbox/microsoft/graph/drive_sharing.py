"""Which permissions hold on an item."""

from tests.sandbox.microsoft.files.items import Item, Permission
from tests.sandbox.microsoft.files.store import Files


def effective(files: Files, found: Item) -> list[tuple[Item, Permission]]:
    """With the item that each was given on: the item's own, and what its folders hand down."""
    held: list[tuple[Item, Permission]] = []
    for each in (found, *reversed(files.ancestors(found))):
        held += [(each, permission) for permission in each.permissions]
        if each.is_unique:
            break
    return held

"""Names of items: what is allowed, and what happens when one is taken."""

from tests.sandbox.box.items import File, Folder, Item
from tests.sandbox.box.minis import mini
from tests.sandbox.box.refusal import Refusal, invalid
from tests.sandbox.box.state import State
from tests.sandbox.exchange import Json

LONGEST = 255


def checked(name: object) -> str:
    """A name that Box takes, else 400."""
    if not isinstance(name, str) or not name.strip() or name.strip() != name:
        raise Refusal(400, "item_name_invalid", "Item name invalid")
    if "/" in name or "\\" in name or name in (".", "..") or any(ord(letter) < 32 for letter in name):
        raise Refusal(400, "item_name_invalid", "Item name invalid")
    if len(name) > LONGEST:
        raise Refusal(400, "item_name_too_long", "Item name too long")
    return name


def check_free(state: State, folder: Folder, name: str, besides: Item | None = None) -> None:
    found = state.tree.named(folder, name)
    if found is not None and found is not besides:
        raise taken(found, in_list=not isinstance(found, File))


def taken(found: Item, in_list: bool) -> Refusal:
    """The one conflict: in a list for folders, by itself for uploads."""
    conflict: Json = [mini(found)] if in_list else mini(found)
    message = "Item with the same name already exists"
    return Refusal(409, "item_name_in_use", message, info={"conflicts": conflict})


def text(body: dict[str, Json], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise invalid(name, f"'{name}' is missing or no text")
    return value

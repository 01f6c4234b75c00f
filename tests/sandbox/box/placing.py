"""Where an item goes when it is moved or restored."""

from tests.sandbox.box.access import EDIT, OWN, UPLOAD
from tests.sandbox.box.call import Call
from tests.sandbox.box.items import ROOT, Folder, Item
from tests.sandbox.box.refusal import Refusal, forbidden, invalid
from tests.sandbox.exchange import Json


def destination(call: Call, parent: Json) -> Folder:
    """`parent`: as in the body. With `user_id` another user's root is meant; the id must then be 0."""
    if not isinstance(parent, dict) or "id" not in parent:
        raise invalid("parent", "'parent' needs an 'id'")
    folder_id = str(parent["id"])
    if "user_id" not in parent:
        return call.folder_by_id(folder_id, UPLOAD)
    if folder_id != ROOT:
        raise invalid("parent", "With 'user_id' the 'id' must be 0")
    return call.state.tree.root(call.managed(str(parent["user_id"])).id)


def check_move(call: Call, item: Item, folder: Folder) -> None:
    """Whoever owns the folder owns the item from then on; giving away needs the owner's right."""
    state = call.state
    if isinstance(item, Folder) and (folder is item or item in state.tree.ancestors(folder)):
        raise Refusal(400, "cyclical_folder_structure", "A folder cannot lie in itself")
    changes_owner = state.tree.owner_id(folder) != state.tree.owner_id(item)
    if not call.access.may(OWN if changes_owner else EDIT, item):
        raise forbidden()

"""What an event tells of the thing it happened to, in the three shapes of the admin feeds."""

from tests.sandbox.box.items import Collaboration, File, Item
from tests.sandbox.box.minis import mini, mini_user
from tests.sandbox.box.state import Details, State
from tests.sandbox.box.tree import is_root
from tests.sandbox.exchange import Json


def item(state: State, found: Item) -> dict[str, Json]:
    source: dict[str, Json] = {
        "item_type": found.kind,
        "item_id": found.id,
        "item_name": found.name,
        "parent": _parent(state, found),
        "owned_by": mini_user(state.owner(found)),
    }
    if found.classification:
        source["classification"] = {"name": found.classification}
    return source


def _parent(state: State, found: Item) -> Json:
    above = state.tree.ancestors(found)
    return {name: mini(above[-1])[name] for name in ("type", "name", "id")} if above else None


def collaboration(state: State, found: Collaboration) -> dict[str, Json]:
    """Names the item by folder_id or file_id, never by item_id."""
    shared = state.tree.items[found.item_id]
    kind = "file" if isinstance(shared, File) else "folder"
    owner = mini_user(state.owner(shared))
    source: dict[str, Json] = {
        f"{kind}_id": shared.id,
        f"{kind}_name": shared.name,
        "parent": None if is_root(shared) else _parent(state, shared),
        "owned_by": owner,
    }
    user = state.users.get(found.user_id or "")
    if user is not None:
        source |= {"user_id": user.id, "user_name": user.name}
    return source


def let_in(state: State, found: Collaboration) -> Details:
    """The event's member accessible_by."""
    if found.group_id is not None:
        held = state.groups[found.group_id]
        return {"accessible_by": {"type": "group", "id": held.id, "name": held.name}}
    user = state.users.get(found.user_id or "")
    if user is None:
        return {"accessible_by": {"type": "user", "login": found.invite_email}}
    return {"accessible_by": mini_user(user)}

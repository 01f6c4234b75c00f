"""Collaborations as the API tells them."""

from tests.sandbox.box.items import Collaboration
from tests.sandbox.box.minis import mini, mini_group
from tests.sandbox.box.moments import told
from tests.sandbox.box.shapes import named_user, picked
from tests.sandbox.box.state import State
from tests.sandbox.exchange import Json

DEFAULT = (
    "created_by",
    "created_at",
    "modified_at",
    "expires_at",
    "status",
    "accessible_by",
    "invite_email",
    "role",
    "acknowledged_at",
    "item",
    "is_access_only",
)


def collaboration_shape(state: State, found: Collaboration, asked: list[str] | None) -> dict[str, Json]:
    """While it is pending the item is not told, nor the name of the invited person."""
    is_pending = found.status == "pending"
    full: dict[str, Json] = {
        "type": "collaboration",
        "id": found.id,
        "created_by": named_user(state, found.creator_id),
        "created_at": told(found.created_at),
        "modified_at": told(found.modified_at),
        "expires_at": told(found.expires_at),
        "status": found.status,
        "accessible_by": _let_in(state, found),
        "invite_email": found.invite_email,
        "role": found.role,
        "acknowledged_at": told(found.acknowledged_at),
        "item": None if is_pending else mini(state.tree.items[found.item_id]),
        "app_item": None,
        "is_access_only": found.is_access_only,
    }
    return picked(full, DEFAULT, asked)


def _let_in(state: State, found: Collaboration) -> Json:
    if found.group_id is not None:
        return mini_group(state.groups[found.group_id])
    user = state.users.get(found.user_id or "")
    if user is None:
        return None
    name = "" if found.status == "pending" else user.name
    return {"type": "user", "id": user.id, "name": name, "login": user.login, "is_active": user.status != "inactive"}

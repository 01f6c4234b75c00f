"""Users of the enterprise: reading, changing, deleting them; handing over what they own."""

from tests.sandbox.box import sources
from tests.sandbox.box.access import Access
from tests.sandbox.box.call import Call
from tests.sandbox.box.item_shapes import item_shape
from tests.sandbox.box.minis import mini_user
from tests.sandbox.box.pages import by_either
from tests.sandbox.box.people import MANAGE_USERS, MANAGED_STATUS, User
from tests.sandbox.box.refusal import Refusal, forbidden, invalid
from tests.sandbox.box.router import route
from tests.sandbox.box.shapes import user_shape
from tests.sandbox.exchange import Answer

MOST = 1000
FLAGS = ("is_external_collab_restricted", "is_exempt_from_device_limits", "is_exempt_from_login_verification")
TEXTS = ("name", "language", "job_title", "phone", "address", "timezone")


def me(call: Call) -> Answer:
    return Answer.of_json(user_shape(call.state, call.user, call.fields()))


def listed(call: Call) -> Answer:
    """People from outside are found by their exact login alone."""
    call.need(MANAGE_USERS)
    kind = call.request.parameter("user_type", "managed")
    if kind not in ("managed", "external", "all"):
        raise invalid("user_type", f"Invalid value '{kind}'.")
    rows = _managed(call) if kind != "external" else []
    if kind != "managed":
        rows += _external(call)
    fields = call.fields()
    return by_either(call, rows, lambda each: user_shape(call.state, each, fields), MOST)


def _managed(call: Call) -> list[User]:
    term = call.request.parameter("filter_term").lower()
    found = sorted(call.state.managed(), key=lambda each: each.id)
    return [each for each in found if each.name.lower().startswith(term) or each.login.lower().startswith(term)]


def _external(call: Call) -> list[User]:
    found = call.state.user(call.request.parameter("filter_term"))
    return [found] if found is not None and not call.state.is_managed(found) else []


def shown(call: Call) -> Answer:
    call.need(MANAGE_USERS)
    return Answer.of_json(user_shape(call.state, call.target(), call.fields()))


def changed(call: Call) -> Answer:
    call.need(MANAGE_USERS)
    user, body = call.target(), call.body()
    _check_rank(call, user)
    if "status" in body:
        _change_status(user, body["status"])
    if "role" in body:
        _change_role(call, user, body["role"])
    if "login" in body:
        call.state.change_login(user, body["login"])
    for name in TEXTS:
        if name in body:
            setattr(user, name, body[name])
    user.flags |= {name: bool(body[name]) for name in FLAGS if name in body}
    if "is_password_reset_required" in body:
        user.is_password_reset_required = bool(body["is_password_reset_required"])
    user.modified_at = call.state.now()
    call.record("EDIT_USER", mini_user(user), {"changed": sorted(body)})
    return Answer.of_json(user_shape(call.state, user, call.fields()))


def _check_rank(call: Call, user: User) -> None:
    """Co-admins do not touch other administrators."""
    if user.is_administrator and user is not call.user and call.user.role != "admin":
        raise forbidden()


def _change_status(user: User, status: object) -> None:
    if status not in MANAGED_STATUS:
        raise invalid("status", f"Invalid value '{status}'.")
    if user.role == "admin":
        raise forbidden("The primary admin cannot be deactivated")
    user.status = str(status)


def _change_role(call: Call, user: User, role: object) -> None:
    """Only the primary admin makes and unmakes co-admins. What a co-admin may do in detail is lost with the role."""
    if role not in ("coadmin", "user"):
        raise invalid("role", f"Invalid value '{role}'.")
    if user.role == "admin" or call.user.role != "admin":
        raise forbidden()
    if user.role != role:
        user.role = str(role)
        user.rights = frozenset()
        call.record("CHANGE_ADMIN_ROLE", mini_user(user), {"role": role})


def deleted(call: Call) -> Answer:
    """With force, what the user owns goes with the account."""
    call.need(MANAGE_USERS)
    user = call.target()
    _check_rank(call, user)
    if user.role == "admin" or user is call.user:
        raise forbidden()
    root = call.state.tree.root(user.id)
    owned = [*call.state.tree.children(root), *call.state.tree.trash_of(user.id)]
    if owned and call.request.parameter("force") != "true":
        raise Refusal(400, "bad_request", "The user still owns content; use force to delete it, too")
    call.record("DELETE_USER", mini_user(user))
    call.state.delete_user(user)
    return Answer(204)


def handed_over(call: Call) -> Answer:
    """All that a user owns moves into one new folder of somebody else."""
    call.need(MANAGE_USERS)
    user, state = call.target(), call.state
    _check_rank(call, user)
    receiver = call.managed(str(call.body().get("owned_by", {}).get("id", "")))
    if receiver is user:
        raise invalid("owned_by", "The user owns it already.")
    name = f"{user.login} - {user.name}'s Files and Folders"
    destination = state.add_folder(state.tree.root(receiver.id), name, receiver)
    for item in state.tree.children(state.tree.root(user.id)):
        state.tree.put(item, destination, item.name)
    call.record("MOVE", sources.item(state, destination), {"type": "content_transfer"})
    return Answer.of_json(item_shape(Access(state, receiver), destination, call.fields()))


SCOPES = ("manage_managed_users",)
ROUTES = [
    route("GET", "/users/me", me),
    route("GET", "/users", listed, *SCOPES),
    route("GET", "/users/{user_id}", shown, *SCOPES),
    route("PUT", "/users/{user_id}", changed, *SCOPES),
    route("DELETE", "/users/{user_id}", deleted, *SCOPES),
    route("PUT", "/users/{user_id}/folders/0", handed_over, *SCOPES),
]

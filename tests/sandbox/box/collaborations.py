"""Who else may open a file or folder: listing, inviting, accepting, removing."""

from tests.sandbox.box import moments, sources
from tests.sandbox.box.access import INVITE, OWN, ROLES, SEE
from tests.sandbox.box.call import Call
from tests.sandbox.box.collaboration_shapes import collaboration_shape
from tests.sandbox.box.items import Collaboration, Folder, Item
from tests.sandbox.box.pages import by_marker, by_offset
from tests.sandbox.box.people import User
from tests.sandbox.box.refusal import Refusal, forbidden, invalid, not_found, trashed
from tests.sandbox.box.router import route
from tests.sandbox.exchange import Answer, Json

MOST = 1000


def on_file(call: Call) -> Answer:
    return _listed(call, call.file())


def on_folder(call: Call) -> Answer:
    return _listed(call, call.folder())


def _listed(call: Call, item: Item) -> Answer:
    """Those of folders above, too: they let in as well."""
    state, fields = call.state, call.fields()
    above = [each.id for each in state.tree.ancestors(item)]
    rows = [each for item_id in (item.id, *above) for each in state.collaborations_on(item_id)]
    return by_marker(call, rows, lambda each: collaboration_shape(state, each, fields), MOST, end=None)


def pending(call: Call) -> Answer:
    """Invitations to the caller; nothing lists what a user has accepted."""
    if call.request.parameter("status") != "pending":
        raise invalid("status", "'status' must be 'pending'")
    rows = [
        each
        for each in call.state.collaborations.values()
        if each.status == "pending" and each.user_id == call.user.id
    ]
    return by_offset(call, rows, lambda each: collaboration_shape(call.state, each, call.fields()), MOST)


def shown(call: Call) -> Answer:
    return Answer.of_json(collaboration_shape(call.state, _named(call), call.fields()))


def invited(call: Call) -> Answer:
    body, state = call.body(), call.state
    item = _item(call, body.get("item") or {})
    role = body.get("role")
    if role not in ROLES:
        raise invalid("role", f"Invalid value '{role}'.")
    now = state.now()
    collaboration = Collaboration(state.next_id(), item.id, str(role), "accepted", call.user.id, now, now)
    _let_in(call, collaboration, item, body.get("accessible_by") or {})
    _check_new(call, collaboration)
    collaboration.expires_at = _ends(call, body.get("expires_at"))
    collaboration.is_access_only = bool(body.get("is_access_only", False))
    if collaboration.status == "accepted":
        collaboration.acknowledged_at = now
    state.collaborations[collaboration.id] = collaboration
    _record(call, "COLLABORATION_INVITE", collaboration)
    return Answer.of_json(collaboration_shape(state, collaboration, call.fields()), 201)


def _item(call: Call, named: dict[str, Json]) -> Item:
    found = call.state.tree.items.get(str(named.get("id", "")))
    if found is None or found.kind != named.get("type") or not found.parent_id or not call.access.may(SEE, found):
        raise not_found()
    if call.state.tree.is_in_trash(found):
        raise trashed()
    needed = INVITE if not isinstance(found, Folder) or found.can_non_owners_invite else OWN
    call.need_on(found, needed)
    return found


def _let_in(call: Call, collaboration: Collaboration, item: Item, named: dict[str, Json]) -> None:
    """Colleagues are in at once; whoever is from outside has to accept."""
    state = call.state
    if named.get("type") == "group":
        if str(named.get("id")) not in state.groups:
            raise not_found()
        collaboration.group_id = str(named["id"])
        return
    if named.get("type") != "user" or not (named.get("id") or named.get("login")):
        raise invalid("accessible_by", "'accessible_by' needs a type and an id or a login")
    user = state.users.get(str(named["id"])) if named.get("id") else state.user(str(named["login"]))
    if user is None and named.get("id"):
        raise not_found()
    _place(call, collaboration, item, user, str(named.get("login", "")))


def _place(call: Call, collaboration: Collaboration, item: Item, user: User | None, login: str) -> None:
    state = call.state
    if user is not None and state.is_managed(user):
        collaboration.user_id = user.id
        return
    above = [item, *state.tree.ancestors(item)]
    is_closed = any(isinstance(each, Folder) and each.is_restricted_to_enterprise for each in above)
    if is_closed or state.owner(item).flags.get("is_external_collab_restricted"):
        raise Refusal(403, "forbidden_by_policy", "Collaborators from outside are not allowed here")
    collaboration.status = "pending"
    collaboration.user_id = user.id if user else None
    collaboration.invite_email = None if user else login


def _check_new(call: Call, collaboration: Collaboration) -> None:
    def let_in(each: Collaboration) -> tuple[str | None, ...]:
        return (each.user_id, each.group_id, each.invite_email)

    is_owner = collaboration.user_id == call.state.tree.owner_id(call.state.tree.items[collaboration.item_id])
    held = call.state.collaborations_on(collaboration.item_id)
    if is_owner or any(let_in(each) == let_in(collaboration) for each in held):
        raise Refusal(400, "user_already_collaborator", "User is already a collaborator")


def _ends(call: Call, text: Json) -> float | None:
    if text is None:
        return None
    try:
        ends = moments.read(str(text))
    except ValueError:
        raise invalid("expires_at", "Invalid moment.") from None
    if ends <= call.state.now():
        raise invalid("expires_at", "The moment must lie ahead.")
    return ends


def changed(call: Call) -> Answer:
    found, body, state = _named(call), call.body(), call.state
    if "status" in body:
        _answer_invitation(call, found, body["status"])
    if body.get("role") == "owner":
        return _handed_over(call, found)
    if "role" in body:
        if body["role"] not in ROLES:
            raise invalid("role", f"Invalid value '{body['role']}'.")
        call.need_on(state.tree.items[found.item_id], OWN)
        found.role = str(body["role"])
        _record(call, "COLLABORATION_ROLE_CHANGE", found)
    if "expires_at" in body:
        call.need_on(state.tree.items[found.item_id], OWN)
        found.expires_at = _ends(call, body["expires_at"])
    found.modified_at = state.now()
    return Answer.of_json(collaboration_shape(state, found, None))


def _handed_over(call: Call, found: Collaboration) -> Answer:
    """By the owner alone, to somebody who is in it. The old collaboration is deleted; the owner so far is a co-owner by
    a new one. The item goes to the new owner's uppermost folder."""
    state, item = call.state, call.state.tree.items[found.item_id]
    taker = state.users.get(found.user_id or "")
    if state.tree.owner_id(item) != call.user.id or found.status != "accepted":
        raise forbidden()
    if taker is None or not state.is_managed(taker) or not isinstance(item, Folder):
        raise invalid("role", "Invalid value 'owner'.")
    now = state.now()
    state.tree.put(item, state.tree.root(taker.id), item.name)
    del state.collaborations[found.id]
    made = Collaboration(state.next_id(), item.id, "co-owner", "accepted", call.user.id, now, now)
    made.user_id = call.user.id
    state.collaborations[made.id] = made
    _record(call, "COLLABORATION_ROLE_CHANGE", made)
    return Answer(204)


def _answer_invitation(call: Call, found: Collaboration, status: Json) -> None:
    if status not in ("accepted", "rejected"):
        raise invalid("status", f"Invalid value '{status}'.")
    if found.user_id != call.user.id or found.status != "pending":
        raise forbidden()
    found.status, found.acknowledged_at = str(status), call.state.now()
    if status == "accepted":
        _record(call, "COLLABORATION_ACCEPT", found)


def removed(call: Call) -> Answer:
    """By whoever owns the item, or by the one who was let in."""
    found = _named(call)
    item = call.state.tree.items[found.item_id]
    if found.user_id != call.user.id and OWN not in call.access.allowed(item):
        raise forbidden()
    _record(call, "COLLABORATION_REMOVE", found)
    del call.state.collaborations[found.id]
    return Answer(204)


def _named(call: Call) -> Collaboration:
    found = call.state.collaborations.get(call.parameters["collaboration_id"])
    item = call.state.tree.items.get(found.item_id) if found else None
    if found is None or item is None or call.state.tree.is_in_trash(item):
        raise not_found()
    if found.user_id != call.user.id and not call.access.may(SEE, item):
        raise not_found()
    return found


def _record(call: Call, event_type: str, found: Collaboration) -> None:
    source = sources.collaboration(call.state, found)
    details = {"collab_id": found.id, "role": found.role}
    call.record(event_type, source, details, sources.let_in(call.state, found))


READ = ("root_readonly",)
WRITE = ("root_readwrite",)
ROUTES = [
    route("GET", "/files/{file_id}/collaborations", on_file, *READ),
    route("GET", "/folders/{folder_id}/collaborations", on_folder, *READ),
    route("GET", "/collaborations", pending, *READ),
    route("POST", "/collaborations", invited, *WRITE),
    route("GET", "/collaborations/{collaboration_id}", shown, *READ),
    route("PUT", "/collaborations/{collaboration_id}", changed, *WRITE),
    route("DELETE", "/collaborations/{collaboration_id}", removed, *WRITE),
]

"""Handing a folder over to somebody else of the enterprise.

In Box ownership is a role of a collaboration: the owner lets the new one in as co-owner and raises that to owner (204).
The folder then lies in the new owner's uppermost folder, and the old owner is a co-owner. Box offers it for folders;
whether for single files is told both ways, so it is not offered for them.
"""

from collections.abc import Iterator

from connectors.base import (
    ActionKind,
    Client,
    Facts,
    Field,
    File,
    NotAvailable,
    Order,
    Record,
    Step,
    StepResult,
    steps_action,
)
from connectors.base.file_actions import applying
from connectors.base.file_actions.access import Share
from connectors.box import ids, mapping, people
from connectors.box.actions import holding, sharing
from connectors.box.items import find, item_now
from connectors.box.reading import Row, entries

NEW_OWNER = Field(
    "new_owner",
    "New owner",
    "The address with which somebody of the enterprise signs in to Box.",
    example="ada@contoso.example",
    pattern=r"[^@\s]+@[^@\s]+",
    problem="This is not an address.",
    clean=lambda text: text.strip().lower(),
)
CO_OWNER = "co-owner"


def is_folder(facts: Facts) -> bool:
    return applying.is_there(facts) and facts["kind"] == "folder"


def remember(client: Client, order: Order) -> StepResult:
    """{new_owner, login, parent, role}: `role` of the new owner's collaboration so far, '' where there was none."""
    found, person = holding.present(client, order), _person(client, order)
    share = _share(client, order, mapping.id_of(person["id"]))
    return {
        "new_owner": mapping.id_of(person["id"]),
        "login": str(person["login"]),
        "parent": mapping.id_of(mapping.part(found, "parent").get("id")) or ids.ROOT,
        "role": share["role"] if share else "",
    }


def invite(client: Client, order: Order) -> StepResult:
    """As co-owner, whatever they were before."""
    if is_handed_over(client, order):
        return {}
    owner, share = holding.owner(client, order), _share(client, order, _new_owner(order))
    if share is None:
        kind, number = ids.parts(holding.file_id(order))
        body = {
            "item": {"type": kind, "id": number},
            "accessible_by": {"type": "user", "id": _new_owner(order)},
            "role": CO_OWNER,
        }
        owner.post("/collaborations", params={"notify": "false"}, json=body)
    elif share["role"] != CO_OWNER:
        owner.put(f"/collaborations/{share['id']}", json={"role": CO_OWNER})
    return {}


def is_invited(client: Client, order: Order) -> bool:
    share = _share(client, order, _new_owner(order))
    return share is not None and share["role"] == CO_OWNER


def take_out(client: Client, order: Order) -> StepResult:
    """The role from before; out again where there was none."""
    role, share = str(holding.known(order)["role"]), _share(client, order, _new_owner(order))
    if share is None or share["role"] == role:
        return {}
    owner = holding.owner(client, order)
    if role:
        owner.put(f"/collaborations/{share['id']}", json={"role": role})
    else:
        owner.delete(f"/collaborations/{share['id']}", expect=(404,))
    return {}


def hand_over(client: Client, order: Order) -> StepResult:
    return _raise_to_owner(client, order, holding.owner_id(order), _new_owner(order))


def is_handed_over(client: Client, order: Order) -> bool:
    return _owner_now(client, order, _new_owner(order)) == _new_owner(order)


def hand_back(client: Client, order: Order) -> StepResult:
    """Then back to the folder it lay in, while that is there."""
    _raise_to_owner(client, order, _new_owner(order), holding.owner_id(order))
    known, owner = holding.known(order), holding.owner(client, order)
    place = mapping.id_of(mapping.part(holding.present(client, order), "parent").get("id"))
    if known["parent"] not in (place, ids.ROOT):
        answer = owner.get(f"/folders/{known['parent']}", params={"fields": "id,type"}, expect=(404,))
        if answer.status != 404:
            holding.change(client, order, parent={"id": known["parent"]})
    return {}


def refuse(client: Client, order: Order) -> str:
    if holding.owner_id(order) == _person_id(client, order):
        return f"{order.params[NEW_OWNER.name]} owns this folder already." if order.params else ""
    return ""


def preview(client: Client, order: Order) -> tuple[str, ...]:
    found = holding.present(client, order)
    owner = mapping.text(mapping.part(found, "owned_by").get("login")) or "the owner so far"
    return (
        f"{found['name']} and everything in it lies in the new owner's uppermost folder afterwards, and counts for "
        "their storage.",
        f"{owner} keeps access as a co-owner. Shared links and collaborators stay as they are.",
        "Box may tell both of them by mail.",
    )


def read_back(client: Client, order: Order) -> Iterator[Record]:
    """As its present owner has it."""
    now = _owner_now(client, order, str(order.results.get("remember", {}).get("new_owner", "")))
    yield from item_now(people.as_user(client, now or holding.owner_id(order)), holding.file_id(order))


def _raise_to_owner(client: Client, order: Order, giver: str, taker: str) -> StepResult:
    if _owner_now(client, order, taker) == taker:
        return {}
    share = _share_in(people.as_user(client, giver), order, taker)
    if share is None:
        raise NotAvailable(
            "Whoever is to own the folder is not among its collaborators any more.",
            remedy="Let them in as a co-owner in Box, then try again.",
        )
    people.as_user(client, giver).put(f"/collaborations/{share['id']}", json={"role": "owner"})
    return {}


def _owner_now(client: Client, order: Order, other: str) -> str:
    """Who owns it, as the owner so far sees it, or the other one; '' where neither does."""
    for user_id in filter(None, (holding.owner_id(order), other)):
        found = find(people.as_user(client, user_id), holding.file_id(order))
        if found is not None:
            return mapping.id_of(mapping.part(found, "owned_by").get("id"))
    return ""


def _share(client: Client, order: Order, user_id: str) -> Share | None:
    return _share_in(holding.owner(client, order), order, user_id)


def _share_in(viewer: Client, order: Order, user_id: str) -> Share | None:
    """The collaboration of a person on the folder itself."""
    path, asked = ids.path(holding.file_id(order), "/collaborations"), {"limit": 1000}
    number = ids.parts(holding.file_id(order))[1]
    for row in entries(viewer.get(path, params=asked), "id"):
        is_own = mapping.id_of(mapping.part(row, "item").get("id")) == number
        if is_own and mapping.id_of(mapping.part(row, "accessible_by").get("id")) == user_id:
            return sharing.share_of(row)
    return None


def _new_owner(order: Order) -> str:
    return str(holding.known(order)["new_owner"])


def _person_id(client: Client, order: Order) -> str:
    return mapping.id_of(_person(client, order)["id"]) if order.params else ""


def _person(client: Client, order: Order) -> Row:
    """The new owner among the people of the enterprise. Raises NotAvailable."""
    login = order.params[NEW_OWNER.name]
    asked = {"filter_term": login, "user_type": "managed", "fields": "id,login,status", "limit": 100}
    listed = entries(client.get("/users", params=asked), "id")
    found = next((row for row in listed if mapping.text(row.get("login")).lower() == login), None)
    if found is None:
        raise NotAvailable(
            f"Nobody in the enterprise signs in to Box as {login}.", remedy="Look the address up under Accounts."
        )
    return found


transfer_folder = steps_action(
    ActionKind.TRANSFER_OWNERSHIP,
    File,
    name="transfer_folder",
    label="Transfer ownership",
    effect="The folder {name} belongs to the new owner in the Box enterprise {tenant}, with everything in it. The "
    "owner so far stays in it as a co-owner.",
    undo_effect="Undo hands it back and into the folder it lay in; the new owner has the role from before, or none.",
    steps=(
        Step("remember", "Remember owner, place and roles", remember),
        Step("invite", "Let the new owner in as co-owner", invite, is_invited, take_out, undo_is_repeatable=True),
        Step("hand_over", "Make them the owner", hand_over, is_handed_over, hand_back, undo_is_repeatable=True),
    ),
    read_back=read_back,
    refuse=refuse,
    preview=preview,
    permissions=holding.PERMISSIONS,
    applies=is_folder,
    fields=(NEW_OWNER,),
)

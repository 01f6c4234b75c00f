"""Ending what lets others in: of all who are external, of one, or of everybody."""

from collections.abc import Iterable

from connectors.base import (
    ActionKind,
    Client,
    Collaborator,
    Exposure,
    Facts,
    File,
    Order,
    Record,
    Step,
    StepResult,
    TargetGone,
    steps_action,
)
from connectors.box import ids
from connectors.box.actions import holding, links, sharing
from connectors.box.actions.sharing import Share

ABOVE = "Access that a folder above it gives stays: end it at that folder."


def end(client: Client, order: Order) -> StepResult:
    sharing.end(client, order, holding.known(order)["collaborations"])
    return {}


def have_ended(client: Client, order: Order) -> bool:
    return sharing.have_ended(client, order, holding.known(order)["collaborations"])


def invite_again(client: Client, order: Order) -> StepResult:
    return sharing.invite_again(client, order, holding.known(order)["collaborations"])


ENDING = Step("end", "End the collaborations", end, have_ended, invite_again, undo_is_repeatable=True)


def _shares(client: Client, order: Order) -> list[Share]:
    found = holding.present(client, order)
    return [sharing.share_of(row) for row in holding.own_collaborations(client, order, found)]


# --- external -------------------------------------------------------------------------------------------------------


def is_external(facts: Facts) -> bool:
    return holding.is_there(facts) and facts["exposure"] in (Exposure.EXTERNAL, Exposure.PUBLIC)


def remember_external(client: Client, order: Order) -> StepResult:
    """{collaborations}: of people and invitations from outside, on the item itself."""
    return {"collaborations": [share for share in _shares(client, order) if sharing.is_external(client, share)]}


def refuse_external(client: Client, order: Order) -> str:
    if remember_external(client, order)["collaborations"]:
        return ""
    return (
        "Nobody from outside was given this item itself. If somebody gets to it, that is by a link or a folder above."
    )


def preview_external(client: Client, order: Order) -> tuple[str, ...]:
    shares = remember_external(client, order)["collaborations"]
    return (f"These lose access to {order.target.name}: {sharing.words(shares)}.", ABOVE)


remove_external_collaborators = steps_action(
    ActionKind.REMOVE_EXTERNAL_COLLABORATORS,
    File,
    name="remove_external_collaborators",
    label="Remove external collaborators",
    effect="People from outside, and invitations of such, lose the access that they were given to {name} in the Box "
    "enterprise {tenant}.",
    undo_effect="Undo invites the same people with the same roles; they may have to accept.",
    steps=(Step("remember", "Remember who is external", remember_external), ENDING),
    read_back=holding.read_back,
    refuse=refuse_external,
    preview=preview_external,
    permissions=holding.PERMISSIONS,
    applies=is_external,
)


# --- one ------------------------------------------------------------------------------------------------------------


def is_somebody(facts: Facts) -> bool:
    return not facts["is_public"]


def remember_one(client: Client, order: Order) -> StepResult:
    """{collaborations}: this one."""
    number = order.target.id.partition("/")[2]
    found = [share for share in _shares(client, order) if share["id"] == number]
    if not found:
        raise TargetGone(
            f"{order.target.name} was not given this item itself.",
            why="It ended meanwhile, or a folder above the item lets them in.",
            remedy="Remove them from that folder.",
        )
    return {"collaborations": found}


def refuse_one(client: Client, order: Order) -> str:
    try:
        remember_one(client, order)
    except TargetGone as error:
        return f"{error.message} {error.why} {error.remedy}"
    return ""


def preview_one(client: Client, order: Order) -> tuple[str, ...]:
    return (f"This access ends: {sharing.words(remember_one(client, order)['collaborations'])}.", ABOVE)


def read_back_one(client: Client, order: Order) -> Iterable[Record]:
    return holding.read_back(client, order)


remove_collaborator = steps_action(
    ActionKind.REMOVE_COLLABORATOR,
    Collaborator,
    name="remove_collaborator",
    label="Remove the collaborator",
    effect="{name} loses the access that was given to this item in the Box enterprise {tenant}.",
    undo_effect="Undo invites {name} with the same role; who is from outside may have to accept.",
    steps=(Step("remember", "Remember the access", remember_one), ENDING),
    read_back=read_back_one,
    refuse=refuse_one,
    preview=preview_one,
    permissions=holding.PERMISSIONS,
    applies=is_somebody,
)


# --- everybody ------------------------------------------------------------------------------------------------------


def remember_all(client: Client, order: Order) -> StepResult:
    """{link, collaborations, reach, parent, name}."""
    found = holding.present(client, order)
    shares = [sharing.share_of(row) for row in holding.own_collaborations(client, order, found)]
    return {
        "link": links.link_of(found),
        "collaborations": shares,
        "reach": holding.reach_now(client, order, found),
        "parent": str((found.get("parent") or {}).get("id") or ids.ROOT),
        "name": str(found.get("name") or ""),
    }


def refuse_private(client: Client, order: Order) -> str:
    known = remember_all(client, order)
    if known["link"] or known["collaborations"]:
        return ""
    return "Nobody was given this item itself. If others get to it, that is by a folder above it."


def preview_private(client: Client, order: Order) -> tuple[str, ...]:
    known = remember_all(client, order)
    return (
        f"{order.target.name} has {links.words(known['link'])}, and these get to it: "
        f"{sharing.words(known['collaborations'])}. All of it ends.",
        ABOVE,
    )


make_private = steps_action(
    ActionKind.MAKE_PRIVATE,
    File,
    name="make_private",
    label="Make private",
    effect="The shared link to {name} and everybody's access to it but the owner's end in the Box enterprise {tenant}. "
    "Access that folders above it give stays.",
    undo_effect="Undo invites the same people, who may have to accept, and makes a link at another address; not one "
    "that had a password.",
    steps=(Step("remember", "Remember link and collaborators", remember_all), links.CLOSING, ENDING),
    read_back=holding.read_back,
    refuse=refuse_private,
    preview=preview_private,
    permissions=holding.PERMISSIONS,
    applies=links.is_reached_by_others,
)

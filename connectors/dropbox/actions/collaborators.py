"""Ending what lets others in: of all who are external, of one, or of everybody."""

from connectors.base import (
    ActionKind,
    Client,
    Collaborator,
    Exposure,
    Facts,
    File,
    Order,
    Step,
    StepResult,
    TargetGone,
    steps_action,
)
from connectors.dropbox import mapping
from connectors.dropbox.actions import holding, links, sharing
from connectors.dropbox.actions.sharing import Share

ABOVE = "Access that a folder around it or a group gives stays: end it there."
A_LINK = "This is a shared link and nobody's own access: remove or restrict the link."


def end(client: Client, order: Order) -> StepResult:
    return sharing.end(client, order, holding.known(order)["shares"])


def have_ended(client: Client, order: Order) -> bool:
    return not sharing.left(client, order, holding.known(order)["shares"])


def invite_again(client: Client, order: Order) -> StepResult:
    return sharing.invite_again(client, order, holding.known(order)["shares"])


ENDING = Step("end", "End the access", end, have_ended, invite_again, undo_is_repeatable=True)


def _remembered(client: Client, order: Order, shares: list[Share]) -> StepResult:
    """{path, listed, shares}."""
    return {**holding.sharing_now(client, order), "path": holding.path(order), "shares": shares}


# --- external ---------------------------------------------------------------------------------------------------------


def is_external(facts: Facts) -> bool:
    return holding.is_there(facts) and facts["exposure"] in (Exposure.EXTERNAL, Exposure.PUBLIC)


def _external(client: Client, order: Order) -> list[Share]:
    return [each for each in sharing.shares_now(client, order) if each["is_external"]]


def remember_external(client: Client, order: Order) -> StepResult:
    return _remembered(client, order, _external(client, order))


def refuse_external(client: Client, order: Order) -> str:
    if _external(client, order):
        return ""
    return (
        "Nobody from outside was given this item itself. If somebody gets to it, that is by a link or a folder around."
    )


def preview_external(client: Client, order: Order) -> tuple[str, ...]:
    return (f"These lose access to {order.target.name}: {sharing.words(_external(client, order))}.", ABOVE)


remove_external_collaborators = steps_action(
    ActionKind.REMOVE_EXTERNAL_COLLABORATORS,
    File,
    name="remove_external_collaborators",
    label="Remove external collaborators",
    effect="People from outside, and invitations of such, lose the access that they were given to {name} in the "
    "Dropbox team {tenant}.",
    undo_effect="Undo gives it to the same people again, who may have to accept.",
    steps=(Step("remember", "Remember who is external", remember_external), ENDING),
    read_back=holding.read_back,
    refuse=refuse_external,
    preview=preview_external,
    permissions=holding.SHARING_PERMISSIONS,
    applies=is_external,
)


# --- one --------------------------------------------------------------------------------------------------------------


def is_somebody(facts: Facts) -> bool:
    return not facts["is_public"]


def _one(client: Client, order: Order) -> list[Share]:
    """Raises TargetGone."""
    rows = holding.given_now(client, order)
    mine = [row for row in rows if mapping.collaborator(holding.file_id(order), row, {}).id == order.target.id]
    if not mine:
        raise TargetGone(
            f"{order.target.name} was not given this item itself.",
            why="It ended meanwhile, or a folder around the item lets them in.",
            remedy="Remove them from that folder.",
        )
    return [sharing.share_of(client, row) for row in mine]


def remember_one(client: Client, order: Order) -> StepResult:
    return _remembered(client, order, _one(client, order))


def refuse_one(client: Client, order: Order) -> str:
    if order.target.raw.get("url"):
        return A_LINK
    try:
        _one(client, order)
    except TargetGone as error:
        return f"{error.message} {error.why} {error.remedy}"
    return ""


def preview_one(client: Client, order: Order) -> tuple[str, ...]:
    return (f"This access ends: {sharing.words(_one(client, order))}.", ABOVE)


remove_collaborator = steps_action(
    ActionKind.REMOVE_COLLABORATOR,
    Collaborator,
    name="remove_collaborator",
    label="Remove the collaborator",
    effect="{name} loses the access that was given to this item in the Dropbox team {tenant}.",
    undo_effect="Undo gives it to {name} again; who is from outside may have to accept.",
    steps=(Step("remember", "Remember the access", remember_one), ENDING),
    read_back=holding.read_back,
    refuse=refuse_one,
    preview=preview_one,
    permissions=holding.SHARING_PERMISSIONS,
    applies=is_somebody,
)


# --- everybody --------------------------------------------------------------------------------------------------------


def remember_all(client: Client, order: Order) -> StepResult:
    """{path, listed, links, shares}."""
    return {**links.remember(client, order), "shares": sharing.shares_now(client, order)}


def refuse_private(client: Client, order: Order) -> str:
    if holding.links_now(client, order) or sharing.shares_now(client, order):
        return ""
    return "Nobody was given this item itself. If others get to it, that is by a folder around it."


def preview_private(client: Client, order: Order) -> tuple[str, ...]:
    return (
        f"{order.target.name} has {links.words(holding.links_now(client, order))}, and these were given it: "
        f"{sharing.words(sharing.shares_now(client, order))}. All of it ends.",
        ABOVE,
    )


make_private = steps_action(
    ActionKind.MAKE_PRIVATE,
    File,
    name="make_private",
    label="Make private",
    effect="The shared links to {name} and everybody's access to it but the owner's end in the Dropbox team {tenant}. "
    "Access that folders around it give stays.",
    undo_effect="Undo gives it to the same people, who may have to accept, and makes links at other addresses; not one "
    "that had a password.",
    steps=(Step("remember", "Remember links and collaborators", remember_all), links.CLOSING, ENDING),
    read_back=holding.read_back,
    refuse=refuse_private,
    preview=preview_private,
    permissions=holding.SHARING_PERMISSIONS,
    applies=links.is_reached_by_others,
)

"""Ending what lets others in: of all who are external, of one, or of everybody."""

from collections.abc import Sequence

from connectors.base import Client, Order, StepResult, TargetGone
from connectors.base.file_actions import access
from connectors.base.file_actions.access import Access, Share
from connectors.office365 import components
from connectors.office365.actions import holding, links, sharing


def _of_target(client: Client, order: Order) -> list[Share]:
    permission, _, who = order.target.id.partition("/")[2].partition(":")
    found = [
        each for each in sharing.shares_now(client, order)
        if each["permission"] == permission and who.lower() in ("", each["who"])
    ]  # fmt: skip
    if not found and permission in {each["id"] for each in links.links_now(client, order)}:
        raise TargetGone(
            f"{order.target.name} get to it by a link.",
            why="Whoever has the link is not told one by one.",
            remedy="Remove the sharing links of the file.",
        )
    if not found:
        raise access.not_given(order)
    return found


def _remembered(client: Client, order: Order, shares: Sequence[Share]) -> StepResult:
    return {**holding.sharing_now(client, order), "shares": list(shares)}


ACCESS = Access(
    "shares",
    present=sharing.shares_now,
    of_target=_of_target,
    is_external=sharing.is_external,
    remembered=_remembered,
    end=sharing.end,
    have_ended=sharing.have_ended,
    give_again=sharing.invite_again,
    read_back=holding.read_back,
    permissions=holding.PERMISSIONS,
    component=components.FILES,
)

remove_external_collaborators = ACCESS.removing_external(
    effect="Guests, and invitations of people from outside, lose the access that they were given to {name} in "
    "{tenant}. A link for several people ends, and those inside are given the item themselves.",
    undo_effect="Undo gives it to the same people with the same rights, without a mail; not by the same link. Where "
    "one of them had more than reading and writing, all of it is to be given in SharePoint.",
)

remove_collaborator = ACCESS.removing_one(
    effect="{name} loses the access that was given to this item in {tenant}.",
    undo_effect="Undo gives it to {name} again with the same rights, without a mail; more than reading and writing is "
    "to be given in SharePoint.",
)


def remember_all(client: Client, order: Order) -> StepResult:
    """{name, parent, listed, links, shares}."""
    return {**links.remember(client, order), "shares": sharing.shares_now(client, order)}


make_private = ACCESS.making_private(
    links.LINKS,
    remember_all,
    effect="All links to {name} and everybody's access to it but the owner's end in {tenant}. What the library or a "
    "folder above it gives stays.",
    undo_effect="Undo gives it to the same people, without a mail, and makes links at other addresses; none that had "
    "a password.",
)

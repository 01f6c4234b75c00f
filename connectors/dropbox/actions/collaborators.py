"""Ending what lets others in: of all who are external, of one, or of everybody."""

from collections.abc import Sequence

from connectors.base import Client, Order, StepResult, TargetGone
from connectors.base.file_actions import access
from connectors.base.file_actions.access import Access, Share
from connectors.dropbox import mapping
from connectors.dropbox.actions import holding, links, sharing

A_LINK = "This is a shared link and nobody's own access: remove or restrict the link."


def _of_target(client: Client, order: Order) -> list[Share]:
    if order.target.raw.get("url"):
        raise TargetGone(A_LINK)
    rows = holding.given_now(client, order)
    mine = [row for row in rows if mapping.collaborator(holding.file_id(order), row, {}).id == order.target.id]
    if not mine:
        raise access.not_given(order)
    return [sharing.share_of(client, row) for row in mine]


def _is_external(client: Client, share: Share) -> bool:
    return bool(share["is_external"])


def _remembered(client: Client, order: Order, shares: Sequence[Share]) -> StepResult:
    """{path, listed, shares}."""
    return {**holding.sharing_now(client, order), "path": holding.path(order), "shares": list(shares)}


ACCESS = Access(
    "shares",
    present=sharing.shares_now,
    of_target=_of_target,
    is_external=_is_external,
    remembered=_remembered,
    end=sharing.end,
    have_ended=sharing.have_ended,
    give_again=sharing.invite_again,
    read_back=holding.read_back,
    permissions=holding.SHARING_PERMISSIONS,
)

remove_external_collaborators = ACCESS.removing_external(
    effect="People from outside, and invitations of such, lose the access that they were given to {name} in the "
    "Dropbox team {tenant}.",
    undo_effect="Undo gives it to the same people again, who may have to accept.",
)

remove_collaborator = ACCESS.removing_one(
    effect="{name} loses the access that was given to this item in the Dropbox team {tenant}.",
    undo_effect="Undo gives it to {name} again; who is from outside may have to accept.",
)


def remember_all(client: Client, order: Order) -> StepResult:
    """{path, listed, links, shares}."""
    return {**links.remember(client, order), "shares": sharing.shares_now(client, order)}


make_private = ACCESS.making_private(
    links.LINKS,
    remember_all,
    effect="The shared links to {name} and everybody's access to it but the owner's end in the Dropbox team {tenant}. "
    "Access that folders around it give stays.",
    undo_effect="Undo gives it to the same people, who may have to accept, and makes links at other addresses; not one "
    "that had a password.",
)

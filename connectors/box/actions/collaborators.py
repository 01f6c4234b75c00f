"""Ending what lets others in: of all who are external, of one, or of everybody."""

from collections.abc import Sequence

from connectors.base import Client, Order, StepResult
from connectors.base.file_actions import access
from connectors.base.file_actions.access import Access, Share
from connectors.box import ids
from connectors.box.actions import holding, links, sharing


def _shares(client: Client, order: Order) -> list[Share]:
    found = holding.present(client, order)
    return [sharing.share_of(row) for row in holding.own_collaborations(client, order, found)]


def _of_target(client: Client, order: Order) -> list[Share]:
    number = order.target.id.partition("/")[2]
    found = [share for share in _shares(client, order) if share["id"] == number]
    if not found:
        raise access.not_given(order)
    return found


def _remembered(client: Client, order: Order, shares: Sequence[Share]) -> StepResult:
    return {"collaborations": list(shares)}


ACCESS = Access(
    "collaborations",
    present=_shares,
    of_target=_of_target,
    is_external=sharing.is_external,
    remembered=_remembered,
    end=sharing.end,
    have_ended=sharing.have_ended,
    give_again=sharing.invite_again,
    read_back=holding.read_back,
    permissions=holding.PERMISSIONS,
)

remove_external_collaborators = ACCESS.removing_external(
    effect="People from outside, and invitations of such, lose the access that they were given to {name} in the Box "
    "enterprise {tenant}.",
    undo_effect="Undo invites the same people with the same roles; they may have to accept.",
)

remove_collaborator = ACCESS.removing_one(
    effect="{name} loses the access that was given to this item in the Box enterprise {tenant}.",
    undo_effect="Undo invites {name} with the same role; who is from outside may have to accept.",
)


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


make_private = ACCESS.making_private(
    links.LINKS,
    remember_all,
    effect="The shared link to {name} and everybody's access to it but the owner's end in the Box enterprise {tenant}. "
    "Access that folders above it give stays.",
    undo_effect="Undo invites the same people, who may have to accept, and makes a link at another address; not one "
    "that had a password.",
)

"""Ending one way into a repository: of a person, somebody invited, a team, or whoever holds a deploy key."""

from collections.abc import Iterable

from connectors.base import (
    ActionKind,
    Client,
    Collaborator,
    NotAvailable,
    Order,
    Record,
    Step,
    StepResult,
    TargetGone,
    steps_action,
)
from connectors.base.file_actions import applying
from connectors.github.actions import people, sharing
from connectors.github.actions.reading_back import repository_now
from connectors.github.actions.repositories import ADMINISTRATION, Repository, refuse_archived, repository

WAYS = {"invitation": sharing.INVITATIONS, "team": sharing.TEAMS, "key": sharing.KEYS}
"""By the word that the sharing's id begins with; a person's is the bare id of the account."""


def remember(client: Client, order: Order) -> StepResult:
    """{id, name, role} and what it takes to give it back."""
    found, way, number = _place(client, order)
    share = next((each for each in way.list(client, found) if each["id"] == number), None)
    if share is None:
        raise TargetGone(
            f"{order.target.name} has no way of its own into this repository any more.",
            why="It was ended meanwhile, or is that of a team, of an owner or of every member.",
        )
    return share


def remove(client: Client, order: Order) -> StepResult:
    found, way, _ = _place(client, order)
    way.end(client, found, [order.results["remember"]])
    return {}


def is_removed(client: Client, order: Order) -> bool:
    found, way, number = _place(client, order)
    return all(share["id"] != number for share in way.list(client, found))


def give_back(client: Client, order: Order) -> StepResult:
    found, way, _ = _place(client, order)
    known = order.results["remember"]
    if not known.get("account_id", known["id"]):
        raise NotAvailable(
            "The invitation was sent to an e-mail address, and GitHub lets nobody send such a one by a call.",
            remedy="Invite the address again in GitHub: the repository's Settings > Collaborators and teams.",
        )
    way.give_back(client, found, [known])
    return {}


def refuse(client: Client, order: Order) -> str:
    number, _, share_id = order.target.id.partition("/")
    if people.is_connected(client, share_id):
        return "This is the account that Gatehouse is connected with. Reconnect with another account first."
    return refuse_archived(client, number)


def preview(client: Client, order: Order) -> tuple[str, ...]:
    found, way, _ = _place(client, order)
    known = remember(client, order)
    first = f"{known['name']} can {known['role']} in {found['full_name']}; this ends."
    if way is sharing.KEYS:
        return (first, "Whatever uses the key, such as a build server, stops working with this repository.")
    if way is sharing.INVITATIONS:
        return (f"The invitation of {known['name']} to {found['full_name']} is cancelled.",)
    return (first, "What every member may do, and access through a team or as an owner, stays.")


def read_back(client: Client, order: Order) -> Iterable[Record]:
    number, way, share_id = _way(order)
    known = people.known_of(order) or {"id": share_id, "role": ""}
    return repository_now(client, number, [(way, known)])


remove_collaborator = steps_action(
    ActionKind.REMOVE_COLLABORATOR,
    Collaborator,
    name="remove_collaborator",
    label="Remove from the repository",
    effect="The access that {name} was given to this repository of the GitHub organisation {tenant} ends; a pending "
    "invitation is cancelled. A private fork of that person is deleted by GitHub.",
    undo_effect="Undo gives the same access back: members and teams at once, others by a new invitation, which has to "
    "be accepted. A private fork does not come back.",
    steps=(
        Step("remember", "Remember the access", remember),
        Step("remove", "End the access", remove, is_removed, give_back, undo_is_repeatable=True),
    ),
    read_back=read_back,
    refuse=refuse,
    preview=preview,
    permissions=ADMINISTRATION,
    applies=applying.is_somebody,
)


def _place(client: Client, order: Order) -> tuple[Repository, sharing.Way, str]:
    """The repository, the way into it, and the id within that way."""
    number, way, share_id = _way(order)
    return repository(client, number), way, share_id


def _way(order: Order) -> tuple[str, sharing.Way, str]:
    number, _, share_id = order.target.id.partition("/")
    word, _, rest = share_id.partition(":")
    return number, WAYS.get(word, sharing.PEOPLE), rest or word

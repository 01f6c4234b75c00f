"""Ending somebody's membership, and inviting the person again.

github.com has no suspending of an organisation's members; removing is the nearest. What is removed is remembered first.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from connectors.base import (
    Account,
    AccountStatus,
    ActionKind,
    Client,
    Facts,
    NotAvailable,
    Order,
    Record,
    Step,
    StepResult,
    TargetGone,
    steps_action,
)
from connectors.github.actions import people
from connectors.github.actions.teams import counted, is_in_all, join, not_in, teams_of
from connectors.github.reading import document, organisation_path


def is_in(facts: Facts) -> bool:
    """A member or an outside collaborator: not somebody who is only invited, or blocked."""
    return facts["status"] in (AccountStatus.ACTIVE, AccountStatus.SUSPENDED)


def remember(client: Client, order: Order) -> StepResult:
    """How the account is in the organisation: {place: member | outside, login, role, teams, has_all_teams}."""
    login = people.login_of(client, order)
    membership = people.membership_of(client, login)
    if membership is not None:
        teams, is_complete = teams_of(client, login)
        return {
            "place": "member",
            "login": login,
            "role": membership["role"],
            "teams": teams,
            "has_all_teams": is_complete,
        }
    if people.is_outside(client, order.target.id):
        return {"place": "outside", "login": login, "role": "outside collaborator"}
    raise TargetGone(f"{order.target.name} is no longer in the organisation.")


def remove(client: Client, order: Order) -> StepResult:
    """One call. Who is gone already answers 404, and that is as good."""
    known = order.results["remember"]
    place = "outside_collaborators" if known["place"] == "outside" else "memberships"
    answer = client.delete(organisation_path(client, f"/{place}/{known['login']}"), expect=(404,))
    return {"was_there": answer.status != 404}


def is_removed(client: Client, order: Order) -> bool:
    known = order.results["remember"]
    if known["place"] == "outside":
        return not people.is_outside(client, order.target.id)
    return people.membership_of(client, known["login"]) is None


def invite_again(client: Client, order: Order) -> StepResult:
    """An invitation with the same role, then the same teams. GitHub keeps role, teams and forks for three months.

    Who is invited or in again already is not invited a second time, so it may be done twice.
    """
    known = order.results["remember"]
    if known["place"] == "outside":
        raise NotAvailable(
            "GitHub does not tell which repositories an outside collaborator could reach, so that cannot be restored.",
            remedy="Add the person in GitHub to the repositories again.",
        )
    login = people.login_of(client, order)
    role = "admin" if known["role"] == "admin" else "member"
    membership = people.membership_of(client, login)
    if membership is None or membership["role"] != role:
        membership = document(client.put(organisation_path(client, f"/memberships/{login}"), json={"role": role}))
    return {"state": str(membership.get("state", "")), "teams": join(client, known["teams"], login)}


def is_invited_again(client: Client, order: Order) -> bool:
    """A member already, or invited; with all the teams."""
    known, login = order.results["remember"], people.login_of(client, order)
    if known["place"] == "outside" or people.membership_of(client, login) is None:
        return False
    return is_in_all(client, known["teams"], login)


def preview(client: Client, order: Order) -> tuple[str, ...]:
    known = remember(client, order)
    if known["place"] == "outside":
        return ("An outside collaborator: access to every repository of the organisation ends.",)
    role = "an owner" if known["role"] == "admin" else "a member"
    return (
        f"{known['login']} is {role} and in {teams_words(known)}.",
        "Private forks of the organisation's repositories are deleted by GitHub.",
        "Access through an enterprise team, where there is one, stays.",
    )


def teams_words(known: Mapping[str, Any]) -> str:
    """The remembered teams for a sentence, honest about those that were not looked at."""
    words = counted(known["teams"])
    return words if known["has_all_teams"] else f"{words} (the organisation has too many teams to ask for each)"


def read_back(client: Client, order: Order) -> Iterable[Record]:
    """What GitHub says now of the target, its role and its teams."""
    known = people.known_of(order)
    records = list(people.account_now(client, order))
    yield from records
    if people.is_gone(records, order):
        yield from (not_in(team, order.target.id) for team in known.get("teams", ()))


remove_account = steps_action(
    ActionKind.REMOVE_ACCOUNT,
    Account,
    name="remove_account",
    label="Remove from the organisation",
    effect="{name} is removed from the GitHub organisation {tenant}: membership, teams and access to its repositories "
    "end at once.",
    undo_effect="Undo sends {name} a new invitation with the same role and teams, which has to be accepted. An outside "
    "collaborator's repositories cannot be restored.",
    steps=(
        Step("remember", "Remember role and teams", remember),
        Step(
            "remove", "Remove from the organisation", remove, is_removed, invite_again,
            undo_is_done=is_invited_again, undo_is_repeatable=True,
        ),
    ),
    read_back=read_back,
    refuse=people.refuse_self_and_last_owner,
    preview=preview,
    permissions=people.MEMBERS,
    applies=is_in,
)

"""Taking somebody out of all teams, and putting them back."""

from collections.abc import Iterator

from connectors.base import (
    Account,
    ActionKind,
    Client,
    NotAvailable,
    Order,
    Record,
    Step,
    StepResult,
    steps_action,
)
from connectors.github.actions import people, teams
from connectors.github.actions.converting import is_active_member


def remember(client: Client, order: Order) -> StepResult:
    """{login, teams}. Raises NotAvailable where not all teams can be asked for."""
    login, _ = people.member(client, order)
    found, is_complete = teams.teams_of(client, login)
    if not is_complete:
        raise NotAvailable(
            f"The organisation has more than {teams.MOST_TEAMS} teams, so this person's cannot all be found.",
            why="GitHub has no list of teams by person; each team is asked for.",
            remedy="Take the person out in GitHub: on the page of each team, or remove the account.",
        )
    return {"login": login, "teams": found}


def leave(client: Client, order: Order) -> StepResult:
    """Team after team; those whose members come from an identity provider are kept."""
    known = order.results["remember"]
    return {"kept": teams.leave(client, known["teams"], known["login"])}


def join_again(client: Client, order: Order) -> StepResult:
    login, _ = people.member(client, order)
    return {"teams": teams.join(client, order.results["remember"]["teams"], login)}


def is_in_again(client: Client, order: Order) -> bool:
    login, _ = people.member(client, order)
    return teams.is_in_all(client, order.results["remember"]["teams"], login)


def refuse(client: Client, order: Order) -> str:
    if not remember(client, order)["teams"]:
        return "This account was put into no team."
    return ""


def preview(client: Client, order: Order) -> tuple[str, ...]:
    known = remember(client, order)
    return (
        f"{known['login']} leaves {teams.counted(known['teams'])}.",
        "Membership in the organisation stays, with the access that every member has.",
        "A team whose members come from an identity provider is left as it is.",
    )


def read_back(client: Client, order: Order) -> Iterator[Record]:
    records = list(people.account_now(client, order))
    yield from records
    known = people.known_of(order)
    if not known:
        return
    if people.is_no_member(records, order):
        yield from (teams.not_in(team, order.target.id) for team in known["teams"])
    else:
        yield from teams.memberships_now(client, known["teams"], order.target.id)


remove_from_teams = steps_action(
    ActionKind.REMOVE_FROM_GROUP,
    Account,
    name="remove_from_teams",
    label="Remove from all teams",
    effect="{name} is taken out of all teams of the GitHub organisation {tenant} and stays a member.",
    undo_effect="Undo puts {name} back into each team with the same role.",
    steps=(
        Step("remember", "Remember the teams", remember),
        Step(
            "leave", "Take out of the teams", leave, undo=join_again, undo_is_done=is_in_again,
            undo_is_repeatable=True,
        ),
    ),
    read_back=read_back,
    refuse=refuse,
    preview=preview,
    permissions=people.MEMBERS,
    applies=is_active_member,
)

"""Making a member an outside collaborator: access to the repositories stays, membership and teams end."""

from collections.abc import Iterable

from connectors.base import (
    Account,
    AccountStatus,
    ActionKind,
    Client,
    Facts,
    Order,
    RateLimited,
    Record,
    Step,
    StepResult,
    steps_action,
)
from connectors.github.actions import people, removing
from connectors.github.actions.teams import not_in, teams_of
from connectors.github.reading import organisation_path

LOOK_AGAIN_S = 15.0
"""Where GitHub converts later (202), it is looked again after so long."""


def is_active_member(facts: Facts) -> bool:
    return facts["status"] == AccountStatus.ACTIVE and not facts["is_external"]


def remember(client: Client, order: Order) -> StepResult:
    """{place, login, role, teams, has_all_teams}."""
    login, role = people.member(client, order)
    teams, is_complete = teams_of(client, login)
    return {"place": "member", "login": login, "role": role, "teams": teams, "has_all_teams": is_complete}


def convert(client: Client, order: Order) -> StepResult:
    """204 when it is done, 202 when GitHub does it later, 404 and 403 for who is no member any more."""
    login = order.results["remember"]["login"]
    if people.membership_of(client, login) is None:
        return {"is_pending": False}
    answer = client.put(organisation_path(client, f"/outside_collaborators/{login}"), json={"async": False})
    return {"is_pending": answer.status == 202}


def is_converted(client: Client, order: Order) -> bool:
    return people.membership_of(client, order.results["remember"]["login"]) is None


def settle(client: Client, order: Order) -> StepResult:
    """Waits until GitHub has done it."""
    if not is_converted(client, order):
        raise RateLimited("GitHub is still converting the account.", retry_after=LOOK_AGAIN_S)
    return {"keeps_access": people.is_outside(client, order.target.id)}


def preview(client: Client, order: Order) -> tuple[str, ...]:
    known = remember(client, order)
    return (
        f"{known['login']} is no longer a member and leaves {removing.teams_words(known)}.",
        "Access to the repositories that the teams reached stays, person by person.",
        "Organisation roles end. Private forks stay as long as access to their source does.",
    )


def read_back(client: Client, order: Order) -> Iterable[Record]:
    known = people.known_of(order)
    records = list(people.account_now(client, order))
    yield from records
    if people.is_no_member(records, order):
        yield from (not_in(team, order.target.id) for team in known.get("teams", ()))


convert_to_outside = steps_action(
    ActionKind.CONVERT_ACCOUNT,
    Account,
    name="convert_to_outside",
    label="Convert to outside collaborator",
    effect="{name} becomes an outside collaborator of the GitHub organisation {tenant}: membership, teams and roles "
    "end, access to the repositories that its teams reached stays.",
    undo_effect="Undo sends {name} a new invitation with the same role and teams, which has to be accepted. "
    "Organisation roles have to be given again.",
    steps=(
        Step("remember", "Remember role and teams", remember),
        Step(
            "convert", "Convert to outside collaborator", convert, is_converted, removing.invite_again,
            undo_is_done=removing.is_invited_again, undo_is_repeatable=True,
        ),
        Step("settle", "Wait until GitHub has done it", settle),
    ),
    read_back=read_back,
    refuse=people.refuse_self_and_last_owner,
    preview=preview,
    permissions=people.MEMBERS,
    applies=is_active_member,
)

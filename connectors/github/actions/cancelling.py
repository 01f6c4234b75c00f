"""Cancelling an invitation that nobody has accepted yet, and sending it again."""

from collections.abc import Iterable, Mapping
from typing import Any

from connectors.base import (
    Account,
    AccountStatus,
    ActionKind,
    Client,
    Facts,
    Gone,
    Order,
    Record,
    Step,
    StepResult,
    TargetGone,
    link_pages,
    steps_action,
)
from connectors.github import mapping
from connectors.github.actions import people
from connectors.github.ids import INVITATION
from connectors.github.reading import PER_PAGE, document, organisation_path, rows

ROLES = ("admin", "direct_member", "billing_manager")
"""Those that GitHub takes in an invitation; a hiring manager is invited again as a member."""


def is_pending(facts: Facts) -> bool:
    return bool(facts["status"] == AccountStatus.PENDING and facts["id"].startswith(INVITATION))


def remember(client: Client, order: Order) -> StepResult:
    """{login, invitee_id, email, role, teams}; login and id, or the e-mail, are empty."""
    invited = _invitation(client, order.target.id)
    login = str(invited.get("login") or "")
    path = organisation_path(client, f"/invitations/{invited['id']}/teams")
    teams = [row for answer in link_pages(client, path, PER_PAGE) for row in rows(answer, "id", "name")]
    return {
        "login": login,
        "invitee_id": document(client.get(f"/users/{login}"), "id")["id"] if login else 0,
        "email": str(invited.get("email") or ""),
        "role": str(invited.get("role") or "direct_member"),
        "teams": [{"id": row["id"], "name": row["name"]} for row in teams],
    }


def cancel(client: Client, order: Order) -> StepResult:
    """One call. An invitation that is gone already answers 404, and that is as good."""
    number = order.target.id.removeprefix(INVITATION)
    answer = client.delete(organisation_path(client, f"/invitations/{number}"), expect=(404,))
    return {"was_there": answer.status != 404}


def is_cancelled(client: Client, order: Order) -> bool:
    return all(f"{INVITATION}{row['id']}" != order.target.id for row in people.invitations(client))


def invite_again(client: Client, order: Order) -> StepResult:
    """A new invitation with the same role and teams, unless there is one."""
    if is_invited_again(client, order):
        return {"state": "pending"}
    known = order.results["remember"]
    body = {
        **({"invitee_id": known["invitee_id"]} if known["invitee_id"] else {"email": known["email"]}),
        "role": known["role"] if known["role"] in ROLES else "direct_member",
        "team_ids": [team["id"] for team in known["teams"]],
    }
    made = document(client.post(organisation_path(client, "/invitations"), json=body), "id")
    return {"state": "pending", "invitation": made["id"]}


def is_invited_again(client: Client, order: Order) -> bool:
    return any(_is_to(order.results["remember"], row) for row in people.invitations(client))


def preview(client: Client, order: Order) -> tuple[str, ...]:
    known = remember(client, order)
    teams = ", ".join(str(team["name"]) for team in known["teams"]) or "none"
    return (f"The invitation of {known['login'] or known['email']} is cancelled (teams it would bring: {teams}).",)


def read_back(client: Client, order: Order) -> Iterable[Record]:
    """The invitation, or that it is gone; and the new one where it was sent again."""
    known = people.known_of(order)
    pending = list(people.invitations(client))
    if all(f"{INVITATION}{row['id']}" != order.target.id for row in pending):
        yield Gone(Account, order.target.id)
    for row in pending:
        if f"{INVITATION}{row['id']}" == order.target.id or (known and _is_to(known, row)):
            yield mapping.invitation(row, order.target.raw.get(mapping.IDENTITY) or {})


cancel_invitation = steps_action(
    ActionKind.REMOVE_ACCOUNT,
    Account,
    name="cancel_invitation",
    label="Cancel the invitation",
    effect="The invitation of {name} to the GitHub organisation {tenant} is cancelled and can no longer be accepted.",
    undo_effect="Undo sends a new invitation with the same role and teams.",
    steps=(
        Step("remember", "Remember whom it invites, and to which teams", remember),
        Step(
            "cancel", "Cancel the invitation", cancel, is_cancelled, invite_again, undo_is_done=is_invited_again,
            undo_is_repeatable=True,
        ),
    ),
    read_back=read_back,
    preview=preview,
    permissions=people.MEMBERS,
    applies=is_pending,
)


def _invitation(client: Client, account_id: str) -> Mapping[str, Any]:
    for row in people.invitations(client):
        if f"{INVITATION}{row['id']}" == account_id:
            return row
    raise TargetGone("The invitation was accepted, has expired or was cancelled.")


def _is_to(known: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    name = "login" if known["login"] else "email"
    return str(row.get(name) or "").lower() == str(known[name]).lower()

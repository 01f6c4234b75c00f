"""What can be done in GitHub: removing an account from the organisation, and inviting it again.

github.com has no suspending of accounts; removing is the nearest. What is removed is remembered first.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from connectors.base import (
    Account,
    ActionKind,
    Client,
    Gone,
    Membership,
    NotAvailable,
    Order,
    Privilege,
    Record,
    Step,
    StepResult,
    TargetGone,
    link_pages,
    steps_action,
)
from connectors.github import mapping
from connectors.github.reading import document, organisation_path, rows

MOST_TEAMS = 300
"""A person's teams are found by asking team after team, GitHub has no list of them by person."""


def remember(client: Client, order: Order) -> StepResult:
    """How the account is in the organisation: {place: member | outside | invitation, login, role, teams}."""
    if order.target.id.startswith(mapping.INVITATION):
        invited = _invitation(client, order.target.id)
        login = str(invited.get("login") or "")
        teams = list(_teams_of(client, login)) if login else []
        return {"place": "invitation", "login": login, "role": invited.get("role", ""), "teams": teams}
    login = _login(client, order)
    membership = _membership(client, login)
    if membership is not None:
        return {
            "place": "member",
            "login": login,
            "role": membership["role"],
            "teams": list(_teams_of(client, login)),
        }
    if _is_outside(client, order.target.id):
        return {"place": "outside", "login": login, "role": "outside collaborator"}
    raise TargetGone(f"{order.target.name} is no longer in the organisation.")


def remove(client: Client, order: Order) -> StepResult:
    """One call. What is gone already answers 404, and that is as good."""
    known = order.results["remember"]
    answer = client.delete(_address(client, order, known), expect=(404,))
    return {"was_there": answer.status != 404}


def is_removed(client: Client, order: Order) -> bool:
    known = order.results["remember"]
    if known["place"] == "member":
        return _membership(client, known["login"]) is None
    if known["place"] == "outside":
        return not _is_outside(client, order.target.id)
    return all(f"{mapping.INVITATION}{row['id']}" != order.target.id for row in _invitations(client))


def invite_again(client: Client, order: Order) -> StepResult:
    """An invitation with the same role, then the same teams. GitHub keeps role, teams and forks for three months."""
    known = order.results["remember"]
    if known["place"] == "outside":
        raise NotAvailable(
            "GitHub does not tell which repositories an outside collaborator could reach, so that cannot be restored.",
            remedy="Add the person in GitHub to the repositories again.",
        )
    if not known["login"]:
        raise NotAvailable(
            "The invitation was sent to an e-mail address; it cannot be sent again from here.",
            remedy="Invite the address again in GitHub: organisation > People > Invite member.",
        )
    role = "admin" if known["role"] == "admin" else "member"
    path = organisation_path(client, f"/memberships/{known['login']}")
    membership = document(client.put(path, json={"role": role}))
    restored = [team["name"] for team in known.get("teams", ()) if _join(client, team, known["login"])]
    return {"state": str(membership.get("state", "")), "teams": restored}


def refuse(client: Client, order: Order) -> str:
    """Oneself and the last owner are not removed."""
    if order.target.id == str(document(client.get("/user"), "id")["id"]):
        return "This is the account that Gatehouse is connected with. Reconnect with another account first."
    path = organisation_path(client, "/members")
    owners = rows(client.get(path, params={"role": "admin", "per_page": 2}), "id")
    if [str(owner["id"]) for owner in owners] == [order.target.id]:
        return "This is the last owner of the organisation. Make somebody else an owner first."
    return ""


def preview(client: Client, order: Order) -> tuple[str, ...]:
    known = remember(client, order)
    if known["place"] == "invitation":
        return ("The pending invitation is cancelled.",)
    if known["place"] == "outside":
        return ("An outside collaborator: access to every repository of the organisation ends.",)
    teams = [str(team["name"]) for team in known["teams"]]
    role = "an owner" if known["role"] == "admin" else "a member"
    return (
        f"{known['login']} is {role} and in {_counted(teams)}.",
        "Private forks of the organisation's repositories are deleted by GitHub.",
        "Access through an enterprise team, where there is one, stays.",
    )


def read_back(client: Client, order: Order) -> Iterable[Record]:
    """What GitHub says now of the target, its role and its teams."""
    if order.target.id.startswith(mapping.INVITATION):
        yield from _invitation_now(client, order.target.id)
        return
    answer = client.get(f"/user/{order.target.id}", expect=(404,))
    if answer.status == 404:
        yield from _gone(order)
        return
    user = document(answer, "id", "login")
    membership = _membership(client, str(user["login"]))
    if membership is None and not _is_outside(client, order.target.id):
        yield from _gone(order)
    elif membership is None:
        yield mapping.listed_user(user, is_admin=False, is_external=True)
    elif membership.get("state") == "pending":
        yield from _gone(order)
        yield from (mapping.invitation(row) for row in _invitations(client) if row.get("login") == user["login"])
    else:
        # Only the list of all members tells of two-factor authentication: what it last said stays.
        has_mfa = order.target.raw.get("hasTwoFactorEnabled")
        yield mapping.listed_user(
            user, is_admin=membership["role"] == "admin", is_external=False, has_mfa=has_mfa
        )


remove_account = steps_action(
    ActionKind.REMOVE_ACCOUNT,
    Account,
    name="remove_account",
    label="Remove from the organisation",
    effect="{name} is removed from the GitHub organisation {tenant}: membership, teams and access to its repositories "
    "end at once. A pending invitation is cancelled.",
    undo_effect="Undo sends {name} a new invitation with the same role and teams, which has to be accepted. An outside "
    "collaborator's repositories cannot be restored.",
    steps=(
        Step("remember", "Remember role and teams", remember),
        Step("remove", "Remove from the organisation", remove, is_removed, invite_again),
    ),
    read_back=read_back,
    refuse=refuse,
    preview=preview,
    permissions=("admin:org",),
)


def _login(client: Client, order: Order) -> str:
    """The login now: people rename themselves, the id stays."""
    return str(document(client.get(f"/user/{order.target.id}"), "login")["login"])


def _membership(client: Client, login: str) -> Mapping[str, Any] | None:
    answer = client.get(organisation_path(client, f"/memberships/{login}"), expect=(404,))
    return None if answer.status == 404 else document(answer, "state", "role")


def _is_outside(client: Client, account_id: str) -> bool:
    pages = link_pages(client, organisation_path(client, "/outside_collaborators"), {"per_page": 100})
    return any(str(row["id"]) == account_id for answer in pages for row in rows(answer, "id"))


def _invitations(client: Client) -> Iterator[Mapping[str, Any]]:
    pages = link_pages(client, organisation_path(client, "/invitations"), {"per_page": 100}, expect=(404,))
    for answer in pages:
        if answer.status != 404:
            yield from rows(answer, "id")


def _invitation(client: Client, account_id: str) -> Mapping[str, Any]:
    for row in _invitations(client):
        if f"{mapping.INVITATION}{row['id']}" == account_id:
            return row
    raise TargetGone("The invitation was accepted, has expired or was cancelled.")


def _invitation_now(client: Client, account_id: str) -> Iterator[Record]:
    try:
        yield mapping.invitation(_invitation(client, account_id))
    except TargetGone:
        yield Gone(Account, account_id)


def _teams_of(client: Client, login: str) -> Iterator[dict[str, Any]]:
    """Teams the person was put into: not those that only a child team brings along."""
    found: list[tuple[Mapping[str, Any], str]] = []
    asked = 0
    for answer in link_pages(client, organisation_path(client, "/teams"), {"per_page": 100}):
        for team in rows(answer, "id", "slug", "name"):
            asked += 1
            if asked > MOST_TEAMS:
                break
            membership = client.get(_team_path(client, str(team["slug"]), login), expect=(404,))
            if membership.status != 404:
                found.append((team, str(document(membership, "role")["role"])))
    parents = {(team.get("parent") or {}).get("id") for team, _ in found}
    for team, role in found:
        if team["id"] not in parents or _is_direct(client, team, login):
            yield {"id": str(team["id"]), "slug": team["slug"], "name": team["name"], "role": role}


def _is_direct(client: Client, team: Mapping[str, Any], login: str) -> bool:
    """Whether a member of a parent team is in it by itself; older servers do not tell."""
    path = organisation_path(client, f"/teams/{team['slug']}/members")
    people = (row for answer in link_pages(client, path, {"per_page": 100}) for row in rows(answer, "login"))
    return any(row["login"].lower() == login.lower() and row.get("inherited") is False for row in people)


def _join(client: Client, team: Mapping[str, Any], login: str) -> bool:
    """False when the team is gone meanwhile."""
    path = _team_path(client, str(team["slug"]), login)
    return client.put(path, json={"role": team["role"]}, expect=(404,)).status != 404


def _team_path(client: Client, slug: str, login: str) -> str:
    return organisation_path(client, f"/teams/{slug}/memberships/{login}")


def _address(client: Client, order: Order, known: StepResult) -> str:
    if known["place"] == "invitation":
        return organisation_path(client, f"/invitations/{order.target.id.removeprefix(mapping.INVITATION)}")
    if known["place"] == "outside":
        return organisation_path(client, f"/outside_collaborators/{known['login']}")
    return organisation_path(client, f"/memberships/{known['login']}")


def _gone(order: Order) -> Iterator[Gone]:
    """The account with the teams and the role that were remembered."""
    known = order.results.get("remember", {})
    yield Gone(Account, order.target.id)
    for team in known.get("teams", ()):
        yield Gone(Membership, Membership(group_id=team["id"], member_id=order.target.id).id)
    if known.get("role") == "admin":
        yield Gone(Privilege, Privilege(holder_id=order.target.id, name=mapping.OWNER).id)


def _counted(teams: list[str]) -> str:
    if not teams:
        return "no team"
    return f"{len(teams)} team{'s' if len(teams) > 1 else ''}: {', '.join(teams[:10])}"

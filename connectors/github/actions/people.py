"""Who somebody is in the organisation now, as the actions on accounts need to know it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from connectors.base import Account, Client, Gone, Order, Privilege, Record, StepResult, TargetGone, link_pages
from connectors.github import mapping, suspension
from connectors.github.ownership import is_app
from connectors.github.products import Product, product_of
from connectors.github.reading import PER_PAGE, document, organisation_path, rows

MEMBERS = ("admin:org", "members:write")
"""What changing members, teams and roles takes: the scope of an OAuth App, the permission of a GitHub App."""


def login_of(client: Client, order: Order) -> str:
    """The login now: people rename themselves, the id stays. Raises TargetGone for an account closed at GitHub."""
    return str(document(client.get(f"/user/{order.target.id}"), "login")["login"])


def membership_of(client: Client, login: str) -> Mapping[str, Any] | None:
    """{state, role}, active or pending; None for somebody else."""
    answer = client.get(organisation_path(client, f"/memberships/{login}"), expect=(404,))
    return None if answer.status == 404 else document(answer, "state", "role")


def member(client: Client, order: Order) -> tuple[str, str]:
    """Login and role of the target. Raises TargetGone where it is no member: setting a role would invite it."""
    login = login_of(client, order)
    membership = membership_of(client, login)
    if membership is None or membership["state"] != "active":
        raise TargetGone(
            f"{order.target.name} is not a member of the organisation.",
            why="The person has left, was removed, or has not accepted the invitation yet.",
            remedy="Look at the account in GitHub: organisation > People.",
        )
    return login, str(membership["role"])


def is_outside(client: Client, account_id: str) -> bool:
    pages = link_pages(client, organisation_path(client, "/outside_collaborators"), PER_PAGE)
    return any(str(row["id"]) == account_id for answer in pages for row in rows(answer, "id"))


def is_connected(client: Client, account_id: str) -> bool:
    """Whether this is the account that Gatehouse calls GitHub with; a GitHub App has none."""
    return not is_app(client) and account_id == str(document(client.get("/user"), "id")["id"])


def is_last_owner(client: Client, account_id: str) -> bool:
    path = organisation_path(client, "/members")
    owners = rows(client.get(path, params={"role": "admin", "per_page": 2}), "id")
    return [str(owner["id"]) for owner in owners] == [account_id]


def refuse_self(client: Client, order: Order) -> str:
    if is_connected(client, order.target.id):
        return "This is the account that Gatehouse is connected with. Reconnect with another account first."
    return ""


def refuse_self_and_last_owner(client: Client, order: Order) -> str:
    sentence = refuse_self(client, order)
    if not sentence and is_last_owner(client, order.target.id):
        return "This is the last owner of the organisation. Make somebody else an owner first."
    return sentence


def invitations(client: Client) -> Iterator[Mapping[str, Any]]:
    """Pending ones. None where people are managed by their enterprise: GitHub answers 404 there; none on a server."""
    if product_of(client.config) is Product.SERVER:
        return
    for answer in link_pages(client, organisation_path(client, "/invitations"), PER_PAGE, expect=(404,)):
        if answer.status != 404:
            yield from rows(answer, "id")


def account_now(client: Client, order: Order) -> Iterator[Record]:
    """What GitHub says of the account and whether it is an owner."""
    return suspension.noted(client, _account_now(client, order))


def _account_now(client: Client, order: Order) -> Iterator[Record]:
    answer = client.get(f"/user/{order.target.id}", expect=(404,))
    if answer.status == 404:
        yield from no_account(order)
        return
    user = document(answer, "id", "login")
    membership = membership_of(client, str(user["login"]))
    if membership is not None and membership["state"] == "active":
        yield from _member(order, user, membership)
        return
    if is_outside(client, order.target.id):
        yield mapping.listed_user(user, is_admin=False, is_external=True, **_second_factors(order))
        yield Gone(Privilege, _ownership(order))
    else:
        yield from no_account(order)
    if membership is not None:
        yield from (mapping.invitation(row) for row in invitations(client) if row.get("login") == user["login"])


def no_account(order: Order) -> Iterator[Gone]:
    yield Gone(Account, order.target.id)
    yield Gone(Privilege, _ownership(order))


def is_gone(records: Iterable[Record], order: Order) -> bool:
    """Whether `account_now` said that the account is no longer in the organisation."""
    return Gone(Account, order.target.id) in records


def is_no_member(records: Iterable[Record], order: Order) -> bool:
    """Whether `account_now` said that the account is gone, or an outside collaborator."""
    return is_gone(records, order) or any(isinstance(each, Account) and each.is_external for each in records)


def known_of(order: Order) -> StepResult:
    """What the first step remembered, empty before it ran."""
    return order.results.get("remember", {})


def _member(order: Order, user: Mapping[str, Any], membership: Mapping[str, Any]) -> Iterator[Record]:
    is_admin = membership["role"] == "admin"
    identity = order.target.raw.get(mapping.IDENTITY) or {}
    account = mapping.listed_user(
        user, is_admin=is_admin, is_external=False, identity=identity, **_second_factors(order)
    )
    yield account
    yield mapping.owner_privilege(account) if is_admin else Gone(Privilege, _ownership(order))


def _second_factors(order: Order) -> dict[str, Any]:
    """Only lists tell of two-factor authentication: what they last said stays."""
    raw = order.target.raw
    return {"has_mfa": raw.get(mapping.TWO_FACTOR), "has_weak_mfa": raw.get(mapping.TEXT_MESSAGES)}


def _ownership(order: Order) -> str:
    return Privilege(holder_id=order.target.id, name=mapping.OWNER).id

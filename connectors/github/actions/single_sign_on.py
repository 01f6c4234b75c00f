"""Single sign-on of a person's tokens and keys: without it they do not reach the organisation.

Only organisations with SAML single sign-on have it. GitHub has no say over passwords and web sessions.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from connectors.base import (
    Account,
    ActionKind,
    Client,
    Order,
    RateLimited,
    Record,
    Step,
    StepResult,
    link_pages,
    steps_action,
)
from connectors.github.actions import people
from connectors.github.actions.converting import is_active_member
from connectors.github.reading import PER_PAGE, organisation_path, rows

LOOK_AGAIN_S = 15.0
"""GitHub revokes later (202); it is looked again after so long."""
SINGLE_SIGN_ON = ("admin:org", "organization_administration:write")


def authorizations(client: Client, login: str) -> Iterator[Mapping[str, Any]]:
    """{credential_id, login, credential_type, token_last_eight, ...} of one person; of all where `login` is empty."""
    params = {**PER_PAGE, **({"login": login} if login else {})}
    for answer in link_pages(client, organisation_path(client, "/credential-authorizations"), params):
        yield from rows(answer, "credential_id", "login")


def remember(client: Client, order: Order) -> StepResult:
    """{login, ids}: of the tokens and keys that are authorised now."""
    login, _ = people.member(client, order)
    return {"login": login, "ids": [str(row["credential_id"]) for row in authorizations(client, login)]}


def revoke(client: Client, order: Order) -> StepResult:
    login = order.results["remember"]["login"]
    client.post(organisation_path(client, f"/credential-authorizations/{login}/revoke"))
    return {}


def settle(client: Client, order: Order) -> StepResult:
    """Waits until those that were there are gone; new ones are the person's who signed in again."""
    if not is_revoked(client, order):
        raise RateLimited("GitHub is still revoking the authorisations.", retry_after=LOOK_AGAIN_S)
    return {"revoked": len(order.results["remember"]["ids"])}


def is_revoked(client: Client, order: Order) -> bool:
    known = order.results["remember"]
    return not any(str(row["credential_id"]) in known["ids"] for row in authorizations(client, known["login"]))


def refuse(client: Client, order: Order) -> str:
    if people.is_connected(client, order.target.id):
        return "This is the account that Gatehouse is connected with: its own token would lose access."
    if not remember(client, order)["ids"]:
        return "None of this person's tokens and keys is authorised for the organisation."
    return ""


def preview(client: Client, order: Order) -> tuple[str, ...]:
    login, _ = people.member(client, order)
    kinds = [str(row.get("credential_type", "credential")) for row in authorizations(client, login)]
    counted = ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds))
    return (
        f"{login} has to authorise by single sign-on again: {counted}.",
        "Tools and scripts that use them are refused until then.",
        "What is open in a browser stays open until its single sign-on session ends.",
    )


def read_back(client: Client, order: Order) -> Iterable[Record]:
    return people.account_now(client, order)


require_sign_in = steps_action(
    ActionKind.REQUIRE_SIGN_IN,
    Account,
    name="require_sign_in",
    label="Require single sign-on again",
    effect="All tokens and keys of {name} lose access to the GitHub organisation {tenant} until that person authorises "
    "them again by single sign-on.",
    undo_effect="It cannot be undone from here: only {name} can authorise them again.",
    steps=(
        Step("remember", "Remember what is authorised", remember),
        Step("revoke", "Revoke all authorisations", revoke, is_revoked),
        Step("settle", "Wait until GitHub has done it", settle),
    ),
    read_back=read_back,
    refuse=refuse,
    preview=preview,
    permissions=SINGLE_SIGN_ON,
    applies=is_active_member,
)

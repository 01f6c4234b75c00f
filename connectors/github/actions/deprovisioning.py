"""Taking a member out by SCIM: the membership ends, and with it the link to the identity provider.

Only an organisation with SAML single sign-on of its own has it. GitHub has no other way to end that link.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from connectors.base import (
    Account,
    ActionKind,
    Client,
    Order,
    PermissionMissing,
    Record,
    Step,
    StepResult,
    steps_action,
)
from connectors.github import graphql
from connectors.github.actions import people, removing
from connectors.github.actions.converting import is_active_member
from connectors.github.graphql import QueryRefused

IDENTITIES = """
query($organization: String!, $login: String!) {
  organization(login: $organization) {
    samlIdentityProvider {
      externalIdentities(first: 10, login: $login) { nodes { guid scimIdentity { username } user { login } } }
    }
  }
}
"""
OFF = {"Operations": [{"op": "replace", "value": {"active": False}}]}


def remember(client: Client, order: Order) -> StepResult:
    """As removing.remember, with {scim_id, username} in the identity provider's words; '' where there is none."""
    known = dict(removing.remember(client, order))
    return {**known, **_identity(client, known["login"])}


def deprovision(client: Client, order: Order) -> StepResult:
    """GitHub then deletes the identity, so that once more it answers 404."""
    answer = client.patch(_path(client, order), json=OFF, expect=(404,))
    return {"was_there": answer.status != 404}


def is_deprovisioned(client: Client, order: Order) -> bool:
    gone = client.get(_path(client, order), expect=(404,)).status == 404
    return gone and people.membership_of(client, order.results["remember"]["login"]) is None


def refuse(client: Client, order: Order) -> str:
    sentence = people.refuse_self_and_last_owner(client, order)
    if not sentence and not _identity(client, people.login_of(client, order))["scim_id"]:
        return "The identity provider has not provisioned this account by SCIM. Remove it instead."
    return sentence


def preview(client: Client, order: Order) -> tuple[str, ...]:
    known = remember(client, order)
    return (
        *removing.preview(client, order),
        f"The link of {known['login']} to {known['username']} in the identity provider is deleted.",
        "The identity provider provisions the account again if it is still assigned there: take it away there, too.",
    )


def read_back(client: Client, order: Order) -> Iterable[Record]:
    return removing.read_back(client, order)


deprovision_account = steps_action(
    ActionKind.REMOVE_ACCOUNT,
    Account,
    name="deprovision_account",
    label="Deprovision by SCIM",
    effect="{name} is removed from the GitHub organisation {tenant} like by its identity provider: membership, teams "
    "and access end at once, and the link to the identity provider is deleted.",
    undo_effect="Undo sends {name} a new invitation with the same role and teams, which has to be accepted. The link "
    "to the identity provider does not come back by it: that is made by the provider or by signing on again.",
    steps=(
        Step("remember", "Remember role, teams and identity", remember),
        Step(
            "deprovision", "Deprovision", deprovision, is_deprovisioned, removing.invite_again,
            undo_is_done=removing.is_invited_again, undo_is_repeatable=True,
        ),
    ),
    read_back=read_back,
    refuse=refuse,
    preview=preview,
    permissions=people.MEMBERS,
    applies=is_active_member,
)  # fmt: skip


def _identity(client: Client, login: str) -> Mapping[str, str]:
    variables = {"organization": client.config["organization"], "login": login}
    try:
        found = graphql.ask(client, IDENTITIES, variables, _tells_of_identities)["organization"]["samlIdentityProvider"]
    except QueryRefused:
        raise PermissionMissing(
            "GitHub does not show this connection who is linked with the identity provider.",
            remedy="Choose Reconnect and grant all scopes, or give the GitHub App all permissions of the set-up guide.",
            permission=people.MEMBERS[0],
        ) from None
    for node in found["externalIdentities"]["nodes"] if found else ():
        is_same = str((node.get("user") or {}).get("login", "")).lower() == login.lower()
        if is_same and node.get("scimIdentity"):
            return {"scim_id": str(node["guid"]), "username": str(node["scimIdentity"].get("username") or "")}
    return {"scim_id": "", "username": ""}


def _tells_of_identities(data: Mapping[str, Any]) -> bool:
    """The provider is null where there is no single sign-on."""
    provider = (data.get("organization") or {}).get("samlIdentityProvider", "")
    return provider is None or (
        isinstance(provider, Mapping) and isinstance((provider.get("externalIdentities") or {}).get("nodes"), list)
    )


def _path(client: Client, order: Order) -> str:
    scim_id = order.results["remember"]["scim_id"]
    return f"/scim/v2/organizations/{client.config['organization']}/Users/{scim_id}"

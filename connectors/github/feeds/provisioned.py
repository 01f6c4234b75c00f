"""People whom the identity provider has given to the organisation and who are nobody at GitHub yet."""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base import Account, Capability, Client, Cursor, NotAvailable, Page, PermissionMissing, snapshot
from connectors.github import identities, mapping
from connectors.github.availability import NO_PROVISIONING
from connectors.github.budget import CORE, GRAPHQL
from connectors.github.graphql import QueryRefused
from connectors.github.ownership import is_app
from connectors.github.reading import document
from connectors.github.scopes import ADMIN_ORG, READ_MEMBERS, READ_ORG, held

END = "end"


@snapshot(
    Account,
    title="Identities without an account",
    serves=(Capability.ACCOUNTS,),
    permissions=(READ_ORG, ADMIN_ORG, READ_MEMBERS),
    limits=(CORE, GRAPHQL),
)
def unclaimed_identities(client: Client, cursor: Cursor) -> Iterator[Page]:
    """A hundred identities a call, of which the unclaimed ones are few. Who is invited stands among the accounts.

    Cursor: {"next": GraphQL's cursor of the next page, END after the last}.
    """
    after = cursor["next"] if cursor else ""
    while after != END:
        page = _page(client, after)
        found = [node for node in page["nodes"] if node and not (node["user"] or node["organizationInvitation"])]
        after = page["pageInfo"]["endCursor"] if page["pageInfo"]["hasNextPage"] else END
        yield Page([_account(client, node, page["issuer"]) for node in found], {"next": after})


def _page(client: Client, after: str) -> Mapping[str, Any]:
    try:
        page = identities.unclaimed(client, after)
    except QueryRefused:
        raise PermissionMissing(
            "GitHub does not show this connection the identities of single sign-on.",
            why="It shows them to owners of the organisation, and to an app that may read members.",
            remedy="Choose Reconnect and grant all scopes as an owner, or give the GitHub App all permissions of the "
            "set-up guide.",
            permission=READ_MEMBERS if is_app(client) else READ_ORG,
        ) from None
    if page is None:
        raise NotAvailable(NO_PROVISIONING)
    return page


def _account(client: Client, node: Mapping[str, Any], issuer: str | None) -> Account:
    known = {name: value for name, value in node.items() if name not in ("user", "organizationInvitation")}
    identity = {"addresses": [], "external": known, "provider": issuer or ""}
    return mapping.unclaimed_identity(identity, _scim(client, node))


def _scim(client: Client, node: Mapping[str, Any]) -> Mapping[str, Any]:
    """What SCIM has beside GraphQL, the provider's own id; empty for whom it does not have, or without its scope."""
    if not node["scimIdentity"] or not (is_app(client) or ADMIN_ORG in held(client.granted_scopes)):
        return {}
    path = f"/scim/v2/organizations/{client.config['organization']}/Users/{node['guid']}"
    answer = client.get(path, expect=(404,))
    return {} if answer.status == 404 else document(answer, "id")

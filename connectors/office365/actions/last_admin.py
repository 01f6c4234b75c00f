"""The last person who can do everything in a tenant: without one, nobody there could put anything right any more."""

from collections.abc import Iterator

from connectors.base import Client, NotAvailable
from connectors.base.entra_sign_in import GLOBAL_ADMINISTRATOR
from connectors.office365 import roles
from connectors.office365.mapping.groups import USER
from connectors.office365.mapping.roles import is_for_tenant
from connectors.office365.mapping.values import part, text
from connectors.office365.reading import Listing, found
from connectors.office365.scopes import ELIGIBILITY, is_granted

LAST = (
    "This is the last Global Administrator who can sign in, and nobody else could put it right. Give that role to "
    "somebody else first."
)


def refuse(client: Client, user_id: str) -> str:
    """A sentence for who is one, where no other is switched on; '' for everybody else."""
    holders = set(_people(client, roles.ASSIGNMENTS))
    if user_id not in holders:
        return ""
    others = {*holders, *_eligible(client)} - {user_id}
    return "" if any(_can_sign_in(client, each) for each in sorted(others)) else LAST


def _people(client: Client, listing: Listing) -> Iterator[str]:
    """Ids of those who hold the role, by themselves or through a group. Apps are none: nobody signs in as one."""
    for row in listing.rows(client):
        if text(row["roleDefinitionId"]) == GLOBAL_ADMINISTRATOR and is_for_tenant(row):
            holders = ({**part(row, "principal"), "id": row["principalId"]}, *roles.held_through(client, row))
            yield from (text(each["id"]) for each in holders if each.get("@odata.type") == USER)


def _eligible(client: Client) -> set[str]:
    """Who may take the role at any time; nobody where that cannot be read."""
    if not is_granted(ELIGIBILITY, client.granted_scopes):
        return set()
    try:
        return set(_people(client, roles.ELIGIBILITIES))
    except NotAvailable:
        return set()


def _can_sign_in(client: Client, user_id: str) -> bool:
    row = found(client, f"/users/{user_id}", "id,accountEnabled")
    return row is not None and row.get("accountEnabled") is not False

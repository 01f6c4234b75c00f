"""Directory roles: who holds one, for the whole tenant or a part of it, and who may take one at any time."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from connectors.base import (
    Account,
    Capability,
    Client,
    Cursor,
    HolderKind,
    NotAvailable,
    Page,
    Privilege,
    Record,
    snapshot,
)
from connectors.office365 import roles
from connectors.office365.components import USERS_AND_GROUPS
from connectors.office365.mapping import accounts
from connectors.office365.mapping import roles as mapping
from connectors.office365.mapping.groups import SERVICE_PRINCIPAL
from connectors.office365.mapping.values import part, text
from connectors.office365.reading import Listed, Listing, Row
from connectors.office365.scopes import ELIGIBILITY, ROLES, is_granted

HELD, ELIGIBLE, END = "held", "eligible", "end"


@snapshot(
    Account,
    Privilege,
    title="Directory roles",
    serves=(Capability.PRIVILEGES,),
    every=timedelta(hours=1),
    component=USERS_AND_GROUPS,
    permissions=(ROLES,),
)
def directory_roles(client: Client, cursor: Cursor) -> Iterator[Page]:
    """Service principals that hold a role come as accounts. Cursor: {"stage", "link": of its next page}."""
    at: dict[str, Any] = cursor or {"stage": HELD, "link": ""}
    if at["stage"] == HELD:
        for page in roles.ASSIGNMENTS.pages(client, at["link"]):
            at = {"stage": HELD if page.next else ELIGIBLE, "link": page.next}
            yield Page(_records(client, page, is_eligible=False), at)
    if at["stage"] == ELIGIBLE:
        for page in _eligible(client, roles.ELIGIBILITIES, at["link"]):
            at = {"stage": ELIGIBLE if page.next else END, "link": page.next}
            yield Page(_records(client, page, is_eligible=True), at)


def _eligible(client: Client, listing: Listing, link: str) -> Iterator[Listed]:
    """Nobody is, in a tenant without the licence for it."""
    if not is_granted(ELIGIBILITY, client.granted_scopes):
        yield Listed([], "", "")
        return
    try:
        yield from listing.pages(client, link)
    except NotAvailable:
        yield Listed([], "", "")


def _records(client: Client, page: Listed, *, is_eligible: bool) -> list[Record]:
    known = roles.definitions(client)
    found: list[Record] = []
    for row in page.rows:
        members = roles.held_through(client, row)
        services = [each for each in (part(row, "principal"), *members) if _is_service(each)]
        admins = roles.admin_ids(client) if services else ()
        found += [accounts.service_account(each, is_admin=each["id"] in admins) for each in services]
        holders = [(text(each["id"]), HolderKind.ACCOUNT) for each in members]
        holders.append((text(row["principalId"]), roles.holder_kind(row)))
        found += [mapping.privilege(row, known, *holder, is_eligible=is_eligible) for holder in holders]
    return found


def _is_service(row: Row) -> bool:
    return row.get("@odata.type") == SERVICE_PRINCIPAL and bool(row.get("id"))

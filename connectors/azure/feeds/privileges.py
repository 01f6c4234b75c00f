"""Who may do what where: role assignments at every scope, timed roles, and what is denied."""

from collections.abc import Iterator

from connectors.azure import assignments, ids, mapping
from connectors.azure.assignments import ACTIVE, ASSIGNED, DENIED, ELIGIBLE, TIMED, Place
from connectors.azure.budget import READS
from connectors.azure.reading import Listed, Row, page
from connectors.azure.roles import Roles
from connectors.azure.scopes import READER
from connectors.azure.tree import ABOVE, with_above
from connectors.base import Capability, Client, Cursor, NotAvailable, Page, Privilege, snapshot

WAYS = {ASSIGNED: "", ELIGIBLE: mapping.ELIGIBLE, ACTIVE: mapping.ACTIVATED}
END = "end"


@snapshot(
    Privilege,
    title="Role assignments",
    serves=(Capability.PRIVILEGES,),
    permissions=(READER,),
    partitions=with_above,
    limits=("", READS),
)
def role_assignments(client: Client, cursor: Cursor, partition: str) -> Iterator[Page]:
    """List after list of one subscription, or of what stands above all of them: there an assignment comes once, however
    many subscriptions inherit it.

    Cursor: {"place": id of the list being read, END after the last, "next": address of its next page}. The lists are
    asked for again on resuming; if the one that was read is gone by then, the pass begins anew.
    """
    subscription_id = "" if partition == ABOVE else partition
    places = assignments.within(subscription_id) if subscription_id else assignments.above(client)
    names = [*(each.id for each in places), END]
    at = cursor or {"place": names[0], "next": ""}
    start = names.index(at["place"]) if at["place"] in names else 0
    link, roles = at["next"] if names[start] == at["place"] else "", Roles(client, places[0].scope)
    for place, following in zip(places[start:], names[start + 1 :], strict=True):
        yield from _read(client, place, subscription_id, roles, link, following)
        link = ""


def _read(
    client: Client, place: Place, subscription_id: str, roles: Roles, link: str, following: str
) -> Iterator[Page]:
    while True:
        found = _page(client, place, link)
        kept = [row for row in found.rows if assignments.is_within(row, subscription_id)]
        link = found.next
        records = [each for row in kept for each in _records(row, place.sort, roles)]
        yield Page(records, {"place": place.id if link else following, "next": link})
        if not link:
            return


def _page(client: Client, place: Place, link: str) -> Listed:
    """Empty where the tenant's plan has no timed roles."""
    try:
        return page(client, place.path, place.version, link, place.query_filter)
    except NotAvailable:
        if place.sort not in TIMED:
            raise
        return Listed([], "")


def _records(row: Row, sort: str, roles: Roles) -> Iterator[Privilege]:
    if sort == DENIED:
        yield from mapping.denied(row)
        return
    holder, _ = mapping.holder_of(row)
    if not holder or (sort in TIMED and mapping.is_through_group(row)):
        return
    if sort == ACTIVE and not mapping.is_activated(row):
        return  # a plain assignment, listed as such
    definition = mapping.text(mapping.properties(row).get("roleDefinitionId"))
    yield mapping.held(row, roles.of(definition, mapping.scope_of(row) or ids.ROOT), WAYS[sort])

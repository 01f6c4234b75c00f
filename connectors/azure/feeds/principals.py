"""Who holds a role in Azure, before it ever acts: people, apps and groups, and who is in those groups."""

from collections.abc import Iterator, Sequence
from typing import Any

from connectors.azure import assignments, directory, mapping
from connectors.azure.assignments import DENIED
from connectors.azure.budget import READS
from connectors.azure.scopes import DIRECTORY, READER
from connectors.azure.tree import subscriptions
from connectors.base import (
    Account,
    Capability,
    Client,
    Cursor,
    Group,
    HolderKind,
    Membership,
    Page,
    PermissionMissing,
    Record,
    snapshot,
)


@snapshot(
    Account,
    Group,
    Membership,
    title="Who holds roles",
    serves=(Capability.ACCOUNTS, Capability.GROUPS),
    permissions=(READER, DIRECTORY),
    limits=("", READS),
)
def principals(client: Client, cursor: Cursor) -> Iterator[Page]:
    """First those whom role assignments name, then the people in each of the groups among them, nested ones included.

    Cursor: {"waiting": those to be looked up yet as "sort/id", "groups": those whose people are to be read yet, "next":
    address of the next page of the first of them, "closed": the subscriptions that did not let us in}. A subscription
    that is closed to us stops none of the others, but the pass is not complete then, so nobody is taken for gone.
    """
    at: dict[str, Any] = dict(cursor or _named(client))
    while at["waiting"]:
        block, at["waiting"] = at["waiting"][: directory.BLOCK], at["waiting"][directory.BLOCK :]
        yield Page(_looked_up(client, block), dict(at))
    while at["groups"]:
        records, at["next"] = _people(client, at["groups"][0], at["next"])
        if not at["next"]:
            at["groups"] = at["groups"][1:]
        yield Page(records, dict(at))
    if at["closed"]:
        raise _closed(at["closed"])


def _named(client: Client) -> dict[str, Any]:
    """Whom all the role assignments name. It takes a few calls a subscription and yields nothing yet."""
    found: dict[str, str] = {}
    closed: list[str] = []
    for subscription in subscriptions(client):
        places = [each for each in assignments.within(subscription.id) if each.sort != DENIED]
        try:
            rows = [row for place in places for row in assignments.holders(client, place)]
        except PermissionMissing:
            closed.append(subscription.name)
            continue
        found |= _holders(rows)
    try:
        places = [each for each in assignments.above(client) if each.sort != DENIED and not _is_told(each.scope)]
        found |= _holders([row for place in places for row in assignments.holders(client, place)])
    except PermissionMissing:
        closed.append("the management groups")
    groups = sorted(each for each, sort in found.items() if mapping.holder_kind(sort) is HolderKind.GROUP)
    return {"waiting": sorted(f"{sort}/{each}" for each, sort in found.items()), "groups": groups, "next": "",
            "closed": closed}  # fmt: skip


def _is_told(scope: str) -> bool:
    return scope.startswith("/subscriptions/")


def _holders(rows: Sequence[assignments.Row]) -> dict[str, str]:
    """Through whom a group holds a role is asked of the group."""
    named = (mapping.holder_of(row) for row in rows if not mapping.is_through_group(row))
    return {holder: sort for holder, sort in named if holder}


def _looked_up(client: Client, block: Sequence[str]) -> list[Record]:
    """Whom the directory does not know is shown all the same: the role assignment is still there."""
    sorts = {each.partition("/")[2]: each.partition("/")[0] for each in block}
    known = {each.id: each for each in directory.look_up(client, list(sorts))}
    return [known.get(each) or mapping.unknown(each, sort) for each, sort in sorts.items()]


def _people(client: Client, group_id: str, link: str) -> tuple[list[Record], str]:
    """A page of who is in a group, directly or through another one; none of a group that is gone."""
    found = directory.members(client, group_id, link)
    direct = directory.direct_members(client, group_id) if found.rows else frozenset()
    records: list[Record] = list(directory.look_up(client, [mapping.text(row["id"]).lower() for row in found.rows]))
    records += [
        mapping.membership(group_id, row, mapping.text(row["id"]).lower() not in direct) for row in found.rows
    ]
    return records, found.next


def _closed(names: Sequence[str]) -> PermissionMissing:
    shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    return PermissionMissing(
        f"Azure does not show who holds roles in: {shown}.",
        why="The app has no role there, or its role was taken away. All others were read.",
        remedy="Assign the role Reader to the app at the Tenant Root Group, so that it covers every subscription.",
        permission=READER,
    )

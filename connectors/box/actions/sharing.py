"""Collaborations: ending them, and inviting the same people again."""

from collections.abc import Iterable, Sequence
from contextlib import suppress

from connectors.base import Client, Conflict, Order, StepResult
from connectors.base.file_actions.access import Share
from connectors.box import ids, mapping, people
from connectors.box.actions import holding
from connectors.box.reading import Row


def share_of(row: Row) -> Share:
    """{id, role, kind, account, address, name}."""
    who = mapping.part(row, "accessible_by")
    address = mapping.text(row.get("invite_email")) or mapping.text(who.get("login"))
    return {
        "id": mapping.id_of(row["id"]),
        "role": mapping.text(row.get("role")),
        "kind": mapping.text(who.get("type")) or "user",
        "account": mapping.id_of(who.get("id")),
        "address": address,
        "name": mapping.text(who.get("name")) or address,
    }


def end(client: Client, order: Order, shares: Iterable[Share]) -> StepResult:
    """A collaboration that ended before is as good."""
    owner = holding.owner(client, order)
    for share in shares:
        owner.delete(f"/collaborations/{share['id']}", expect=(404,))
    return {}


def have_ended(client: Client, order: Order, shares: Sequence[Share]) -> bool:
    found = holding.item(client, order)
    left = {mapping.id_of(row["id"]) for row in holding.own_collaborations(client, order, found)}
    return not left & {str(share["id"]) for share in shares}


def invite_again(client: Client, order: Order, shares: Iterable[Share]) -> StepResult:
    """Who gets to it already is passed over. Who is from outside has to accept."""
    owner, (kind, number) = holding.owner(client, order), ids.parts(holding.file_id(order))
    listed = [share_of(row) for row in holding.own_collaborations(client, order, holding.item(client, order))]
    there = {_person(share) for share in listed}
    invited = []
    for share in shares:
        if _person(share) in there:
            continue
        body = {"item": {"type": kind, "id": number}, "role": share["role"], "accessible_by": _addressed(share)}
        with suppress(Conflict):  # is in it already, by another invitation
            owner.post("/collaborations", params={"notify": "false"}, json=body)
            invited.append(share["name"])
    return {"invited": invited}


def is_external(client: Client, share: Share) -> bool:
    """Groups are the enterprise's own."""
    return share["kind"] != "group" and people.is_outside(client, share["account"], share["address"])


def _person(share: Share) -> tuple[str, str]:
    return (share["kind"], share["account"] or share["address"].lower())


def _addressed(share: Share) -> dict[str, str]:
    named = {"id": share["account"]} if share["account"] else {"login": share["address"]}
    return {"type": share["kind"], **named}

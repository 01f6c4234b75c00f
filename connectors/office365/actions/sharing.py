"""Whom an item was given: ending that for some, and giving it to the same people again."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from connectors.base import Client, NotAvailable, Order, StepResult
from connectors.base.file_actions.access import Share
from connectors.office365.actions import holding
from connectors.office365.actions.links import WHO
from connectors.office365.domains import own_domains
from connectors.office365.mapping import sharing
from connectors.office365.mapping.sharing import Who
from connectors.office365.mapping.values import Row, moment, text

READ, WRITE = "read", "write"


def shares_now(client: Client, order: Order) -> list[Share]:
    """A share for each identity that a permission of the item itself names; links for named people among them."""
    told = (row for row in holding.own_permissions(client, order) if sharing.scope_of(row) not in WHO)
    return [share for row in told for share in _shares(client, row)]


def _shares(client: Client, row: Row) -> list[Share]:
    """{permission, who, address, object, name, role, roles, ends, is_external}: `object` in the directory, `who`: what
    tells them from others."""
    address = sharing.invited(row)
    if address:
        return [_share(client, row, Who(sharing.USER, "", address, address, ""), is_external=None)]
    return [_share(client, row, who, is_external=sharing.is_outside(who, own_domains(client)))
            for who in sharing.people_of(row)]  # fmt: skip


def _share(client: Client, row: Row, who: Who, *, is_external: bool | None) -> Share:
    is_elsewhere = who.email.rpartition("@")[2].lower() not in own_domains(client)
    end = moment(row.get("expirationDateTime"))
    return {
        "permission": text(row["id"]),
        "who": who.key.lower(),
        "address": who.email,
        "object": who.id if who.kind in (sharing.USER, sharing.GROUP) and _is_guid(who.id) else "",
        "name": who.name or who.email,
        "role": sharing.role_of(row),
        "roles": _roles(row),
        "ends": end.isoformat() if end else None,
        "is_external": is_elsewhere if is_external is None and who.email else bool(is_external),
    }


def _roles(row: Row) -> list[str]:
    """One that Graph gives; else as they are, which it does not give."""
    told = list(row.get("roles") or (READ,))
    return told if set(told) - {READ, WRITE} else [WRITE if WRITE in told else READ]


def _is_guid(value: str) -> bool:
    return len(value) == 36 and value.count("-") == 4


def is_external(client: Client, share: Share) -> bool:
    return bool(share["is_external"])


def end(client: Client, order: Order, shares: Sequence[Share]) -> StepResult:
    """A permission ends as a whole: of a link for several people, those who stay are given the item themselves first.
    What ended before is as good."""
    ending = {(each["permission"], each["who"]) for each in shares}
    there = sorted(shares_now(client, order), key=_permission)
    for permission, members in groupby(there, key=_permission):
        named = list(members)
        staying = [each for each in named if (permission, each["who"]) not in ending]
        if len(staying) < len(named):
            give_again(client, order, [each for each in staying if not _has_another(each, there)])
            client.delete(holding.path(order, f"/permissions/{permission}"), expect=(404,))
    return {}


def _permission(share: Share) -> str:
    return str(share["permission"])


def _has_another(share: Share, there: Iterable[Share]) -> bool:
    return any(each["who"] == share["who"] and each["permission"] != share["permission"] for each in there)


def have_ended(client: Client, order: Order, shares: Sequence[Share]) -> bool:
    left = {(each["permission"], each["who"]) for each in shares_now(client, order)}
    return not left & {(each["permission"], each["who"]) for each in shares}


def invite_again(client: Client, order: Order, shares: Sequence[Share]) -> StepResult:
    """Who gets to it already is passed over."""
    there = {each["who"] for each in shares_now(client, order)}
    return give_again(client, order, [each for each in shares if each["who"] not in there])


def give_again(client: Client, order: Order, shares: Sequence[Share]) -> StepResult:
    """{invited}. Without a mail. Raises NotAvailable for a group of the site, which Graph shares nothing with."""
    if any(not (each["object"] or each["address"]) for each in shares):
        names = ", ".join(each["name"] for each in shares if not (each["object"] or each["address"]))
        raise NotAvailable(
            f"Graph shares nothing with {names}.",
            why="It is a group of the site, or has no address.",
            remedy="Share it with them in SharePoint.",
        )
    higher = [each["name"] for each in shares if each["roles"] not in ([READ], [WRITE])]
    if higher:
        raise NotAvailable(
            f"Graph does not give {', '.join(higher)} the rights from before.",
            why="They had more than reading and writing, or rights made for this site.",
            remedy="Give them these rights in SharePoint.",
        )
    for share in shares:
        recipient = {"objectId": share["object"]} if share["object"] else {"email": share["address"]}
        body = {"recipients": [recipient], "roles": share["roles"], "requireSignIn": True, "sendInvitation": False}
        body |= {"expirationDateTime": share["ends"]} if share["ends"] else {}
        client.post(holding.path(order, "/invite"), json=body)
    return {"invited": [each["name"] for each in shares]}

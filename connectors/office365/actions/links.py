"""Sharing links that let in anybody, or everybody of the organisation: ending them, and making them again.

A link for people who are named is access of theirs, and ended as such.
"""

from typing import Any

from connectors.base import Client, Order, StepResult
from connectors.base.file_actions import links
from connectors.base.file_actions.links import SharedLinks
from connectors.office365 import components
from connectors.office365.actions import holding
from connectors.office365.mapping import sharing
from connectors.office365.mapping.values import Row, moment, part, text

Link = dict[str, Any]
WHO = {sharing.ANYBODY: "anybody who has it", sharing.COMPANY: "everybody in the organisation"}


def links_now(client: Client, order: Order) -> list[Link]:
    return [_link(row) for row in holding.own_permissions(client, order) if sharing.scope_of(row) in WHO]


def _link(row: Row) -> Link:
    """{id, type, scope, ends, has_password}: without its address, which is as good as a key."""
    end = moment(row.get("expirationDateTime"))
    return {
        "id": text(row["id"]),
        "type": text(part(row, "link").get("type")),
        "scope": sharing.scope_of(row),
        "ends": end.isoformat() if end else None,
        "has_password": row.get("hasPassword") is True,
    }


def remember(client: Client, order: Order) -> StepResult:
    """{name, parent, listed, links}."""
    return {**holding.sharing_now(client, order), "links": links_now(client, order)}


def close(client: Client, order: Order) -> StepResult:
    """A link that ended before is as good."""
    for link in links_now(client, order):
        client.delete(holding.path(order, f"/permissions/{link['id']}"), expect=(404,))
    return {}


def is_closed(client: Client, order: Order) -> bool:
    return not links_now(client, order)


def open_again(client: Client, order: Order) -> StepResult:
    """Links as they were, at other addresses. One that had a password does not come back without, and none that has
    ended meanwhile."""
    known = holding.known(order)["links"]
    if any(each["has_password"] for each in known):
        raise links.password_lost("Microsoft", "Make a new link")
    there = {(each["type"], each["scope"]) for each in links_now(client, order)}
    for link in known:
        if (link["type"], link["scope"]) not in there and not _is_over(client, link):
            body = {"type": link["type"], "scope": link["scope"]}
            body |= {"expirationDateTime": link["ends"]} if link["ends"] else {}
            client.post(holding.path(order, "/createLink"), json=body)
    return {}


def _is_over(client: Client, link: Link) -> bool:
    end = moment(link["ends"])
    return end is not None and end <= client.now()


def words(found: list[Link]) -> str:
    """As a part of a sentence; '' for none."""
    return " and ".join(
        links.words(WHO[each["scope"]], has_password=each["has_password"], until=each["ends"]) for each in found
    )


def _present(client: Client, order: Order) -> str:
    return words(links_now(client, order))


LINKS = SharedLinks(
    _present, remember, close, is_closed, open_again, holding.read_back, holding.PERMISSIONS, components.FILES
)

remove_link = LINKS.removing(
    label="Remove the sharing links",
    effect="Links to {name} that let in anybody, or everybody of the organisation, end in {tenant}. People who were "
    "given access themselves keep it.",
    undo_effect="Undo makes links with the same rights and ends at other addresses; none that had a password.",
)

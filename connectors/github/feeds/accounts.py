"""People: members with owners, outside collaborators, pending invitations."""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base import Account, Answer, Capability, Client, Cursor, Page, Privilege, Record, next_page, snapshot
from connectors.github import graphql, mapping, suspension
from connectors.github.budget import CORE, GRAPHQL
from connectors.github.graphql import QueryRefused
from connectors.github.ids import INVITATION
from connectors.github.ownership import need_all_members
from connectors.github.products import Product, product_of
from connectors.github.reading import PER_PAGE, organisation_path, rows
from connectors.github.scopes import READ_MEMBERS, READ_ORG, READ_USER

END = "end"


@snapshot(
    Account,
    Privilege,
    title="Accounts",
    serves=(Capability.ACCOUNTS, Capability.PRIVILEGES),
    permissions=(READ_ORG, READ_USER, READ_MEMBERS),
    limits=(CORE, GRAPHQL),
)
def accounts(client: Client, cursor: Cursor) -> Iterator[Page]:
    """Members with owners, then outside collaborators, then pending invitations.

    Members come from GraphQL, which alone has names and two-factor state; where it refuses them, from REST's lists.
    """
    at = cursor or {"stage": "members", "next": ""}
    if at["stage"] == "members":
        try:
            yield from _members(client, at["next"])
        except QueryRefused:
            need_all_members(client)
            at = {"stage": "owners", "next": ""}
        else:
            at = {"stage": "outside", "next": ""}
    for stage, following in _LISTS.items():
        if at["stage"] != stage:
            continue
        if stage == "invitations" and product_of(client.config) is Product.SERVER:
            return  # a server keeps no list of them
        yield from _listed(client, stage, at["next"], following)
        at = {"stage": following, "next": ""}


_LISTS = {"owners": "plain_members", "plain_members": "outside", "outside": "invitations", "invitations": END}
_ADDRESSES: dict[str, tuple[str, Mapping[str, Any]]] = {
    "owners": ("/members", {"role": "admin"}),
    "plain_members": ("/members", {"role": "member"}),
    "outside": ("/outside_collaborators", {}),
    "invitations": ("/invitations", {}),
}


def _members(client: Client, after: str) -> Iterator[Page]:
    while True:
        connection = graphql.members(client, after)
        people = [mapping.member(edge) for edge in connection["edges"] if edge and edge.get("node")]
        after = connection["pageInfo"]["endCursor"] if connection["pageInfo"]["hasNextPage"] else ""
        place = {"stage": "members", "next": after} if after else {"stage": "outside", "next": ""}
        yield Page(list(suspension.noted(client, _with_privileges(people))), place)
        if not after:
            return


def _listed(client: Client, stage: str, url: str, following: str) -> Iterator[Page]:
    """One of REST's lists from the page at `url` on, or from its first."""
    while True:
        answer = _list_page(client, stage, url)
        found = [] if answer.status == 404 else [_account(stage, row) for row in rows(answer, "id")]
        url = next_page(answer)
        place = {"stage": stage if url else following, "next": url}
        yield Page(list(suspension.noted(client, _with_privileges(found))), place)
        if not url:
            return


def _list_page(client: Client, stage: str, url: str) -> Answer:
    # Invitations answer 404 in organisations whose people are managed by their enterprise: there are none.
    expect = (404,) if stage == "invitations" else ()
    if url:
        return client.get(url, expect=expect)
    path, params = _ADDRESSES[stage]
    return client.get(organisation_path(client, path), params={**PER_PAGE, **params}, expect=expect)


def _account(stage: str, row: Mapping[str, Any]) -> Account:
    if stage == "invitations":
        return mapping.invitation(row)
    return mapping.listed_user(row, is_admin=stage == "owners", is_external=stage == "outside")


def _with_privileges(found: list[Account]) -> list[Record]:
    owners = [each for each in found if each.is_admin and not each.id.startswith(INVITATION)]
    return [*found, *(mapping.owner_privilege(each) for each in owners)]

"""People: members with owners, outside collaborators, invitations; and those who are kept out."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from connectors.base import (
    Account,
    Answer,
    Capability,
    Client,
    Cursor,
    Page,
    Privilege,
    Record,
    next_page,
    snapshot,
)
from connectors.github import graphql, identities, mapping, suspension
from connectors.github.budget import CORE, GRAPHQL
from connectors.github.graphql import QueryRefused
from connectors.github.ids import INVITATION
from connectors.github.ownership import need_all_members
from connectors.github.products import Product, product_of
from connectors.github.reading import PER_PAGE, organisation_path, rows
from connectors.github.scopes import ADMIN_ORG, READ_BLOCKS, READ_MEMBERS, READ_ORG, READ_USER
from connectors.github.second_factors import WEAK, SecondFactors, narrowed, of_list

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
    """Members with owners, then outside collaborators, then invitations: pending ones, and those that failed.

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
        if stage in _INVITED and product_of(client.config) is Product.SERVER:
            return  # a server keeps no list of them
        yield from _listed(client, stage, at["next"], following)
        at = {"stage": following, "next": ""}


@snapshot(
    Account,
    title="Blocked people",
    serves=(Capability.ACCOUNTS,),
    permissions=(ADMIN_ORG, READ_BLOCKS),
    limits=(CORE,),
)
def blocked_people(client: Client, cursor: Cursor) -> Iterator[Page]:
    """Whom the organisation has blocked: people who are not in it."""
    at = cursor or {"stage": "blocks", "next": ""}
    if at["stage"] != END:
        yield from _listed(client, "blocks", at["next"], END)


_LISTS = {
    "owners": "plain_members",
    "plain_members": "outside",
    "outside": "invitations",
    "invitations": "failed_invitations",
    "failed_invitations": END,
}
_ADDRESSES: dict[str, tuple[str, Mapping[str, Any]]] = {
    "owners": ("/members", {"role": "admin"}),
    "plain_members": ("/members", {"role": "member"}),
    "outside": ("/outside_collaborators", {}),
    "invitations": ("/invitations", {}),
    "failed_invitations": ("/failed_invitations", {}),
    "blocks": ("/blocks", {}),
}
_INVITED = ("invitations", "failed_invitations")
_NARROWED = {"owners": "/members", "plain_members": "/members", "outside": "/outside_collaborators"}
"""What can be narrowed to those without a second factor, or with a weak one."""
Rows = Sequence[Mapping[str, Any]]


def _members(client: Client, after: str) -> Iterator[Page]:
    connection = graphql.members(client, after)
    weak = SecondFactors(weak=narrowed(client, "/members", WEAK))
    while True:
        edges = [edge for edge in connection["edges"] if edge and edge.get("node")]
        known = identities.of_members(client, [str(edge["node"].get("login")) for edge in edges])
        people = [_member(edge, known.get(str(edge["node"].get("login")), {}), weak) for edge in edges]
        after = connection["pageInfo"]["endCursor"] if connection["pageInfo"]["hasNextPage"] else ""
        place = {"stage": "members", "next": after} if after else {"stage": "outside", "next": ""}
        yield Page(list(suspension.noted(client, _with_privileges(people))), place)
        if not after:
            return
        connection = graphql.members(client, after)


def _member(edge: Mapping[str, Any], identity: Mapping[str, Any], factors: SecondFactors) -> Account:
    return mapping.member(edge, identity, factors.has_weak_mfa(str(edge["node"]["databaseId"])))


def _listed(client: Client, stage: str, url: str, following: str) -> Iterator[Page]:
    """One of REST's lists from the page at `url` on, or from its first. It has logins alone: what else people show of
    themselves is asked for once a page."""
    factors = of_list(client, _NARROWED[stage]) if stage in _NARROWED else SecondFactors()
    while True:
        answer = _list_page(client, stage, url)
        listed = [] if answer.status == 404 else rows(answer, "id")
        found = _invited(client, listed) if stage in _INVITED else _people(client, stage, listed, factors)
        url = next_page(answer)
        place = {"stage": stage if url else following, "next": url}
        yield Page(list(suspension.noted(client, _with_privileges(found))), place)
        if not url:
            return


def _invited(client: Client, listed: Rows) -> list[Account]:
    known = identities.of_invitations(client, listed)
    return [mapping.invitation(row, known.get(str(row["id"]), {})) for row in listed]


def _people(client: Client, stage: str, listed: Rows, factors: SecondFactors) -> list[Account]:
    logins = [str(row.get("login")) for row in listed]
    profiles = graphql.profiles(client, logins)
    if stage == "blocks":
        return [mapping.blocked_user(row, profiles.get(str(row.get("login")), {})) for row in listed]
    known = identities.of_members(client, logins) if stage in ("owners", "plain_members") else {}
    return [
        mapping.listed_user(
            row,
            is_admin=stage == "owners",
            is_external=stage == "outside",
            has_mfa=factors.has_mfa(str(row["id"])),
            has_weak_mfa=factors.has_weak_mfa(str(row["id"])),
            profile=profiles.get(str(row.get("login")), {}),
            identity=known.get(str(row.get("login")), {}),
        )
        for row in listed
    ]


def _list_page(client: Client, stage: str, url: str) -> Answer:
    # They answer 404 in organisations whose people are managed by their enterprise: there are none.
    expect = (404,) if stage in _INVITED else ()
    if url:
        return client.get(url, expect=expect)
    path, params = _ADDRESSES[stage]
    return client.get(organisation_path(client, path), params={**PER_PAGE, **params}, expect=expect)


def _with_privileges(found: list[Account]) -> list[Record]:
    owners = [each for each in found if each.is_admin and not each.id.startswith(INVITATION)]
    return [*found, *(mapping.owner_privilege(each) for each in owners)]

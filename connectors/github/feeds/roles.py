"""Organisation roles, predefined and custom, and who holds them: people, by themselves or through a team, and teams."""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base import (
    Capability,
    Client,
    Cursor,
    HolderKind,
    NotAvailable,
    Page,
    Privilege,
    next_page,
    snapshot,
)
from connectors.github import mapping
from connectors.github.budget import CORE
from connectors.github.reading import PER_PAGE, document, objects, organisation_path, rows
from connectors.github.scopes import ADMIN_ORG, READ_ROLES

HOLDERS = {"users": HolderKind.ACCOUNT, "teams": HolderKind.GROUP}


@snapshot(
    Privilege,
    title="Organisation roles",
    serves=(Capability.PRIVILEGES,),
    permissions=(ADMIN_ORG, READ_ROLES),
    limits=(CORE,),
)
def organisation_roles(client: Client, cursor: Cursor) -> Iterator[Page]:
    """Role after role: the people that hold it, then the teams.

    Cursor: {"role": id of the role being read, '' at the end, "holders": users or teams, "next": address of the next
    page}. The roles are few and come in one answer, which is asked for again on resuming; if the role is gone by then,
    the pass begins anew.
    """
    parts = [(role, holders) for role in _roles(client) for holders in HOLDERS]
    places = [{"role": str(role["id"]), "holders": holders, "next": ""} for role, holders in parts]
    places.append({"role": "", "holders": "", "next": ""})
    at = cursor or places[0]
    start = places.index({**at, "next": ""}) if {**at, "next": ""} in places else 0
    for (role, holders), here, following in zip(parts[start:], places[start:], places[start + 1 :], strict=False):
        url = at["next"] if here == {**at, "next": ""} else ""
        yield from _holders(client, role, holders, url, here, following)


def _roles(client: Client) -> list[Mapping[str, Any]]:
    answer = client.get(organisation_path(client, "/organization-roles"), expect=(404,))
    if answer.status == 404:
        raise NotAvailable(
            "GitHub shows no organisation roles for this organisation.",
            why="Its plan has none, or the organisation was renamed.",
            remedy="Owners are read all the same, and it is looked at again each day. If the organisation was renamed, "
            "choose Edit details and put in its new login name.",
        )
    return objects(answer, document(answer, "roles")["roles"], "id")


def _holders(
    client: Client, role: Mapping[str, Any], holders: str, url: str, here: dict[str, str], following: dict[str, str]
) -> Iterator[Page]:
    path = organisation_path(client, f"/organization-roles/{role['id']}/{holders}")
    while True:
        # 404: the role was deleted since it was listed.
        answer = client.get(url, expect=(404,)) if url else client.get(path, params=PER_PAGE, expect=(404,))
        listed = [] if answer.status == 404 else rows(answer, "id")
        found = [mapping.held_role(role, row, HOLDERS[holders]) for row in listed]
        url = next_page(answer)
        yield Page(found, {**here, "next": url} if url else following)
        if not url:
            return

"""Roles and who holds them: people, by themselves or through a team, and teams."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.base import (
    Capability,
    Client,
    ConnectorError,
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

Row = Mapping[str, Any]
HOLDERS = {"users": HolderKind.ACCOUNT, "teams": HolderKind.GROUP}


@dataclass(frozen=True, slots=True)
class Roles:
    """A list of roles at `path`. `absent`: why there is none. `record`: what a role of a holder becomes."""

    path: str
    absent: ConnectorError
    record: Callable[[Row, Row, HolderKind], Privilege]


@snapshot(
    Privilege,
    title="Organisation roles",
    serves=(Capability.PRIVILEGES,),
    permissions=(ADMIN_ORG, READ_ROLES),
    limits=(CORE,),
)
def organisation_roles(client: Client, cursor: Cursor) -> Iterator[Page]:
    """Predefined and custom ones."""
    path = organisation_path(client, "/organization-roles")
    yield from read_roles(client, cursor, Roles(path, _no_roles(), mapping.held_role))


def read_roles(client: Client, cursor: Cursor, listed: Roles) -> Iterator[Page]:
    """Role after role: the people that hold it, then the teams.

    Cursor: {"role": id of the role being read, '' at the end, "holders": users or teams, "next": address of the next
    page}. The roles are few and come in one answer, which is asked for again on resuming; if the role is gone by then,
    the pass begins anew.
    """
    parts = [(role, holders) for role in _roles(client, listed) for holders in HOLDERS]
    places = [{"role": str(role["id"]), "holders": holders, "next": ""} for role, holders in parts]
    places.append({"role": "", "holders": "", "next": ""})
    at = cursor or places[0]
    start = places.index({**at, "next": ""}) if {**at, "next": ""} in places else 0
    for (role, holders), here, following in zip(parts[start:], places[start:], places[start + 1 :], strict=False):
        url = at["next"] if here == {**at, "next": ""} else ""
        yield from _holders(client, listed, role, holders, url, here, following)


def _no_roles() -> NotAvailable:
    return NotAvailable(
        "GitHub shows no organisation roles for this organisation.",
        why="Its plan has none, or the organisation was renamed.",
        remedy="Owners are read all the same, and it is looked at again each day. If the organisation was renamed, "
        "choose Edit details and put in its new login name.",
    )


def _roles(client: Client, listed: Roles) -> list[Row]:
    answer = client.get(listed.path, expect=(404,))
    if answer.status == 404:
        raise listed.absent
    return objects(answer, document(answer, "roles")["roles"], "id")


def _holders(
    client: Client, listed: Roles, role: Row, holders: str, url: str, here: dict[str, str], following: dict[str, str]
) -> Iterator[Page]:
    path = f"{listed.path}/{role['id']}/{holders}"
    while True:
        # 404: the role was deleted since it was listed.
        answer = client.get(url, expect=(404,)) if url else client.get(path, params=PER_PAGE, expect=(404,))
        found = [] if answer.status == 404 else rows(answer, "id")
        url = next_page(answer)
        records = [listed.record(role, holder, HOLDERS[holders]) for holder in found]
        yield Page(records, {**here, "next": url} if url else following)
        if not url:
            return

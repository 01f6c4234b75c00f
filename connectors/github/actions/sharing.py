"""The ways into a repository beside what every member may do: people, invitations, teams, deploy keys.

Each is listed, ended and given back alike. What was remembered is what is ended and given back, so that who is added
meanwhile stays.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.base import (
    Client,
    Collaborator,
    Credential,
    HolderKind,
    Listed,
    NotAvailable,
    Privilege,
    link_pages,
)
from connectors.github import ids, mapping
from connectors.github.actions.repositories import Repository, path_of
from connectors.github.actions.teams import slugs_now
from connectors.github.reading import PER_PAGE, document, organisation_path, rows

PERMISSIONS = {"read": "pull", "write": "push"}
"""GitHub tells of roles and takes permissions; the others have the same name, custom roles included."""

Share = Mapping[str, Any]
"""{id, name, role} and what it takes to give it back."""
Shares = Sequence[Share]
Rows = Sequence[Mapping[str, Any]]
"""As GitHub gives them."""
RowKey = tuple[type[Listed], str]
"""Kind and id of a row."""


@dataclass(frozen=True, slots=True)
class Way:
    """`list` says who has access in this way, `end` takes it away, `give_back` gives it back; both skip what is so
    already."""

    list: Callable[[Client, Repository], Shares]
    end: Callable[[Client, Repository, Shares], None]
    give_back: Callable[[Client, Repository, Shares], None]
    rows: Callable[[Repository, Share], Iterable[RowKey]]
    """The rows that the inventory has of a share."""


# --- people ---------------------------------------------------------------------------------------------------------


def outside_people(client: Client, found: Repository) -> Shares:
    return _people(client, found, "outside")


def direct_people(client: Client, found: Repository) -> Shares:
    """Members, too, that were given the repository themselves."""
    return _people(client, found, "direct")


def remove_people(client: Client, found: Repository, shares: Shares) -> None:
    for share in shares:
        login = _login(client, share["id"])
        if login:
            client.delete(path_of(found, f"/collaborators/{login}"), expect=(404,))


def invite_people(client: Client, found: Repository, shares: Shares) -> None:
    """Members are let in at once, others are invited; who is invited already keeps that invitation."""
    for share in shares:
        _invite(client, found, share["id"], share["role"])


def _people(client: Client, found: Repository, affiliation: str) -> Shares:
    listed = _listed(client, found, "/collaborators", "id", "login", "role_name", affiliation=affiliation)
    return [{"id": str(row["id"]), "name": row["login"], "role": row["role_name"]} for row in listed]


# --- invitations ----------------------------------------------------------------------------------------------------


def invitations(client: Client, found: Repository) -> Shares:
    """`account_id` is empty for an invitation by mail."""
    return [_invitation(row) for row in _listed(client, found, "/invitations", "id", "permissions")]


def cancel_invitations(client: Client, found: Repository, shares: Shares) -> None:
    for share in shares:
        client.delete(path_of(found, f"/invitations/{share['id']}"), expect=(404,))


def send_invitations(client: Client, found: Repository, shares: Shares) -> None:
    """Those to people whom GitHub knows. An invitation by mail cannot be sent again."""
    for share in shares:
        if share["account_id"]:
            _invite(client, found, share["account_id"], share["role"])


def _invitation(row: Mapping[str, Any]) -> Share:
    invitee = row.get("invitee") or {}
    return {
        "id": str(row["id"]),
        "name": str(invitee.get("login") or "somebody by e-mail"),
        "role": row["permissions"],
        "account_id": str(invitee.get("id") or ""),
    }


# --- teams ----------------------------------------------------------------------------------------------------------


def teams(client: Client, found: Repository) -> Shares:
    listed = _listed(client, found, "/teams", "id", "name", "permission")
    return [{"id": str(row["id"]), "name": row["name"], "role": row["permission"]} for row in listed]


def remove_teams(client: Client, found: Repository, shares: Shares) -> None:
    for path in _team_paths(client, found, shares).values():
        client.delete(path, expect=(404,))


def add_teams(client: Client, found: Repository, shares: Shares) -> None:
    """Those that are still there."""
    paths = _team_paths(client, found, shares)
    for share in shares:
        if share["id"] in paths:
            client.put(paths[share["id"]], json={"permission": PERMISSIONS.get(share["role"], share["role"])})


def _team_paths(client: Client, found: Repository, shares: Shares) -> dict[str, str]:
    slugs = slugs_now(client, {share["id"] for share in shares})
    return {
        number: organisation_path(client, f"/teams/{slug}{path_of(found)}") for number, slug in slugs.items()
    }


# --- deploy keys ----------------------------------------------------------------------------------------------------


def keys(client: Client, found: Repository) -> Shares:
    """`key` is the public half."""
    return [_key(row) for row in _listed(client, found, "/keys", "id", "key")]


def delete_keys(client: Client, found: Repository, shares: Shares) -> None:
    for share in shares:
        client.delete(path_of(found, f"/keys/{share['id']}"), expect=(404,))


def add_keys(client: Client, found: Repository, shares: Shares) -> None:
    """Raises NotAvailable where a key is in use elsewhere by now."""
    there = {_bare(share["key"]) for share in keys(client, found)}
    for share in shares:
        if _bare(share["key"]) in there:
            continue
        body = {"title": share["name"], "key": share["key"], "read_only": share["role"] == "read"}
        if client.post(path_of(found, "/keys"), json=body, expect=(422,)).status == 422:
            raise NotAvailable(
                f"GitHub does not take the deploy key {share['name']} back.",
                why="The same key is in use elsewhere, or the organisation allows no deploy keys any more.",
                remedy="Add another key in GitHub: the repository's Settings > Deploy keys.",
            )


def _key(row: Mapping[str, Any]) -> Share:
    return {
        "id": str(row["id"]),
        "name": str(row.get("title") or ""),
        "role": "read" if row.get("read_only") else "write",
        "key": str(row["key"]),
    }


def _bare(key: str) -> str:
    """Without its comment, which GitHub drops."""
    return " ".join(key.split()[:2])


# --- all of them ----------------------------------------------------------------------------------------------------


def _invite(client: Client, found: Repository, account_id: str, role: str) -> None:
    login = _login(client, account_id)
    if login:
        client.put(path_of(found, f"/collaborators/{login}"), json={"permission": PERMISSIONS.get(role, role)})


def _listed(client: Client, found: Repository, rest: str, *needed: str, **params: str) -> Rows:
    pages = link_pages(client, path_of(found, rest), {**PER_PAGE, **params})
    return [row for answer in pages for row in rows(answer, *needed)]


def _login(client: Client, account_id: str) -> str:
    """The login now, '' for an account closed at GitHub, which has no access any more."""
    answer = client.get(f"/user/{account_id}", expect=(404,))
    return "" if answer.status == 404 else str(document(answer, "login")["login"])


def _person_rows(found: Repository, share: Share) -> Iterable[RowKey]:
    return _given(found, share, share["id"], HolderKind.ACCOUNT)


def _team_rows(found: Repository, share: Share) -> Iterable[RowKey]:
    return _given(found, share, ids.team_share(share["id"]), HolderKind.GROUP)


def _given(found: Repository, share: Share, share_id: str, holder: HolderKind) -> Iterator[RowKey]:
    """The share, and the privilege that its role may be."""
    yield Collaborator, f"{found['id']}/{share_id}"
    right = mapping.repository_right(found["full_name"], share["id"], holder, {"role_name": share["role"]})
    if right:
        yield Privilege, right.id


def _invitation_rows(found: Repository, share: Share) -> Iterable[RowKey]:
    return ((Collaborator, f"{found['id']}/{ids.invited(share['id'])}"),)


def _key_rows(found: Repository, share: Share) -> Iterable[RowKey]:
    return (
        (Collaborator, f"{found['id']}/{ids.key_share(share['id'])}"),
        (Credential, ids.deploy_key(found["id"], share["id"])),
    )


PEOPLE = Way(direct_people, remove_people, invite_people, _person_rows)
OUTSIDE_PEOPLE = Way(outside_people, remove_people, invite_people, _person_rows)
INVITATIONS = Way(invitations, cancel_invitations, send_invitations, _invitation_rows)
TEAMS = Way(teams, remove_teams, add_teams, _team_rows)
KEYS = Way(keys, delete_keys, add_keys, _key_rows)

"""From GitHub's JSON to records of repositories and of who can reach them. Nothing here calls GitHub.

A repository is a File of kind "repository". Its exposure is how visible it is; that people from outside have access
shows in its Collaborators.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from connectors.base import AccountKind, Activity, ActivityCategory, Collaborator, Exposure, File, Outcome, Target
from connectors.github import ids
from connectors.github.audit_words import API_ACTIVITY
from connectors.github.mapping import moment
from connectors.github.mapping.events import GHOST, NO_TIME

KILOBYTE = 1024
EXPOSURES = {"public": Exposure.PUBLIC, "internal": Exposure.INTERNAL, "private": Exposure.PRIVATE}
"""`internal` is open to all members of the enterprise that owns the organisation."""

Row = Mapping[str, Any]


def repository(row: Row) -> File:
    """{id, name, full_name, visibility, size in KB, pushed_at or null where it is empty, ...}."""
    size = row.get("size")
    return File(
        id=ids.repository(row["id"]),
        name=_text(row.get("name")),
        kind="repository",
        path=_text(row.get("full_name")),
        owner_name=_text((row.get("owner") or {}).get("login")),
        exposure=_exposure(row),
        size=size * KILOBYTE if isinstance(size, int) else None,
        created_at=moment(row.get("created_at")),
        modified_at=moment(row.get("pushed_at")),
        url=_text(row.get("html_url")),
        raw=dict(row),
    )


def tree_file(row: Row, entry: Row) -> File:
    """A file of the repository `row`: an entry {path, mode, sha, size} of the tree of its default branch."""
    path, branch = str(entry["path"]), _text(row.get("default_branch"))
    size = entry.get("size")
    return File(
        id=ids.tree_file(row["id"], path),
        name=path.rpartition("/")[2],
        path=f"{_text(row.get('full_name'))}/{path}",
        parent_id=ids.repository(row["id"]),
        owner_name=_text((row.get("owner") or {}).get("login")),
        exposure=_exposure(row),
        size=size if isinstance(size, int) else None,
        url=f"{_text(row.get('html_url'))}/blob/{quote(branch)}/{quote(path)}",
        raw={**entry, "repository": _text(row.get("full_name"))},
    )


def person(repository_id: ids.Number, row: Row, *, is_external: bool | None) -> Collaborator:
    """A user of the list of collaborators, with `role_name`. `is_external` None: as the account is."""
    return Collaborator(
        file_id=ids.repository(repository_id),
        account_id=str(row["id"]),
        name=_text(row.get("login")),
        role=_text(row.get("role_name")),
        is_external=is_external,
        raw=dict(row),
    )


def invited(repository_id: ids.Number, row: Row) -> Collaborator:
    """{id, invitee or null, permissions}. Members get in at once: who has to be invited is from outside."""
    invitee = row.get("invitee") or {}
    return Collaborator(
        file_id=ids.repository(repository_id),
        account_id=str(invitee.get("id") or ""),
        name=_text(invitee.get("login")),
        role=_text(row.get("permissions")),
        is_external=True,
        is_pending=True,
        vendor_id=ids.invited(row["id"]),
        raw=dict(row),
    )


def team(repository_id: ids.Number, row: Row) -> Collaborator:
    """{id, name, permission}."""
    return Collaborator(
        file_id=ids.repository(repository_id),
        group_id=str(row["id"]),
        name=_text(row.get("name")),
        role=_text(row.get("permission")),
        is_external=False,
        vendor_id=ids.team_share(row["id"]),
        raw=dict(row),
    )


def key_holder(repository_id: ids.Number, row: Row) -> Collaborator:
    """{id, title, read_only}: whoever has the private half, mostly a machine somewhere else."""
    return Collaborator(
        file_id=ids.repository(repository_id),
        name=_text(row.get("title")),
        role="read" if row.get("read_only") else "write",
        is_external=True,
        vendor_id=ids.key_share(row["id"]),
        raw=dict(row),
    )


def pushed(repository: Row, row: Row) -> Activity:
    """An entry {id, ref, timestamp, activity_type, actor or null} of a repository's activity."""
    kind, actor = _text(row.get("activity_type")), row.get("actor") or {}
    name = _text(actor.get("login"))
    target = Target(kind="repository", id=str(repository["id"]), name=_text(repository.get("full_name")))
    branch = _text(row.get("ref")).removeprefix("refs/heads/")
    return Activity(
        id=f"activity:{row['id']}",
        occurred_at=moment(row.get("timestamp")) or NO_TIME,
        action=f"git.{kind}",
        category=ActivityCategory.USER,
        outcome=Outcome.SUCCESS,
        description=f"{kind.replace('_', ' ')} of {branch} by {name or 'somebody'}",
        actor_id=str(actor.get("id") or ""),
        actor_name=name,
        actor_kind=_actor_kind(actor, name),
        targets=(target,),
        ocsf_class=API_ACTIVITY,
        raw=dict(row),
    )


def _actor_kind(actor: Row, name: str) -> AccountKind | None:
    if name in ("", GHOST):
        return None
    return AccountKind.BOT if actor.get("type") == "Bot" else AccountKind.USER


def _exposure(row: Row) -> Exposure:
    """Older servers tell only whether it is private."""
    if "visibility" not in row and isinstance(row.get("private"), bool):
        return Exposure.PRIVATE if row["private"] else Exposure.PUBLIC
    return EXPOSURES.get(_text(row.get("visibility")), Exposure.UNKNOWN)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""

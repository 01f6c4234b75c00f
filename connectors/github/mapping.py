"""From GitHub's JSON to records. Nothing here calls GitHub; a missing or odd field never drops a record."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from connectors.base import (
    Account,
    AccountKind,
    AccountStatus,
    Activity,
    Group,
    HolderKind,
    Membership,
    Privilege,
    Target,
)
from connectors.github import audit_words

OWNER = "Organization owner"
INVITATION = "invitation:"
"""Begins the id of an account that is only an invitation: GitHub gives the invited person's login, never the id."""

NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""Of an event without any time: kept rather than dropped, at a moment that is the same at each read."""

MILLISECONDS_FROM = 100_000_000_000
"""Numbers above are milliseconds since 1970, below seconds."""


def member(edge: Mapping[str, Any]) -> Account:
    """An edge of GraphQL's membersWithRole: {role, hasTwoFactorEnabled, node{databaseId login name email ...}}."""
    node = edge["node"]
    return Account(
        id=str(node["databaseId"]),
        username=_text(node.get("login")),
        name=_text(node.get("name")),
        email=_text(node.get("email")),
        kind=_kind(node),
        is_external=False,
        is_admin=edge.get("role") == "ADMIN",
        has_mfa=edge.get("hasTwoFactorEnabled"),
        created_at=moment(node.get("createdAt")),
        url=_text(node.get("url")),
        raw=dict(edge),
    )


def listed_user(
    user: Mapping[str, Any], *, is_admin: bool, is_external: bool, has_mfa: bool | None = None
) -> Account:
    """A user as REST has it: in lists id and login, by itself also name, e-mail and creation date."""
    return Account(
        id=str(user["id"]),
        username=_text(user.get("login")),
        name=_text(user.get("name")),
        email=_text(user.get("email")),
        kind=_kind(user),
        is_external=is_external,
        is_admin=is_admin,
        has_mfa=has_mfa,
        created_at=moment(user.get("created_at")),
        url=_text(user.get("html_url")),
        raw=dict(user),
    )


def invitation(invited: Mapping[str, Any]) -> Account:
    """A pending invitation: {id, login or null, email or null, role, created_at}."""
    login, email = _text(invited.get("login")), _text(invited.get("email"))
    return Account(
        id=f"{INVITATION}{invited['id']}",
        username=login,
        email=email,
        status=AccountStatus.PENDING,
        is_external=None,
        is_admin=invited.get("role") == "admin",
        created_at=moment(invited.get("created_at")),
        raw=dict(invited),
    )


def owner_privilege(account: Account) -> Privilege:
    return Privilege(holder_id=account.id, name=OWNER, is_admin=True, raw=account.raw)


def held_role(role: Mapping[str, Any], holder: Mapping[str, Any], kind: HolderKind) -> Privilege:
    """An organisation role {id, name, base_role} of a user or team, whose `assignment` is direct, indirect or mixed."""
    return Privilege(
        holder_id=str(holder["id"]),
        holder_kind=kind,
        name=_text(role.get("name")) or str(role["id"]),
        is_admin=role.get("base_role") == "admin",
        raw={"role": dict(role), "holder": dict(holder)},
    )


def team(listed: Mapping[str, Any]) -> Group:
    """A team: {id, name, slug, description, privacy, parent}."""
    parent = listed.get("parent") or {}
    return Group(
        id=str(listed["id"]),
        name=_text(listed.get("name")) or _text(listed.get("slug")),
        description=_text(listed.get("description")),
        kind=_text(listed.get("privacy")),
        parent_id=str(parent["id"]) if parent.get("id") else "",
        url=_text(listed.get("html_url")),
        raw=dict(listed),
    )


def team_member(team_id: str, user: Mapping[str, Any]) -> Membership:
    """A user of a team's list; older servers leave out `role` and `inherited`."""
    return Membership(
        group_id=team_id,
        member_id=str(user["id"]),
        role=_text(user.get("role")) or "member",
        is_inherited=bool(user.get("inherited")),
    )


def event(found: Mapping[str, Any], repeats: dict[str, int]) -> Activity:
    """An event of the audit log. `repeats` counts equal events without an id and is kept from page to page."""
    action = _text(found.get("action")) or "unknown"
    actor = _text(found.get("actor"))
    targets = _targets(found)
    identity = _text(found.get("external_identity_nameid"))
    return Activity(
        id=_text(found.get("_document_id")) or _made_id(found, repeats),
        occurred_at=event_time(found),
        action=action,
        category=audit_words.category(action, _text(found.get("operation_type"))),
        outcome=audit_words.outcome(action, found),
        description=audit_words.sentence(action, actor, targets),
        actor_id=_id(found.get("actor_id")) if actor else "",
        actor_name=actor,
        actor_email=identity if "@" in identity else "",
        actor_kind=_actor_kind(found, actor),
        targets=targets,
        ip_address=_text(found.get("actor_ip")),
        country_code=_country(found.get("actor_location")),
        user_agent=_text(found.get("user_agent")),
        ocsf_class=audit_words.ocsf_class(action),
        raw=dict(found),
    )


def event_time(found: Mapping[str, Any]) -> datetime:
    """`@timestamp`, else `created_at`: milliseconds since 1970, or text."""
    return moment(found.get("@timestamp")) or moment(found.get("created_at")) or NO_TIME


def moment(value: Any) -> datetime | None:
    """Aware UTC from milliseconds or seconds since 1970, or from ISO-like text without zone taken as UTC."""
    if isinstance(value, bool) or value in (None, ""):
        return None
    try:
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value / 1000 if abs(value) >= MILLISECONDS_FROM else value, UTC)
        found = datetime.fromisoformat(str(value).replace(" UTC", "+00:00"))
    except (ValueError, OverflowError, OSError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _made_id(found: Mapping[str, Any], repeats: dict[str, int]) -> str:
    """For events without an id: a hash of what tells them apart, and a counter for those that are equal in all that."""
    parts = [event_time(found).isoformat(), *(found.get(name) for name in ("action", "actor", "repo", "user"))]
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:32]
    repeats[digest] = repeats.get(digest, 0) + 1
    return f"{digest}-{repeats[digest]}"


def _targets(found: Mapping[str, Any]) -> tuple[Target, ...]:
    targets = [
        Target(kind="account", id=_id(found.get(f"{name}_id")), name=_text(found.get(name)))
        for name in ("user", "blocked_user", "target_login", "invitee")
        if _text(found.get(name))
    ]
    if _text(found.get("team")):
        targets.append(Target(kind="group", name=_text(found.get("team"))))
    targets += [Target(kind="repository", name=name) for name in _texts(found.get("repo") or found.get("repository"))]
    if targets:
        return tuple(targets)
    organisation = next(iter(_texts(found.get("org") or found.get("business"))), "")
    return (Target(kind="organisation", id=_id(found.get("org_id")), name=organisation),) if organisation else ()


def _actor_kind(found: Mapping[str, Any], actor: str) -> AccountKind | None:
    if not actor:
        return None
    return AccountKind.BOT if found.get("actor_is_bot") or actor.endswith("[bot]") else AccountKind.USER


def _kind(user: Mapping[str, Any]) -> AccountKind:
    is_bot = user.get("type") == "Bot" or _text(user.get("login")).endswith("[bot]")
    return AccountKind.BOT if is_bot else AccountKind.USER


def _country(location: Any) -> str:
    """Recorded answers say `country_code`, the description says `country_name`; only codes are kept."""
    if not isinstance(location, Mapping):
        return ""
    code = _text(location.get("country_code") or location.get("country_name"))
    return code.upper() if len(code) == 2 else ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)


def _texts(value: Any) -> list[str]:
    """Enterprise-wide events may name several repositories."""
    values = value if isinstance(value, list) else [value]
    return [_text(each) for each in values if each]


def _id(value: Any) -> str:
    """Ids as text; GitHub writes 0 where there is nobody."""
    first = value[0] if isinstance(value, list) and value else value
    return str(first) if first else ""

"""Events of the audit log."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from connectors.base import AccountKind, Activity, Target
from connectors.github import audit_words
from connectors.github.mapping.values import id_of, moment, text, texts

GHOST = "ghost"
NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""Of an event without any time: kept rather than dropped, at a moment that is the same at each read."""


def event(found: Mapping[str, Any], repeats: dict[str, int]) -> Activity:
    """An event of the audit log. `repeats` counts equal events without an id and is kept from page to page."""
    action = text(found.get("action")) or "unknown"
    actor = text(found.get("actor"))
    targets = _targets(found)
    identity = text(found.get("external_identity_nameid"))
    return Activity(
        id=text(found.get("_document_id")) or _made_id(found, repeats),
        occurred_at=event_time(found),
        action=action,
        category=audit_words.category(action, text(found.get("operation_type"))),
        outcome=audit_words.outcome(action, found),
        description=audit_words.sentence(action, actor, targets),
        actor_id=id_of(found.get("actor_id")),
        actor_name=actor,
        actor_email=identity if "@" in identity else "",
        actor_kind=_actor_kind(found, actor),
        targets=targets,
        ip_address=text(found.get("actor_ip")),
        country_code=_country(found.get("actor_location")),
        user_agent=text(found.get("user_agent")),
        ocsf_class=audit_words.ocsf_class(action),
        raw=dict(found),
    )


def event_time(found: Mapping[str, Any]) -> datetime:
    """`@timestamp`, else `created_at`: milliseconds since 1970, or text."""
    return moment(found.get("@timestamp")) or moment(found.get("created_at")) or NO_TIME


def _made_id(found: Mapping[str, Any], repeats: dict[str, int]) -> str:
    """For events without an id: a hash of what tells them apart, and a counter for those that are equal in all that."""
    parts = [event_time(found).isoformat(), *(found.get(name) for name in ("action", "actor", "repo", "user"))]
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:32]
    repeats[digest] = repeats.get(digest, 0) + 1
    return f"{digest}-{repeats[digest]}"


def _targets(found: Mapping[str, Any]) -> tuple[Target, ...]:
    targets = [
        Target(kind="account", id=id_of(found.get(f"{name}_id")), name=text(found.get(name)))
        for name in ("user", "blocked_user", "target_login", "invitee")
        if text(found.get(name))
    ]
    if text(found.get("team")):
        targets.append(Target(kind="group", name=text(found.get("team"))))
    targets += [Target(kind="repository", name=name) for name in texts(found.get("repo") or found.get("repository"))]
    if targets:
        return tuple(targets)
    organisation = next(iter(texts(found.get("org") or found.get("business"))), "")
    return (Target(kind="organisation", id=id_of(found.get("org_id")), name=organisation),) if organisation else ()


def _actor_kind(found: Mapping[str, Any], actor: str) -> AccountKind | None:
    """None where nobody is named, or the account that GitHub puts in the place of all that were deleted."""
    if actor in ("", GHOST):
        return None
    return AccountKind.BOT if found.get("actor_is_bot") or actor.endswith("[bot]") else AccountKind.USER


def _country(location: Any) -> str:
    """Recorded answers say `country_code`, the description says `country_name`; only codes are kept."""
    if not isinstance(location, Mapping):
        return ""
    code = text(location.get("country_code") or location.get("country_name"))
    return code.upper() if len(code) == 2 else ""

"""An event that GitHub pushed, as an activity: what there is where a plan has no audit log. It names no address."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from connectors.base import AccountKind, Activity, ActivityCategory, Outcome, Target
from connectors.github import audit_words
from connectors.github.mapping.events import GHOST

USER_EVENTS = frozenset({"create", "delete", "fork", "push"})
AS_IN_AUDIT_LOG: Mapping[str, str] = {
    "organization.member_added": "org.add_member",
    "organization.member_removed": "org.remove_member",
    "organization.member_invited": "org.invite_member",
    "org_block.blocked": "org.block_user",
    "org_block.unblocked": "org.unblock_user",
    "membership.added": "team.add_member",
    "membership.removed": "team.remove_member",
    "member.added": "repo.add_member",
    "member.removed": "repo.remove_member",
    "member.edited": "repo.update_member",
    "repository.created": "repo.create",
    "repository.deleted": "repo.destroy",
    "repository.archived": "repo.archived",
    "repository.unarchived": "repo.unarchived",
    "repository.publicized": "repo.access",
    "repository.privatized": "repo.access",
    "repository.renamed": "repo.rename",
    "repository.transferred": "repo.transfer",
    "public": "repo.access",
    "deploy_key.created": "public_key.create",
    "deploy_key.deleted": "public_key.delete",
    "push": "git.push",
}
"""The names of the audit log, where it tells the same; else the event and its action, as pushed."""


def pushed_activity(event: str, payload: Mapping[str, Any], delivery_id: str, received_at: datetime) -> Activity:
    """`received_at` is when it happened, as far as one can know: events carry no time of their own."""
    pushed = ".".join(part for part in (event, _text(payload.get("action"))) if part)
    action = AS_IN_AUDIT_LOG.get(pushed, pushed)
    sender = _object(payload, "sender")
    actor, targets = _text(sender.get("login")), tuple(_targets(event, payload))
    is_user = event in USER_EVENTS
    return Activity(
        id=f"push:{delivery_id}",
        occurred_at=received_at,
        action=action,
        category=ActivityCategory.USER if is_user else ActivityCategory.ADMIN,
        outcome=Outcome.SUCCESS,
        description=audit_words.sentence(action, actor, targets),
        actor_id=_text(sender.get("id")),
        actor_name=actor,
        actor_kind=_kind(sender) if actor not in ("", GHOST) else None,
        targets=targets,
        ocsf_class=audit_words.ocsf_class(action),
        raw={"event": event, "delivery": delivery_id, **payload},
    )


def _targets(event: str, payload: Mapping[str, Any]) -> Iterator[Target]:
    """Whom and what it was done to; the organisation where nothing nearer is named."""
    found = [*_people(payload), *_things(payload)]
    yield from found
    if not found:
        organisation = _object(payload, "organization")
        name = _text(organisation.get("login")) or _text(_object(payload, "installation").get("app_slug")) or event
        yield Target(kind="organisation", id=_text(organisation.get("id")), name=name)


def _people(payload: Mapping[str, Any]) -> Iterator[Target]:
    for person in (
        _object(payload, "member"), _object(_object(payload, "membership"), "user"), _object(payload, "blocked_user"),
        _object(payload, "invitation"),
    ):
        name = _text(person.get("login")) or _text(person.get("email"))
        if name:
            yield Target(kind="account", id=_text(person.get("id")), name=name)


def _things(payload: Mapping[str, Any]) -> Iterator[Target]:
    team, repository, forkee = (_object(payload, name) for name in ("team", "repository", "forkee"))
    if team.get("id"):
        yield Target(kind="group", id=_text(team["id"]), name=_text(team.get("name")))
    for each in (repository, forkee):
        if each.get("id"):
            yield Target(kind="repository", id=_text(each["id"]), name=_text(each.get("full_name")))


def _kind(sender: Mapping[str, Any]) -> AccountKind:
    return AccountKind.BOT if sender.get("type") == "Bot" else AccountKind.USER


def _object(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = found.get(name)
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value)

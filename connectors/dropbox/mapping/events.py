"""Events of the team's log. They have no id: it is a hash of the whole event."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from connectors.base import AccountKind, Activity, Target
from connectors.dropbox import event_words
from connectors.dropbox.mapping.values import Row, moment, part, rows, tag, text

NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""Of an event without a time: kept rather than dropped, at a moment that is the same at each read."""
TEAM = Target(kind="organisation", name="the team")
"""Of an event that names nothing nearer."""
PEOPLE = ("team_member", "non_team_member", "trusted_non_team_member")


@dataclass(frozen=True, slots=True)
class Actor:
    id: str = ""
    name: str = ""
    email: str = ""
    kind: AccountKind | None = None


def events(found: Sequence[Row]) -> list[Activity]:
    """Of one page. Rows that are equal in all are counted, so that none of them is lost."""
    seen = Counter[str]()
    told = []
    for row in found:
        digest = hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()[:40]
        seen[digest] += 1
        told.append(_event(row, digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"))
    return told


def _event(row: Row, event_id: str) -> Activity:
    event_type, name = tag(row.get("event_type")) or "unknown", tag(row.get("event_category"))
    actor, targets = _actor(part(row, "actor")), tuple(_targets(row)) or (TEAM,)
    place = part(part(row, "origin"), "geo_location")
    description = text(part(row, "event_type").get("description")) or event_type.replace("_", " ")
    return Activity(
        id=event_id,
        occurred_at=moment(row.get("timestamp")) or NO_TIME,
        action=event_type,
        category=event_words.category(name, is_by_admin=tag(row.get("actor")) == "admin"),
        outcome=event_words.outcome(event_type),
        description=event_words.sentence(description, actor.name, targets[0].name),
        actor_id=actor.id,
        actor_name=actor.name,
        actor_email=actor.email,
        actor_kind=actor.kind,
        targets=targets,
        ip_address=text(place.get("ip_address")),
        country_code=_country(text(place.get("country"))),
        ocsf_class=event_words.ocsf_class(name, event_type),
        raw=dict(row),
    )


def _actor(union: Row) -> Actor:
    """A member, somebody from outside, an app, a reseller, Dropbox itself, or a visitor that nobody knows."""
    kind = tag(union)
    if kind in ("user", "admin"):
        return _person(part(union, kind))
    if kind == "app":
        found = part(union, kind)
        app_id = text(found.get("app_id"))
        return Actor(app_id, text(found.get("display_name")) or app_id, kind=AccountKind.SERVICE)
    if kind == "reseller":
        return Actor(name=text(union.get("reseller_name")), email=text(union.get("reseller_email")))
    if kind == "dropbox":
        return Actor(name="Dropbox", kind=AccountKind.SERVICE)
    return Actor(name="Anonymous visitor") if kind == "anonymous" else Actor(name=kind)


def _person(found: Row) -> Actor:
    email = text(found.get("email"))
    return Actor(_id_of(found), text(found.get("display_name")) or email, email, AccountKind.USER)


def _id_of(person: Row) -> str:
    """Members go by their id in the team, as in the list of members; others by that of their account."""
    return text(person.get("team_member_id")) or text(person.get("account_id"))


def _targets(row: Row) -> Iterator[Target]:
    """What it was done to, then whom it concerns."""
    for asset in rows(row, "assets"):
        yield _asset(asset)
    for each in rows(row, "participants"):
        yield from _participant(each)
    app = part(part(row, "details"), "app_info")
    if text(app.get("app_id")) or text(app.get("display_name")):
        yield Target(kind="app", id=text(app.get("app_id")), name=text(app.get("display_name")))
    context = part(row, "context")
    if tag(context) in PEOPLE and _id_of(context) != _actor(part(row, "actor")).id:
        yield _account(context)


def _asset(asset: Row) -> Target:
    path = part(asset, "path")
    where = text(path.get("contextual")) or text(part(path, "namespace_relative").get("relative_path"))
    name = text(asset.get("display_name")) or where.rpartition("/")[2]
    return Target(kind=tag(asset) or "file", id=text(asset.get("file_id")), name=name)


def _participant(union: Row) -> Iterator[Target]:
    kind = tag(union)
    if kind == "user":
        yield _account(part(union, kind))
    elif kind == "group":
        yield Target(kind="group", id=text(union.get("group_id")), name=text(union.get("display_name")))


def _account(person: Row) -> Target:
    return Target(kind="account", id=_id_of(person), name=text(person.get("display_name")) or text(person.get("email")))


def _country(value: str) -> str:
    """Two letters as in ISO 3166; the log was seen with those alone."""
    return value.upper() if len(value) == 2 and value.isalpha() and value.isascii() else ""

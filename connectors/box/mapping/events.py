"""Events of the enterprise's stream, and the apps that are seen in them."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from connectors.base import Activity, Grant, OAuthApp, Target
from connectors.box import event_words, ids
from connectors.box.mapping.accounts import kind_of
from connectors.box.mapping.values import id_of, is_somebody, moment, part, text

NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""Of an event without any time: kept rather than dropped, at a moment that is the same at each read."""
NO_ADDRESS = "Unknown IP"
ENFORCEMENTS = ("shield_download_enforcement", "shield_external_collab_enforcement", "shield_justification")
"""Members of the details in which Box Shield names the item and the person that it stopped."""
ENTERPRISE = Target(kind="organisation", name="the enterprise")
"""Of an event that names nothing nearer."""

Row = Mapping[str, Any]


def event(row: Row) -> Activity:
    """An event of either of the enterprise's streams, which give the same event the same id and time."""
    event_type = text(row.get("event_type")) or "unknown"
    actor = _actor(row)
    login, targets = text(actor.get("login")), tuple(_targets(row, actor)) or (ENTERPRISE,)
    name = text(actor.get("name")) or login
    address = text(row.get("ip_address"))
    return Activity(
        id=text(row.get("event_id")) or _made_id(row),
        occurred_at=moment(row.get("created_at")) or moment(row.get("recorded_at")) or NO_TIME,
        action=event_type,
        category=event_words.category(event_type),
        outcome=event_words.outcome(event_type),
        description=event_words.sentence(event_type, name, targets[0].name),
        actor_id=id_of(actor.get("id")),
        actor_name=name,
        actor_email=login if "@" in login else "",
        actor_kind=kind_of(actor) if actor else None,
        targets=targets,
        ip_address="" if address == NO_ADDRESS else address,
        user_agent=text(part(row, "additional_details").get("service_name")),
        ocsf_class=event_words.ocsf_class(event_type),
        raw=dict(row),
    )


def app_seen(row: Row) -> OAuthApp | None:
    """The app that an event came through. Box lists no apps, so this is inferred: name and last use, no scopes."""
    details = part(row, "additional_details")
    number = id_of(details.get("service_id"))
    if not number:
        return None
    name = text(details.get("service_name")) or number
    return OAuthApp(id=number, name=name, last_used_at=moment(row.get("created_at")), raw=dict(row))


def use_seen(row: Row) -> Grant | None:
    """That an account used the app: it must have let it in."""
    number, user = id_of(part(row, "additional_details").get("service_id")), part(row, "created_by")
    if not number or not is_somebody(user):
        return None
    return Grant(
        id=ids.grant(number, id_of(user["id"])),
        app_id=number,
        account_id=id_of(user["id"]),
        account_name=text(user.get("name")) or text(user.get("login")),
        last_used_at=moment(row.get("created_at")),
        raw=dict(row),
    )


def changed_item(row: Row) -> tuple[str, str]:
    """The id of the file, folder or web link that an event is about, and of its owner; '' where it does not say."""
    source = part(row, "source")
    owner = id_of(part(source, "owned_by").get("id"))
    kind, number = text(source.get("item_type")), id_of(source.get("item_id"))
    if not number:
        kind = next((each for each in (ids.FILE, ids.FOLDER) if id_of(source.get(f"{each}_id"))), "")
        number = id_of(source.get(f"{kind}_id"))
    is_known = kind in ids.KINDS and number and number != ids.ROOT and owner
    return (ids.item(kind, number), owner) if is_known else ("", "")


def _actor(row: Row) -> Row:
    """Who did it: the admin or service that acted in another's name, where one did. Empty for who is not known."""
    found = part(row, "action_by") or part(row, "created_by")
    return found if is_somebody(found) else {}


def _targets(row: Row, actor: Row) -> Iterator[Target]:
    """What it was done to, then whom it concerns besides the actor."""
    source, details = part(row, "source"), part(row, "additional_details")
    yield from _things(source)
    yield from _enforced(details)
    yield from _people(row, source, details, id_of(actor.get("id")))
    if id_of(details.get("group_id")):
        yield Target(kind="group", id=id_of(details["group_id"]), name=text(details.get("group_name")))


def _things(source: Row) -> Iterator[Target]:
    """Shapes 1 and 2 of a source: the item itself, or the item of a collaboration."""
    if id_of(source.get("item_id")) or text(source.get("item_name")):
        kind = text(source.get("item_type")) or ids.FILE
        number = id_of(source.get("item_id"))
        yield Target(kind=kind, id=ids.item(kind, number) if number else "", name=text(source.get("item_name")))
    for kind in (ids.FOLDER, ids.FILE):
        if id_of(source.get(f"{kind}_id")):
            number = id_of(source[f"{kind}_id"])
            yield Target(kind=kind, id=ids.item(kind, number), name=text(source.get(f"{kind}_name")))
    if id_of(source.get("barrier_id")):
        yield Target(kind="information barrier", id=id_of(source["barrier_id"]))


def _enforced(details: Row) -> Iterator[Target]:
    for name in ENFORCEMENTS:
        found = part(details, name)
        item = part(found, "item")
        if id_of(item.get("id")):
            kind = text(item.get("type")) or ids.FILE
            yield Target(kind=kind, id=ids.item(kind, id_of(item["id"])), name=text(item.get("name")))
        person = part(found, "access_user") or part(found, "invitee") or part(found, "user")
        yield from _person(person, set())


def _people(row: Row, source: Row, details: Row, actor_id: str) -> Iterator[Target]:
    """Shape 3 of a source (user, group), who was given access, whom an alert is about, for whom an admin acted."""
    alert = part(part(details, "shield_alert"), "user")
    named = {"id": source.get("user_id"), "name": source.get("user_name"), "type": "user"}
    others = [part(row, "accessible_by"), {**alert, "type": "user"} if alert else {}, named]
    if part(row, "action_by"):
        others.append(part(row, "created_by"))
    told = {("account", actor_id)}
    if text(source.get("type")):
        yield from _person(source, set())
        told.add(("account", id_of(source.get("id"))))
    for each in others:
        for target in _person(each, told):
            told.add((target.kind, target.id))
            yield target


def _person(found: Row, told: set[tuple[str, str]]) -> Iterator[Target]:
    kind = "account" if found.get("type") == "user" else text(found.get("type"))
    number = id_of(found.get("id"))
    name = text(found.get("name")) or text(found.get("login")) or text(found.get("email"))
    if (is_somebody(found) or name) and (kind, number) not in told:
        yield Target(kind=kind, id=number, name=name)


def _made_id(row: Row) -> str:
    """For an event without an id: a hash of all of it."""
    return hashlib.sha256(json.dumps(row, sort_keys=True, default=str).encode()).hexdigest()[:40]


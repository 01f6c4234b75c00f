"""What changed between two complete passes, noted as activities, for instances whose app keeps no log of its own.

Who did it is not known, nor when exactly: between the two times when the row was seen. Only what the app itself says is
compared, and nothing that one of the passes did not know.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from connectors.base import (
    Account,
    Activity,
    ActivityCategory,
    Collaborator,
    Credential,
    Device,
    File,
    Grant,
    Group,
    Listed,
    Membership,
    OAuthApp,
    Outcome,
    Privilege,
    Session,
    Target,
)
from portal.inventory import models
from portal.inventory.batches import Before, Written, parts

MOST_NOTED = 1_000
"""Rows of one kind that a sweep notes one by one; more are told in one sentence."""
SOURCE = "snapshot difference"
ACCOUNT_CHANGE, AUTHENTICATION, ENTITY_MANAGEMENT, USER_ACCESS, GROUP_MANAGEMENT = 3001, 3002, 3004, 3005, 3006
WEB_RESOURCES = 6001
"""Classes of OCSF."""

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Noting:
    """That differences are to be noted. `since`: when the pass before began, after which a new row has appeared."""

    since: datetime


@dataclass(frozen=True, slots=True)
class Watched:
    """`columns`: what is compared, by the word in the action's name. `described_by`: what `targets` needs beside them.

    A target without a name is looked up in the inventory.
    """

    word: str
    ocsf_class: int
    columns: Mapping[str, str]
    described_by: tuple[str, ...]
    targets: Callable[[Values], list[Target]]


@dataclass(frozen=True, slots=True)
class Difference:
    """`what` ends the action's name; `words` say it, with a place for the two times."""

    watched: Watched
    what: str
    words: str
    row: Values
    before: Any
    after: Any
    since: datetime


def _itself(kind: str, *names: str) -> Callable[[Values], list[Target]]:
    return lambda row: [Target(kind=kind, id=row["vendor_id"], name=_first(row, *names))]


def _membership(row: Values) -> list[Target]:
    return [Target(kind=row["member_kind"], id=row["member_id"]), Target(kind="group", id=row["group_id"])]


def _privilege(row: Values) -> list[Target]:
    name = f"{row['name']} on {row['scope']}" if row["scope"] else row["name"]
    return [Target(kind=row["holder_kind"], id=row["holder_id"]), Target(kind="privilege", name=name)]


def _collaborator(row: Values) -> list[Target]:
    kind, vendor_id = ("group", row["group_id"]) if row["group_id"] else ("account", row["account_id"])
    who = Target(kind=kind, id=vendor_id, name=_first(row, "name", "email") or ("" if vendor_id else "anyone"))
    return [Target(kind="file", id=row["file_id"]), who]


def _grant(row: Values) -> list[Target]:
    who = Target(kind="account", id=row["account_id"], name=row["account_name"])
    return [Target(kind="oauth_app", id=row["app_id"]), *([who] if who.id or who.name else [])]


def _credential(row: Values) -> list[Target]:
    account = Target(kind="account", id=row["account_id"], name=row["account_name"])
    file = Target(kind="file", id=row["file_id"], name=row["file_name"])
    itself = Target(kind="credential", id=row["vendor_id"], name=row["name"])
    return [itself, *(each for each in (account, file) if each.id or each.name)]


def _session(row: Values) -> list[Target]:
    account = Target(kind="account", id=row["account_id"])
    return [Target(kind="session", id=row["vendor_id"], name=_first(row, "ip_address", "user_agent")), account]


def _device(row: Values) -> list[Target]:
    itself = Target(kind="device", id=row["vendor_id"], name=row["name"])
    return [itself, Target(kind="account", id=row["account_id"])]


def _first(row: Values, *names: str) -> str:
    return next((str(row[name]) for name in names if row[name]), "")


WATCHED: Mapping[type[Listed], Watched] = {
    Account: Watched(
        "account", ACCOUNT_CHANGE,
        {"status": "status", "is_admin": "admin", "is_external_in_app": "external", "has_mfa": "mfa"},
        ("name", "username", "email"), _itself("account", "name", "username", "email"),
    ),
    Group: Watched("group", GROUP_MANAGEMENT, {}, ("name",), _itself("group", "name")),
    Membership: Watched(
        "membership", GROUP_MANAGEMENT, {"role": "role"}, ("group_id", "member_id", "member_kind"), _membership
    ),
    Privilege: Watched("privilege", USER_ACCESS, {}, ("holder_id", "holder_kind", "name", "scope"), _privilege),
    File: Watched(
        "file", WEB_RESOURCES, {"exposure_in_app": "exposure", "is_trashed": "trashed", "name": "name"}, ("name",),
        _itself("file", "name"),
    ),
    Collaborator: Watched(
        "collaborator", USER_ACCESS, {"role": "role"}, ("file_id", "account_id", "group_id", "name", "email"),
        _collaborator,
    ),
    OAuthApp: Watched(
        "oauth_app", ENTITY_MANAGEMENT, {"scopes": "scopes", "is_banned": "banned"}, ("name",),
        _itself("oauth_app", "name"),
    ),
    Grant: Watched(
        "grant", USER_ACCESS, {"scopes": "scopes", "is_active": "active"}, ("app_id", "account_id", "account_name"),
        _grant,
    ),
    Credential: Watched(
        "credential", ENTITY_MANAGEMENT, {"scopes": "scopes"},
        ("name", "account_id", "account_name", "file_id", "file_name"), _credential,
    ),
    Session: Watched("session", AUTHENTICATION, {}, ("account_id", "ip_address", "user_agent"), _session),
    Device: Watched("device", ENTITY_MANAGEMENT, {}, ("name", "account_id"), _device),
}
NAMED: Mapping[str, type[models.InventoryRow]] = {
    "account": models.Account, "group": models.Group, "file": models.File, "oauth_app": models.OAuthApp,
}


def reading(kind: type[Listed]) -> tuple[str, ...]:
    """The columns to know of a row before it is written."""
    watched = WATCHED[kind]
    return ("vendor_id", "seen_at", *watched.columns, *watched.described_by)


def of_batch(instance_id: int, written: Iterable[Written], noting: Noting, now: datetime) -> list[Activity]:
    """What the rows just written say of themselves that they did not say before."""
    found = [each for one in written for each in _of_kind(one, noting)]
    return [_activity(each, now) for each in _with_names(instance_id, found)]


def of_sweep(instance_id: int, kind: type[Listed], gone: Sequence[Before], now: datetime) -> list[Activity]:
    """Of rows that a pass did not list any more."""
    found = [_removed(WATCHED[kind], row) for row in gone]
    return [_activity(each, now) for each in _with_names(instance_id, found)]


def in_one_sentence(kind: type[Listed], number: int, noting: Noting, now: datetime) -> Activity:
    """For a sweep that took more rows than anybody reads."""
    watched = WATCHED[kind]
    words = f"{number:,} {watched.word.replace('_', ' ')} entries vanished {_between(noting.since, now)}."
    raw = {"source": SOURCE, "before": number, "after": 0}
    return _made(watched, "removed", (), words, raw, noting.since, now)


def _of_kind(written: Written, noting: Noting) -> Iterator[Difference]:
    watched, names = WATCHED[written.kind], reading(written.kind)
    for row in written.rows:
        after = {name: getattr(row, name) for name in names}
        before = written.before.get(row.vendor_id)
        if before is None or before["gone_at"] is not None:
            said = _said(watched, after)
            yield Difference(watched, "added", "Appeared {between}.", after, None, said, noting.since)
        else:
            yield from _changed(watched, before, after)
    for gone in written.gone:
        yield _removed(watched, gone)


def _changed(watched: Watched, before: Before, after: Values) -> Iterator[Difference]:
    for column, word in watched.columns.items():
        was, now = before[column], after[column]
        if _differs(was, now):
            words = f"Changed {{between}}: {word} {_word(was)} -> {_word(now)}"
            yield Difference(watched, f"{word}_changed", words, after, was, now, before["seen_at"])


def _removed(watched: Watched, row: Before) -> Difference:
    return Difference(watched, "removed", "Vanished {between}.", row, _said(watched, row), None, row["seen_at"])


def _said(watched: Watched, row: Values) -> dict[str, Any]:
    return {name: row[name] for name in (*watched.columns, *watched.described_by)}


def _differs(before: Any, after: Any) -> bool:
    """What was not known before, or is not now, is no change in the app."""
    if isinstance(before, list):
        return set(before) != set(after)
    unknown = (None, "", "unknown")
    return before not in unknown and after not in unknown and before != after


# --- in words -------------------------------------------------------------------------------------------------------


def _with_names(instance_id: int, found: list[Difference]) -> Iterator[tuple[Difference, tuple[Target, ...]]]:
    """Each with its targets, named as the inventory knows them."""
    targets = [each.watched.targets(each.row) for each in found]
    names = _names(instance_id, [target for some in targets for target in some if not target.name])
    for each, some in zip(found, targets, strict=True):
        yield each, tuple(
            target if target.name else replace(target, name=names.get((str(target.kind), target.id), ""))
            for target in some
        )


def _names(instance_id: int, targets: list[Target]) -> dict[tuple[str, str], str]:
    names: dict[tuple[str, str], str] = {}
    for kind, model in NAMED.items():
        for part in parts(sorted({each.id for each in targets if each.kind == kind})):
            rows: QuerySet[Any] = model._default_manager.filter(instance_id=instance_id, vendor_id__in=part)
            names.update({(kind, row.vendor_id): str(row) for row in rows.defer("raw")})
    return names


def _activity(found: tuple[Difference, tuple[Target, ...]], now: datetime) -> Activity:
    each, targets = found
    words = each.words.replace("{between}", _between(each.since, now), 1)
    raw = {"source": SOURCE, "before": each.before, "after": each.after}
    return _made(each.watched, each.what, targets, words, raw, each.since, now, str(each.row["vendor_id"]))


def _made(
    watched: Watched, what: str, targets: tuple[Target, ...], words: str, raw: dict[str, Any], since: datetime,
    now: datetime, vendor_id: str = "",
) -> Activity:
    """Its id is the same for the same difference, however often it is noted."""
    same = json.dumps([watched.word, what, vendor_id, raw["before"], raw["after"], since.isoformat()], default=str)
    return Activity(
        id=f"gatehouse-{hashlib.sha256(same.encode()).hexdigest()[:32]}",
        occurred_at=now,
        action=f"gatehouse.{watched.word}_{what}",
        category=ActivityCategory.ADMIN,
        outcome=Outcome.SUCCESS,
        description=words,
        targets=targets,
        ocsf_class=watched.ocsf_class,
        raw=raw,
    )


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(sorted(value)) or "none"
    return str(value)


def _between(since: datetime, now: datetime) -> str:
    return f"between {since:%Y-%m-%d %H:%M} and {now:%Y-%m-%d %H:%M} UTC"

"""Dropbox's recorded answers, and what they must become."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from connectors.base import (
    Account,
    AccountKind,
    AccountStatus,
    Activity,
    ActivityCategory,
    Conflict,
    ConnectorError,
    CredentialsRejected,
    NotAvailable,
    Outcome,
    PermissionMissing,
    RateLimited,
    TargetGone,
    Unavailable,
)
from tests.connectors.corpus import Recording, Refused, Row, Said, lines

Json = dict[str, Any]

ERRORS: dict[str, type[ConnectorError]] = {
    "not_found": TargetGone,
    "no_permission": PermissionMissing,
    "email_unverified": PermissionMissing,
}
"""By the innermost tag of a 409; all others are conflicts."""


def recordings(folder: Path) -> Iterator[Recording]:
    yield _events(json.loads((folder / "team-events-demisto.json").read_text(encoding="utf-8")))
    yield _member(json.loads((folder / "member-get-info-watermint.json").read_text(encoding="utf-8"))[0])


def _events(page: Json) -> Recording:
    """The page, and the same cursor with nothing new behind it."""
    told = {**page, "has_more": False}
    assert len(page["events"]) == 3
    rows = tuple(Row(Activity, _activity(each)) for each in page["events"])
    return Recording("demisto", "team_log", (Said("POST", "/2/team_log/get_events", told),), rows)


def _activity(event: Json) -> Json:
    admin, place = event["actor"]["admin"], event["origin"]["geo_location"]
    return {
        "action": event["event_type"][".tag"],
        "category": ActivityCategory.ADMIN,
        "outcome": Outcome.SUCCESS,
        "occurred_at": datetime.strptime(event["timestamp"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC),
        "actor_id": admin["team_member_id"],
        "actor_name": admin["display_name"],
        "actor_email": admin["email"],
        "actor_kind": AccountKind.USER,
        "ip_address": place["ip_address"],
        "country_code": place["country"],
        "raw": event,
    }


def _member(member: Json) -> Recording:
    """Recorded of an older call, which told one role in another way."""
    page = {"members": [member], "cursor": "AAAA", "has_more": False}
    profile = member["profile"]
    says = {
        "id": profile["team_member_id"],
        "name": profile["name"]["display_name"],
        "email": profile["email"],
        "status": AccountStatus.ACTIVE,
        "created_at": datetime(2016, 1, 15, 5, 42, 49, tzinfo=UTC),
    }
    return Recording("watermint", "members", (Said("POST", "/2/team/members/list_v2", page),), (Row(Account, says),))


def refusals(folder: Path) -> Iterator[Refused]:
    for taken in lines(folder / "vcr-dropbox_api.jsonl"):
        status = taken["response"]["status"]["code"]
        if status >= 400:
            path = urlsplit(taken["request"]["uri"]).path.removeprefix("/2")
            body, is_text = taken["response"]["body"], status == 400
            said = Said("POST", f"/2{path}", body if is_text else json.loads(body), status)
            yield Refused(taken["cassette"], path, said, _error(status, body))
    for taken in lines(folder / "replay-watermint.jsonl"):
        first = taken["responses"][0]
        headers = {"Retry-After": first["headers"].get("Retry-After", "")}
        error = RateLimited if first["code"] == 429 else Unavailable
        said = Said("POST", "/2/team/get_info", None, first["code"], headers)
        yield Refused(taken["path"], "/team/get_info", said, error)


def _error(status: int, body: str) -> type[ConnectorError]:
    if status == 400:
        return CredentialsRejected if "malformed" in body else NotAvailable
    if status == 401:
        return CredentialsRejected
    found = json.loads(body)["error_summary"]
    innermost = [part for part in found.split("/") if part.strip(".")][-1]
    return Conflict if status == 422 else ERRORS.get(innermost, Conflict)

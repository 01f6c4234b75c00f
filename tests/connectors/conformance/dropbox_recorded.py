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
    Collaborator,
    Conflict,
    ConnectorError,
    CredentialsRejected,
    Exposure,
    File,
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
    "not_authorized": NotAvailable,
}
"""By the innermost tag of a 409; all others are conflicts."""


def recordings(folder: Path) -> Iterator[Recording]:
    yield _events(json.loads((folder / "team-events-demisto.json").read_text(encoding="utf-8")))
    yield _files({each["cassette"]: each["response"]["body"] for each in _answers(folder)})
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


def _answers(folder: Path) -> list[Json]:
    """The last answer of each cassette counts."""
    return [each for each in lines(folder / "vcr-dropbox_api.jsonl") if each["response"]["status"]["code"] == 200]


def _files(said: dict[str, str]) -> Recording:
    """A listed home, of which one file has the recorded link, and the recorded revisions of a deleted file. Who the
    people are was never recorded with it."""
    listed = json.loads(said["list_folder/success.yml"])
    links = json.loads(said["list_shared_links/success_file_direct_only.yml"])
    revisions = json.loads(said["list_revisions/success.yml"])
    gone = {".tag": "deleted", "name": "file.txt", "path_lower": "/file.txt", "path_display": "/file.txt"}
    *folders, target = [each for each in listed["entries"] if "shared_folder_id" not in each]
    links["links"][0]["id"] = target["id"]
    profile = {"team_member_id": "dbmid:1", "member_folder_id": "7", "status": {".tag": "active"}}
    home = {"namespace_id": "7", "namespace_type": {".tag": "team_member_folder"}, "team_member_id": "dbmid:1"}
    missing = {".tag": "access_error", "access_error": {".tag": "invalid_file"}}
    answers = {
        "team/token/get_authenticated_admin": {"admin_profile": {"team_member_id": "dbmid:9"}},
        "team/namespaces/list": {"namespaces": [home], "cursor": "", "has_more": False},
        "team/members/get_info_v2": {"members_info": [{".tag": "member_info", "profile": profile}]},
        "files/list_folder": {**listed, "entries": [*listed["entries"], gone]},
        "files/list_revisions": revisions,
        "sharing/list_shared_links": links,
        "sharing/list_file_members/batch": [{"file": revisions["entries"][0]["id"], "result": missing}],
    }
    rows = [_file(each) for each in folders]
    rows.append(_file(target, exposure=Exposure.PUBLIC))
    rows.append(Row(Collaborator, {"file_id": target["id"], "is_public": True, "role": "viewer"}))
    rows.append(Row(File, {"id": revisions["entries"][0]["id"], "path": "/file.txt", "size": 12, "is_trashed": True}))
    said_of = tuple(Said("POST", f"/2/{route}", answer) for route, answer in answers.items())
    return Recording("files", "files", said_of, tuple(rows))


def _file(entry: Json, exposure: Exposure = Exposure.PRIVATE) -> Row:
    told = {"id": entry["id"], "name": entry["name"], "path": entry["path_display"], "kind": entry[".tag"]}
    return Row(File, {**told, "size": entry.get("size"), "exposure": exposure, "owner_id": "dbmid:1"})


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

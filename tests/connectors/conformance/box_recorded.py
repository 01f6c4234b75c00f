"""Box's recorded answers, and what they must become.

They are single bodies. Lists that the connector reads are put together of them: what stands in a folder is written as
the vendor's answers for single items have it, as the connector asks for the same members.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from connectors.base import (
    Account,
    AccountStatus,
    Activity,
    BadResponse,
    Collaborator,
    Conflict,
    ConnectorError,
    Device,
    Exposure,
    File,
    Group,
    Membership,
    PermissionMissing,
    Privilege,
    RateLimited,
    TargetGone,
    Unavailable,
)
from tests.connectors.corpus import Recording, Refused, Row, Said, lines

Json = dict[str, Any]

OWNER = "1111"
NOBODY_MORE = {"entries": [], "total_count": 0}
ME = {"type": "user", "id": OWNER, "role": "admin", "enterprise": {"type": "enterprise", "id": "918273"}}
ERRORS: dict[str, tuple[int, type[ConnectorError]]] = {
    "BoxResponseException400WithErrorAndErrorDescription": (400, BadResponse),
    "BoxResponseException403": (403, PermissionMissing),
    "BoxResponseException403WithRequestID": (403, PermissionMissing),
    "BoxResponseException404": (404, TargetGone),
    "BoxResponseException409": (409, Conflict),
    "BoxResponseException500": (500, Unavailable),
}


def recordings(folder: Path) -> Iterator[Recording]:
    bodies = {Path(each["path"]).stem: each["body"] for each in lines(folder / "java-sdk-fixtures.jsonl")}
    yield _people(bodies["GetAllEnterpriseUsersMarkerPagination200"])
    yield _groups(bodies["GetAllGroups200"], bodies["GetMembershipForAGroup200"])
    yield _events("events", bodies["GetEnterpriseEvents200"])
    for line in lines(folder / "guide-payloads.jsonl"):
        if "next_stream_position" in line["body"]:
            yield _events(line["section"], line["body"])
    yield _devices(bodies["GetAllEnterpriseDevicePins200"])
    yield _files(bodies)


def refusals(folder: Path) -> Iterator[Refused]:
    for each in lines(folder / "java-sdk-fixtures.jsonl"):
        name = Path(each["path"]).stem
        if name in ERRORS:
            status, error = ERRORS[name]
            yield Refused(name, "/files/1", Said("GET", ".*", each["body"], status), error)
    for line in lines(folder / "guide-payloads.jsonl"):
        if line["body"].get("status") == 429:
            yield Refused("too many calls", "/files/1", Said("GET", ".*", line["body"], 429), RateLimited)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _people(page: Json) -> Recording:
    said = (
        Said("GET", "/2.0/users", NOBODY_MORE, query={"marker": page["next_marker"]}),
        Said("GET", "/2.0/users", page, query={"usemarker": "true"}),
    )
    rows = (
        Row(
            Account,
            {
                "id": user["id"],
                "username": user["login"],
                "name": user["name"],
                "status": AccountStatus.ACTIVE,
                "created_at": _time(user["created_at"]),
                "raw": user,
            },
        )
        for user in page["entries"]
    )
    return Recording("people", "accounts", said, tuple(rows))


def _groups(groups: Json, people: Json) -> Recording:
    """Who was recorded in one group is in the first; the other is empty."""
    first, second = (group["id"] for group in groups["entries"])
    (member,) = people["entries"]
    said = (
        Said("GET", "/2.0/groups", groups),
        Said("GET", f"/2.0/groups/{first}/memberships", people),
        Said("GET", f"/2.0/groups/{second}/memberships", NOBODY_MORE),
    )
    rows = [Row(Group, {"id": group["id"], "name": group["name"], "raw": group}) for group in groups["entries"]]
    rows += [
        Row(Membership, {"group_id": first, "member_id": member["user"]["id"], "role": "admin"}),
        Row(Privilege, {"holder_id": member["user"]["id"], "scope": member["group"]["name"], "raw": member}),
    ]
    return Recording("groups", "groups", said, tuple(rows))


def _events(name: str, page: Json) -> Recording:
    """In the live stream; what comes twice is read twice and is one row."""
    here, after = "1152922986252290000", str(page["next_stream_position"])
    said = (
        Said("GET", "/2.0/events", {"next_stream_position": here, "entries": []}, query={"stream_position": "now"}),
        Said("GET", "/2.0/events", {"next_stream_position": "0", "entries": []}, query={"stream_type": "admin_logs"}),
        Said("GET", "/2.0/events", page, query={"stream_position": here}),
        Said("GET", "/2.0/events", {"next_stream_position": after, "entries": []}, query={"stream_position": after}),
    )
    rows = (
        Row(
            Activity,
            {
                "id": event["event_id"],
                "action": event["event_type"],
                "occurred_at": _time(event["created_at"]),
                "actor_name": event["created_by"]["name"],
                "ip_address": "",
                "raw": event,
            },
        )
        for event in page["entries"]
    )
    return Recording(name, "enterprise_events", said, tuple(rows))


def _devices(page: Json) -> Recording:
    said = (
        Said("GET", "/2.0/users/me", ME),
        Said("GET", "/2.0/enterprises/918273/device_pinners", page),
    )
    rows = (
        Row(Device, {"id": pin["id"], "name": "iPad", "account_id": pin["owned_by"]["id"], "raw": pin})
        for pin in page["entries"]
    )
    return Recording("devices", "devices", said, tuple(rows))


def _files(bodies: dict[str, Json]) -> Recording:
    """A shared file, one of another enterprise, a shared folder with a pending invitation below it; and trash."""
    shared, moved = bodies["CreateSharedLinkWithPassword201"], bodies["MoveFile200"]
    foreign, trashed = bodies["GetFileInfo200"], bodies["GetTrashedFileItemInfo200"]
    folder = {**bodies["UpdateFolderInfo200"], "has_collaborations": True, "is_externally_owned": False}
    given = bodies["GetCollaborationOnFolder200"]["entries"]
    # Its number is that of another one: those who published them gave all the same.
    waiting = {**bodies["GetPendingCollaborationInfo200"]["entries"][0], "id": "12346"}
    listed = [shared, moved, foreign, folder]
    said = (
        Said("GET", "/2.0/users/me", ME),
        Said("GET", "/2.0/users", {"entries": [{"id": OWNER, "login": "x", "role": "admin"}]}),
        Said("GET", "/2.0/folders/trash/items", {"entries": [trashed], "next_marker": ""}),
        Said("GET", "/2.0/folders/0/items", {"entries": [_owned(each) for each in listed], "next_marker": None}),
        Said("GET", f"/2.0/folders/{folder['id']}/items", {"entries": [], "next_marker": ""}),
        Said("GET", f"/2.0/folders/{folder['id']}/collaborations", {"entries": [*given, waiting]}),
    )
    rows = [
        Row(File, {"id": f"file:{shared['id']}", "name": "test.png", "exposure": Exposure.PUBLIC, "is_trashed": False}),
        Row(Collaborator, {"vendor_id": "link", "is_public": True, "role": "can_download, with password"}),
        Row(File, {"id": f"file:{moved['id']}", "name": moved["name"], "exposure": Exposure.PRIVATE}),
        Row(File, {"id": f"folder:{folder['id']}", "kind": "folder", "exposure": Exposure.INTERNAL}),
        Row(File, {"id": f"file:{trashed['id']}", "is_trashed": True, "exposure": Exposure.PRIVATE}),
    ]
    rows += [
        Row(Collaborator, {"vendor_id": each["id"], "role": each["role"], "email": each["accessible_by"]["login"]})
        for each in given
    ]
    rows.append(Row(Collaborator, {"vendor_id": waiting["id"], "is_pending": True}))
    return Recording("files", "files", said, tuple(rows))


def _owned(item: Json) -> Json:
    """By the user whose folders are read; what another enterprise owns says so itself."""
    return {**item, "owned_by": {**item["owned_by"], "id": OWNER}}

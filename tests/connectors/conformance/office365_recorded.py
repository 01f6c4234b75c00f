"""Records of Microsoft's logs that others recorded or published.

Sign-ins of the diagnostic export lack their time and result in the part that is Graph's: both are taken from the
wrapper around it. What is no record of a log (answers about users, groups, apps and files) is read by other tests.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from connectors.base import Activity, Unavailable
from tests.connectors.corpus import NOW, Recording, Refused, Row, Said, lines

Json = dict[str, Any]
FILTER = "%Y-%m-%dT%H:%M:%SZ"
RENAMED = {
    "OfficeWorkload": "Workload", "OfficeObjectId": "ObjectId", "OfficeId": "Id", "Client_IPAddress": "ClientIPAddress",
    "TimeGenerated": "CreationTime", "Logon_Type": "LogonType",
}  # fmt: skip
"""Columns of Log Analytics, which flattens records, and what Microsoft's records call them."""

def audit_records(folder: Path) -> Iterator[Json]:
    """Of the unified audit log, as the Management Activity API gives them."""
    yield from lines(folder / "unified_audit_log_invictus_excerpt.jsonl")
    for name in ("sekoia_o365_management_api", "panther_m365_audit"):
        yield from (each["event"] for each in lines(folder / f"{name}.jsonl"))
    for each in lines(folder / "ms_management_api_doc_examples.jsonl"):
        found = each["json"] if isinstance(each["json"], list) else [each["json"]]
        yield from (record for record in found if "Operation" in record)
    yield from (_unflattened(each) for each in lines(folder / "otrf_goldensaml_officeactivity.jsonl"))


def directory_audits(folder: Path) -> Iterator[Json]:
    """As Graph gives them, those of the diagnostic export taken out of their wrapper."""
    rows = [each["event"] for each in lines(folder / "sekoia_graph_directory_audits.jsonl")]
    yield from (row for row in rows if "activityDateTime" in row)
    for page in _pages(folder, "directoryaudit-list"):
        yield from page["value"]
    for event in _exported(folder):
        if "activityDateTime" in event["properties"]:
            yield event["properties"]


def sign_ins(folder: Path) -> Iterator[Json]:
    rows = [each["event"] for each in lines(folder / "sekoia_graph_directory_audits.jsonl")]
    yield from (row for row in rows if "createdDateTime" in row and "status" in row)
    for page in _pages(folder, "signin-list"):
        yield from page["value"]
    for event in _exported(folder):
        if "activityDateTime" not in event["properties"]:
            yield {"createdDateTime": event["time"], "resultType": event.get("resultType"), **event["properties"]}


def recordings(folder: Path) -> Iterator[Recording]:
    """What feeds read in one answer each: a page of the directory's audits, and one of sign-ins."""
    yield _report("directory_audits", "directoryAudits", "activityDateTime", directory_audits(folder))
    yield _report("sign_ins", "signIns", "createdDateTime", sign_ins(folder))


def _report(feed: str, path: str, time: str, found: Iterator[Json]) -> Recording:
    """The first window has them all, later ones have none."""
    rows = list(found)
    window = f"{time} ge {NOW - timedelta(days=30):{FILTER}} and {time} le {NOW - timedelta(days=29):{FILTER}}"
    said = (
        Said("GET", f"/v1.0/auditLogs/{path}", {"value": rows}, query={"$filter": window}),
        Said("GET", f"/v1.0/auditLogs/{path}", {"value": []}),
    )
    return Recording(feed, feed, said, tuple(Row(Activity, {"raw": each}) for each in rows))


def refusals(folder: Path) -> Iterator[Refused]:
    for each in lines(folder / "ms_management_api_doc_examples.jsonl"):
        if isinstance(each["json"], dict) and "error" in each["json"]:
            url = "https://manage.office.com/api/v1.0/x/activity/feed/subscriptions/list"
            said = Said("GET", ".*/subscriptions/list", each["json"], 500)
            yield Refused(each["json"]["error"]["code"], url, said, Unavailable)


def _pages(folder: Path, page: str) -> Iterator[Json]:
    for each in lines(folder / "ms_graph_doc_examples.jsonl"):
        if each["page"] == page and "value" in each["json"]:
            yield each["json"]


def _exported(folder: Path) -> Iterator[Json]:
    for each in lines(folder / "panther_entra_signin_and_audit.jsonl"):
        yield each["event"]


def _unflattened(row: Json) -> Json:
    told = {RENAMED.get(name, name): value for name, value in row.items()}
    return {**told, "Folders": json.loads(told["Folders"]) if isinstance(told.get("Folders"), str) else []}

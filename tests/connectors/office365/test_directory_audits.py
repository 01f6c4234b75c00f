"""The directory's audits on the simulator, by time."""

import re
from datetime import datetime, timedelta

import pytest

from connectors.base import ActivityCategory, Unavailable
from connectors.office365 import report_windows
from tests.connectors.office365.tenant import Tenant
from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.directory.audit_log import DAY
from tests.sandbox.microsoft.limits import Limit
from tests.sandbox.microsoft.moments import iso

FEED, HOST, PATH = "directory_audits", "graph.microsoft.com", "/auditLogs/directoryAudits"


@pytest.fixture(autouse=True)
def unlimited(tenant: Tenant) -> None:
    """The clock stands still here; that the limit is kept to is the portal's business."""
    tenant.state.limits["reports"] = Limit(10_000, 10.0)


def windows(tenant: Tenant) -> list[tuple[datetime, datetime]]:
    found = []
    for call in tenant.asked(HOST, PATH):
        asked = dict(call.query).get("$filter", "")
        match = re.fullmatch(r"activityDateTime ge (\S+) and activityDateTime le (\S+)", asked)
        if match and "$skiptoken" not in dict(call.query):
            found.append((datetime.fromisoformat(match[1]), datetime.fromisoformat(match[2])))
    return found


def add(tenant: Tenant, name: str, ago: float = 60.0) -> None:
    moment = tenant.sandbox.clock.now() - ago
    row: Json = {
        "id": name, "activityDateTime": iso(moment), "activityDisplayName": "Update user", "result": "success",
        "initiatedBy": {"user": {"id": "u", "userPrincipalName": "anna@contoso.com"}, "app": None},
        "targetResources": [], "additionalDetails": [],
    }  # fmt: skip
    tenant.state.audits.audits.append((moment, row))


def test_a_month_is_read_in_windows_that_share_their_borders(tenant: Tenant) -> None:
    found = tenant.read(FEED)
    held = {row["id"] for moment, row in tenant.state.audits.audits if moment >= tenant.sandbox.clock.now() - 30 * DAY}
    assert {each.id for each in found} == held
    assert {each.category for each in found} == {ActivityCategory.ADMIN}
    asked = windows(tenant)
    assert (asked[0][0], asked[-1][1]) == (tenant.now() - timedelta(days=30), tenant.now())
    assert [end for _, end in asked[:-1]] == [start for start, _ in asked[1:]]


def test_without_the_licence_there_is_a_week(tenant: Tenant) -> None:
    tenant.state.has_premium = False
    found = tenant.read(FEED)
    assert all(each.occurred_at >= tenant.now() - timedelta(days=7) for each in found)


def test_the_next_run_looks_back_some_hours_and_finds_what_is_late(tenant: Tenant) -> None:
    before = {each.id for each in tenant.read(FEED)}
    add(tenant, "late", ago=2 * 3600)
    tenant.sandbox.clock.advance(900)
    add(tenant, "new")
    again = tenant.read(FEED)
    assert {each.id for each in again} - before == {"late", "new"}
    assert windows(tenant)[-1] == (tenant.now() - timedelta(hours=3, minutes=15), tenant.now())


def test_pages_of_a_window_are_followed_and_a_run_that_ends_after_any_of_them_loses_nothing(tenant: Tenant) -> None:
    for number in range(30):
        add(tenant, f"many-{number}", ago=60 + number)
    tenant.state.largest_page = 7
    whole = {(each.id, each.occurred_at) for each in tenant.read(FEED)}
    assert {f"many-{number}" for number in range(30)} <= {name for name, _ in whole}
    tenant.cursors.clear()
    found = set()
    for _ in range(300):
        found |= {(each.id, each.occurred_at) for each in tenant.read(FEED, most=1)}
        if not (tenant.cursors[FEED, ""] or {})["to"]:
            break
    assert found == whole


def test_a_window_that_graph_cannot_answer_in_time_is_halved_down_to_an_hour(tenant: Tenant) -> None:
    tenant.read(FEED)
    tenant.sandbox.clock.advance(30 * 3600)
    tenant.state.is_down = True
    for _ in range(6):
        with pytest.raises(Unavailable):
            tenant.read(FEED)
    cursor = tenant.cursors[FEED, ""] or {}
    assert cursor["minutes"] == report_windows.SHORTEST
    tenant.state.is_down = False
    add(tenant, "after", ago=29 * 3600)
    assert "after" in {each.id for each in tenant.read(FEED)}
    assert (tenant.cursors[FEED, ""] or {})["minutes"] == report_windows.LONGEST


def test_a_page_that_graph_no_longer_knows_begins_its_window_anew(tenant: Tenant) -> None:
    for number in range(20):
        add(tenant, f"many-{number}", ago=60 + number)
    tenant.read(FEED)
    tenant.state.largest_page = 7
    tenant.sandbox.clock.advance(900)
    tenant.read(FEED, most=1)
    cursor = tenant.cursors[FEED, ""] or {}
    assert cursor["link"]
    link = cursor["link"].replace("top=250", "top=249")  # the page belongs to another list then
    tenant.cursors[FEED, ""] = {**cursor, "link": link}
    assert {f"many-{number}" for number in range(20)} <= {each.id for each in tenant.read(FEED)}

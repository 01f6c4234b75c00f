"""The activity feed on the simulator: subscriptions, windows, pages, blobs that are late, gone or listed twice."""

from datetime import timedelta

import pytest

from connectors.base import Activity, NotAvailable, PermissionMissing, RateLimited, Unavailable
from connectors.office365 import activity_content
from tests.connectors.office365.tenant import Tenant
from tests.sandbox.exchange import Exchange, Json
from tests.sandbox.microsoft.activity_feed.feed import CONTENT_TYPES, DAY
from tests.sandbox.microsoft.limits import Limit
from tests.sandbox.microsoft.seed import TENANT_ID
from tests.sandbox.microsoft.tenant import ACTIVITY_FEED

FEED, HOST = "activity_feed", "manage.office.com"
GENERAL, EXCHANGE = "Audit.General", "Audit.Exchange"


def keys(found: list[Activity]) -> set[tuple[object, str]]:
    return {(each.occurred_at, each.id) for each in found}


def held(tenant: Tenant, content_type: str) -> list[Json]:
    """The ids of all records that can be had now."""
    feed = tenant.state.feed
    return [
        record["Id"]
        for blob in feed.blobs(content_type, tenant.sandbox.clock.now())
        if not blob.is_lost
        for record in blob.records
    ]


def starts(tenant: Tenant) -> list[Exchange]:
    return [each for each in tenant.asked(HOST, "/subscriptions/start") if each.method == "POST"]


def windows(tenant: Tenant) -> list[dict[str, str]]:
    """What each list of blobs was asked for, first pages alone."""
    asked = [dict(each.query) for each in tenant.asked(HOST, "/subscriptions/content")]
    return [each for each in asked if "nextPage" not in each]


def test_each_content_type_is_a_part_of_its_own_and_the_directory_is_left_to_its_feeds(tenant: Tenant) -> None:
    partitions = tenant.client().connector.feed(FEED).partitions
    assert partitions is not None
    told = [each.id for each in partitions(tenant.client())]
    assert told == [each for each in CONTENT_TYPES if each != "Audit.AzureActiveDirectory"]


@pytest.mark.parametrize("content_type", [EXCHANGE, "Audit.SharePoint", GENERAL, "DLP.All"])
def test_a_week_is_read_and_records_that_come_twice_are_one_row(tenant: Tenant, content_type: str) -> None:
    found = tenant.read(FEED, content_type)
    told = [each for each in found if each.action != "Records lost"]
    assert {each.id for each in told} == set(held(tenant, content_type))
    assert len(keys(told)) == len(set(held(tenant, content_type))) < len(told)


def test_what_is_off_is_started_once_and_what_is_on_is_left_alone(tenant: Tenant) -> None:
    tenant.read(FEED, GENERAL)
    (start,) = starts(tenant)
    assert dict(start.query) == {"contentType": GENERAL, "PublisherIdentifier": TENANT_ID}
    tenant.sandbox.clock.advance(5 * 60)
    tenant.read(FEED, GENERAL)
    assert len(starts(tenant)) == 1


def test_a_type_that_was_stopped_is_started_again_but_not_within_a_quarter_of_an_hour(tenant: Tenant) -> None:
    tenant.read(FEED, GENERAL)
    tenant.state.feed.subscriptions[GENERAL].is_enabled = False
    tenant.sandbox.clock.advance(60)
    with pytest.raises(Unavailable, match="not started"):
        tenant.read(FEED, GENERAL)
    assert len(starts(tenant)) == 1
    tenant.cursors[FEED, GENERAL] = {**(tenant.cursors[FEED, GENERAL] or {}), "to": ""}
    tenant.sandbox.clock.advance(15 * 60)
    tenant.read(FEED, GENERAL)
    assert len(starts(tenant)) == 2


def test_being_sent_away_for_starting_too_soon_does_not_stop_the_reading(tenant: Tenant) -> None:
    tenant.state.feed.starts[GENERAL] = tenant.sandbox.clock.now() - 60
    tenant.state.feed.subscriptions.pop(GENERAL, None)
    with pytest.raises(Unavailable, match="not started"):
        tenant.read(FEED, GENERAL)
    assert [each.status for each in starts(tenant)] == [429]
    cursor = tenant.cursors[FEED, GENERAL] or {}
    assert cursor["asked"] == tenant.now().isoformat(), "the time is kept, so that it is not asked again at once"


def test_windows_are_short_within_a_week_and_written_without_a_zone(tenant: Tenant) -> None:
    tenant.read(FEED, GENERAL)
    asked = windows(tenant)
    oldest = (tenant.now() - timedelta(days=7)).strftime("%Y-%m-%dT%H:%M:%S")
    assert all(oldest <= each["startTime"] < each["endTime"] for each in asked)
    assert [each["endTime"] for each in asked[:-1]] == [each["startTime"] for each in asked[1:]]
    assert asked[-1]["endTime"] == "2026-11-28T12:00:00"
    assert all(each["PublisherIdentifier"] == TENANT_ID for each in asked)


def test_every_call_says_who_publishes(tenant: Tenant) -> None:
    tenant.state.feed.blobs_per_page = 1
    tenant.read(FEED, GENERAL)
    calls = tenant.asked(HOST)
    assert any("nextPage" in dict(each.query) for each in calls)
    assert any("/activity/feed/audit/" in each.path for each in calls)
    assert all(dict(each.query).get("PublisherIdentifier") == TENANT_ID for each in calls)


def test_the_next_run_fetches_new_blobs_alone(tenant: Tenant) -> None:
    tenant.read(FEED, GENERAL)
    before = len(tenant.asked(HOST, "/audit/"))
    tenant.sandbox.clock.advance(300)
    assert tenant.read(FEED, GENERAL) == []
    assert len(tenant.asked(HOST, "/audit/")) == before
    record = {"Id": "new-1", "CreationTime": "2026-11-28T12:01:00", "RecordType": 25, "Operation": "ChatCreated"}
    tenant.state.feed.put(GENERAL, [record], tenant.sandbox.clock.now() - 30)
    tenant.sandbox.clock.advance(1)
    assert [each.id for each in tenant.read(FEED, GENERAL)] == ["new-1"]


def test_a_blob_that_is_listed_hours_after_it_was_made_is_read(tenant: Tenant) -> None:
    tenant.read(FEED, GENERAL)
    late = {"Id": "late-1", "CreationTime": "2026-11-28T02:00:00", "RecordType": 25, "Operation": "ChatCreated"}
    tenant.state.feed.put(GENERAL, [late], tenant.sandbox.clock.now() - 8 * 3600, late_by=8 * 3600 + 60)
    tenant.sandbox.clock.advance(300)
    assert [each.id for each in tenant.read(FEED, GENERAL)] == ["late-1"]


def test_a_run_that_ends_after_any_page_loses_nothing(tenant: Tenant) -> None:
    whole = keys(tenant.read(FEED, GENERAL))
    tenant.cursors.clear()
    found: set[tuple[object, str]] = set()
    for _ in range(400):
        found |= keys(tenant.read(FEED, GENERAL, most=1))
        if not (tenant.cursors[FEED, GENERAL] or {})["to"]:
            break
    assert found == whole


def test_a_blob_that_is_gone_is_a_gap_that_the_log_tells_of(tenant: Tenant) -> None:
    (gap,) = [each for each in tenant.read(FEED, GENERAL) if each.action == "Records lost"]
    lost = next(each for each in tenant.state.feed.blobs(GENERAL, tenant.sandbox.clock.now()) if each.is_lost)
    assert gap.raw["contentId"] == lost.id
    assert abs(gap.occurred_at.timestamp() - lost.created_at) < 1
    assert "no longer gives records of Audit.General" in gap.description


def test_a_portal_that_rested_for_longer_than_a_week_says_what_is_lost(tenant: Tenant) -> None:
    tenant.read(FEED, EXCHANGE)
    tenant.sandbox.clock.advance(10 * DAY)
    (gap,) = tenant.read(FEED, EXCHANGE)
    assert (gap.action, gap.raw["contentId"]) == ("Records lost", "")
    assert gap.raw["from"] == "2026-11-28T12:00:00+00:00"
    assert gap.raw["to"] == "2026-12-01T12:10:00+00:00"


def test_a_page_that_is_no_longer_known_begins_its_window_anew(tenant: Tenant) -> None:
    tenant.state.feed.blobs_per_page = 1
    whole = keys(tenant.read(FEED, GENERAL))
    tenant.cursors.clear()
    found: set[tuple[object, str]] = set()
    cursor: Json = {}
    for _ in range(100):
        if cursor.get("link"):
            break
        found |= keys(tenant.read(FEED, GENERAL, most=1))
        cursor = tenant.cursors[FEED, GENERAL] or {}
    tenant.cursors[FEED, GENERAL] = {**cursor, "link": cursor["link"].replace("nextPage=", "nextPage=x")}
    assert found | keys(tenant.read(FEED, GENERAL)) == whole


def test_the_place_stays_small_however_many_blobs_there_are(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activity_content, "MOST_KNOWN", 20)
    tenant.state.feed.blobs_per_page = 50
    tenant.read(FEED, EXCHANGE)
    for number in range(60):
        record = {"Id": f"many-{number}", "CreationTime": "2026-11-28T12:00:30", "RecordType": 1}
        tenant.state.feed.put(EXCHANGE, [record], tenant.sandbox.clock.now() + number)
    tenant.sandbox.clock.advance(600)
    assert len(keys(tenant.read(FEED, EXCHANGE))) == 60
    assert len((tenant.cursors[FEED, EXCHANGE] or {})["seen"]) == 20
    # What it no longer knows is read again, which makes no second row; new ones are still found.
    tenant.state.feed.put(EXCHANGE, [{"Id": "new", "CreationTime": "2026-11-28T12:09:00"}], tenant.sandbox.clock.now())
    tenant.sandbox.clock.advance(300)
    again = tenant.read(FEED, EXCHANGE)
    assert "new" in {each.id for each in again}
    assert len(again) < 100


def test_auditing_that_is_off_and_a_tenant_without_licences_are_told(tenant: Tenant) -> None:
    tenant.state.feed.is_audited = False
    with pytest.raises(NotAvailable, match="Auditing is off"):
        tenant.read(FEED, GENERAL)
    tenant.state.feed.is_audited, tenant.state.feed.is_licensed = True, False
    with pytest.raises(NotAvailable, match="not set up") as refused:
        tenant.read(FEED, GENERAL)
    assert "licence" in refused.value.remedy


def test_a_pause_is_made_and_then_it_goes_on(tenant: Tenant) -> None:
    tenant.read(FEED, GENERAL)
    tenant.sandbox.clock.advance(1)
    tenant.state.limits["activity feed"] = Limit(1, 60.0)
    with pytest.raises(RateLimited):
        tenant.read(FEED, GENERAL)


def test_a_cloud_whose_activity_feed_is_not_known_says_so(tenant: Tenant) -> None:
    client = tenant.client()
    client.config = {**client.config, "cloud": "china"}
    partitions = client.connector.feed(FEED).partitions
    assert partitions is not None
    with pytest.raises(NotAvailable, match="does not say"):
        list(partitions(client))


def test_without_the_permission_the_admin_hears_which(tenant: Tenant) -> None:
    directory = tenant.state.directory
    resource = directory.service_principal_of(ACTIVITY_FEED)
    assert resource is not None
    resource.properties["appRoles"] = []
    with pytest.raises(PermissionMissing) as refused:
        tenant.read(FEED, GENERAL)
    assert refused.value.permission == "ActivityFeed.Read"

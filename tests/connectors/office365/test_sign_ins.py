"""Sign-ins on the simulator: Graph's report, the activity feed without Entra ID P1, and no doubles at either change."""

import uuid

import pytest

from connectors.base import Activity, ActivityCategory, Outcome, PermissionMissing
from connectors.office365.sign_in_sources import CONTENT_TYPE
from tests.connectors.office365.tenant import Tenant
from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.limits import Limit
from tests.sandbox.microsoft.moments import iso
from tests.sandbox.microsoft.tenant import GRAPH

FEED, REPORT, ACTIVITY = "sign_ins", "graph.microsoft.com", "manage.office.com"
HOUR, DAY = 3600.0, 86_400.0


@pytest.fixture(autouse=True)
def unlimited(tenant: Tenant) -> None:
    tenant.state.limits["reports"] = Limit(10_000, 10.0)


def signs_in(tenant: Tenant, number: int, ago: float = 60.0, late_by: float = 0.0) -> None:
    """Somebody does; both services tell of it, under the same id. `late_by`: seconds until the activity feed does."""
    moment = float(int(tenant.sandbox.clock.now() - ago))
    name = str(uuid.uuid5(uuid.NAMESPACE_OID, str(number)))
    row: Json = {
        "id": name, "createdDateTime": iso(moment), "userId": "u", "userPrincipalName": f"person{number}@contoso.com",
        "ipAddress": "1.2.3.4", "status": {"errorCode": 0},
    }  # fmt: skip
    tenant.state.audits.sign_ins.append((moment, row))
    record = {
        "Id": name, "CreationTime": iso(moment)[:19], "RecordType": 15, "Operation": "UserLoggedIn", "ErrorNumber": "0",
        "UserId": f"person{number}@contoso.com", "Workload": "AzureActiveDirectory", "ResultStatus": "Success",
    }  # fmt: skip
    tenant.state.feed.put(CONTENT_TYPE, [record], max(moment + 30, tenant.sandbox.clock.now() - 30), late_by=late_by)


def people(found: list[Activity]) -> list[str]:
    """Of those that signed in here, once for each row they are."""
    rows = {(each.id, each.occurred_at): each.actor_name for each in found}
    return sorted(name for name in rows.values() if name.startswith("person"))


def test_a_tenant_with_the_licence_is_read_from_graph_alone(tenant: Tenant) -> None:
    found = tenant.read(FEED)
    held = {row["id"] for _, row in tenant.state.audits.sign_ins}
    assert {each.id for each in found} == held
    assert {each.category for each in found} == {ActivityCategory.SIGN_IN}
    failed = [each for each in found if each.outcome is Outcome.FAILURE]
    assert 0 < len(failed) < len(found) / 5
    assert any("wrong user name or password (50126)" in each.description for each in failed)
    assert tenant.asked(ACTIVITY) == []


def test_a_tenant_without_it_is_read_from_the_activity_feed_and_sign_ins_alone(tenant: Tenant) -> None:
    tenant.state.has_premium = False
    found = tenant.read(FEED)
    held = {
        record["Id"]
        for blob in tenant.state.feed.blobs(CONTENT_TYPE, tenant.sandbox.clock.now())
        for record in blob.records
        if record["RecordType"] == 15
    }
    assert {each.id for each in found} == held != set()
    assert {each.category for each in found} == {ActivityCategory.SIGN_IN}
    assert len(tenant.asked(REPORT, "/auditLogs")) == 1
    tenant.sandbox.clock.advance(900)
    signs_in(tenant, 1)
    assert people(tenant.read(FEED)) == ["person1@contoso.com"]
    assert len(tenant.asked(REPORT, "/auditLogs")) == 1, "it is not asked again at each run"


def test_a_licence_that_comes_later_makes_no_doubles_and_loses_nothing(tenant: Tenant) -> None:
    tenant.state.has_premium = False
    found = tenant.read(FEED)
    tenant.sandbox.clock.advance(DAY - HOUR)
    signs_in(tenant, 1)
    signs_in(tenant, 2, ago=120, late_by=5 * HOUR)
    found += tenant.read(FEED)
    tenant.sandbox.clock.advance(2 * HOUR)
    tenant.state.has_premium = True
    found += tenant.read(FEED)  # the day is over: it is asked for the licence, and Graph takes over here
    for number, wait in ((3, 900.0), (4, 6 * HOUR), (5, 20 * HOUR), (6, 900.0)):
        tenant.sandbox.clock.advance(wait)
        signs_in(tenant, number)
        found += tenant.read(FEED)
    assert people(found) == [f"person{number}@contoso.com" for number in range(1, 7)]
    cursor = tenant.cursors[FEED, ""] or {}
    assert cursor["feed"] is None, "the activity feed is left once it can tell of nothing more"
    before = len(tenant.asked(ACTIVITY))
    tenant.read(FEED)
    assert len(tenant.asked(ACTIVITY)) == before


def test_a_fresh_licence_counts_once_graph_shows_a_sign_in(tenant: Tenant) -> None:
    tenant.state.has_premium = False
    tenant.state.audits.sign_ins.clear()
    tenant.read(FEED)
    tenant.state.has_premium = True
    tenant.sandbox.clock.advance(DAY + HOUR)
    tenant.read(FEED)
    assert (tenant.cursors[FEED, ""] or {})["graph"] is None
    signs_in(tenant, 1)
    tenant.sandbox.clock.advance(1)
    assert people(tenant.read(FEED)) == ["person1@contoso.com"]
    tenant.sandbox.clock.advance(DAY + HOUR)
    tenant.read(FEED)
    assert (tenant.cursors[FEED, ""] or {})["graph"] is not None


def test_a_licence_that_ends_goes_on_in_the_activity_feed_from_there(tenant: Tenant) -> None:
    found = tenant.read(FEED)
    tenant.sandbox.clock.advance(900)
    signs_in(tenant, 1)
    found += tenant.read(FEED)
    tenant.state.has_premium = False
    tenant.sandbox.clock.advance(900)
    signs_in(tenant, 2)
    found += tenant.read(FEED)
    assert people(found) == ["person1@contoso.com", "person2@contoso.com"]


@pytest.mark.parametrize("has_premium", [True, False])
def test_a_run_that_ends_after_any_page_loses_nothing(tenant: Tenant, has_premium: bool) -> None:
    tenant.state.has_premium, tenant.state.largest_page = has_premium, 40
    whole = {(each.id, each.occurred_at) for each in tenant.read(FEED)}
    tenant.cursors.clear()
    found = set()
    for _ in range(80):
        found |= {(each.id, each.occurred_at) for each in tenant.read(FEED, most=1)}
    assert found == whole


def test_without_the_permission_for_logs_the_admin_hears_so(tenant: Tenant) -> None:
    resource = tenant.state.directory.service_principal_of(GRAPH)
    assert resource is not None
    resource.properties["appRoles"] = []
    with pytest.raises(PermissionMissing):
        tenant.read(FEED)

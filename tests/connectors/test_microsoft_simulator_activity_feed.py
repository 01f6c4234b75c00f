"""The simulated Management Activity API keeps the vendor's rules for subscriptions, windows, blobs and records."""

import json
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from tests.connectors.microsoft_callers import FEED, code, feed, graph, rows
from tests.sandbox import Sandbox
from tests.sandbox.caller import Caller, Reply
from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.activity_feed.feed import CONTENT_TYPES, DAY
from tests.sandbox.microsoft.limits import Limit
from tests.sandbox.microsoft.login.issuing import issue_token
from tests.sandbox.microsoft.seed import TENANT_ID

TYPE = "contentType=Audit.General"
QUARTER = 15 * 60


@pytest.fixture
def sandbox() -> Sandbox:
    sandbox = Sandbox()
    sandbox.clock.freeze(datetime(2026, 11, 28, 12, tzinfo=UTC))
    return sandbox


@pytest.fixture
def call(sandbox: Sandbox) -> Caller:
    """With subscriptions to everything."""
    call = feed(sandbox)
    for each in CONTENT_TYPES:
        assert call("POST", f"/subscriptions/start?contentType={each}").status == 200
    return call


def at(call: Caller, days_ago: float) -> str:
    moment = datetime.fromtimestamp(call.sandbox.clock.now() - days_ago * DAY, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def window(call: Caller, begin: float, end: float, kind: str = "Audit.General") -> str:
    """Both in days before now."""
    return f"/subscriptions/content?contentType={kind}&startTime={at(call, begin)}&endTime={at(call, end)}"


def pages(call: Caller, target: str) -> list[list[Json]]:
    found = []
    while target:
        reply = call.get(target)
        assert reply.status == 200, reply.body
        found.append(reply.json())
        target = reply.headers.get("nextpageuri", "")
    return found


def blobs(call: Caller, kind: str) -> list[Json]:
    """Those of the whole week, day by day."""
    listed = [pages(call, window(call, day, day - 1, kind)) for day in range(7, 0, -1)]
    return [blob for day in listed for page in day for blob in page]


def records(call: Caller, kind: str) -> list[Json]:
    replies = [call.get(each["contentUri"]) for each in blobs(call, kind)]
    return [record for reply in replies if reply.status == 200 for record in reply.json()]


def refused(reply: Reply) -> str:
    return str(code(reply)[1])


def test_a_subscription_is_started_once_and_not_again_within_a_quarter_of_an_hour(sandbox: Sandbox) -> None:
    call = feed(sandbox)
    assert call.get("/subscriptions/list").json() == []
    assert refused(call.get(f"/subscriptions/content?{TYPE}")) == "AF20022"
    started = call("POST", f"/subscriptions/start?{TYPE}&PublisherIdentifier={TENANT_ID}")
    assert started.json() == {"contentType": "Audit.General", "status": "enabled", "webhook": None}
    sandbox.clock.advance(4)
    again = call("POST", f"/subscriptions/start?{TYPE}")
    assert (again.status, "retry again after 14m 56s" in again.json()["error"]["message"]) == (429, True)
    sandbox.clock.advance(QUARTER)
    assert code(call("POST", f"/subscriptions/start?{TYPE}")) == (400, "AF20024")
    assert [each["status"] for each in call.get("/subscriptions/list").json()] == ["enabled"]


def test_a_stopped_subscription_lists_nothing_and_may_need_a_while_to_start(sandbox: Sandbox, call: Caller) -> None:
    sandbox.clock.advance(QUARTER)
    stopped = call("POST", f"/subscriptions/stop?{TYPE}")
    assert (stopped.status, stopped.body) == (200, b"")
    assert refused(call.get(f"/subscriptions/content?{TYPE}")) == "AF20023"
    assert call("POST", f"/subscriptions/start?{TYPE}").json()["status"] == "enabled"
    assert refused(call.get(f"/subscriptions/content?{TYPE}")) == "AF20023"
    sandbox.clock.advance(QUARTER)
    assert call.get(f"/subscriptions/content?{TYPE}").status == 200


def test_parameters_that_are_missing_or_wrong(call: Caller) -> None:
    assert refused(call("POST", "/subscriptions/start")) == "AF20001"
    assert refused(call("POST", "/subscriptions/start?contentType=Audit.Nothing")) == "AF20020"
    assert refused(call.get(f"/subscriptions/content?{TYPE}&startTime={at(call, 1)}")) == "AF20030"
    assert refused(call.get(window(call, 2, 0.5))) == "AF20030"
    assert refused(call.get(window(call, 0.5, 1))) == "AF20055"
    assert refused(call.get(window(call, 7.01, 6.5))) == "AF20055"
    assert refused(call.get(f"{window(call, 1, 0)}Z")) == "AF20002"
    assert refused(call.get(f"{window(call, 1, 0)}&nextPage=x")) == "AF20031"
    assert call.get(f"/subscriptions/content?{TYPE}&startTime=2026-11-27&endTime=2026-11-27T22:00").status == 200


def test_pages_follow_by_a_header_and_one_of_them_is_empty(call: Caller) -> None:
    listed = pages(call, window(call, 4, 3))
    assert ([] in listed[:-1], len(listed) > 2) == (True, True)
    ids = [each["contentId"] for page in listed for each in page]
    assert len(ids) == len(set(ids)) == 5
    assert "/api/v1/" in call.get(window(call, 4, 3)).headers["nextpageuri"]
    without = [each["contentId"] for page in pages(call, f"/subscriptions/content?{TYPE}") for each in page]
    assert set(without) == {each["contentId"] for page in pages(call, window(call, 1, 0)) for each in page}


def test_windows_are_about_when_blobs_were_made_and_late_ones_come_after_newer_ones(
    sandbox: Sandbox, call: Caller
) -> None:
    found = blobs(call, "Audit.Exchange")
    made = [each["contentCreated"] for each in found]
    assert made != sorted(made)
    held = sandbox.microsoft.state.feed
    now = sandbox.clock.now()
    held.put("Audit.Exchange", [{"Id": "late"}], now - 3600, late_by=7200)
    before = len(blobs(call, "Audit.Exchange"))
    sandbox.clock.advance(3601)
    call = feed(sandbox)
    listed = [each for page in pages(call, window(call, 0.5, 0, "Audit.Exchange")) for each in page]
    assert call.get(listed[-1]["contentUri"]).json() == [{"Id": "late"}]
    assert before == len(found)


def test_records_come_twice_in_a_blob_and_in_two_blobs(call: Caller) -> None:
    found = [call.get(each["contentUri"]).json() for each in blobs(call, "Audit.SharePoint")]
    ids = [[record["Id"] for record in blob] for blob in found]
    assert any(len(each) > len(set(each)) for each in ids)
    assert any(set(one) & set(other) for one, other in pairwise(ids))
    by_id: dict[str, Json] = {}
    for record in (record for blob in found for record in blob):
        assert by_id.setdefault(record["Id"], record) == record


def test_a_blob_may_be_gone_before_it_is_fetched(sandbox: Sandbox, call: Caller) -> None:
    found = blobs(call, "Audit.General")
    assert [refused(each) for each in map(call.get, (one["contentUri"] for one in found)) if each.status != 200] == [
        "AF20051"
    ]
    assert refused(call.get("/audit/20260101$x")) == "AF20050"
    assert refused(call.get("/audit/no-id")) == "AF20052"
    sandbox.clock.advance(7 * DAY)
    assert refused(feed(sandbox).get(found[-1]["contentUri"])) == "AF20051"


def test_records_of_all_ten_apps_and_of_the_directory_with_the_awkward_ones(call: Caller) -> None:
    found = [record for kind in CONTENT_TYPES for record in records(call, kind)]
    apps = {"Exchange", "SharePoint", "OneDrive", "MicrosoftTeams", "Yammer", "PowerBI", "SkypeForBusiness", "CRM"}
    assert {each["Workload"] for each in found} > apps | {"MicrosoftFlow", "OfficeNative", "AzureActiveDirectory"}
    users = {each["UserId"] for each in found}
    assert {"", "NOT-FOUND", "S-1-5-18", "SHAREPOINT\\system", "app@sharepoint", "SecurityComplianceAlerts"} < users
    assert any(each.startswith("NT AUTHORITY\\SYSTEM (") for each in users)
    addresses = {each.get("ClientIP") for each in found}
    assert {"", None} < addresses
    assert any(str(each).startswith("[") and str(each).endswith("]:443") for each in addresses)
    failed = [each for each in found if each["Operation"] == "UserLoginFailed"]
    assert {"Success", "Failed"} == {each["ResultStatus"] for each in failed}
    assert all(each["ErrorNumber"] != "0" and each["LogonError"] for each in failed)
    assert any(" – " in each["Operation"] and each["Operation"].endswith(" ") for each in found)
    assert any("//" in str(each.get("ObjectId")).removeprefix("https://") for each in found)
    assert any("<Permissions granted>" in str(each.get("EventData")) for each in found)
    assert {type(each["RecordType"]) for each in found} == {int, str}
    assert all(each["OrganizationId"] == TENANT_ID and not each["CreationTime"].endswith("Z") for each in found)


def test_what_data_loss_prevention_found_needs_a_permission_of_its_own(sandbox: Sandbox, call: Caller) -> None:
    uri = blobs(call, "DLP.All")[0]["contentUri"]
    assert "PolicyDetails" in call.get(uri).json()[0]
    assert "PolicyDetails" not in feed(sandbox, "ActivityFeed.Read").get(uri).json()[0]
    assert call.get("/resources/dlpSensitiveTypes").json()[0]["name"] == "Credit Card Number"


def test_tokens_tenants_licences_and_auditing(sandbox: Sandbox, call: Caller) -> None:
    assert code(feed(sandbox, "ServiceHealth.Read").get("/subscriptions/list")) == (403, "AF10001")
    token = issue_token(sandbox.microsoft.state, roles=("ActivityFeed.Read",))
    foreign = Caller(sandbox, FEED, {"Authorization": f"Bearer {token}"}, call.prefix)
    assert foreign.get("/subscriptions/list").status == 401
    for tenant, wanted in (("contoso.example", "AF20013"), (TENANT_ID.replace("3", "4"), "AF20010")):
        other = Caller(sandbox, FEED, call.headers, f"/api/v1.0/{tenant}/activity/feed")
        assert refused(other.get("/subscriptions/list")) == wanted
    held = sandbox.microsoft.state.feed
    held.is_licensed = False
    assert refused(call.get("/subscriptions/list")) == "AF20012"
    held.is_licensed, held.is_audited = True, False
    assert "DataServiceException: Tenant" in refused(call.get("/subscriptions/list"))


def test_too_many_calls_are_slowed_down(sandbox: Sandbox, call: Caller) -> None:
    sandbox.microsoft.state.limits["activity feed"] = Limit(1, 60.0)
    assert call.get("/subscriptions/list").status == 200
    refusal = call.get("/subscriptions/list")
    assert (code(refusal), int(refusal.headers["retry-after"]) <= 60) == ((429, "AF429"), True)


def test_what_happens_now_is_in_a_blob_soon(sandbox: Sandbox, call: Caller) -> None:
    held = sandbox.microsoft.state.feed
    before = blobs(call, "Audit.SharePoint")
    for number in range(12):
        held.add("Audit.SharePoint", {"Id": str(number)}, sandbox.clock.now())
    assert blobs(call, "Audit.SharePoint") == before
    sandbox.clock.advance(held.delay)
    [made] = [each for each in pages(call, window(call, 0.001, -0.001, "Audit.SharePoint"))[0] if each not in before]
    ids = [each["Id"] for each in call.get(made["contentUri"]).json()]
    assert (set(ids), len(ids)) == ({str(each) for each in range(12)}, 13)
    held.add("Audit.SharePoint", {"Id": "next"}, sandbox.clock.now())
    sandbox.clock.advance(held.delay)
    last = pages(call, window(call, 0.001, -0.001, "Audit.SharePoint"))[-1][-1]
    assert [each["Id"] for each in call.get(last["contentUri"]).json()] == ["10", "next"]


def test_what_is_done_to_the_directory_is_told_under_another_id(sandbox: Sandbox, call: Caller) -> None:
    state = sandbox.microsoft.state
    user = state.directory.user("kchen")
    admin = graph(sandbox, "User.ReadWrite.All")
    assert admin("PATCH", f"/users/{user.id}", {"accountEnabled": False}).status == 204
    sandbox.clock.advance(state.feed.delay)
    last = pages(call, window(call, 0.001, -0.001, "Audit.AzureActiveDirectory"))[-1][-1]
    found = call.get(last["contentUri"]).json()
    assert {each["RecordType"] for each in found} == {8}
    assert {each["UserId"] for each in found} == {f"ServicePrincipal_{state.principal.id}"}
    assert all(each["Operation"].endswith(".") for each in found)
    assert any({"ID": user.id, "Type": 2} in each["Target"] for each in found)
    assert not {each["Id"] for each in found} & {each["id"] for each in audits(sandbox)}


def audits(sandbox: Sandbox) -> list[Json]:
    return rows(graph(sandbox, "AuditLog.Read.All"), "/auditLogs/directoryAudits")


def test_a_webhook_is_asked_first_and_told_of_new_blobs(sandbox: Sandbox) -> None:
    sent: list[tuple[dict[str, str], Json]] = []
    answers = [200]

    def deliver(url: str, headers: dict[str, str], body: bytes) -> int:
        sent.append((headers, json.loads(body)))
        return answers[-1]

    sandbox.microsoft.deliver = deliver
    call = feed(sandbox)
    hook = {"webhook": {"address": "https://portal.contoso.example/hook", "authId": "mine", "expiration": ""}}
    answers.append(500)
    assert refused(call("POST", f"/subscriptions/start?{TYPE}", hook)) == "AF20021"
    assert refused(call("POST", f"/subscriptions/start?{TYPE}", {"webhook": {"address": "http://x"}})) == "AF20021"
    assert call.get("/subscriptions/list").json() == []
    answers.append(200)
    past = {"webhook": {"address": "https://x.example", "expiration": "2020-01-01T00:00:00Z"}}
    assert refused(call("POST", f"/subscriptions/start?{TYPE}", past)) == "AF20003"
    started = call("POST", f"/subscriptions/start?{TYPE}", hook).json()
    assert started["webhook"]["status"] == "enabled"
    headers, body = sent[-1]
    assert (headers["Webhook-AuthID"], body["validationCode"]) == ("mine", headers["Webhook-ValidationCode"])
    sandbox.microsoft.state.feed.put("Audit.General", [{"Id": "1"}], sandbox.clock.now())
    sandbox.clock.advance(1)
    sandbox.microsoft.state.feed.put("Audit.General", [{"Id": "2"}], sandbox.clock.now())
    sandbox.microsoft.send()
    assert [each["contentType"] for each in sent[-1][1]] == ["Audit.General"]
    notified = call.get(f"/subscriptions/notifications?{TYPE}").json()
    assert [each["notificationStatus"] for each in notified] == ["success"]


def test_a_webhook_that_fails_is_switched_off(sandbox: Sandbox) -> None:
    call = feed(sandbox)
    sandbox.microsoft.deliver = lambda *_: 200
    call("POST", f"/subscriptions/start?{TYPE}", {"webhook": {"address": "https://portal.contoso.example/hook"}})
    sandbox.microsoft.deliver = lambda *_: 500
    sandbox.clock.advance(1)
    sandbox.microsoft.state.feed.put("Audit.General", [{"Id": "1"}], sandbox.clock.now())
    for _ in range(4):
        sandbox.microsoft.send()
        sandbox.clock.advance(3600)
    [held] = feed(sandbox).get("/subscriptions/list").json()
    assert (held["status"], held["webhook"]["status"]) == ("enabled", "disabled")


def test_a_million_records_cost_nothing_until_they_are_fetched(sandbox: Sandbox, call: Caller) -> None:
    sandbox.microsoft.grow(1_000_000)
    listed = pages(call, window(call, 2, 1, "Audit.SharePoint"))
    found = [each for page in listed for each in page]
    assert len(found) > 300
    one, other = (call.get(each["contentUri"]).json() for each in found[:2])
    assert len({each["Id"] for each in (*one, *other)}) == 1000
    assert one == call.get(found[0]["contentUri"]).json()

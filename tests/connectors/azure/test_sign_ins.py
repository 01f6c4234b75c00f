"""Sign-ins to Azure's management, by Graph."""

import pytest

from connectors.azure.refusals import NotPremium
from connectors.base import Activity, Outcome, PermissionMissing
from tests.connectors.azure.vendor import ADA, GRAPH, Json, Talk, listed, refused
from tests.connectors.base.vendor import Seen

PATH = "/v1.0/auditLogs/signIns"
SIGN_IN: Json = {
    "id": "s-1", "createdDateTime": "2026-11-24T08:00:00Z", "userId": ADA, "userDisplayName": "Ada Lee",
    "userPrincipalName": "ada@contoso.example", "appDisplayName": "Azure Portal", "ipAddress": "203.0.113.9",
    "status": {"errorCode": 0}, "location": {"countryOrRegion": "SE"},
    "resourceId": "797f4846-ba00-4fd7-ba43-dac1f8f63013", "resourceDisplayName": "Windows Azure Service Management API",
}  # fmt: skip


def read(talk: Talk) -> list[Activity]:
    return [each for each in talk.records("sign_ins") if isinstance(each, Activity)]


def test_only_sign_ins_to_azure_itself_are_asked_for_a_week_at_a_time(talk: Talk) -> None:
    read(talk)
    asked = [seen.query["$filter"] for seen in talk.asked(PATH)]
    assert len(asked) == 5
    assert all(each.startswith("resourceId eq '797f4846-ba00-4fd7-ba43-dac1f8f63013' and createdDateTime ge ")
               for each in asked)  # fmt: skip
    assert {seen.host for seen in talk.asked(PATH)} == {GRAPH}
    assert {seen.headers["authorization"] for seen in talk.asked(PATH)} == {"Bearer at-S3CRET-1"}


def test_a_sign_in_says_who_from_where_and_whether_it_worked(talk: Talk) -> None:
    failed = {**SIGN_IN, "id": "s-2", "status": {"errorCode": 50126}}
    talk.says["GET", PATH] = lambda seen: (
        listed(SIGN_IN, failed) if "le 2026-11-24T" in seen.query["$filter"] else listed()
    )
    first, second = read(talk)
    assert (first.actor_id, first.ip_address, first.country_code, first.outcome) == (
        ADA, "203.0.113.9", "SE", Outcome.SUCCESS,
    )  # fmt: skip
    assert (second.id, second.outcome) == ("s-2", Outcome.FAILURE)
    assert second.description == "Ada Lee signed in to Azure through Azure Portal, which failed"


def test_a_week_of_several_pages_is_gone_on_with(talk: Talk) -> None:
    link = f"https://{GRAPH}{PATH}?$skiptoken=t1"

    def answer(seen: Seen) -> Json:
        if "$skiptoken" in seen.query:
            return listed({**SIGN_IN, "id": "s-2"})
        return {**listed(SIGN_IN), "@odata.nextLink": link}

    talk.says["GET", PATH] = answer
    first = next(talk.feed("sign_ins").pages(talk.client(), None))
    talk.vendor.seen.clear()
    second = next(talk.feed("sign_ins").pages(talk.client(), first.cursor))
    assert [each.id for each in second.records] == ["s-2"]
    assert talk.vendor.seen[0].query == {"$skiptoken": "t1"}


def test_a_tenant_without_premium_has_no_sign_ins_here(talk: Talk) -> None:
    talk.says["GET", PATH] = refused(403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant")
    with pytest.raises(NotPremium):
        read(talk)


def test_a_missing_permission_is_named(talk: Talk) -> None:
    talk.says["GET", PATH] = refused(403, "Authorization_RequestDenied")
    with pytest.raises(PermissionMissing) as raised:
        read(talk)
    assert raised.value.permission == "AuditLog.Read.All"

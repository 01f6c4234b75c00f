"""Who we are connected to, what is granted for each component, and what the tenant does not offer."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from connectors.base import CredentialsRejected, MemorySecrets, PermissionMissing, certificates
from connectors.office365 import checking, components, connector, scopes
from connectors.office365.checking import NO_PREMIUM, check
from connectors.office365.methods import BY_MADE_CERTIFICATE, BY_SECRET
from tests.connectors.base.vendor import START
from tests.connectors.office365.vendor import (
    CLIENT,
    FEED,
    GRAPH,
    LIST,
    LOGIN,
    NOT_PREMIUM,
    ORGANIZATION,
    SECRET,
    SITE,
    TENANT,
    TOKEN,
    Tenant,
    aadsts,
    begin,
    refused,
)

USERS = components.USERS_AND_GROUPS
APPLICATION = f"/v1.0/applications(appId='{CLIENT}')"


@pytest.fixture
def tenant() -> Iterator[Tenant]:
    yield from begin()


def grant_all(tenant: Tenant, **config: str) -> None:
    """What all components want."""
    wanted = connector.wanted(connector.method(BY_MADE_CERTIFICATE), config)
    tenant.roles = {
        GRAPH: tuple(scope for scope in wanted if scopes.of_graph(scope)),
        FEED: tuple(scope for scope in wanted if scopes.of_management_api(scope)),
        SITE: tuple(name for scope in wanted if (name := scopes.of_sharepoint(scope))),
    }


def missing(tenant: Tenant, *on: str, **config: str) -> list[str]:
    return [each.permission for each in check(tenant.client(*on, **config)).missing]


def test_the_tenant_is_told_by_its_id_and_name_and_nobody_in_person_is_connected(tenant: Tenant) -> None:
    grant_all(tenant)
    tenant.says[GRAPH, "/v1.0/organization"] = {"value": [{"id": TENANT.upper(), "displayName": "Contoso"}]}
    found = check(tenant.client())
    assert (found.id, found.name, found.connected_as) == (TENANT, "Contoso", f"app {CLIENT}")
    assert (found.missing, found.warnings) == ((), ())


def test_an_app_of_another_tenant_is_refused(tenant: Tenant) -> None:
    grant_all(tenant)
    tenant.says[GRAPH, "/v1.0/organization"] = {"value": [{"id": CLIENT, "displayName": "Fabrikam"}]}
    with pytest.raises(CredentialsRejected, match="another tenant"):
        check(tenant.client())


def test_an_app_that_may_read_nothing_is_told_what_to_grant(tenant: Tenant) -> None:
    with pytest.raises(PermissionMissing) as raised:
        check(tenant.client())
    assert raised.value.permission == "User.Read.All"
    assert "API permissions" in raised.value.remedy


def test_a_token_is_asked_for_at_each_api_that_the_components_need(tenant: Tenant) -> None:
    grant_all(tenant)
    tenant.secrets = MemorySecrets({"key_pair": certificates.new_pair(START)})
    audiences = [f"https://{host}/.default" for host in (GRAPH, FEED, SITE)]
    check(tenant.client(USERS, method_id=BY_MADE_CERTIFICATE))
    assert tenant.asked == audiences[:1]
    tenant.vendor.seen.clear()
    found = check(tenant.client(method_id=BY_MADE_CERTIFICATE))
    assert tenant.asked == audiences
    assert {"User.Read.All", "ActivityFeed.Read", "SharePoint: Sites.FullControl.All"} <= set(found.granted)


def test_what_was_granted_meanwhile_is_seen_though_the_old_token_still_holds(tenant: Tenant) -> None:
    tenant.roles = {GRAPH: ("User.Read.All",)}
    client = tenant.client(USERS, access="read")
    assert {each.permission for each in check(client).missing} == {
        "GroupMember.Read.All", "RoleManagement.Read.Directory", "RoleEligibilitySchedule.Read.Directory",
    }  # fmt: skip
    grant_all(tenant)
    assert check(client).missing == ()


def test_what_is_missing_is_what_the_components_that_are_on_need(tenant: Tenant) -> None:
    tenant.roles = {GRAPH: ("User.Read.All", "GroupMember.Read.All", "RoleManagement.Read.Directory")}
    read = {"access": "read"}
    assert missing(tenant, USERS, **read) == []
    assert missing(tenant, USERS, components.MANAGEMENT_EVENTS, **read) == ["AuditLog.Read.All"]
    assert missing(tenant, USERS, components.APPS, **read) == ["Application.Read.All", "Directory.Read.All"]
    assert missing(tenant, USERS, components.ACTIVITIES, **read) == ["ActivityFeed.Read", "ActivityFeed.ReadDlp"]
    assert "User.EnableDisableAccount.All" in missing(tenant, USERS)


def test_stronger_permissions_do_as_well(tenant: Tenant) -> None:
    tenant.roles = {GRAPH: (
        "Directory.Read.All", "RoleManagement.Read.Directory", "Sites.FullControl.All", "AuditLog.Read.All",
    )}  # fmt: skip
    assert missing(tenant, access="read") == ["ActivityFeed.Read", "ActivityFeed.ReadDlp"]


def test_a_missing_permission_says_how_to_grant_it(tenant: Tenant) -> None:
    tenant.roles = {GRAPH: ("User.Read.All",)}
    (found,) = [each for each in check(tenant.client(USERS)).missing if each.permission == "GroupMember.Read.All"]
    assert "API permissions" in found.remedy
    assert "Connect in Microsoft Office 365" in found.remedy


def test_a_service_that_the_tenant_does_not_have_is_missing_and_the_rest_goes_on(tenant: Tenant) -> None:
    grant_all(tenant)
    answered = tenant.vendor.answer
    tenant.vendor.answer = lambda seen: (
        aadsts(500011, "invalid_resource", 400) if FEED in seen.form.get("scope", "") else answered(seen)
    )
    assert missing(tenant, access="read") == ["ActivityFeed.Read", "ActivityFeed.ReadDlp"]


def test_without_premium_sign_ins_come_from_the_audit_log_and_it_is_said(tenant: Tenant) -> None:
    grant_all(tenant)
    tenant.says[GRAPH, "/v1.0/auditLogs/signIns"] = NOT_PREMIUM
    assert check(tenant.client()).warnings == (NO_PREMIUM,)
    assert check(tenant.client(USERS, components.ACTIVITIES)).warnings == ()


def test_reports_that_are_used_up_keep_no_other_feed_waiting(tenant: Tenant) -> None:
    grant_all(tenant)
    tenant.says[GRAPH, "/v1.0/auditLogs/signIns"] = refused("TooManyRequests", 429)
    assert check(tenant.client()).warnings == ()


@pytest.mark.parametrize(
    ("code", "message", "words"),
    [
        ("AF20012", "The tenant is incorrectly configured.", "No Microsoft 365 licence is assigned"),
        (
            "", f"Microsoft.Office.Compliance.Audit.DataServiceException: Tenant {TENANT} does not exist.",
            "In Microsoft Purview switch on auditing",
        ),
    ],
)
def test_a_tenant_that_records_nothing_is_told_what_to_switch_on(
    tenant: Tenant, code: str, message: str, words: str
) -> None:
    grant_all(tenant)
    tenant.says[FEED, LIST] = refused(code, message=message)
    (warning,) = check(tenant.client()).warnings
    assert words in warning


def test_a_certificate_is_warned_of_thirty_days_before_it_ends(tenant: Tenant) -> None:
    grant_all(tenant)
    tenant.secrets = MemorySecrets({"key_pair": certificates.new_pair(START)})
    client = tenant.client(method_id=BY_MADE_CERTIFICATE)
    tenant.clock.moment = START + timedelta(days=334)
    assert check(client).warnings == ()
    tenant.clock.moment = START + timedelta(days=336)
    assert check(client).warnings == (
        "The certificate of this connection expires on 24 November 2027. Make a new one in time: without it nothing "
        "can be read.",
    )


def test_a_client_secret_is_warned_of_where_its_end_may_be_read(tenant: Tenant) -> None:
    grant_all(tenant)
    rows = [
        {"hint": "zzz", "endDateTime": (START + timedelta(days=1)).isoformat()},
        {"hint": SECRET[:3], "endDateTime": (START + timedelta(days=20)).isoformat()},
    ]
    tenant.says[GRAPH, APPLICATION] = {"passwordCredentials": rows}
    (warning,) = check(tenant.client()).warnings
    assert "The client secret of this connection expires on 14 December 2026." in warning
    tenant.says[GRAPH, APPLICATION] = refused("Authorization_RequestDenied", 403)
    assert check(tenant.client()).warnings == ()


def test_in_china_nothing_of_the_activity_feed_is_asked_for(tenant: Tenant) -> None:
    config = {"cloud": "china"}
    assert not set(scopes.OF_MANAGEMENT_API) & set(connector.wanted(connector.method(BY_SECRET), config))
    chinese = "microsoftgraph.chinacloudapi.cn"
    grant_all(tenant, **config)
    tenant.roles[chinese] = tenant.roles.pop(GRAPH)
    for path in ("/v1.0/organization", "/v1.0/auditLogs/signIns"):
        tenant.says[chinese, path] = tenant.says[GRAPH, path]
    found = check(tenant.client(**config))
    assert found.missing == ()
    assert set(found.unavailable.values()) <= {checking.NO_FEED, checking.NO_CERTIFICATE}
    assert not any(seen.host == FEED for seen in tenant.vendor.seen)


def test_with_a_secret_nothing_is_asked_for_that_sharepoint_gives_to_certificates_alone(tenant: Tenant) -> None:
    by_secret, by_certificate = connector.method(BY_SECRET), connector.method(BY_MADE_CERTIFICATE)
    assert scopes.SHAREPOINT not in connector.wanted(by_secret, {})
    assert scopes.SHAREPOINT in connector.wanted(by_certificate, {})
    assert scopes.SHAREPOINT not in connector.wanted(by_certificate, {"access": "read"})
    grant_all(tenant)
    barred = ("trash", "restore_file", "quarantine_trashed_file")
    assert check(tenant.client()).unavailable == dict.fromkeys(barred, checking.NO_CERTIFICATE)


def test_recycle_bins_are_left_out_where_the_connection_reads_alone(tenant: Tenant) -> None:
    grant_all(tenant, access="read")
    tenant.secrets = MemorySecrets({"key_pair": certificates.new_pair(START)})
    found = check(tenant.client(method_id=BY_MADE_CERTIFICATE, access="read"))
    assert (found.missing, dict(found.unavailable)) == ((), {"trash": checking.READS_ALONE})


def test_reading_alone_asks_for_nothing_that_changes_the_tenant(tenant: Tenant) -> None:
    wanted = connector.wanted(connector.method(BY_MADE_CERTIFICATE), {"access": "read"})
    assert [scope for scope in wanted if "Write" in scope or "FullControl" in scope or "Revoke" in scope] == []


def test_an_organization_that_is_no_list_is_told_as_such(tenant: Tenant) -> None:
    grant_all(tenant)
    tenant.says[GRAPH, "/v1.0/organization"] = {**ORGANIZATION, "value": []}
    with pytest.raises(CredentialsRejected):
        check(tenant.client())


def test_a_refused_sign_in_says_why(tenant: Tenant) -> None:
    tenant.says[LOGIN, TOKEN] = aadsts(7000215)
    with pytest.raises(CredentialsRejected, match="does not accept the client secret"):
        check(tenant.client())

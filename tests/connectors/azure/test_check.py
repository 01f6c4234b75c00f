"""What a connection may see: told at connecting, by small calls, as a token proves nothing."""

import pytest

from connectors.azure import connector, scopes
from connectors.base import Capability, CredentialsRejected, PermissionMissing
from tests.connectors.azure.vendor import LOG, ONE, TENANT, TWO, Talk, listed, refused, subscription

GROUPS = "/providers/Microsoft.Management/managementGroups"


def test_a_connection_with_everything_misses_nothing(talk: Talk) -> None:
    tenant = connector.check(talk.client())
    assert (tenant.id, tenant.name, tenant.missing, tenant.warnings) == (TENANT, "Contoso", (), ())
    assert tenant.connected_as.endswith("which sees 2 subscriptions")
    assert dict(tenant.unavailable) == {}


def test_an_empty_list_of_subscriptions_is_no_connection(talk: Talk) -> None:
    talk.says["GET", "/subscriptions"] = listed()
    with pytest.raises(PermissionMissing, match="no subscription") as raised:
        connector.check(talk.client())
    assert "Assign the role Reader" in raised.value.remedy
    with pytest.raises(PermissionMissing):
        talk.pages("principals")
    partitions = talk.feed("activity_log").partitions
    assert partitions
    with pytest.raises(PermissionMissing):
        list(partitions(talk.client()))


@pytest.mark.parametrize(
    ("call", "permission", "closes"),
    [
        (("POST", "/v1.0/directoryObjects/getByIds"), "Directory.Read.All", Capability.ACCOUNTS),
        (("GET", "/v1.0/auditLogs/signIns"), "AuditLog.Read.All", Capability.SIGN_IN_ACTIVITY),
        (("GET", LOG), "Reader at /providers/Microsoft.Insights", Capability.ADMIN_ACTIVITY),
        (("GET", GROUPS), "Reader", Capability.PRIVILEGES),
    ],
)
def test_what_is_refused_is_named_with_what_it_closes(
    talk: Talk, call: tuple[str, str], permission: str, closes: Capability
) -> None:
    talk.says[call] = refused(403, "AuthorizationFailed")
    (missing,) = connector.check(talk.client()).missing
    assert missing.permission == permission
    assert closes in missing.closes
    assert missing.remedy


def test_a_tenant_without_premium_is_told_so(talk: Talk) -> None:
    code = "Authentication_RequestFromNonPremiumTenantOrB2CTenant"
    talk.says["GET", "/v1.0/auditLogs/signIns"] = refused(403, code)
    tenant = connector.check(talk.client())
    assert tenant.missing == ()
    assert set(tenant.unavailable) == {"sign_ins"}


def test_reports_that_are_used_up_keep_no_other_feed_waiting(talk: Talk) -> None:
    talk.says["GET", "/v1.0/auditLogs/signIns"] = refused(429, "TooManyRequests")
    assert connector.check(talk.client()).missing == ()


def test_each_right_that_is_asked_for_is_told_in_words() -> None:
    assert connector.scope_meaning
    asked = (*scopes.READING, *scopes.ACTING, *scopes.PUSHING)
    assert [each for each in asked if connector.scope_meaning(each).words == each] == []
    assert connector.scope_meaning("Owner").words == "Owner"


def test_disabled_subscriptions_are_named_and_deleted_ones_are_not_read(talk: Talk) -> None:
    talk.says["GET", "/subscriptions"] = listed(
        subscription(ONE, "Production"), subscription(TWO, "Lab", "Disabled"), subscription("gone", "Old", "Deleted")
    )
    tenant = connector.check(talk.client())
    (warning,) = tenant.warnings
    assert "Lab" in warning
    assert tenant.connected_as.endswith("which sees 2 subscriptions")


def test_an_app_of_another_tenant_is_not_connected(talk: Talk) -> None:
    talk.says["GET", "/tenants"] = listed({"id": "/tenants/x", "tenantId": "x", "displayName": "Fabrikam"})
    with pytest.raises(CredentialsRejected, match="another tenant"):
        connector.check(talk.client())


def test_each_api_is_called_with_its_own_token(talk: Talk) -> None:
    connector.check(talk.client())
    sent = {(seen.host, seen.headers["authorization"]) for seen in talk.vendor.seen}
    assert sent == {
        ("management.azure.com", "Bearer at-S3CRET-0"), ("graph.microsoft.com", "Bearer at-S3CRET-1"),
    }  # fmt: skip

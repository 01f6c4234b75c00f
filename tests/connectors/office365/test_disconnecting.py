"""The end of the connection, as Microsoft is told of it."""

from dataclasses import replace

import pytest

from connectors.base import PermissionMissing, Unavailable
from connectors.office365.components import USERS_AND_GROUPS
from tests.connectors.office365.tenant import Tenant
from tests.sandbox.faults import FaultKind
from tests.sandbox.microsoft.seed import TENANT_ID
from tests.sandbox.microsoft.tenant import ACTIVITY_FEED

HOST = "manage.office.com"


def end(tenant: Tenant) -> list[str]:
    """The content types that Microsoft was asked to stop."""
    setup = tenant.client().setup
    setup.method.scheme.revoke(setup)
    asked = [each for each in tenant.asked(HOST, "/subscriptions/stop") if each.method == "POST"]
    assert all(("PublisherIdentifier", TENANT_ID) in each.query for each in asked)
    return [dict(each.query)["contentType"] for each in asked]


def test_what_was_started_of_the_activity_feed_is_stopped(tenant: Tenant) -> None:
    started = ["Audit.Exchange", "Audit.General"]
    for content_type in started:
        tenant.read("activity_feed", content_type)
    assert end(tenant) == started
    assert not [each for each in tenant.state.feed.subscriptions.values() if each.is_enabled]


def test_what_is_off_is_not_stopped_again(tenant: Tenant) -> None:
    assert end(tenant) == []
    tenant.read("activity_feed", "Audit.Exchange")
    assert end(tenant) == ["Audit.Exchange"]
    tenant.sandbox.requests.clear()
    assert end(tenant) == []


def test_that_microsoft_did_not_hear_of_it_is_told(tenant: Tenant) -> None:
    tenant.read("activity_feed", "Audit.Exchange")
    tenant.sandbox.faults.add(FaultKind.SERVER_ERROR, path_pattern="/subscriptions/stop", times=1)
    with pytest.raises(Unavailable):
        end(tenant)
    assert tenant.state.feed.subscriptions["Audit.Exchange"].is_enabled


def test_an_app_that_was_never_to_read_the_feed_has_nothing_to_end(tenant: Tenant) -> None:
    resource = tenant.state.directory.service_principal_of(ACTIVITY_FEED)
    assert resource is not None
    resource.properties["appRoles"] = []
    with pytest.raises(PermissionMissing):
        end(tenant)
    without = replace(tenant.client().setup, components=(USERS_AND_GROUPS,))
    without.method.scheme.revoke(without)
    assert tenant.asked(HOST, "/subscriptions/stop") == []

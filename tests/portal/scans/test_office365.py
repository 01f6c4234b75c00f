"""The end of a connection to Office 365 on the real path: Microsoft is told to push and to collect no more."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.test import Client

from connectors.office365 import components
from portal.audit.models import AuditEntry
from portal.instances.models import Connection, State
from portal.people.models import User
from portal.preferences import preferences
from portal.scans import service
from portal.scans.models import Subscription
from tests.portal.connected import connected_office365, read_only
from tests.sandbox.postman import Got
from tests.sandbox.server import Sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database]


def ask(url: str, headers: dict[str, str], body: bytes) -> Got:
    """Microsoft calls the portal."""
    parts = urlsplit(url)
    answer = Client().post(f"{parts.path}?{parts.query}", body, content_type=headers["Content-Type"])
    return Got(answer.status_code, {name.lower(): value for name, value in answer.headers.items()}, answer.content)


def test_disconnecting_ends_the_pushes_and_the_activity_feed(
    sandbox: Sandbox, admin: User, run_tasks: Callable[..., int]
) -> None:
    microsoft = sandbox.microsoft
    microsoft.ask, microsoft.sends_at_once = ask, False
    preferences.keep({"public_url": "https://testserver"})
    instance = connected_office365(sandbox, components.USERS_AND_GROUPS, components.ACTIVITIES)
    service.begin(instance)
    run_tasks()
    read_only(instance, "activity_feed")
    pushes = set(Subscription.objects.filter(instance=instance).values_list("vendor_id", flat=True))
    started = {name for name, each in microsoft.state.feed.subscriptions.items() if each.is_enabled}
    assert pushes
    assert started
    sandbox.requests.clear()

    service.disconnect(admin, instance, delete_data=False)
    run_tasks()
    instance.refresh_from_db()
    assert instance.state == State.DISCONNECTED
    asked = [(each.method, each.host, each.path) for each in sandbox.requests]
    assert {("DELETE", "graph.microsoft.com", f"/v1.0/subscriptions/{each}") for each in pushes} <= set(asked)
    stops = [each for each in sandbox.requests if each.path.endswith("/subscriptions/stop")]
    assert {dict(each.query)["contentType"] for each in stops} == started
    assert not [each for each in microsoft.state.feed.subscriptions.values() if each.is_enabled]
    assert AuditEntry.objects.get(verb="instance.disconnected").after == {"data": "kept", "vendor": "told"}
    assert not Connection.objects.filter(pk=instance.pk).exists()

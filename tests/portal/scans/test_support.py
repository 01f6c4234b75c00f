"""The support pages about scans, and the clock that comes with the tables."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_q.models import Schedule

from portal.audit.models import AuditEntry
from portal.instances.models import AppInstance
from portal.people.models import RoleAssignment, User
from portal.people.roles import Role
from portal.scans import service
from portal.scans.leases import claim
from portal.scans.models import FeedState, FeedStatus, ScanRun
from tests.portal.scans.conftest import state_of
from tests.tasks import run_tasks, waiting

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def support(client: Client) -> Client:
    user = User.objects.create_user("support@contoso.example")
    RoleAssignment.objects.create(user=user, role=Role.SUPPORT)
    client.force_login(user)
    return client


def act(client: Client, action: str, row: FeedState) -> int:
    address = reverse("support:scans_feedstate_changelist")
    return client.post(address, {"action": action, "_selected_action": [row.pk]}).status_code


def test_support_reads_feeds_and_runs_but_neither_cursor_nor_lease(support: Client, instance: AppInstance) -> None:
    service.begin(instance)
    run_tasks("scans")
    FeedState.objects.update(cursor={"page": "CURSOR-OF-THE-VENDOR"}, lease_owner="OWNER-OF-THE-LEASE")
    for page in ("scans_feedstate_changelist", "scans_scanrun_changelist"):
        answer = support.get(reverse(f"support:{page}"))
        assert answer.status_code == 200
        assert "accounts" in answer.text
    detail = support.get(reverse("support:scans_feedstate_change", args=[state_of(instance, "events").pk]))
    assert detail.status_code == 200
    assert "CURSOR-OF-THE-VENDOR" not in detail.text
    assert "OWNER-OF-THE-LEASE" not in detail.text
    run = ScanRun.objects.latest("pk")
    assert support.get(reverse("support:scans_scanrun_change", args=[run.pk])).status_code == 200


def test_support_releases_a_stuck_lease(support: Client, instance: AppInstance) -> None:
    service.begin(instance)
    run_tasks("scans")
    row = state_of(instance, "accounts")
    FeedState.objects.filter(pk=row.pk).update(next_run_at=timezone.now())
    assert claim(row.pk)
    assert act(support, "release_lease", row) == 302
    row.refresh_from_db()
    assert (row.lease_owner, row.lease_until) == ("", None)
    assert AuditEntry.objects.get(verb="feed.lease_released").object_id == str(row.pk)


def test_support_runs_a_blocked_feed_now(support: Client, instance: AppInstance) -> None:
    service.begin(instance)
    run_tasks("scans")
    row = state_of(instance, "accounts")
    FeedState.objects.filter(pk=row.pk).update(status=FeedStatus.BLOCKED, next_run_at=None, error_code="worker_died")
    assert act(support, "run_now", row) == 302
    assert len(waiting("scans")) == 1
    run_tasks("scans")
    assert state_of(instance, "accounts").error_code == ""


def test_others_see_no_support_pages(client: Client, admin: User, instance: AppInstance) -> None:
    RoleAssignment.objects.filter(user=admin).update(role=Role.SECURITY_ADMIN)
    client.force_login(admin)
    assert client.get(reverse("support:scans_feedstate_changelist")).status_code != 200


def test_the_dispatcher_is_planned_each_minute() -> None:
    schedule = Schedule.objects.get(name="portal.scans.jobs.dispatch_due")
    assert (schedule.schedule_type, schedule.minutes, schedule.repeats) == (Schedule.MINUTES, 1, -1)

"""A connected account that lost rights sees less: the shorter list is not taken for the truth."""

from collections.abc import Callable

import pytest

from portal.inventory.models import Account, Group
from portal.people.models import User
from portal.scans import service
from portal.scans.models import FeedState, FeedStatus
from tests.portal.connected import connected_github
from tests.sandbox.github import SERVICE_OWNER
from tests.sandbox.server import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_account_that_is_no_owner_any_more_makes_nothing_vanish_and_says_so(
    sandbox: Sandbox, admin: User, run_tasks: Callable[..., int]
) -> None:
    instance = connected_github(sandbox)
    service.begin(instance)
    run_tasks()
    accounts, groups = Account.objects.filter(gone_at=None).count(), Group.objects.filter(gone_at=None).count()
    assert accounts > 15
    assert groups == 5
    organisation = sandbox.github.organisation()
    state = sandbox.github.state
    organisation.set_role(state.person(SERVICE_OWNER), "member", state.actor("dokafor"))
    service.scan_now(admin, instance)
    run_tasks()
    assert Account.objects.filter(gone_at=None).count() == accounts
    assert Group.objects.filter(gone_at=None).count() == groups
    feed = FeedState.objects.get(instance=instance, feed="teams")
    assert feed.status == FeedStatus.BLOCKED
    assert "not an owner" in feed.error
    assert "reconnect" in feed.remedy.lower() or "connect again" in feed.remedy

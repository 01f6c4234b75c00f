"""Why a feed is not being read, in sentences."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from connectors.base import RateLimited
from portal.instances.models import AppInstance, State
from portal.scans import budgets, explaining, leases, service
from portal.scans.models import FeedState, FeedStatus
from portal.scans.plan import ensure_states
from tests.portal.scans.conftest import Clock, state_of
from tests.portal.scans.example import accounts
from tests.tasks import run_tasks

pytestmark = pytest.mark.django_db(transaction=True)


def why(instance: AppInstance, feed: str) -> str:
    return " ".join(explaining.feed(instance, feed))


def test_a_feed_that_waits_for_another(instance: AppInstance) -> None:
    ensure_states(instance)
    assert "It waits for Accounts to have been read once." in why(instance, "events")


def test_a_feed_that_is_not_due(instance: AppInstance) -> None:
    service.begin(instance)
    run_tasks("scans")
    assert why(instance, "accounts").startswith("It is not due before 20")


def test_an_instance_that_is_not_read(instance: AppInstance) -> None:
    AppInstance.objects.update(state=State.ATTENTION, problem="The token was revoked.", remedy="Reconnect.")
    instance.refresh_from_db()
    assert why(instance, "accounts") == "The instance needs attention: The token was revoked. Reconnect."


def test_a_limit_that_is_used_up(instance: AppInstance) -> None:
    ensure_states(instance)
    budgets.rest(instance, accounts, RateLimited("Pause.", retry_after=600))
    assert "A limit of the app is used up; it rests until" in why(instance, "accounts")


def test_who_holds_it(instance: AppInstance, clock: Clock) -> None:
    service.begin(instance)
    assert "It is held by a task in the queue" in why(instance, "accounts")
    state = state_of(instance, "accounts")
    assert leases.claim(state.pk, state.lease_owner)
    assert "It is held by a worker" in why(instance, "accounts")
    clock.wait(minutes=30)
    assert "The worker that held it is gone" in why(instance, "accounts")


def test_what_needs_a_person(instance: AppInstance) -> None:
    ensure_states(instance)
    FeedState.objects.filter(feed="accounts").update(
        status=FeedStatus.BLOCKED, error="The scope is missing.", remedy="Grant it.", crashes=2
    )
    words = why(instance, "accounts")
    assert "Needs attention: The scope is missing. Grant it." in words
    assert "Workers died 2 times over it without a page." in words


def test_what_is_being_swept(instance: AppInstance) -> None:
    ensure_states(instance)
    FeedState.objects.filter(feed="accounts").update(sweep_began_at=timezone.now(), is_mid_run=True)
    assert "Everything was read; since 20" in why(instance, "accounts")
    FeedState.objects.filter(feed="accounts").update(error_code="database_busy", error="It was busy.")
    assert "Its last run ended in database_busy: It was busy." in why(instance, "accounts")


def test_a_partition_is_named(instance: AppInstance) -> None:
    service.begin(instance)
    run_tasks("scans")
    FeedState.objects.filter(feed="teams", partition="eu").update(is_stop_wanted=True)
    assert "Region eu: It was told to stop." in why(instance, "teams")


def test_the_command_names_instances_by_name_or_number(instance: AppInstance) -> None:
    ensure_states(instance)
    for wanted in ("contoso", str(instance.pk)):
        out = StringIO()
        call_command("explain_feed", wanted, "accounts", stdout=out)
        assert out.getvalue().startswith("accounts\n  It is due for about a minute")
    out = StringIO()
    call_command("explain_feed", "Contoso", stdout=out)
    assert out.getvalue().count("\n") >= 8


def test_the_command_says_what_there_is(instance: AppInstance) -> None:
    ensure_states(instance)
    with pytest.raises(CommandError, match=r"has no feed called files\. It has: accounts, teams, events, labels"):
        call_command("explain_feed", "Contoso", "files")
    with pytest.raises(CommandError, match="There is no connected instance Fabrikam"):
        call_command("explain_feed", "Fabrikam")

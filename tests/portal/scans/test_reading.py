"""What is said of a scan whose worker died, until another one goes on: never that it is being read."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal.instances.models import AppInstance
from portal.people.models import User
from portal.people.scope import scope_of
from portal.scans import overview, queries, runner, runs, service
from portal.scans.jobs import dispatch_due
from portal.scans.models import FeedState
from portal.scans.queries import FeedHealth
from tests.portal.scans.conftest import Clock, Killed, state_of
from tests.portal.scans.example import accounts, connector, teams
from tests.tasks import run_tasks

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def killed(monkeypatch: pytest.MonkeyPatch, declare: Callable[..., None]) -> Callable[..., None]:
    """`killed(instance, teams)`: alone this feed is read, and its worker dies right after a page."""
    real = runs.keep

    def at_page(*args: Any) -> None:
        real(*args)
        raise Killed

    def kill(instance: AppInstance, *feeds: Any) -> None:
        declare(connector(feeds=feeds))
        service.begin(instance)
        with monkeypatch.context() as deadly:
            deadly.setattr(runs, "keep", at_page)
            with pytest.raises(Killed):
                run_tasks("scans")

    return kill


def said(instance: AppInstance, admin: User) -> tuple[FeedHealth, list[str]]:
    """Of the one feed; and in which states the page of scans counts its rows. The bar above every page agrees."""
    [health] = queries.health(instance)
    assert bool(queries.running(scope_of(admin))) is health.is_running
    return health, [words for _, words, number in overview.counts(scope_of(admin)) if number]


def test_after_its_worker_died_a_feed_is_interrupted_until_another_one_reads(
    instance: AppInstance, admin: User, clock: Clock, killed: Callable[..., None]
) -> None:
    killed(instance, accounts)
    health, states = said(instance, admin)
    assert (health.word, health.is_running, states) == ("Scanning", True, ["Running"])

    clock.wait(seconds=50)
    health, states = said(instance, admin)
    assert (health.word, health.is_running, states) == ("Interrupted", False, ["Interrupted"])
    assert "Nothing came for 5" in health.sentence
    assert "within three minutes" in health.sentence

    clock.wait(seconds=71)
    assert said(instance, admin)[0].sentence.startswith("Its worker was stopped.")
    dispatch_due()
    assert state_of(instance, "accounts").lease_owner.startswith("ticket-")
    health, states = said(instance, admin)
    assert (health.word, states) == ("Interrupted", ["Interrupted"])
    assert queries.is_scanning(instance), "its page goes on looking"

    clock.wait(seconds=301)
    health, _ = said(instance, admin)
    assert (health.word, "do not run" in health.sentence) == ("Overdue", True)
    for pk, ticket in list(FeedState.objects.exclude(lease_owner="").values_list("pk", "lease_owner")):
        runner.run_feed(pk, ticket)
    assert said(instance, admin)[0].word == "Up to date"


def test_a_partition_whose_worker_died_is_not_called_up_to_date(
    instance: AppInstance, admin: User, clock: Clock, killed: Callable[..., None]
) -> None:
    killed(instance, teams)
    assert said(instance, admin)[0].word == "Scanning"
    FeedState.objects.exclude(lease_owner="").filter(status="waiting").update(lease_owner="", next_run_at=None)
    clock.wait(seconds=50)
    assert said(instance, admin)[0].word == "Interrupted"


def test_between_two_slices_it_is_read_unless_a_limit_or_the_workers_keep_it_waiting(
    instance: AppInstance, admin: User, clock: Clock, monkeypatch: pytest.MonkeyPatch, declare: Callable[..., None]
) -> None:
    declare(connector(feeds=(accounts,)))
    monkeypatch.setattr(runner, "SLICE_SECONDS", 0.0)
    service.begin(instance)
    row = state_of(instance, "accounts")
    runner.run_feed(row.pk, row.lease_owner)
    assert said(instance, admin)[0].word == "Scanning"
    clock.wait(minutes=6)
    assert said(instance, admin)[0].word == "Overdue"
    FeedState.objects.update(next_run_at=clock.now() + timedelta(minutes=10))
    health, states = said(instance, admin)
    assert (health.word, "in about 10 minutes" in health.sentence, states) == ("Waiting", True, [])

"""How the reading stands, in the words of the pages."""


import pytest

from portal.instances.models import AppInstance
from portal.people.models import User
from portal.people.scope import Scope, scope_of
from portal.scans import queries, runner, service
from tests.portal.scans.conftest import Clock, state_of
from tests.portal.scans.example import ExampleVendor

pytestmark = pytest.mark.django_db(transaction=True)


def test_health_tells_each_feed_in_order(known: AppInstance, instance: AppInstance) -> None:
    health = queries.health(known)
    assert [each.title for each in health] == ["Accounts", "Teams", "Audit log", "Labels"]
    assert {each.word for each in health} == {"Up to date"}
    assert all(each.as_of and each.is_read and not each.is_running for each in health)
    assert not queries.is_scanning(known)
    runs = queries.recent_runs(known)
    assert {run.title for run in runs} == {"Accounts", "Teams, Region eu", "Teams, Region us", "Audit log", "Labels"}
    assert {run.word for run in runs} == {"Done"}


def test_while_it_reads_it_says_how_far_it_is(
    instance: AppInstance, vendor: ExampleVendor, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "SLICE_SECONDS", 0.0)
    service.begin(instance)
    state = state_of(instance, "accounts")
    runner.run_feed(state.pk, state.lease_owner)

    accounts, teams, *_ = queries.health(instance)
    assert (accounts.word, accounts.is_running, accounts.records, accounts.total) == ("Scanning", True, 4, 5)
    assert accounts.progress == "4 of about 5 records"
    assert (teams.word, teams.sentence) == ("Waiting", "Starts when Accounts has been read.")
    assert queries.is_scanning(instance)
    [line] = queries.running(scope_of(admin))
    assert (line.instance, line.feed_title, line.records, line.total) == (instance, "Accounts", 4, 5)
    assert queries.running(Scope()) == [], "nobody sees what is read elsewhere"


def test_what_is_due_and_not_begun_is_never_called_up_to_date(
    known: AppInstance, vendor: ExampleVendor, clock: Clock
) -> None:
    clock.wait(minutes=6)
    words = {each.title: (each.word, each.sentence) for each in queries.health(known)}
    assert words["Audit log"] == ("Waiting", "Starts shortly.")
    assert words["Accounts"] == ("Up to date", "")
    clock.wait(minutes=10)
    late = next(each for each in queries.health(known) if each.title == "Audit log")
    assert (late.word, late.tone) == ("Overdue", "warn")
    assert late.sentence == "It was due about 11 minutes ago and has not begun: the workers are busy, or do not run."
    assert "workers' log" in late.remedy


def test_partitions_that_are_due_and_not_begun_are_not_called_up_to_date(known: AppInstance, clock: Clock) -> None:
    clock.wait(hours=13)
    planner = state_of(known, "teams")
    service.begin(known)
    runner.run_feed(planner.pk, state_of(known, "teams").lease_owner)
    assert queries.health(known)[1].sentence == "Starts shortly."

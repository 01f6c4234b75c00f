"""What each error does to a feed, to its run, to its instance, and to what is already known."""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from connectors.base import Account, Capability, Client, Cursor, Page, snapshot
from portal.instances.models import AppInstance, State
from portal.inventory.models import Account as Row
from portal.inventory.models import Group
from portal.people.models import User
from portal.scans import queries, service, troubles
from portal.scans.models import FeedState, FeedStatus, RunOutcome, ScanRun
from tests.connectors.base.vendor import Says, says
from tests.portal.scans.conftest import Clock, present, state_of
from tests.portal.scans.example import TOKEN, ExampleVendor, accounts, connector, labels
from tests.tasks import run_tasks

pytestmark = pytest.mark.django_db(transaction=True)

EVERYONE = ["uada", "ubo", "ucy", "udi", "ueve"]
HTML = Says(200, b"<html>Maintenance</html>", {"Content-Type": "text/html"})


@pytest.fixture
def known(connect: Callable[..., AppInstance], declare: Callable[..., None]) -> AppInstance:
    """Accounts alone, read once."""
    declare(connector(feeds=(accounts,)))
    instance = connect()
    service.begin(instance)
    run_tasks("scans")
    assert present(Row, instance) == EVERYONE
    return instance


def due_in(instance: AppInstance, feed: str = "accounts") -> timedelta:
    due = state_of(instance, feed).next_run_at
    assert due is not None
    return due - timezone.now()


def last_run(instance: AppInstance) -> ScanRun:
    return ScanRun.objects.filter(instance=instance).latest("pk")


def scan_again(clock: Clock) -> None:
    clock.wait_and_work(hours=13)


def test_refused_credentials_stop_every_feed_until_reconnected(
    known: AppInstance, vendor: ExampleVendor, clock: Clock, declare: Callable[..., None]
) -> None:
    declare(connector())
    clock.wait_and_work(minutes=1)
    vendor.trouble("/accounts", says({}, 401))
    vendor.events += 1
    clock.wait(hours=13)
    service.begin(known)
    run_tasks("scans")

    known.refresh_from_db()
    assert known.state == State.ATTENTION
    assert "does not accept the credentials" in known.problem
    assert TOKEN not in known.problem + known.remedy
    calls = len(vendor.calls)
    scan_again(clock)
    assert len(vendor.calls) == calls, "nothing is read until somebody reconnects"
    assert {each.word for each in queries.health(known)} == {"Stopped"}

    AppInstance.objects.update(state=State.CONNECTED)
    service.after_reconnect(known)
    run_tasks("scans")
    assert not FeedState.objects.exclude(error_code="").exists()
    assert present(Row, known) == EVERYONE


def test_a_missing_permission_blocks_the_feed_and_is_looked_at_daily_and_after_reconnecting(
    known: AppInstance, vendor: ExampleVendor, clock: Clock
) -> None:
    vendor.trouble("/accounts", says({}, 403), says({}, 403))
    scan_again(clock)

    state = state_of(known, "accounts")
    assert (state.status, state.error_code) == (FeedStatus.BLOCKED, "permission_missing")
    assert state.error
    assert timedelta(hours=23) < due_in(known) <= timedelta(days=1)
    assert last_run(known).outcome == RunOutcome.FAILED
    assert present(Row, known) == EVERYONE

    clock.wait_and_work(hours=25)
    assert state_of(known, "accounts").status == FeedStatus.BLOCKED, "looked at again, still refused"
    service.after_reconnect(known)
    run_tasks("scans")
    assert (state_of(known, "accounts").status, state_of(known, "accounts").error) == (FeedStatus.WAITING, "")


def test_what_the_plan_does_not_offer_is_looked_at_daily(
    known: AppInstance, vendor: ExampleVendor, clock: Clock
) -> None:
    vendor.trouble("/accounts", says({}, 402))
    scan_again(clock)

    health = queries.health(known)[0]
    assert (health.word, health.needs_attention, health.is_read) == ("Not available", False, False)
    assert "does not offer" in health.sentence
    clock.wait_and_work(hours=25)
    assert queries.health(known)[0].word == "Up to date"


@pytest.mark.parametrize("status", [429, 503, 423])
def test_what_the_plan_does_not_offer_stays_so_through_errors_that_pass(
    status: int, known: AppInstance, vendor: ExampleVendor, clock: Clock, admin: User
) -> None:
    vendor.trouble("/accounts", says({}, 402), says({}, status, Retry_After="60"))
    scan_again(clock)
    service.scan_now(admin, known)
    run_tasks("scans")
    health = queries.health(known)[0]
    assert (health.word, health.is_read) == ("Not available", False)
    assert "does not offer" in health.sentence
    assert timedelta(minutes=59) < due_in(known) <= timedelta(hours=1)
    assert last_run(known).error_code != "not_available", "the run tells what really happened"

    clock.wait_and_work(hours=2)
    assert queries.health(known)[0].word == "Up to date"


def test_a_rate_limit_pauses_the_run_which_goes_on_where_it_was(
    known: AppInstance, vendor: ExampleVendor, clock: Clock
) -> None:
    vendor.accounts.append("flo")
    vendor.trouble("/accounts?1", says({}, 429, Retry_After="900"))
    vendor.server.seen.clear()
    scan_again(clock)

    state = state_of(known, "accounts")
    assert (state.failures, state.is_mid_run, state.status) == (0, True, FeedStatus.WAITING)
    assert timedelta(seconds=890) < due_in(known) <= timedelta(seconds=900)
    assert last_run(known).outcome == RunOutcome.RUNNING
    assert queries.health(known)[0].word == "Waiting"

    clock.wait_and_work(seconds=600)
    assert vendor.calls == ["/accounts?0", "/accounts?1"], "not one call before the time is over"
    clock.wait_and_work(seconds=301)
    assert vendor.calls == ["/accounts?0", "/accounts?1", "/accounts?1", "/accounts?2"]
    assert present(Row, known) == [*EVERYONE, "uflo"]
    assert last_run(known).outcome == RunOutcome.DONE


def test_scan_now_does_not_break_into_a_rate_limit(
    known: AppInstance, vendor: ExampleVendor, clock: Clock, admin: object
) -> None:
    vendor.trouble("/accounts?1", says({}, 429, Retry_After="900"))
    scan_again(clock)
    calls = len(vendor.calls)
    service.scan_now(admin, known)  # type: ignore[arg-type]
    run_tasks("scans")
    assert len(vendor.calls) == calls


def test_a_vendor_that_is_down_is_asked_less_and_less_and_the_run_goes_on(
    known: AppInstance, vendor: ExampleVendor, clock: Clock
) -> None:
    vendor.trouble("/accounts?1", *(says({}, 503) for _ in range(4)))
    vendor.server.seen.clear()
    scan_again(clock)
    waits = []
    for failures in (1, 2, 3):
        assert state_of(known, "accounts").failures == failures
        waits.append(due_in(known))
        clock.wait_and_work(seconds=due_in(known).total_seconds() + 1)
    assert timedelta(seconds=44) < waits[0] < timedelta(seconds=76)
    assert timedelta(seconds=89) < waits[1] < timedelta(seconds=151)
    assert timedelta(seconds=179) < waits[2] < timedelta(seconds=301)
    assert queries.health(known)[0].word == "Trying again"

    clock.wait_and_work(hours=1)
    assert vendor.calls.count("/accounts?0") == 1, "the pages before are not read again"
    assert last_run(known).outcome == RunOutcome.DONE
    assert state_of(known, "accounts").failures == 0


def test_the_wait_never_grows_beyond_an_hour_and_a_quarter() -> None:
    waits = [troubles.back_off(failures) for failures in range(1, 60)]
    assert max(waits) <= timedelta(minutes=75)
    assert min(waits) >= timedelta(seconds=45)


def test_a_locked_list_is_read_later(known: AppInstance, vendor: ExampleVendor, clock: Clock) -> None:
    vendor.trouble("/accounts?2", says({}, 423))
    scan_again(clock)
    assert state_of(known, "accounts").error_code == "conflict"
    clock.wait_and_work(minutes=2)
    assert state_of(known, "accounts").error_code == ""
    assert last_run(known).outcome == RunOutcome.DONE


@pytest.mark.parametrize("answer", [HTML, Says(200, b"{", {})], ids=["a page of HTML", "half a document"])
def test_after_one_bad_answer_the_run_goes_on_behind_its_last_good_page(
    answer: Says, known: AppInstance, vendor: ExampleVendor, clock: Clock
) -> None:
    vendor.accounts.remove("bo")
    vendor.trouble("/accounts?1", answer)
    scan_again(clock)
    assert present(Row, known) == EVERYONE, "nothing is marked gone by a run that is not complete"
    health = queries.health(known)[0]
    assert (health.word, health.tone, health.code) == ("Trying again", "warn", "bad_response")
    assert health.sentence
    assert last_run(known).outcome == RunOutcome.RUNNING
    vendor.server.seen.clear()
    clock.wait_and_work(minutes=2)
    assert vendor.calls == ["/accounts?1"]
    assert state_of(known, "accounts").failures == 0
    assert present(Row, known) == ["uada", "ucy", "udi", "ueve"], "the pass is complete, and swept"
    assert queries.health(known)[0].word == "Up to date"


def test_bad_answers_in_a_row_are_loud_and_the_next_run_begins_anew(
    known: AppInstance, vendor: ExampleVendor, clock: Clock
) -> None:
    vendor.trouble("/accounts?1", *(HTML for _ in range(troubles.MOST_BAD_ANSWERS)))
    scan_again(clock)
    for _ in range(troubles.MOST_BAD_ANSWERS - 1):
        assert last_run(known).outcome == RunOutcome.RUNNING
        clock.wait_and_work(seconds=due_in(known).total_seconds() + 1)
    health = queries.health(known)[0]
    assert (health.word, health.tone, health.needs_attention) == ("Failed", "bad", True)
    assert last_run(known).outcome == RunOutcome.FAILED
    assert due_in(known) > timedelta(minutes=10)
    vendor.server.seen.clear()
    clock.wait_and_work(minutes=25)
    assert vendor.calls == ["/accounts?0", "/accounts?1", "/accounts?2"]
    assert queries.health(known)[0].word == "Up to date"


def test_a_list_that_is_not_there_is_loud_sweeps_nothing_and_the_next_run_begins_anew(
    known: AppInstance, vendor: ExampleVendor, clock: Clock
) -> None:
    vendor.accounts.remove("bo")
    vendor.trouble("/accounts?1", says({}, 404))
    scan_again(clock)

    assert present(Row, known) == EVERYONE, "nothing is marked gone by a run that failed"
    health = queries.health(known)[0]
    assert (health.word, health.tone, health.needs_attention, health.code) == ("Failed", "bad", True, "target_gone")
    assert last_run(known).outcome == RunOutcome.FAILED
    vendor.server.seen.clear()
    clock.wait_and_work(minutes=2)
    assert vendor.calls == ["/accounts?0", "/accounts?1"]
    assert present(Row, known) == ["uada", "ucy", "udi", "ueve"], "the pass that was complete swept"


def test_an_expired_cursor_begins_a_new_pass_and_keeps_the_rows_until_it_is_complete(
    connect: Callable[..., AppInstance], declare: Callable[..., None], vendor: ExampleVendor, clock: Clock
) -> None:
    declare(connector(feeds=(labels,)))
    instance = connect()
    service.begin(instance)
    run_tasks("scans")
    assert present(Group, instance) == ["blue", "green", "red"]

    # The app forgot the place, and meanwhile "red" went without a word.
    vendor.labels = ["green", "blue", "teal"]
    vendor.trouble("/labels?1", says({}, 410), Says(503))
    clock.wait_and_work(minutes=6)
    assert vendor.calls[-3:] == ["/labels?1", "/labels?0", "/labels?1"], "at once, from the beginning"
    assert present(Group, instance) == ["blue", "green", "red"], "the new pass is not complete: nothing is swept"

    clock.wait_and_work(minutes=2)
    assert present(Group, instance) == ["blue", "green", "teal"]
    assert state_of(instance, "labels").is_full_pass is False
    assert ScanRun.objects.filter(error_code="cursor_expired").count() == 1


def test_a_cursor_that_expires_again_and_again_is_waited_for(
    connect: Callable[..., AppInstance], declare: Callable[..., None], vendor: ExampleVendor, clock: Clock
) -> None:
    declare(connector(feeds=(labels,)))
    instance = connect()
    vendor.trouble("/labels?0", *(says({}, 410) for _ in range(20)))
    service.begin(instance)
    run_tasks("scans")
    assert len(vendor.calls) == 2
    assert due_in(instance, "labels") > timedelta(minutes=1)


def test_gone_records_of_a_change_feed_are_gone_and_come_back(
    connect: Callable[..., AppInstance], declare: Callable[..., None], vendor: ExampleVendor, clock: Clock
) -> None:
    declare(connector(feeds=(labels,)))
    instance = connect()
    service.begin(instance)
    run_tasks("scans")
    vendor.labels += ["-red", "-green", "green"]
    clock.wait_and_work(minutes=6)
    assert present(Group, instance) == ["blue", "green"]


def test_a_mistake_of_ours_is_told_with_a_reference_and_not_repeated_for_ever(
    connect: Callable[..., AppInstance], declare: Callable[..., None], vendor: ExampleVendor, clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    @snapshot(Account, title="Accounts", serves=(Capability.ACCOUNTS,))
    def broken(client: Client, cursor: Cursor) -> Iterator[Page]:
        secret_local = client.setup.secret("token")
        yield Page([Account(id="u1", name="first")], {"page": 1})
        raise KeyError(f"login\nof a row with {secret_local[:0]}DETAIL")

    declare(connector(feeds=(broken,)))
    instance = connect()
    with caplog.at_level(logging.ERROR):
        service.begin(instance)
        run_tasks("scans")
        state = state_of(instance, "broken")
        assert (state.status, state.error_code, state.failures) == (FeedStatus.WAITING, "broken", 1)
        for _ in range(10):
            clock.wait_and_work(hours=2)

    state = state_of(instance, "broken")
    assert (state.status, state.failures, state.next_run_at) == (FeedStatus.BLOCKED, 5, None)
    assert "reference" in state.error
    reference = state.error.split("reference ")[1].split(")")[0]
    assert reference in caplog.text
    assert "in broken" in caplog.text, "the traceback is there"
    assert TOKEN not in caplog.text
    assert present(Row, instance) == ["u1"]
    service.after_reconnect(instance)
    assert state_of(instance, "broken").status == FeedStatus.WAITING
    assert state_of(instance, "broken").failures == 0


def test_no_sentence_and_no_log_line_holds_the_token_or_a_query(
    known: AppInstance, vendor: ExampleVendor, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    answers = [says({}, status) for status in (401, 402, 403, 404, 423, 429, 500, 503)] + [HTML]
    with caplog.at_level(logging.DEBUG, logger="portal"):
        for answer in answers:
            vendor.trouble("/accounts?1", answer)
            AppInstance.objects.update(state=State.CONNECTED)
            service.after_reconnect(known)
            FeedState.objects.update(next_run_at=timezone.now(), error_code="", status=FeedStatus.WAITING)
            clock.wait_and_work(minutes=1)
            state = state_of(known, "accounts")
            assert state.error, f"{answer.status} is told"
            said = f"{state.error} {state.remedy} {last_run(known).error}"
            assert TOKEN not in said
            assert "page=" not in said
    assert TOKEN not in caplog.text
    assert "page=1" not in caplog.text

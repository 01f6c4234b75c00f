"""What holds for every connector, proven on its simulator through the real client and the network seam.

A connector is in the catalogue and has a bench in tests/connectors/conformance/; nothing here knows an app. What it
declares is held by test_declarations.py.
"""

import json
import logging
import re
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.base import (
    FINAL,
    ActionKind,
    Activity,
    Connector,
    CredentialsRejected,
    NotAvailable,
    TargetGone,
)
from connectors.base.addresses import matches
from connectors.base.auth import forget
from connectors.catalogue import catalogue
from tests.connectors import corpus, specification
from tests.connectors.conformance import benches_of, name_of
from tests.connectors.conformance.acting import (
    again,
    carry_on,
    carry_out,
    changing_calls,
    every_use,
    take_back,
    trials,
    untruths,
)
from tests.connectors.conformance.bench import Bench
from tests.connectors.conformance.blows import BLOWS, Blow, strike_each_call
from tests.connectors.conformance.dying import Journey, back, file_trials, forth, kept_by, readable
from tests.connectors.conformance.reading import (
    kept,
    killed_after_each_page,
    pages_of,
    partitions_of,
    read_again,
    records_of,
    rows_of,
)
from tests.connectors.conformance.shapes import HOSTILE, faults_of, is_sentence, texts_in
from tests.connectors.conformance.walks import Walk, walks_of
from tests.connectors.corpus import Replay
from tests.connectors.specification import Specification, distinct
from tests.sandbox.exchange import Exchange
from tests.sandbox.faults import FaultKind

BENCHES = [each for connector_id in catalogue() for each in benches_of(connector_id)]

OPENING = {
    ActionKind.QUARANTINE_FILE, ActionKind.TRASH_FILE, ActionKind.RESTORE_FILE, ActionKind.MAKE_PRIVATE,
    ActionKind.QUARANTINE_TRASHED_FILE,
}
"""Kinds that change to whom something is open."""
OPENED = re.compile("link|public|private|readable|get to it")


@pytest.fixture(scope="module", params=BENCHES, ids=name_of)
def started(request: pytest.FixtureRequest) -> Iterator[Bench]:
    bench: Bench = request.param()
    with bench.sandbox:
        yield bench


@pytest.fixture(scope="module")
def used(started: Bench) -> list[Exchange]:
    started.begin()
    return every_use(started)


@pytest.fixture(scope="module")
def walks(started: Bench) -> list[Walk]:
    return walks_of(started)


@pytest.fixture
def bench(started: Bench) -> Bench:
    started.begin()
    return started


@pytest.fixture
def connector(started: Bench) -> Connector:
    return started.connector


# --- what it reads --------------------------------------------------------------------------------------------------


def test_the_check_says_who_is_connected_and_that_nothing_is_missing(bench: Bench, connector: Connector) -> None:
    tenant = connector.check(bench.client())
    assert isinstance(tenant.id, str)
    assert tenant.id
    assert tenant.name
    assert tenant.missing == ()
    assert set(tenant.unavailable) == bench.unavailable
    assert all(is_sentence(reason) for reason in tenant.unavailable.values())


def test_each_feed_read_twice_yields_the_same_rows(bench: Bench) -> None:
    bench.grow()
    for feed in bench.feeds:
        first, again = rows_of(pages_of(feed, bench.client())), rows_of(pages_of(feed, bench.client()))
        assert first
        assert first == again


def test_reading_changes_nothing_in_the_app(bench: Bench, connector: Connector) -> None:
    before = bench.state()
    connector.check(bench.client())
    assert list(records_of(bench.feeds, bench.client()))
    assert bench.state() == before


def test_a_feed_interrupted_after_every_page_loses_nothing(bench: Bench) -> None:
    bench.grow()
    for feed in bench.feeds:
        for partition in partitions_of(feed, bench.client()):
            whole, cursors = [], []
            for page in feed.pages(bench.client(), None, partition):
                whole.append(page)
                cursors.append(kept(page.cursor))
            assert cursors == [page.cursor for page in whole], "a cursor was changed after it was given"
            assert len(whole) > 2, f"{feed.name} has nothing to be interrupted at"
            pieces = killed_after_each_page(feed, bench.client, partition)
            assert set(rows_of(pieces)) == set(rows_of(whole)), feed.name
            assert all(page.cursor is not None for page in whole), "None would begin anew"


def test_pages_that_have_not_changed_stand_for_what_they_held(bench: Bench) -> None:
    bench.grow()
    for feed in bench.feeds:
        for partition in partitions_of(feed, bench.client()):
            whole, again, pieces = read_again(feed, bench.client, partition)
            assert rows_of(whole) == rows_of(again) == rows_of(pieces), feed.name
            assert [page.cursor for page in again] == [page.cursor for page in whole]


def test_records_have_their_shape(bench: Bench) -> None:
    bench.grow()
    for feed in bench.feeds:
        for record in rows_of(pages_of(feed, bench.client())).values():
            assert list(faults_of(record, feed)) == []


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_come_through(bench: Bench, text: str) -> None:
    for feed in bench.feeds:
        before = rows_of(pages_of(feed, bench.client()))
        bench.plant(text)
        found = rows_of(pages_of(feed, bench.client()))
        assert set(before) <= set(found), "what was there before has another id now, or is lost"
        assert [fault for record in found.values() for fault in faults_of(record, feed)] == []
        told = [each for record in found.values() for each in texts_in(record)]
        assert text in told or feed.name in bench.wordless, f"{feed.name} does not tell it as it is"


# --- what goes wrong ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("blow", BLOWS, ids=str)
def test_a_failing_call_gives_the_error_that_fits(
    bench: Bench, walks: list[Walk], blow: Blow, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    if blow.name == "403":
        # The simulators play a refused token on demand; here they say that a permission is missing instead.
        monkeypatch.setattr(bench.simulator, "refuse", lambda request, fault: bench.forbidden())
    with caplog.at_level(logging.DEBUG):
        found = list(strike_each_call(bench, walks, blow))
    assert found
    assert [problem for problem in found if problem] == []
    assert not any(secret in caplog.text for secret in bench.secret_texts())


def test_no_secret_appears_in_rows_or_logs(
    bench: Bench, connector: Connector, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        bench.connect_anew()
        seen = [repr(connector.check(bench.client()))]
        seen += [repr(record) for record in records_of(bench.feeds, bench.client())]
        secrets = bench.secret_texts()
        every_use(bench)
    assert caplog.text
    for secret in {*secrets, *bench.secret_texts()}:
        assert not any(secret in text for text in (*seen, caplog.text))


def test_calls_go_to_declared_hosts_alone(bench: Bench, connector: Connector, used: list[Exchange]) -> None:
    called = {exchange.host for exchange in used}
    declared = connector.hosts(bench.config)
    assert called
    assert all(any(matches(host, pattern) for pattern in declared) for host in called)


def test_a_revoked_connection_is_over(bench: Bench, connector: Connector) -> None:
    scheme = connector.method(bench.method_id).scheme
    if scheme.revoke is forget:
        pytest.skip(f"{connector.name} has no way to be told that a connection ends")
    scheme.revoke(bench.client().setup)
    with pytest.raises(CredentialsRejected) if bench.ends_by_being_told else nullcontext():
        connector.check(bench.client())
    scheme.revoke(bench.client().setup)


# --- what it does ---------------------------------------------------------------------------------------------------


def test_every_action_has_a_trial_where_it_is_offered(bench: Bench, connector: Connector) -> None:
    tried = {trial.action for each in benches_of(connector.id) for trial in each.trials}
    assert tried == {action.name for action in connector.actions}
    assert not bench.unavailable & {trial.action for trial in bench.trials}


def test_looking_first_changes_nothing(bench: Bench) -> None:
    for trial, action, order in trials(bench):
        before, client = bench.state(), bench.client()
        if action.refuse:
            assert action.refuse(client, order) == "", trial
        if action.preview:
            said = action.preview(client, order)
            assert said, trial
            assert all(is_sentence(each) for each in said), said
        list(action.read_back(client, order))
        assert bench.state() == before, trial


def test_the_preview_of_a_file_action_names_what_and_where(bench: Bench) -> None:
    for trial, action, order in file_trials(bench):
        assert action.preview, trial
        said = " ".join(action.preview(bench.client(), order))
        assert order.target.name in said, f"{trial} is not named in: {said}"
        assert action.kind not in OPENING or OPENED.search(said), f"{trial}: whom it is open to is not said: {said}"


def test_a_step_is_done_after_it_was_done_and_not_before(bench: Bench) -> None:
    for trial, action, order in trials(bench):
        client = bench.client()
        for step in action.steps:
            assert not (step.is_done and step.is_done(client, order)), f"{trial}: {step.name} is done before it began"
            order = replace(order, results={**order.results, step.name: dict(step.run(client, order))})
            assert step.is_done is None or step.is_done(client, order), f"{trial}: {step.name} is not done"
        json.dumps(order.results)


def test_an_action_done_twice_equals_once(bench: Bench) -> None:
    for trial, action, order in trials(bench):
        before = bench.state()
        done = carry_out(action, order, bench.client())
        once = bench.state()
        assert once != before, f"{trial} changes nothing"
        for step in action.steps:
            if step.is_repeatable:
                again(step.run, bench.client(), done)
        assert bench.state() == once, trial


def test_an_action_whose_answer_was_lost_ends_as_if_it_had_come(bench: Bench) -> None:
    for trial, action, order in trials(bench):
        start = len(bench.sandbox.requests)
        carry_out(action, order, bench.client())
        once = bench.state()
        for number in changing_calls(bench, bench.sandbox.requests[start:]):
            bench.begin(is_short=True)
            bench.sandbox.faults.add(FaultKind.RESET, after=number)
            carry_on(action, order, bench.client)
            assert bench.state() == once, f"{trial}, answer {number} lost"


def test_a_worker_that_dies_after_any_call_of_a_file_action_loses_nothing(bench: Bench) -> None:
    for trial, action, order in file_trials(bench):
        there, journey = readable(bench), Journey(bench, forth(action), kept_by(action, bench))
        journey.walk(order)
        once = bench.state()
        assert journey.deaths
        for death in journey.deaths:
            journey.go_on(death)
            assert bench.state() == once, f"{trial}: the worker died after {death.call}"
            assert (action.kind in FINAL) == bool(there - readable(bench)), trial


def test_a_worker_that_dies_after_any_call_of_an_undo_loses_nothing(bench: Bench) -> None:
    for trial, action, order in file_trials(bench):
        before, journey = bench.state(), Journey(bench, back(action), kept_by(action, bench), is_undo=True)
        if not trial.is_undone:
            continue
        journey.walk(carry_out(action, order, bench.client()))
        assert journey.deaths
        for death in journey.deaths:
            journey.go_on(death)
            bench.settle(trial)
            assert bench.state() == before, f"{trial}: the worker died after {death.call}"


def test_an_undo_brings_back_what_was_there_and_can_be_repeated(bench: Bench) -> None:
    for trial, action, order in trials(bench):
        before = bench.state()
        done = carry_out(action, order, bench.client())
        if trial.is_undone:
            take_back(action, done, bench.client())
            take_back(action, done, bench.client(), is_repeated=True)
            bench.settle(trial)
            assert bench.state() == before, trial
        elif action.is_reversible:
            with pytest.raises((NotAvailable, TargetGone)) as refused:
                take_back(action, done, bench.client())
            assert refused.value.remedy, f"{trial}: nobody is told what to do instead"


def test_what_is_read_back_is_what_the_feeds_say(bench: Bench) -> None:
    for trial, action, order in trials(bench):
        assert untruths(bench, trial, list(action.read_back(bench.client(), order))) == [], f"{trial}, before"
        done = carry_out(action, order, bench.client())
        assert untruths(bench, trial, list(action.read_back(bench.client(), done))) == [], f"{trial}, after"
        if trial.is_undone:
            take_back(action, done, bench.client())
            assert untruths(bench, trial, list(action.read_back(bench.client(), done))) == [], f"{trial}, undone"


# --- what others wrote ----------------------------------------------------------------------------------------------


def recorded(connector: Connector) -> Path:
    found = corpus.folder(connector.id)
    if found is None:
        pytest.skip(f"GATEHOUSE_CORPUS names no folder with {connector.id}")
    return found


def test_recorded_answers_become_rows_and_none_is_dropped(bench: Bench, connector: Connector) -> None:
    recordings = list(bench.recordings(recorded(connector)))
    assert recordings
    for recording in recordings:
        with Replay(connector, bench.config, recording.said) as replay:
            pages = pages_of(connector.feed(recording.feed), replay.client(bench.method_id, bench.secrets))
        kinds = {row.kind for row in recording.rows}
        left = [record for page in pages for record in page.records if type(record) in kinds]
        assert [fault for record in left for fault in faults_of(record)] == [], recording.name
        assert all(record.targets for record in left if isinstance(record, Activity)), recording.name
        for row in recording.rows:
            found = next((each for each in left if row.is_told_by(each)), None)
            assert found, f"{recording.name}: {row} is not among {left}"
            left.remove(found)
        assert left == [], f"{recording.name}: nobody recorded these"


def test_recorded_refusals_become_the_error_that_fits(bench: Bench, connector: Connector) -> None:
    refusals = list(bench.refusals(recorded(connector)))
    assert refusals
    for refused in refusals:
        with (
            Replay(connector, bench.config, (refused.said,)) as replay,
            pytest.raises(refused.error) as error,
        ):
            replay.client(bench.method_id, bench.secrets).request(refused.said.method, refused.path)
        assert type(error.value) is refused.error, refused.name
        assert is_sentence(error.value.message), refused.name


def test_requests_and_answers_are_as_the_vendor_describes_them(
    bench: Bench, connector: Connector, used: list[Exchange]
) -> None:
    if not bench.descriptions:
        pytest.skip(f"{connector.name} publishes no machine-readable description")
    if specification.folder(connector.id) is None:
        pytest.skip(f"GATEHOUSE_SPECS names no folder with {connector.id}")
    descriptions = [Specification.load(connector.id, file) for file in bench.descriptions]
    pairs = ((description, exchange) for exchange in distinct(used) for description in descriptions)
    described = [(description, exchange) for description, exchange in pairs if description.describes(exchange)]
    assert described
    for description, exchange in described:
        description.validate(exchange)

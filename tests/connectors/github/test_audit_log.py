"""The audit log: windows, overlap, late and repeated events, events without id."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors.base import Activity, Cursor, NotAvailable, Page, PermissionMissing
from tests.connectors.conformance.github import Bench, tokens
from tests.connectors.conformance.reading import kept
from tests.connectors.github.conftest import Read, Stub
from tests.sandbox.exchange import Answer
from tests.sandbox.github import OWNER, SERVICE_OWNER
from tests.sandbox.github.audit import AuditLog
from tests.sandbox.github.refusal import Refusal

DAY = 86_400.0


def run(bench: Bench, cursor: Cursor = None) -> list[Page]:
    return list(bench.connector.feed("audit_log").pages(bench.client(), kept(cursor)))


def events(pages: list[Page]) -> list[Activity]:
    return [each for page in pages for each in page.records if isinstance(each, Activity)]


def rows(pages: list[Page]) -> set[tuple[datetime, str]]:
    """As the inventory tells them apart."""
    return {(each.occurred_at, each.id) for each in events(pages)}


def asked(bench: Bench) -> dict[str, str]:
    """The query of the last call."""
    return dict(bench.sandbox.requests[-1].query)


def since(bench: Bench) -> datetime:
    return datetime.fromisoformat(asked(bench)["phrase"].removeprefix("created:>="))


@pytest.fixture
def log(bench: Bench) -> AuditLog:
    return bench.organisation.audit


# --- what a run asks for --------------------------------------------------------------------------------------------


def test_the_first_run_reads_all_that_is_kept_oldest_first(bench: Bench) -> None:
    pages = run(bench)
    first = next(each for each in bench.sandbox.requests if each.path.endswith("/audit-log"))
    query = dict(first.query)
    assert (query["include"], query["order"], query["per_page"]) == ("all", "asc", "100")
    start = datetime.fromisoformat(query["phrase"].removeprefix("created:>="))
    assert abs(start - (bench.now() - timedelta(days=180))) < timedelta(seconds=2)
    found = events(pages)
    assert {"org.enable_saml", "git.clone", "org.sso_response"} <= {each.action for each in found}
    assert found[0].occurred_at < found[-1].occurred_at


def test_the_next_run_begins_a_little_before_the_newest_event(bench: Bench) -> None:
    pages = run(bench)
    newest = max(each.occurred_at for each in events(pages))
    again = run(bench, pages[-1].cursor)
    assert timedelta(minutes=9) < newest - since(bench) < timedelta(minutes=11)
    assert 0 < len(events(again)) < len(events(pages))
    assert rows(again) <= rows(pages)


def test_an_event_that_shows_up_late_is_read_by_the_next_run(bench: Bench, log: AuditLog) -> None:
    log.record("repo.create", at=bench.sandbox.clock.now() - 60, late=240, actor=OWNER)
    log.record("repo.destroy", at=bench.sandbox.clock.now() - 1, actor=OWNER)
    pages = run(bench)
    bench.sandbox.clock.advance(200)
    later = run(bench, pages[-1].cursor)
    assert "repo.create" in {each.action for each in events(later)}
    assert len(rows([*pages, *later])) == len(rows(pages)) + len(rows(later) - rows(pages))


def test_an_empty_answer_does_not_move_the_clock(bench: Bench) -> None:
    cursor = run(bench)[-1].cursor
    bench.sandbox.clock.advance(3 * 3600)
    bench.organisation.audit.entries.clear()
    again = run(bench, cursor)
    assert events(again) == []
    assert (again[-1].cursor or {})["newest"] == (cursor or {})["newest"]


def test_an_event_from_the_future_does_not_move_the_clock_past_the_present(bench: Bench, log: AuditLog) -> None:
    log.record("repo.create", at=bench.sandbox.clock.now() + 400 * DAY, actor=OWNER)
    cursor = run(bench)[-1].cursor
    log.record("repo.destroy", at=bench.sandbox.clock.now() + 30, actor=OWNER)
    bench.sandbox.clock.advance(60)
    assert "repo.destroy" in {each.action for each in events(run(bench, cursor))}


def test_events_out_of_order_are_all_read(bench: Bench, log: AuditLog) -> None:
    wanted = {each.event["action"] for each in log.entries if each.visible_from <= bench.sandbox.clock.now()}
    now = bench.sandbox.clock.now()
    wanted -= {each.event["action"] for each in log.entries if each.is_git and each.at_ms / 1000 < now - 7 * DAY}
    assert wanted <= {each.action for each in events(run(bench))}


# --- interrupted runs -----------------------------------------------------------------------------------------------


def interrupted(bench: Bench) -> Cursor:
    """The cursor after the first of several pages."""
    bench.sandbox.github.state.grow(events=300)
    return next(bench.connector.feed("audit_log").pages(bench.client(), None)).cursor


def test_an_interrupted_run_goes_on_at_its_page(bench: Bench) -> None:
    cursor = interrupted(bench)
    bench.sandbox.requests.clear()
    rest = run(bench, cursor)
    assert "after" in dict(bench.sandbox.requests[0].query)
    assert rows(run(bench)) - rows(rest)


def test_a_page_address_that_is_an_hour_old_is_not_trusted(bench: Bench) -> None:
    cursor = interrupted(bench)
    bench.sandbox.clock.advance(2 * 3600)
    bench.sandbox.requests.clear()
    whole = run(bench, cursor)
    assert "after" not in dict(bench.sandbox.requests[0].query)
    assert rows(whole) >= {each for each in rows(run(bench)) if each[0] > events(whole)[0].occurred_at}


def test_a_page_address_that_is_refused_begins_the_run_anew(bench: Bench, stub: Stub) -> None:
    cursor = dict(interrupted(bench) or {})
    cursor["next"] = cursor["next"].replace("after=", "after=no-longer-known-")
    whole = rows(run(bench))

    def forgotten(true: Answer) -> Answer:
        is_known = "no-longer-known" not in str(bench.sandbox.requests[-1:]) or true.status == 200
        return true if is_known else Refusal(422, "The cursor is not valid.").answer()

    stub("GET", ".*/audit-log", forgotten)
    again = run(bench, cursor)
    first = min(each.occurred_at for each in events(again))
    assert rows(again) == {each for each in whole if each[0] >= first}


# --- which event is which -------------------------------------------------------------------------------------------


def test_a_repeated_event_is_one_row(bench: Bench) -> None:
    twice = [each for each in events(run(bench)) if each.action == "repo.pages_public"]
    assert len(twice) == 2
    assert len({(each.occurred_at, each.id) for each in twice}) == 1


def test_events_without_id_keep_their_id_from_read_to_read(bench: Bench) -> None:
    first, again = (
        next(each for each in events(run(bench)) if each.action == "issues.transferred") for _ in range(2)
    )
    assert first.id
    assert first == again


def test_equal_events_without_id_are_several_rows_however_they_are_read(bench: Bench, log: AuditLog) -> None:
    at = bench.sandbox.clock.now() - 300
    for _ in range(3):
        log.record("issues.deleted", at=at, actor=OWNER, _document_id=None)
    pages = run(bench)
    found = [each for each in events(pages) if each.action == "issues.deleted"]
    assert len({each.id for each in found}) == 3
    again = [each for each in events(run(bench, pages[-1].cursor)) if each.action == "issues.deleted"]
    assert {each.id for each in again} == {each.id for each in found}


def test_equal_events_without_id_are_told_apart_over_a_page_break(bench: Bench, log: AuditLog) -> None:
    log.entries.clear()
    at = bench.sandbox.clock.now() - 3000
    for number in range(98):
        log.record("repo.create", at=at + number, actor=OWNER)
    for _ in range(5):
        log.record("issues.deleted", at=at + 200, actor=OWNER, _document_id=None)
    feed = bench.connector.feed("audit_log")
    whole = run(bench)
    first = next(feed.pages(bench.client(), None))
    rest = run(bench, first.cursor)
    assert len(whole) == 2
    assert len(rows(whole)) == 103
    assert rows([first, *rest]) == rows(whole)


def test_counters_do_not_pile_up_in_the_cursor(bench: Bench, log: AuditLog) -> None:
    """Servers that give no ids at all: a long first run must not carry each event in its cursor."""
    log.entries.clear()
    at = bench.sandbox.clock.now() - 9000
    for number in range(450):
        log.record("issues.deleted", at=at + number, actor=OWNER, _document_id=None)
    pages = run(bench)
    assert len(rows(pages)) == 450
    assert max(len((page.cursor or {}).get("repeats", {})) for page in pages) <= 100


def test_an_event_without_any_time_is_kept_at_one_moment(bench: Bench, read: Read, stub: Stub) -> None:
    stub("GET", "/orgs/[^/]+/audit-log", Answer.of_json([{"action": "repo.create", "actor": OWNER}]))
    first, again = events(read("audit_log")), events(read("audit_log"))
    assert first == again
    assert first[0].occurred_at == datetime(1970, 1, 1, tzinfo=UTC)


# --- where there is no log ------------------------------------------------------------------------------------------


def test_a_plan_without_the_log_is_not_an_error_of_the_admin(bench: Bench, read: Read) -> None:
    bench.organisation.plan = "team"
    with pytest.raises(NotAvailable, match="GitHub Enterprise Cloud") as error:
        read("audit_log")
    assert error.value.remedy


def test_a_missing_scope_is_named(bench: Bench, read: Read) -> None:
    value = bench.sandbox.github.state.issue_token(SERVICE_OWNER, ["read:org", "read:user"])
    bench.secrets.write_tokens(tokens(value, ["read:org", "read:user"]))
    with pytest.raises(PermissionMissing) as error:
        read("audit_log")
    assert error.value.permission == "read:audit_log"

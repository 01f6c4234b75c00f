"""The simulated Dropbox: the team's log."""

import pytest

from tests.connectors.dropbox_callers import DropboxCaller, team_caller
from tests.sandbox import Sandbox
from tests.sandbox.clock import iso
from tests.sandbox.exchange import Json

EVENTS, THEN = "team_log/get_events", "team_log/get_events/continue"


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture
def team(sandbox: Sandbox) -> DropboxCaller:
    return team_caller(sandbox)


def read(team: DropboxCaller, **argument: Json) -> list[Json]:
    return [event for page in team.pages(EVENTS, argument, THEN) for event in page["events"]]


def kinds(events: list[Json]) -> set[str]:
    return {each["event_type"][".tag"] for each in events}


def test_the_log_is_read_whole_out_of_order_with_twins_and_without_ids(sandbox: Sandbox, team: DropboxCaller) -> None:
    events = read(team)
    assert len(events) == len(sandbox.dropbox.state.log.entries) > 200
    times = [each["timestamp"] for each in events]
    assert times != sorted(times)
    assert any(events.count(each) > 1 for each in events)
    assert not any("id" in each for each in events)
    assert any("actor" not in each for each in events)
    assert {"login_success", "quantum_vault_opened", "shared_link_view"} <= kinds(events)


def test_filters_and_what_they_refuse(sandbox: Sandbox, team: DropboxCaller) -> None:
    assert kinds(read(team, category="logins")) == {"login_success", "login_fail", "logout"}
    assert kinds(read(team, event_type={".tag": "file_add"})) == {"file_add"}
    both = {"category": "logins", "event_type": "file_add"}
    assert team.refused(EVENTS, both) == {".tag": "invalid_filters"}
    account_id = sandbox.dropbox.state.member("mhartmann").account_id
    assert "member_change_admin_role" in kinds(read(team, account_id=account_id))
    assert team.refused(EVENTS, {"account_id": "dbid:" + "x" * 35}) == {".tag": "account_id_not_found"}
    moment = read(team)[0]["timestamp"]
    assert moment in {each["timestamp"] for each in read(team, time={"start_time": moment})}
    assert moment not in {each["timestamp"] for each in read(team, time={"end_time": moment})}
    window = {"start_time": moment, "end_time": moment}
    assert team.refused(EVENTS, {"time": window}) == {".tag": "invalid_time_range"}
    assert team(EVENTS, {"time": {"start_time": "yesterday"}}).status == 400


def test_a_page_can_be_empty_while_there_is_more(sandbox: Sandbox, team: DropboxCaller) -> None:
    start = {"start_time": iso(sandbox.clock.now() - 3600)}
    pages = team.pages(EVENTS, {"time": start}, THEN)
    assert pages[0]["events"] == []
    assert pages[0]["has_more"] is True
    assert pages[-1]["events"]


def test_the_cursor_goes_on_with_what_happens_later_and_one_day_ends(sandbox: Sandbox, team: DropboxCaller) -> None:
    last = team.pages(EVENTS, {}, THEN)[-1]
    asked = {"cursor": last["cursor"]}
    assert team.ok(THEN, asked)["events"] == []
    row = team.ok("team/linked_apps/list_members_linked_apps", {})["apps"][0]
    app = {"app_id": row["linked_api_apps"][0]["app_id"], "team_member_id": row["team_member_id"]}
    sandbox.dropbox.state.log.delay = 600
    team.ok("team/linked_apps/revoke_linked_app", app)
    assert team.ok(THEN, asked)["events"] == []
    sandbox.clock.advance(601)
    assert kinds(team.ok(THEN, asked)["events"]) == {"app_unlink_user"}
    assert team.refused(THEN, {"cursor": "nonsense"}) == {".tag": "bad_cursor"}
    sandbox.dropbox.state.log.expire_cursors(resume_at=1_700_000_000)
    assert team.refused(THEN, asked) == {".tag": "reset", "reset": "2023-11-14T22:13:20Z"}


def test_a_plan_without_file_events_has_none(sandbox: Sandbox, team: DropboxCaller) -> None:
    sandbox.dropbox.state.features["has_team_file_events"] = False
    assert not {"file_add", "file_edit", "file_download"} & kinds(read(team))
    assert read(team, category="file_operations") == []

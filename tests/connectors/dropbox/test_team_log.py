"""The log by its cursor, with all that real logs hold."""

import json
from datetime import timedelta

from connectors.base import AccountKind, Activity, ActivityCategory, Cursor, Outcome
from connectors.dropbox.mapping import events as told_of
from tests.connectors.conformance.dropbox import Bench
from tests.sandbox.clock import iso
from tests.sandbox.dropbox import events
from tests.sandbox.dropbox.unions import nested, tagged
from tests.sandbox.exchange import Json


def read(bench: Bench, cursor: Cursor = None) -> tuple[list[Activity], Cursor]:
    found = []
    for page in bench.connector.feed("team_log").pages(bench.client(), cursor):
        found += [each for each in page.records if isinstance(each, Activity)]
        cursor = page.cursor
    return found, cursor


def asked(bench: Bench) -> Json:
    """The time that the log was asked from last."""
    started = [each for each in bench.sandbox.requests if each.path == "/2/team_log/get_events"]
    return json.loads(started[-1].body)["time"]["start_time"]


def edit(bench: Bench) -> Json:
    return events.event("file_edit", bench.sandbox.clock.now(), actor=tagged("anonymous"))


def test_every_event_is_told_and_twins_are_counted(bench: Bench) -> None:
    found, _ = read(bench)
    assert len(found) == len(bench.held.log.entries)
    assert len({each.id for each in found}) == len(found)
    assert len([each for each in found if each.id.endswith("-2")]) == 1
    assert asked(bench) == iso(bench.sandbox.clock.now() - 30 * 86_400)


def test_the_cursor_gives_what_is_new_alone(bench: Bench) -> None:
    _, cursor = read(bench)
    assert read(bench, cursor)[0] == []
    bench.held.log.add(edit(bench))
    (new,), cursor = read(bench, cursor)
    assert new.action == "file_edit"
    assert read(bench, cursor)[0] == []


def test_a_cursor_that_was_reset_goes_on_where_dropbox_says(bench: Bench) -> None:
    _, cursor = read(bench)
    bench.held.log.expire_cursors(bench.sandbox.clock.now() - 3 * 86_400)
    again, _ = read(bench, cursor)
    assert asked(bench) == iso(bench.sandbox.clock.now() - 3 * 86_400)
    assert again


def test_a_cursor_that_is_none_any_more_goes_on_a_day_before_the_newest_event(bench: Bench) -> None:
    found, cursor = read(bench)
    assert cursor is not None
    newest = max(each.occurred_at for each in found)
    read(bench, {**cursor, "cursor": "gone"})
    assert asked(bench) == iso((newest - timedelta(hours=24)).timestamp())


def test_events_say_who_where_and_how_it_ended(bench: Bench) -> None:
    found, _ = read(bench)
    kinds = {each.action: each for each in found}
    assert kinds["login_success"].category is ActivityCategory.SIGN_IN
    assert kinds["login_fail"].outcome is Outcome.FAILURE
    assert kinds["file_edit"].category is ActivityCategory.USER
    assert kinds["member_change_status"].category is ActivityCategory.ADMIN
    assert (kinds["member_change_status"].actor_name, kinds["member_change_status"].actor_kind) == (
        "Dropbox", AccountKind.SERVICE,
    )  # fmt: skip
    assert kinds["member_change_status"].targets[0].id == bench.held.member("tvolkov").id
    assert kinds["shared_link_view"].actor_name == "Anonymous visitor"
    assert any((each.ip_address, each.country_code) == ("2001:db8:85a3::8a2e:370:7334", "PT") for each in found)
    assert any(each.action == "login_success" and each.actor_id == "" for each in found)


def test_an_event_that_nobody_knows_keeps_its_name_and_all_of_it(bench: Bench) -> None:
    found, _ = read(bench)
    strange = next(each for each in found if each.action == "quantum_vault_opened")
    assert "Opened the quantum vault" in strange.description
    assert strange.raw["details"] == {".tag": "quantum_vault_opened_details", "qubits": 7}


def test_actors_of_each_sort_are_told() -> None:
    outside = {".tag": "non_team_member", "account_id": "dbid:1", "email": "lena@fabrikam.example"}
    actors = [
        nested("user", outside),
        nested("app", tagged("team_linked_app", app_id="dbaid:9", display_name="Zapier")),
        tagged("reseller", reseller_name="Resell", reseller_email="it@resell.example"),
        tagged("quantum"),
    ]
    told = told_of([events.event("file_edit", 0.0, actor=each) for each in actors])
    assert [(each.actor_id, each.actor_name, each.actor_email) for each in told] == [
        ("dbid:1", "lena@fabrikam.example", "lena@fabrikam.example"),
        ("dbaid:9", "Zapier", ""),
        ("", "Resell", "it@resell.example"),
        ("", "quantum", ""),
    ]


def test_targets_are_assets_people_groups_and_apps() -> None:
    group = tagged("group", group_id="g:1", display_name="Sales")
    details = {"app_info": tagged("user_linked_app", app_id="dbaid:9", display_name="Zapier")}
    asset = tagged("folder", path={"contextual": "/Plans/2026"}, file_id="id:5")
    behalf = tagged("team_member", team_member_id="dbmid:7", display_name="Wei Jones")
    row = events.event("shared_content_add_member", 0.0, participants=[group], assets=[asset], details=details,
                       context=behalf)  # fmt: skip
    (told,) = told_of([row])
    assert [(each.kind, each.id, each.name) for each in told.targets] == [
        ("folder", "id:5", "2026"), ("group", "g:1", "Sales"), ("app", "dbaid:9", "Zapier"),
        ("account", "dbmid:7", "Wei Jones"),
    ]  # fmt: skip


def test_odd_events_are_kept() -> None:
    rows: list[Json] = [{"event_type": None}, {"event_type": "file_add", "actor": 5, "assets": [None], "origin": []}]
    told = told_of(rows)
    assert [each.action for each in told] == ["unknown", "file_add"]
    assert all(each.targets for each in told)

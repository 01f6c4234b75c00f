"""The simulated Box does what Box's documentation says: people, rights, groups, events, limits."""

import pytest

from tests.connectors.box_callers import acting, admin, caller, newest, pages, service
from tests.sandbox import Sandbox
from tests.sandbox.box import seed
from tests.sandbox.caller import Caller
from tests.sandbox.exchange import Json

DAY = 86_400


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture
def call(sandbox: Sandbox) -> Caller:
    return admin(sandbox)


def code(reply: Json) -> tuple[int, str]:
    return reply.status, reply.json()["code"]


# -- people


def test_the_enterprise_holds_the_company_with_its_awkward_people(sandbox: Sandbox, call: Caller) -> None:
    fields = "fields=login,role,status,enterprise,is_platform_access_only"
    people = pages(call, f"/users?limit=10&{fields}")
    assert len(people) == len({each["id"] for each in people}) == len(sandbox.box.state.managed()) >= 25
    assert [each["role"] for each in people].count("admin") == 1
    assert {each["status"] for each in people} == {"active", "inactive", "cannot_delete_edit_upload"}
    assert sum(each["is_platform_access_only"] for each in people) == 1
    assert {each["enterprise"]["id"] for each in people} == {seed.ENTERPRISE.id}


def test_people_from_outside_are_found_by_their_exact_login_alone(sandbox: Sandbox, call: Caller) -> None:
    login = sandbox.box.state.person("fab-lena").login
    assert call.get("/users?user_type=external").json()["entries"] == []
    assert call.get(f"/users?user_type=external&filter_term={login[:5]}").json()["entries"] == []
    [found] = call.get(f"/users?user_type=all&filter_term={login}").json()["entries"]
    assert found["login"] == login


def test_fields_replace_the_default_set_and_unknown_ones_say_nothing(call: Caller) -> None:
    assert "role" not in call.get("/users/me").json()
    assert set(call.get("/users/me?fields=role,nonsense").json()) == {"type", "id", "role"}


def test_a_limit_beyond_the_maximum_is_cut_and_offsets_have_an_end(call: Caller) -> None:
    assert call.get("/users?limit=5000").json()["limit"] == 1000
    assert code(call.get("/users?offset=10001")) == (400, "bad_request")
    assert call.get("/groups?limit=2&offset=2").json()["offset"] == 2
    assert code(call.get("/users?usemarker=true&offset=5")) == (400, "bad_request")


def test_rights_follow_the_role(sandbox: Sandbox, call: Caller) -> None:
    state = sandbox.box.state
    plain, coadmin, narrow = caller(sandbox, "kchen"), caller(sandbox, "mhartmann"), caller(sandbox, "psmith")
    assert code(plain.get("/users")) == (403, "access_denied_insufficient_permissions")
    assert [each.get("/users").status for each in (coadmin, narrow, service(sandbox))] == [200, 200, 200]
    assert [each.get("/groups").status for each in (coadmin, narrow)] == [200, 403]
    other = f"/users/{state.person('psmith').id}"
    assert coadmin("PUT", other, {"status": "inactive"}).status == 403
    assert call("PUT", other, {"role": "user"}).json()["id"] == state.person("psmith").id
    assert state.person("psmith").role == "user"
    assert newest(sandbox, "CHANGE_ADMIN_ROLE")["source"]["id"] == state.person("psmith").id
    assert coadmin("PUT", f"/users/{state.person('kchen').id}", {"role": "coadmin"}).status == 403
    assert call("PUT", f"/users/{state.primary_admin.id}", {"status": "inactive"}).status == 403


def test_a_suspended_person_is_locked_out_and_comes_back_as_before(sandbox: Sandbox, call: Caller) -> None:
    user, theirs = sandbox.box.state.person("asingh"), caller(sandbox, "asingh")
    changed = call("PUT", f"/users/{user.id}?fields=status", {"status": "inactive"})
    assert (changed.status, changed.json()["status"]) == (200, "inactive")
    assert theirs.get("/users/me").status == 401
    assert acting(call, user).get("/folders/0/items").status == 200
    call("PUT", f"/users/{user.id}", {"status": "cannot_delete_edit"})
    assert theirs.get("/users/me").json()["status"] == "cannot_delete_edit"
    assert code(call("PUT", f"/users/{user.id}", {"status": "suspended"})) == (400, "bad_request")


def test_ending_sessions_takes_both_lists_and_ends_tokens(sandbox: Sandbox, call: Caller) -> None:
    user, theirs = sandbox.box.state.person("asingh"), caller(sandbox, "asingh")
    target = "/users/terminate_sessions"
    assert call("POST", target, {"user_ids": [], "user_logins": []}).status == 400
    assert call("POST", target, {"user_ids": [user.id]}).status == 400
    assert call("POST", target, {"user_ids": ["1"], "user_logins": []}).status == 404
    assert call("POST", target, {"user_ids": [], "user_logins": [user.login]}).status == 202
    assert theirs.get("/users/me").status == 401
    call("PUT", f"/users/{user.id}", {"is_password_reset_required": True})
    assert user.is_password_reset_required


def test_deleting_a_person_needs_force_while_they_own_something(sandbox: Sandbox, call: Caller) -> None:
    state = sandbox.box.state
    user, heir = state.person("hgreen"), state.person("eandersson")
    sha1 = state.file("leads.xlsx").current.sha1
    assert call("DELETE", f"/users/{user.id}").status == 400
    moved = call("PUT", f"/users/{user.id}/folders/0", {"owned_by": {"id": heir.id}}).json()
    assert (moved["owned_by"]["id"], moved["parent"]["id"]) == (heir.id, "0")
    assert call("DELETE", f"/users/{user.id}").status == 204
    assert [place.how for place in state.tree.places(sha1)] == ["live"]
    assert newest(sandbox, "DELETE_USER")["source"]["login"] == user.login


# -- groups


def test_groups_and_their_members_are_read_by_offset(sandbox: Sandbox, call: Caller) -> None:
    groups = call.get("/groups?limit=100&fields=name,group_type,external_sync_identifier").json()
    assert groups["total_count"] == 5
    kinds = {each["name"]: each["group_type"] for each in groups["entries"]}
    assert kinds[seed.EVERYBODY] == "all_users_group"
    ids = {each["name"]: each["id"] for each in groups["entries"]}
    members = call.get(f"/groups/{ids['Engineering']}/memberships?limit=3&offset=3").json()
    assert (len(members["entries"]), members["total_count"]) == (3, 7)
    everybody = call.get(f"/groups/{ids[seed.EVERYBODY]}/memberships?limit=1").json()
    assert everybody["total_count"] == len(sandbox.box.state.managed())


def test_memberships_come_and_go_with_events(sandbox: Sandbox, call: Caller) -> None:
    state = sandbox.box.state
    user = state.person("rpatel").id
    group = next(each.id for each in state.groups.values() if each.name == "Finance")
    body = {"user": {"id": user}, "group": {"id": group}}
    made = call("POST", "/group_memberships", body).json()["id"]
    assert call("POST", "/group_memberships", body).status == 409
    assert [each["id"] for each in call.get(f"/users/{user}/memberships").json()["entries"]] == [made]
    assert [call("DELETE", f"/group_memberships/{made}").status for _ in range(2)] == [204, 404]
    assert newest(sandbox, "GROUP_REMOVE_USER")["additional_details"]["group_name"] == "Finance"


# -- events


def history(call: Caller, more: str = "") -> list[Json]:
    position = "0"
    found: list[Json] = []
    while True:
        page = call.get(f"/events?stream_type=admin_logs&stream_position={position}{more}").json()
        if not page["entries"]:
            assert page["next_stream_position"] == "0"
            return found
        found += page["entries"]
        position = page["next_stream_position"]
        assert int(position) > 2**53


def test_history_comes_in_order_without_duplicates_in_short_pages(call: Caller) -> None:
    first = call.get("/events?stream_type=admin_logs&limit=500").json()
    found = history(call, "&limit=500")
    assert 0 < first["chunk_size"] < len(found) == len({each["event_id"] for each in found})
    assert [each["created_at"] for each in found] == sorted(each["created_at"] for each in found)
    assert any(each["created_by"] is None for each in found)
    assert any((each["created_by"] or {}).get("id") == "2" for each in found)
    assert any(each["source"] is None for each in found)
    assert any(each["ip_address"] == "Unknown IP" for each in found)


def test_history_is_cut_by_window_and_type(call: Caller) -> None:
    found = history(call)
    since, until = found[20]["created_at"], found[60]["created_at"]
    window = f"&created_after={since}&created_before={until}"
    assert [each["event_id"] for each in history(call, window)] == [each["event_id"] for each in found[20:61]]
    assert {each["event_type"] for each in history(call, "&event_type=LOGIN,FAILED_LOGIN")} == {"LOGIN", "FAILED_LOGIN"}


def test_the_live_feed_repeats_holds_back_and_forgets(sandbox: Sandbox, call: Caller) -> None:
    target = "/events?stream_type=admin_logs_streaming&stream_position="
    everything = call.get(f"{target}0&limit=500").json()["entries"]
    ids = [each["event_id"] for each in everything]
    assert len(set(ids)) < len(ids)
    assert [each["created_at"] for each in everything] != sorted(each["created_at"] for each in everything)
    now = call.get(f"{target}now").json()
    assert (now["entries"], int(now["next_stream_position"]) > 2**53) == ([], True)
    call("PUT", f"/users/{sandbox.box.state.person('asingh').id}", {"status": "inactive"})
    page = call.get(target + now["next_stream_position"]).json()
    assert (page["entries"], page["next_stream_position"]) == ([], now["next_stream_position"])
    sandbox.clock.advance(13)
    page = call.get(target + now["next_stream_position"]).json()
    assert "EDIT_USER" in [each["event_type"] for each in page["entries"]]
    assert "EDIT_USER" not in [each["event_type"] for each in history(call, "&event_type=EDIT_USER")]
    sandbox.clock.advance(60)
    assert [each["event_type"] for each in history(call, "&event_type=EDIT_USER")] == ["EDIT_USER"]
    sandbox.clock.advance(20 * DAY)
    again = admin(sandbox)
    assert again.get(f"{target}0").json()["entries"] == []
    assert len(history(again, "&event_type=EDIT_USER")) == 1


def test_positions_are_numbers_where_somebody_wants_that(sandbox: Sandbox, call: Caller) -> None:
    sandbox.box.state.tells_positions_as_numbers = True
    for kind in ("admin_logs", "admin_logs_streaming"):
        assert call.get(f"/events?stream_type={kind}&limit=1").json()["next_stream_position"] > 2**53


def test_events_are_for_those_who_may_read_reports(sandbox: Sandbox) -> None:
    target = "/events?stream_type=admin_logs"
    assert [caller(sandbox, handle).get(target).status for handle in ("psmith", "kchen")] == [200, 403]
    narrow = caller(sandbox, seed.ADMIN, "root_readonly")
    assert code(narrow.get(target)) == (403, "insufficient_scope")


# -- limits and the rest


def test_calls_beyond_the_limit_wait_for_the_minute_to_end(sandbox: Sandbox, call: Caller) -> None:
    sandbox.box.state.calls_per_minute = 2
    assert [call.get("/users/me").status for _ in range(3)] == [200, 200, 429]
    assert 0 < int(call.get("/users/me").headers["retry-after"]) <= 60
    assert caller(sandbox, "asingh").get("/users/me").status == 200
    sandbox.clock.advance(60)
    assert call.get("/users/me").status == 200


def test_device_pins_page_by_numbers_and_are_removed(sandbox: Sandbox, call: Caller) -> None:
    target = f"/enterprises/{seed.ENTERPRISE.id}/device_pinners"
    page = call.get(f"{target}?limit=3").json()
    rest = call.get(f"{target}?limit=3&marker={page['next_marker']}").json()
    assert (type(page["next_marker"]), len(rest["entries"]), "next_marker" in rest) == (int, 1, False)
    pin = page["entries"][0]["id"]
    assert [call("DELETE", f"/device_pinners/{pin}").status for _ in range(2)] == [204, 404]


def test_settings_are_told_by_category(sandbox: Sandbox, call: Caller) -> None:
    target = f"/enterprise_configurations/{seed.ENTERPRISE.id}?categories=content_and_sharing"
    told = call.get(target, {"box-version": "2025.0"}).json()
    assert told["security"] is None
    assert told["content_and_sharing"]["trash_auto_clear_time"] == {"is_used": True, "value": 30 * DAY}
    assert call.get(target).status == 400


def test_throwing_out_someone_from_outside_leaves_invitations(sandbox: Sandbox, call: Caller) -> None:
    state = sandbox.box.state
    user = state.person("fab-lena")
    body = {"external_users": [{"type": "user", "id": user.id}, {"type": "user", "id": "1"}]}
    reply = call("POST", "/external_users/submit_delete_job", body, {"box-version": "2025.0"})
    assert (reply.status, [each["status"] for each in reply.json()["entries"]]) == (207, [202, 404])
    assert not any(each.user_id == user.id for each in state.collaborations.values())


def test_a_location_that_is_blocked_is_told(sandbox: Sandbox, call: Caller) -> None:
    sandbox.box.state.forbids_location = True
    assert code(call.get("/users/me")) == (403, "access_from_location_blocked")


def test_each_switch_turns_on_and_off(sandbox: Sandbox) -> None:
    for switch in sandbox.box.switches():
        switch.turn(True)
        on = {each.id: each.is_on for each in sandbox.box.switches()}
        assert on[switch.id] or switch.id == "revoked"
        switch.turn(False)
    assert not any(each.is_on for each in sandbox.box.switches())


def test_growing_adds_files_that_share_their_bytes(sandbox: Sandbox, call: Caller) -> None:
    sandbox.box.grow(files=250, per_folder=100)
    owner = sandbox.box.state.person("contoso-backup-svc")
    theirs = acting(call, owner)
    folders = [each for each in pages(theirs, "/folders/0/items") if each["name"].startswith("Grown")]
    assert [len(pages(theirs, f"/folders/{each['id']}/items?limit=30")) for each in folders] == [100, 100, 50]

"""The simulated Dropbox does what the fact sheet says: tokens, select headers, the team, its people."""

import pytest

from tests.connectors.dropbox_callers import DropboxCaller, selector, team_caller
from tests.sandbox import Sandbox
from tests.sandbox.caller import Caller
from tests.sandbox.dropbox import ADMIN, SECOND_ADMIN
from tests.sandbox.exchange import Json


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture
def team(sandbox: Sandbox) -> DropboxCaller:
    return team_caller(sandbox)


def statuses(members: list[Json]) -> list[str]:
    return [each["profile"]["status"][".tag"] for each in members]


# -- who calls


def test_tokens_are_judged_before_anything_else(sandbox: Sandbox, team: DropboxCaller) -> None:
    malformed = DropboxCaller(sandbox, "nonsense")("team/get_info")
    assert (malformed.status, malformed.headers["content-type"]) == (400, "text/plain; charset=utf-8")
    assert b"malformed" in malformed.body
    unknown = DropboxCaller(sandbox, "sl.unknown")("team/get_info")
    assert unknown.json()["error"] == {".tag": "invalid_access_token"}
    assert unknown.headers["www-authenticate"] == 'Bearer realm="Dropbox-API"'
    assert unknown.headers["content-type"] == "application/json"
    assert team.ok("team/get_info")["name"] == "Contoso Ltd"
    sandbox.clock.advance(14_401)
    assert team.refused("team/get_info", status=401) == {".tag": "expired_access_token"}


def test_a_missing_scope_is_named(sandbox: Sandbox) -> None:
    caller = team_caller(sandbox, "team_info.read", "files.metadata.read")
    wanted = {".tag": "missing_scope", "required_scope": "members.read"}
    assert caller.refused("team/members/list_v2", {}, 401) == wanted
    wanted["required_scope"] = "team_data.member"
    assert caller.as_admin().refused("files/list_folder", {"path": ""}, 401) == wanted


def test_a_team_token_needs_to_say_whose_files_it_means(sandbox: Sandbox, team: DropboxCaller) -> None:
    reply = team("files/list_folder", {"path": ""})
    assert (reply.status, reply.headers["content-type"]) == (400, "text/plain; charset=utf-8")
    assert b"entire Dropbox Business team" in reply.body
    assert team.as_user("wjones").ok("files/list_folder", {"path": ""})["entries"]
    own = team_caller(sandbox, "files.metadata.read", email="wjones")
    assert own.ok("files/list_folder", {"path": ""})["entries"]
    assert b"DfB team management function" in own("team/get_info").body


def test_select_headers_take_members_and_admins_who_are_there(team: DropboxCaller) -> None:
    path = {"path": ""}
    assert team.as_user("psmith2").refused("files/list_folder", path, 401) == {".tag": "user_suspended"}
    assert team.as_user("tvolkov").refused("files/list_folder", path, 401) == {".tag": "invalid_select_user"}
    assert team.as_admin("wjones").refused("files/list_folder", path, 401) == {".tag": "invalid_select_admin"}
    assert team.as_admin().refused("files/search_v2", {"query": "a"}, 401) == {".tag": "invalid_select_admin"}


def test_arguments_are_read_strictly(sandbox: Sandbox, team: DropboxCaller) -> None:
    arguments: tuple[Json, ...] = ({"limit": "5"}, {"limit": 0}, {"limits": 5}, [], "x")
    for argument in arguments:
        reply = team("team/members/list_v2", argument)
        assert (reply.status, reply.headers["content-type"]) == (400, "text/plain; charset=utf-8"), argument
        assert b'Error in call to API function "team/members/list_v2"' in reply.body
    assert team("team/get_info", {}).status == 400
    api = Caller(sandbox, "api.dropboxapi.com", {"Authorization": f"Bearer {team.token}"})
    assert api("POST", "/2/team/get_info", b"null").status == 400
    assert api("POST", "/2/team/get_info", b"", {"Content-Type": "application/json"}).status == 400
    assert api.get("/2/team/get_info").status == 400
    assert b"Unknown API function" in team("team/nothing").body


def test_the_root_of_paths_has_to_be_one_the_caller_has(sandbox: Sandbox, team: DropboxCaller) -> None:
    home = sandbox.dropbox.state.member("wjones").home_id
    user = team.as_user("wjones")
    for root in ({".tag": "root", "root": home}, {".tag": "home"}, {".tag": "namespace_id", "namespace_id": home}):
        assert user.at_root(root).ok("files/list_folder", {"path": ""})["entries"]
    wrong = user.at_root({".tag": "root", "root": "1"}).refused("files/list_folder", {"path": ""}, 422)
    assert wrong["invalid_root"] == {".tag": "user", "root_namespace_id": home, "home_namespace_id": home}
    other = {".tag": "namespace_id", "namespace_id": sandbox.dropbox.state.member("kchen").home_id}
    assert user.at_root(other).refused("files/list_folder", {"path": ""}, 422) == {".tag": "no_permission"}


def test_limits_are_said_in_three_ways(sandbox: Sandbox, team: DropboxCaller) -> None:
    sandbox.faults.add("rate-limit", retry_after=7)
    as_json = team("team/get_info")
    assert (as_json.status, as_json.headers["retry-after"]) == (429, "7")
    assert as_json.json()["error"] == {"reason": {".tag": "too_many_requests"}, "retry_after": 7}
    sandbox.faults.add("secondary-rate-limit")
    assert team("team/get_info").json()["error"]["reason"] == {".tag": "too_many_write_operations"}
    sandbox.dropbox.state.calls_per_minute = 1
    assert team("team/get_info").status == 200
    sandbox.dropbox.state.limit_body = "empty"
    empty = team("team/get_info")
    assert (empty.status, empty.body, empty.headers["content-type"]) == (429, b"", "application/json")
    sandbox.dropbox.state.limit_body = "text"
    assert team("team/get_info").headers["content-type"] == "text/plain; charset=utf-8"
    assert team.as_user("wjones")("files/list_folder", {"path": ""}).status == 200


def test_the_tail_of_an_error_summary_varies(team: DropboxCaller) -> None:
    texts = {team("team/members/list/continue_v2", {"cursor": "x"}).json()["error_summary"] for _ in range(4)}
    assert len(texts) == 4
    assert {text.rstrip(".") for text in texts} == {"invalid_cursor/"}


# -- the team


def test_the_team_says_who_it_is_and_what_it_may(sandbox: Sandbox, team: DropboxCaller) -> None:
    info = team.ok("team/get_info")
    assert info["team_id"] == sandbox.dropbox.state.team_id
    assert (info["num_licensed_users"], info["num_provisioned_users"]) == (36, 32)
    admin = team.ok("team/token/get_authenticated_admin")["admin_profile"]
    assert admin["email"] == ADMIN
    asked = {"features": ["has_team_file_events", {".tag": "upload_api_rate_limit"}]}
    assert team.ok("team/features/get_values", asked)["values"] == [
        {".tag": "has_team_file_events", "has_team_file_events": {".tag": "enabled", "enabled": True}},
        {".tag": "upload_api_rate_limit", "upload_api_rate_limit": {".tag": "unlimited"}},
    ]
    sandbox.dropbox.state.member(ADMIN).role_id = ""
    assert team.refused("team/token/get_authenticated_admin") == {".tag": "mapping_not_found"}


def test_members_are_listed_in_pages_and_the_removed_on_request(sandbox: Sandbox, team: DropboxCaller) -> None:
    pages = team.pages(
        "team/members/list_v2", {"limit": 10, "include_removed": True}, "team/members/list/continue_v2"
    )
    members = [each for page in pages for each in page["members"]]
    assert [len(page["members"]) for page in pages] == [10, 10, 10, 6]
    found = statuses(members)
    assert {name: found.count(name) for name in found} == {"active": 29, "invited": 3, "suspended": 2, "removed": 2}
    assert "removed" not in statuses(team.ok("team/members/list_v2", {})["members"])
    by_email = {each["profile"]["email"]: each for each in members}
    assert by_email[ADMIN]["roles"][0]["name"] == "Team admin"
    assert "account_id" not in by_email["new.starter@contoso.example"]["profile"]
    assert by_email["hgreen@contoso.example"]["profile"]["status"]["is_recoverable"] is True
    sandbox.dropbox.state.expire_cursors()
    stale = {"cursor": pages[0]["cursor"]}
    assert team.refused("team/members/list/continue_v2", stale) == {".tag": "invalid_cursor"}


def test_groups_and_their_members(team: DropboxCaller) -> None:
    groups = {each["group_name"]: each for each in team.ok("team/groups/list", {})["groups"]}
    assert len(groups) == 6
    assert groups["Everyone at Contoso"]["group_management_type"] == {".tag": "system_managed"}
    group = {".tag": "group_id", "group_id": groups["Sales"]["group_id"]}
    pages = team.pages("team/groups/members/list", {"group": group, "limit": 3}, "team/groups/members/list/continue")
    rows = [each for page in pages for each in page["members"]]
    assert [row["access_type"][".tag"] for row in rows] == ["owner", "member", "member", "member"]
    assert "groups" not in rows[0]["profile"]
    gone = {"group": {".tag": "group_id", "group_id": "g:0"}}
    assert team.refused("team/groups/members/list", gone) == {".tag": "group_not_found"}


# -- what is done to members


def test_suspending_wipes_devices_unless_it_is_said_otherwise(sandbox: Sandbox, team: DropboxCaller) -> None:
    for email, argument, was_wiped in (("wjones", {}, True), ("kchen", {"wipe_data": False}, False)):
        member = sandbox.dropbox.state.member(email)
        asked = {"user": selector(sandbox, email), **argument}
        assert team.ok("team/members/suspend", asked) is None
        assert (member.status, member.was_wiped, member.sessions) == ("suspended", was_wiped, [])
        assert team.refused("team/members/suspend", asked) == {".tag": "suspend_inactive_user"}
    event = sandbox.dropbox.state.log.events("member_change_status")[-1]
    assert event["details"]["new_value"] == {".tag": "suspended"}
    owners = {link.owner_id for link in sandbox.dropbox.state.links.values()}
    assert sandbox.dropbox.state.member("wjones").id in owners


def test_unsuspending_needs_a_licence_and_a_suspended_member(sandbox: Sandbox, team: DropboxCaller) -> None:
    asked = {"user": selector(sandbox, "psmith2")}
    sandbox.dropbox.state.licences = sandbox.dropbox.state.used_licences()
    assert team.refused("team/members/unsuspend", asked) == {".tag": "team_license_limit"}
    sandbox.dropbox.state.licences += 1
    assert team.ok("team/members/unsuspend", asked) is None
    assert team.refused("team/members/unsuspend", asked) == {".tag": "unsuspend_non_suspended_member"}


def test_the_last_admin_stays(sandbox: Sandbox, team: DropboxCaller) -> None:
    second = {"user": selector(sandbox, SECOND_ADMIN), "new_roles": []}
    assert team.ok("team/members/set_admin_permissions_v2", second)["roles"] == []
    assert sandbox.dropbox.state.log.events("member_change_admin_role")[-1]["details"]["new_value"] == {
        ".tag": "member_only"
    }
    last = {"user": selector(sandbox, ADMIN)}
    assert team.refused("team/members/set_admin_permissions_v2", {**last, "new_roles": []}) == {".tag": "last_admin"}
    assert team.refused("team/members/suspend", last) == {".tag": "suspend_last_admin"}
    role_id = sandbox.dropbox.state.role("Billing admin").id
    back = team.ok("team/members/set_admin_permissions_v2", {**second, "new_roles": [role_id]})
    assert back["roles"][0]["name"] == "Billing admin"
    assert team("team/members/set_admin_permissions_v2", {**second, "new_roles": [role_id, role_id]}).status == 400


def test_removing_is_a_job_and_can_be_taken_back_for_a_week(sandbox: Sandbox, team: DropboxCaller) -> None:
    user = selector(sandbox, "kchen")
    both = {"user": user, "keep_account": True}
    assert team.refused("team/members/remove", both) == {".tag": "cannot_keep_account_and_delete_data"}
    job = team.ok("team/members/remove", {"user": user, "wipe_data": False})
    poll = {"async_job_id": job["async_job_id"]}
    told = [team.ok("team/members/remove/job_status/get", poll)[".tag"] for _ in range(2)]
    assert told == ["in_progress", "complete"]
    assert team.refused("team/members/suspend", {"user": user}) == {".tag": "user_not_in_team"}
    assert team.ok("team/members/recover", {"user": user}) is None
    assert sandbox.dropbox.state.member("kchen").status == "active"
    heir = {"transfer_dest_id": selector(sandbox, "wjones"), "transfer_admin_id": selector(sandbox, ADMIN)}
    team.ok("team/members/remove", {"user": user, "wipe_data": False, **heir})
    assert team.refused("team/members/recover", {"user": user}) == {".tag": "user_unrecoverable"}
    assert team.refused("team/members/remove/job_status/get", {"async_job_id": "x"}) == {".tag": "invalid_async_job_id"}


# -- sessions and apps


def test_sessions_are_listed_in_pages_and_revoked_one_by_one(sandbox: Sandbox, team: DropboxCaller) -> None:
    first = team.ok("team/devices/list_members_devices", {"include_mobile_clients": False})
    second = team.ok("team/devices/list_members_devices", {"cursor": first["cursor"]})
    assert [len(page["devices"]) for page in (first, second)] == [10, 8]
    assert not any("mobile_clients" in each for each in first["devices"])
    web = first["devices"][0]["web_sessions"][0]
    member_id = first["devices"][0]["team_member_id"]
    asked = {".tag": "web_session", "session_id": web["session_id"], "team_member_id": member_id}
    answer = team.ok("team/devices/revoke_device_session_batch", {"revoke_devices": [asked, asked]})
    assert answer["revoke_devices_status"] == [
        {"success": True},
        {"success": False, "error_type": {".tag": "device_session_not_found"}},
    ]
    assert sandbox.dropbox.state.log.events("device_unlink")[-1]["details"]["delete_data"] is False
    sandbox.dropbox.state.expire_cursors()
    assert team.refused("team/devices/list_members_devices", {"cursor": first["cursor"]}) == {".tag": "reset"}


def test_apps_of_members_are_listed_and_revoked(sandbox: Sandbox, team: DropboxCaller) -> None:
    first = team.ok("team/linked_apps/list_members_linked_apps", {})
    assert (len(first["apps"]), first["has_more"]) == (10, True)
    row = first["apps"][0]
    asked = {"app_id": row["linked_api_apps"][0]["app_id"], "team_member_id": row["team_member_id"]}
    assert team.ok("team/linked_apps/revoke_linked_app", asked) is None
    assert team.refused("team/linked_apps/revoke_linked_app", asked) == {".tag": "app_not_found"}
    batch = {"revoke_linked_app": [asked, {**asked, "team_member_id": "dbmid:nobody"}]}
    rows = team.ok("team/linked_apps/revoke_linked_app_batch", batch)["revoke_linked_app_status"]
    assert [each["error_type"][".tag"] for each in rows] == ["app_not_found", "member_not_found"]
    assert len(sandbox.dropbox.state.log.events("app_unlink_user")) == 1

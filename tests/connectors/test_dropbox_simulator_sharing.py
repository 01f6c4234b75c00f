"""The simulated Dropbox: shared links, members of files and of folders."""

import pytest

from tests.connectors.dropbox_callers import DropboxCaller, team_caller
from tests.sandbox import Sandbox
from tests.sandbox.clock import iso
from tests.sandbox.exchange import Json

LINKS, REVOKE = "sharing/list_shared_links", "sharing/revoke_shared_link"
MODIFY = "sharing/modify_shared_link_settings"
LENA = {".tag": "email", "email": "fab-lena@fabrikam.example"}


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture
def team(sandbox: Sandbox) -> DropboxCaller:
    return team_caller(sandbox)


@pytest.fixture
def user(team: DropboxCaller) -> DropboxCaller:
    return team.as_user("wjones")


def folder(sandbox: Sandbox, name: str) -> str:
    return next(each.id for each in sandbox.dropbox.state.namespaces.values() if each.name == name)


def email(caller: DropboxCaller, handle: str) -> Json:
    return {".tag": "email", "email": caller.state.member(handle).email}


def test_links_are_listed_by_member_by_file_and_by_folders_around(user: DropboxCaller) -> None:
    links = user.ok(LINKS, {})["links"]
    assert {each["name"] for each in links} == {"data.json", "Keys"}
    key = {"path": "/Keys/id_rsa"}
    assert [each["name"] for each in user.ok(LINKS, key)["links"]] == ["Keys"]
    assert user.ok(LINKS, {**key, "direct_only": True}) == {"links": [], "has_more": False}
    assert user.refused(LINKS, {"path": "/none"})["path"] == {".tag": "not_found"}


def test_a_link_is_made_once_changed_and_revoked(sandbox: Sandbox, user: DropboxCaller) -> None:
    create = {"path": "/passwords.csv", "settings": {"audience": "public"}}
    link = user.ok("sharing/create_shared_link_with_settings", create)
    assert link["link_permissions"]["effective_audience"] == {".tag": "public"}
    again = user.refused("sharing/create_shared_link_with_settings", create)
    assert again["shared_link_already_exists"]["metadata"]["url"] == link["url"]
    asked: dict[str, Json] = {"url": link["url"], "settings": {"require_password": True}}
    assert user.refused(MODIFY, asked)["settings_error"] == {".tag": "invalid_settings"}
    asked["settings"] = {"expires": iso(sandbox.clock.now() - 5)}
    assert user.refused(MODIFY, asked)["settings_error"] == {".tag": "invalid_settings"}
    expires = iso(sandbox.clock.now() + 500)
    asked["settings"] = {"require_password": True, "link_password": "x", "expires": expires}
    changed = user.ok(MODIFY, asked)
    assert changed["link_permissions"]["resolved_visibility"] == {".tag": "password"}
    assert changed["expires"] == expires
    asked |= {"settings": {"audience": "team"}, "remove_expiration": True}
    changed = user.ok(MODIFY, asked)
    assert changed["link_permissions"]["resolved_visibility"] == {".tag": "team_and_password"}
    assert "expires" not in changed
    assert user.ok(REVOKE, {"url": link["url"]}) is None
    assert user.refused(REVOKE, {"url": link["url"]}) == {".tag": "shared_link_not_found"}
    kinds = ("shared_link_create", "shared_link_settings_change_audience", "shared_link_disable")
    assert all(sandbox.dropbox.state.log.events(kind) for kind in kinds)


def test_a_link_is_its_owners_and_works_again_after_a_restore(team: DropboxCaller, user: DropboxCaller) -> None:
    link = next(each for each in user.ok(LINKS, {})["links"] if each["name"] == "data.json")
    for other in (team.as_user("kchen"), team.as_admin()):
        assert other.refused(REVOKE, {"url": link["url"]}) == {".tag": "shared_link_access_denied"}
    user.ok("files/delete_v2", {"path": "/data.json"})
    assert {each["name"] for each in user.ok(LINKS, {})["links"]} == {"Keys"}
    user.ok("files/restore", {"path": "/data.json", "rev": link["rev"]})
    assert link["url"] in {each["url"] for each in user.ok(LINKS, {})["links"]}


def test_members_of_a_file_are_listed_added_and_removed(sandbox: Sandbox, user: DropboxCaller) -> None:
    asked = {"file": "/passwords.csv"}
    found = user.ok("sharing/list_file_members", asked)
    assert [each["user"]["same_team"] for each in found["users"]] == [True, False, True]
    assert [each["invitee"]["email"] for each in found["invitees"]] == ["priya.raman@freelance.example"]
    page = user.ok("sharing/list_file_members", {**asked, "limit": 2})
    rest = user.ok("sharing/list_file_members/continue", {"cursor": page["cursor"]})
    assert (len(page["users"]), len(rest["users"])) == (2, 1)
    batch = user.ok("sharing/list_file_members/batch", {"files": ["/passwords.csv", "/none"]})
    assert [each["result"][".tag"] for each in batch] == ["result", "access_error"]
    assert batch[0]["result"]["member_count"] == 4
    remove = {**asked, "member": LENA}
    assert user.ok("sharing/remove_file_member_2", remove) == {".tag": "success"}
    assert user.refused("sharing/remove_file_member_2", remove)["access_error"] == {".tag": "invalid_member"}
    assert user.ok("sharing/add_file_member", {**asked, "members": [LENA]})[0]["result"][".tag"] == "success"
    assert user.ok("sharing/unshare_file", asked) is None
    assert len(user.ok("sharing/list_file_members", asked)["users"]) == 1


def test_who_has_a_file_by_its_folder_still_has_it(sandbox: Sandbox, team: DropboxCaller) -> None:
    seller, path = team.as_user("fmartin"), "/Deals 2026/Part 0/file 00.txt"
    remove = {"file": path, "member": LENA}
    assert seller.refused("sharing/remove_file_member_2", remove) == {".tag": "no_explicit_access"}
    seller.ok("sharing/add_file_member", {"file": path, "members": [LENA]})
    still = seller.ok("sharing/remove_file_member_2", remove)
    assert still == {".tag": "success", "access_level": {".tag": "editor"}}
    inherited = seller.ok("sharing/list_file_members", {"file": path})
    assert {each["is_inherited"] for each in inherited["users"]} == {True}


def test_members_of_a_folder_are_removed_by_a_job(sandbox: Sandbox, team: DropboxCaller) -> None:
    owner, deals = team.as_user("eandersson"), folder(sandbox, "Deals 2026")
    members = owner.ok("sharing/list_folder_members", {"shared_folder_id": deals})
    assert len(members["users"]) == 4
    assert members["invitees"][0]["invitee"]["email"] == "bids@wide-world.example"
    check, remove = "sharing/check_remove_member_job_status", "sharing/remove_folder_member"

    def outcome(member: Json) -> Json:
        job = owner.ok(remove, {"shared_folder_id": deals, "member": member, "leave_a_copy": False})
        poll = {"async_job_id": job["async_job_id"]}
        assert owner.ok(check, poll) == {".tag": "in_progress"}
        return owner.ok(check, poll)

    assert outcome(LENA) == {".tag": "complete"}
    assert outcome(LENA)["failed"] == {".tag": "member_error", "member_error": {".tag": "not_a_member"}}
    assert outcome(email(owner, "fmartin")) == {".tag": "complete"}
    gone = team.as_user("fmartin").refused("files/list_folder", {"path": f"ns:{deals}"})
    assert gone["path"] == {".tag": "not_found"}
    himself = {"shared_folder_id": deals, "member": email(owner, "eandersson")}
    assert owner.refused(remove, himself) == {".tag": "folder_owner"}


def test_a_folder_is_made_private_or_kept_in_the_team(sandbox: Sandbox, team: DropboxCaller) -> None:
    owner, deals = team.as_user("eandersson"), {"shared_folder_id": folder(sandbox, "Deals 2026")}
    policy = {**deals, "member_policy": "team", "shared_link_policy": "members"}
    assert owner.ok("sharing/update_folder_policy", policy)["policy"]["resolved_member_policy"] == {".tag": "team"}
    assert team.as_user("fmartin").refused("sharing/update_folder_policy", policy) == {".tag": "no_permission"}
    job = owner.ok("sharing/unshare_folder", {**deals, "leave_a_copy": False})
    poll = {"async_job_id": job["async_job_id"]}
    assert [owner.ok("sharing/check_job_status", poll)[".tag"] for _ in range(2)] == ["in_progress", "complete"]
    assert len(owner.ok("sharing/list_folder_members", deals)["users"]) == 1
    handbook = {"shared_folder_id": folder(sandbox, "Company Handbook")}
    assert owner.refused("sharing/unshare_folder", handbook) == {".tag": "team_folder"}


def test_folders_say_whose_they_are(sandbox: Sandbox, team: DropboxCaller) -> None:
    caller = team.as_user("rpatel")
    folders = {each["name"]: each for each in caller.ok("sharing/list_folders", {})["entries"]}
    assert folders["Fabrikam delivery"]["owner_team"]["id"] != sandbox.dropbox.state.team_id
    assert folders["Fabrikam delivery"]["path_lower"] == "/fabrikam delivery"
    assert "path_lower" not in folders["Projects"]
    asked = {"shared_folder_id": folders["Projects"]["shared_folder_id"]}
    assert caller.ok("sharing/get_folder_metadata", asked)["is_team_folder"] is True

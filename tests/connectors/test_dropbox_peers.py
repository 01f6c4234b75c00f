"""The vendor's own client drives the simulated Dropbox; its generated validators judge every field of the answers."""

from io import BytesIO
from typing import Any

import pytest
import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from tests.connectors.dropbox_callers import team_caller
from tests.sandbox import Sandbox
from tests.sandbox.dropbox import ADMIN, APP_KEY, APP_SECRET
from tests.sandbox.dropbox.content_hash import content_hash
from tests.sandbox.dropbox.scopes import ALL_SCOPES

pytestmark = pytest.mark.peers

WITHOUT = "dropbox is not installed: pip install --require-hashes -r requirements-peers.txt"


class InProcess(BaseAdapter):
    """The client insists on HTTPS to the vendor's hosts: its calls are answered without a socket."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__()
        self._sandbox = sandbox

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        host, _slash, path = (request.url or "").removeprefix("https://").partition("/")
        body = request.body.encode() if isinstance(request.body, str) else request.body or b""
        answer = self._sandbox.answer(request.method or "", f"/{path}", {**request.headers, "Host": host}, body)
        response = requests.Response()
        response.status_code, response.url, response.request = answer.status, request.url or "", request
        response.headers.update(answer.headers)
        response.raw = HTTPResponse(BytesIO(answer.body), answer.headers, answer.status, preload_content=False)
        return response

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture
def sdk() -> Any:
    return pytest.importorskip("dropbox", reason=WITHOUT)


@pytest.fixture
def team(sandbox: Sandbox, sdk: Any) -> Any:
    session = requests.Session()
    session.mount("https://", InProcess(sandbox))
    grant = sandbox.dropbox.state.issue_grant(ADMIN, ALL_SCOPES)
    return sdk.DropboxTeam(
        oauth2_refresh_token=grant.refresh_token,
        app_key=APP_KEY,
        app_secret=APP_SECRET,
        session=session,
        max_retries_on_error=0,
        max_retries_on_rate_limit=0,
    )


def member_id(sandbox: Sandbox, email: str) -> str:
    return sandbox.dropbox.state.member(email).id


def test_the_team_its_people_and_its_log_are_as_the_client_expects(sandbox: Sandbox, sdk: Any, team: Any) -> None:
    assert team.team_get_info().team_id == sandbox.dropbox.state.team_id
    assert team.team_token_get_authenticated_admin().admin_profile.email == ADMIN
    features = [sdk.team.Feature.has_team_file_events, sdk.team.Feature.upload_api_rate_limit]
    assert team.team_features_get_values(features).values[0].is_has_team_file_events()
    page = team.team_members_list_v2(limit=20, include_removed=True)
    rest = team.team_members_list_continue_v2(page.cursor)
    assert len(page.members) + len(rest.members) == 36
    groups = team.team_groups_list().groups
    assert team.team_groups_members_list(sdk.team.GroupSelector.group_id(groups[1].group_id)).members
    assert team.team_members_get_available_team_member_roles().roles
    events = [team.team_log_get_events()]
    while events[-1].has_more:
        events.append(team.team_log_get_events_continue(events[-1].cursor))
    assert sum(len(each.events) for each in events) > 200
    assert team.team_namespaces_list().namespaces
    assert team.team_team_folder_list().team_folders
    assert team.team_linked_apps_list_members_linked_apps().apps
    assert team.team_devices_list_members_devices().devices


def test_members_are_governed(sandbox: Sandbox, sdk: Any, team: Any) -> None:
    user = sdk.team.UserSelectorArg.team_member_id(member_id(sandbox, "kchen"))
    assert team.team_members_suspend(user, wipe_data=False) is None
    assert team.team_members_unsuspend(user) is None
    assert team.team_members_set_admin_permissions_v2(user, new_roles=[]).roles == []
    with pytest.raises(sdk.exceptions.ApiError) as caught:
        team.team_members_unsuspend(user)
    assert caught.value.error.is_unsuspend_non_suspended_member()
    job = team.team_members_remove(user, wipe_data=False).get_async_job_id()
    assert team.team_members_remove_job_status_get(job).is_in_progress()
    assert team.team_members_recover(user) is None
    sessions = team.team_devices_list_members_devices().devices
    argument = sdk.team.DeviceSessionArg(sessions[0].web_sessions[0].session_id, sessions[0].team_member_id)
    batch = [sdk.team.RevokeDeviceSessionArg.web_session(argument)]
    assert team.team_devices_revoke_device_session_batch(batch).revoke_devices_status[0].success
    row = team.team_linked_apps_list_members_linked_apps().apps[0]
    assert team.team_linked_apps_revoke_linked_app(row.linked_api_apps[0].app_id, row.team_member_id) is None


def test_files_of_all_namespaces_are_read(sandbox: Sandbox, sdk: Any, team: Any) -> None:
    admin = team.as_admin(member_id(sandbox, ADMIN))
    for namespace in sandbox.dropbox.state.namespaces:
        options = {"recursive": True, "include_deleted": True, "include_has_explicit_shared_members": True}
        page = admin.files_list_folder(f"ns:{namespace}", **options)
        assert admin.files_list_folder_continue(page.cursor).entries == []
    user = team.as_user(member_id(sandbox, "wjones"))
    rooted = user.with_path_root(sdk.common.PathRoot.namespace_id(sandbox.dropbox.state.member("wjones").home_id))
    assert rooted.files_get_metadata("/data.json").content_hash
    assert user.files_search_v2("angebot").matches[0].metadata.get_metadata().name == "Angebot.docx"
    with pytest.raises(sdk.exceptions.PathRootError):
        user.with_path_root(sdk.common.PathRoot.root("1")).files_list_folder("")


def test_long_lists_go_on_where_they_stopped(sandbox: Sandbox, sdk: Any, team: Any) -> None:
    sandbox.dropbox.state.largest_page = 1
    first = team.team_groups_list(limit=1)
    assert team.team_groups_list_continue(first.cursor).groups[0].group_id != first.groups[0].group_id
    sales = next(each for each in sandbox.dropbox.state.groups.values() if each.name == "Sales")
    people = team.team_groups_members_list(sdk.team.GroupSelector.group_id(sales.id), limit=1)
    assert people.has_more
    namespaces = team.team_namespaces_list(limit=1)
    assert team.team_namespaces_list_continue(namespaces.cursor).namespaces
    found = team.team_members_get_info_v2([sdk.team.UserSelectorArg.email(ADMIN)]).members_info[0]
    assert found.get_member_info().profile.team_member_id == member_id(sandbox, ADMIN)


def test_a_member_leaves_a_group_and_joins_it_again(sandbox: Sandbox, sdk: Any, team: Any) -> None:
    sales = next(each for each in sandbox.dropbox.state.groups.values() if each.name == "Sales")
    group, person = sdk.team.GroupSelector.group_id(sales.id), sdk.team.UserSelectorArg.team_member_id
    someone = person(member_id(sandbox, "fmartin"))
    left = team.team_groups_members_remove(group, [someone], return_members=False)
    assert left.group_info.member_count == len(sales.members) == 3
    stands = [team.team_groups_job_status_get(left.async_job_id) for _ in range(2)]
    assert (stands[0].is_in_progress(), stands[1].is_complete()) == (True, True)
    with pytest.raises(sdk.exceptions.ApiError) as refusal:
        team.team_groups_members_remove(group, [someone])
    assert refusal.value.error.is_member_not_in_group()
    access = sdk.team.GroupAccessType.member
    joined = team.team_groups_members_add(group, [sdk.team.MemberAccess(someone, access)])
    assert len(joined.group_info.members) == 4
    with pytest.raises(sdk.exceptions.ApiError) as unknown:
        team.team_groups_members_add(group, [sdk.team.MemberAccess(person("dbmid:nobody"), access)])
    assert unknown.value.error.get_users_not_found() == ["dbmid:nobody"]


def test_what_was_deleted_is_told_with_its_revisions(sandbox: Sandbox, sdk: Any, team: Any) -> None:
    user = team.as_user(member_id(sandbox, "wjones"))
    assert user.users_get_current_account().email.startswith("wjones@")
    start = user.files_list_folder_get_latest_cursor("", include_deleted=True).cursor
    user.files_delete_v2("/data.json")
    [deleted] = user.files_list_folder_continue(start).entries
    assert (type(deleted), deleted.path_lower) == (sdk.files.DeletedMetadata, "/data.json")
    revisions = user.files_list_revisions("/data.json", mode=sdk.files.ListRevisionsMode.path)
    assert (revisions.is_deleted, bool(revisions.entries)) == (True, True)


def test_files_are_changed_and_bytes_come_back(sandbox: Sandbox, sdk: Any, team: Any) -> None:
    user = team.as_user(member_id(sandbox, "wjones"))
    saved = user.files_upload(b"hello", "/ünï.txt", mute=True)
    hasher = sdk.content_hash.DropboxContentHasher()
    hasher.update(b"hello")
    assert saved.content_hash == hasher.hexdigest() == content_hash(b"hello")
    update = sdk.files.WriteMode.update(saved.rev)
    assert user.files_upload(b"hello again", saved.id, mode=update, strict_conflict=True).rev != saved.rev
    with pytest.raises(sdk.exceptions.ApiError) as caught:
        user.files_upload(b"late", saved.id, mode=update, strict_conflict=True)
    assert caught.value.error.get_path().reason.is_conflict()
    metadata, response = user.files_download(saved.id)
    assert (metadata.name, response.content) == ("ünï.txt", b"hello again")
    assert len(user.files_list_revisions("/ünï.txt").entries) == 2
    assert user.files_delete_v2(saved.id).metadata.name == "ünï.txt"
    assert user.files_restore("/back.txt", saved.rev).id == saved.id
    assert user.files_create_folder_v2("/Quarantine").metadata.name == "Quarantine"
    assert user.files_move_v2("/back.txt", "/Quarantine/back.txt").metadata.path_display == "/Quarantine/back.txt"
    start = user.files_upload_session_start(b"ab").session_id
    cursor = sdk.files.UploadSessionCursor(start, 2)
    assert user.files_upload_session_append_v2(b"c", cursor) is None
    cursor = sdk.files.UploadSessionCursor(start, 3)
    assert user.files_upload_session_finish(b"d", cursor, sdk.files.CommitInfo("/pieces")).size == 4
    job = user.files_delete_batch([sdk.files.DeleteArg("/pieces"), sdk.files.DeleteArg("/none")]).get_async_job_id()
    assert user.files_delete_batch_check(job).is_in_progress()
    assert user.files_delete_batch_check(job).get_complete().entries[1].is_failure()
    lock = [sdk.files.LockFileArg("/passwords.csv"), sdk.files.LockFileArg("/data.json")]
    assert user.files_lock_file_batch(lock).entries[0].get_success().lock.content.is_single_user()
    assert user.files_unlock_file_batch([sdk.files.UnlockFileArg("/passwords.csv")]).entries[0].is_success()
    assert user.files_permanently_delete("/Quarantine/back.txt") is None
    assert user.files_export("/Ideas.paper")[1].content == b"# Ideas\n"


def test_sharing_is_read_and_taken_back(sandbox: Sandbox, sdk: Any, team: Any) -> None:
    user = team.as_user(member_id(sandbox, "wjones"))
    links = user.sharing_list_shared_links().links
    settings = sdk.sharing.SharedLinkSettings(audience=sdk.sharing.LinkAudience.team)
    changed = user.sharing_modify_shared_link_settings(links[0].url, settings)
    assert changed.link_permissions.effective_audience.is_team()
    assert user.sharing_revoke_shared_link(links[0].url) is None
    made = user.sharing_create_shared_link_with_settings("/passwords.csv")
    with pytest.raises(sdk.exceptions.ApiError) as caught:
        user.sharing_create_shared_link_with_settings("/passwords.csv")
    assert caught.value.error.get_shared_link_already_exists().get_metadata().url == made.url
    assert user.sharing_list_file_members("/passwords.csv").users
    assert user.sharing_list_file_members_batch(["/passwords.csv"])[0].result.get_result().member_count == 4
    lena = sdk.sharing.MemberSelector.email("fab-lena@fabrikam.example")
    assert user.sharing_remove_file_member_2("/passwords.csv", lena).is_success()
    assert user.sharing_add_file_member("/passwords.csv", [lena])[0].result.is_success()
    assert user.sharing_unshare_file("/passwords.csv") is None
    owner = team.as_user(member_id(sandbox, "eandersson"))
    deals = next(each for each in owner.sharing_list_folders().entries if each.name == "Deals 2026")
    assert owner.sharing_get_folder_metadata(deals.shared_folder_id).policy.member_policy.is_anyone()
    assert owner.sharing_list_folder_members(deals.shared_folder_id).invitees
    some = owner.sharing_list_folder_members(deals.shared_folder_id, limit=1)
    assert owner.sharing_list_folder_members_continue(some.cursor).users
    kchen = sdk.sharing.AddMember(sdk.sharing.MemberSelector.email("kchen@contoso.example"))
    assert owner.sharing_add_folder_member(deals.shared_folder_id, [kchen], quiet=True) is None
    job = owner.sharing_remove_folder_member(deals.shared_folder_id, lena, False).get_async_job_id()
    assert owner.sharing_check_remove_member_job_status(job).is_in_progress()
    assert owner.sharing_check_remove_member_job_status(job).is_complete()
    team_only = sdk.sharing.MemberPolicy.team
    changed = owner.sharing_update_folder_policy(deals.shared_folder_id, member_policy=team_only)
    assert changed.policy.member_policy.is_team()
    job = owner.sharing_unshare_folder(deals.shared_folder_id, False).get_async_job_id()
    owner.sharing_check_job_status(job)
    assert owner.sharing_check_job_status(job).is_complete()


def test_refusals_are_understood(sandbox: Sandbox, sdk: Any, team: Any) -> None:
    exceptions = sdk.exceptions
    with pytest.raises(exceptions.BadInputError):
        sdk.Dropbox(team_caller(sandbox).token, session=team._session).files_list_folder("")
    with pytest.raises(exceptions.AuthError) as caught:
        team.as_user(member_id(sandbox, "psmith2")).files_list_folder("")
    assert caught.value.error.is_user_suspended()
    sandbox.faults.add("rate-limit", path_pattern="get_info", retry_after=7)
    with pytest.raises(exceptions.RateLimitError) as limited:
        team.team_get_info()
    assert limited.value.backoff == 7
    sandbox.dropbox.state.revoke_tokens()
    with pytest.raises(exceptions.AuthError):
        team.team_get_info()

"""The vendor's own SDK drives the simulated Box; it knows every word of the vendor's lists."""

import io
from collections.abc import Iterator
from typing import Any

import pytest

from tests.sandbox import Sandbox
from tests.sandbox.box import seed
from tests.sandbox.box.tree import sha1_of

pytestmark = pytest.mark.peers

WITHOUT = "box-sdk-gen is not installed: pip install --require-hashes -r requirements-peers.txt"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as started:
        yield started


@pytest.fixture
def sdk() -> Any:
    return pytest.importorskip("box_sdk_gen", reason=WITHOUT)


@pytest.fixture
def client(sandbox: Sandbox, sdk: Any) -> Any:
    """The primary admin."""
    token = sandbox.box.state.issue_token(seed.ADMIN)
    return based(sandbox, sdk, sdk.BoxClient(auth=sdk.BoxDeveloperTokenAuth(token=token)))


def based(sandbox: Sandbox, sdk: Any, client: Any) -> Any:
    at = sandbox.overrides()
    upload_url = f"{at['upload.box.com']}/api"
    oauth_url = f"{at['account.box.com']}/api/oauth2"
    urls = sdk.BaseUrls(base_url=at["api.box.com"], upload_url=upload_url, oauth_2_url=oauth_url)
    return client.with_custom_base_urls(urls)


def acting(client: Any, sandbox: Sandbox, handle: str) -> Any:
    return client.with_as_user_header(sandbox.box.state.person(handle).id)


def test_the_sdk_reads_people_groups_and_events(sandbox: Sandbox, client: Any) -> None:
    assert client.users.get_user_me(fields=["role", "enterprise"]).role == "admin"
    page = client.users.get_users(usemarker=True, limit=5, fields=["role", "status", "login"])
    assert (len(page.entries), bool(page.next_marker)) == (5, True)
    groups = client.groups.get_groups().entries
    engineering = next(each for each in groups if each.name == "Engineering")
    assert len(client.memberships.get_group_memberships(engineering.id).entries) == 7
    page = client.events.get_events(stream_type="admin_logs", limit=500)
    assert page.chunk_size == len(page.entries) > 0
    assert client.device_pinners.get_enterprise_device_pinners(seed.ENTERPRISE.id).entries


def test_the_sdk_walks_and_changes_a_tree(sandbox: Sandbox, client: Any, sdk: Any) -> None:
    theirs = acting(client, sandbox, "ipetrova")
    folder = next(each for each in theirs.folders.get_folder_items("0").entries if each.name == "Finanzen 2026")
    budget = next(each for each in theirs.folders.get_folder_items(folder.id).entries if each.name == "Budget.xlsx")
    assert theirs.files.get_file_by_id(budget.id, fields=["owned_by", "shared_link"]).owned_by.login.startswith("ip")
    made = theirs.folders.create_folder("Quarantine", sdk.CreateFolderParent(id="0"))
    theirs.files.update_file_by_id(budget.id, parent=sdk.UpdateFileByIdParent(id=made.id))
    assert len(theirs.file_versions.get_file_versions(budget.id).entries) == 2
    theirs.files.delete_file_by_id(budget.id)
    assert [each.id for each in theirs.trashed_items.get_trashed_items().entries if each.id == budget.id]
    assert theirs.trashed_files.restore_file_from_trash(budget.id).id == budget.id
    with pytest.raises(sdk.BoxAPIError) as refused:
        theirs.folders.create_folder("quarantine", sdk.CreateFolderParent(id="0"))
    assert refused.value.response_info.code == "item_name_in_use"


def test_the_sdk_reads_the_live_events_and_who_is_in_which_group(sandbox: Sandbox, client: Any) -> None:
    start = client.events.get_events(stream_type="admin_logs_streaming", stream_position="now").next_stream_position
    acting(client, sandbox, "ipetrova").folders.create_folder("Neu", {"id": "0"})
    sandbox.clock.advance(60)
    told = client.events.get_events(stream_type="admin_logs_streaming", stream_position=start).entries
    assert [each.source.item_name for each in told if each.event_type == "UPLOAD"] == ["Neu"]
    member = sandbox.box.state.person("kchen")
    assert client.users.get_user_by_id(member.id, fields=["status", "role"]).status == "active"
    names = {each.group.name for each in client.memberships.get_user_memberships(member.id).entries}
    assert names
    assert names <= {each.name for each in client.groups.get_groups().entries}


def test_the_sdk_reads_versions_and_brings_one_back(sandbox: Sandbox, client: Any, sdk: Any) -> None:
    budget, theirs = sandbox.box.state.file("Budget.xlsx"), acting(client, sandbox, "ipetrova")
    before = theirs.files.get_file_by_id(budget.id).sha_1
    [former, *_] = theirs.file_versions.get_file_versions(budget.id).entries
    assert theirs.file_versions.get_file_version_by_id(budget.id, former.id).sha_1 == former.sha_1 != before
    kind = sdk.PromoteFileVersionType.FILE_VERSION
    assert theirs.file_versions.promote_file_version(budget.id, id=former.id, type=kind).sha_1 == former.sha_1
    theirs.files.delete_file_by_id(budget.id)
    assert theirs.trashed_files.get_trashed_file_by_id(budget.id).trashed_at


def test_the_sdk_reads_links_and_who_something_is_shared_with(sandbox: Sandbox, client: Any, sdk: Any) -> None:
    state = sandbox.box.state
    open_file, closed_file = state.file("handbook.pdf"), state.file("contracts.pdf")
    theirs = client.with_as_user_header(state.owner(open_file).id)
    link = theirs.shared_links_files.get_shared_link_for_file(open_file.id, "shared_link").shared_link
    assert link.access == link.effective_access == "open"
    closed = theirs.shared_links_files.remove_shared_link_from_file(open_file.id, "shared_link", shared_link=sdk.null)
    assert closed.shared_link is None
    theirs = client.with_as_user_header(state.owner(closed_file).id)
    listed = theirs.list_collaborations.get_file_collaborations
    outsider = next(each for each in listed(closed_file.id).entries if each.accessible_by.login.startswith("wide-"))
    assert (outsider.role, outsider.status, outsider.accessible_by.type) == ("viewer", "accepted", "user")
    assert theirs.user_collaborations.get_collaboration_by_id(outsider.id).item.id == closed_file.id
    theirs.user_collaborations.delete_collaboration_by_id(outsider.id)
    assert outsider.id not in {each.id for each in listed(closed_file.id).entries}
    sales = state.folder("Sales")
    shares = client.with_as_user_header(state.owner(sales).id).list_collaborations.get_folder_collaborations(sales.id)
    assert {each.accessible_by.type for each in shares.entries if each.accessible_by} >= {"group"}
    assert [each.invite_email for each in shares.entries if each.status == "pending"]


def test_the_sdk_uploads_downloads_and_shares(sandbox: Sandbox, client: Any, sdk: Any) -> None:
    attributes = sdk.UploadFileAttributes(name="a.bin", parent=sdk.UploadFileAttributesParentField(id="0"))
    data = bytes(range(256))
    file = client.uploads.upload_file(attributes, io.BytesIO(data), content_md_5=sha1_of(data)).entries[0]
    assert client.files.get_file_by_id(file.id).sha_1 == sha1_of(data)
    address = client.downloads.get_download_file_url(file.id)
    assert address.startswith(f"{sandbox.base_url}/~/dl.boxcloud.com/")
    assert client.downloads.download_file(file.id).read() == data
    access = sdk.AddShareLinkToFileSharedLink(access="company")
    assert client.shared_links_files.add_share_link_to_file(file.id, "shared_link", shared_link=access).shared_link
    link = sdk.CreateCollaborationAccessibleBy(type="user", login="new@proseware.example")
    item = sdk.CreateCollaborationItem(type="file", id=file.id)
    invited = client.user_collaborations.create_collaboration(item, link, "viewer")
    assert (invited.status, invited.invite_email) == ("pending", "new@proseware.example")


def test_the_sdk_uploads_in_parts(sandbox: Sandbox, client: Any) -> None:
    sandbox.box.state.session_minimum, sandbox.box.state.part_size = 5, 400
    data = bytes(range(256)) * 4
    file = client.chunked_uploads.upload_big_file(io.BytesIO(data), "big.bin", len(data), "0")
    assert file.sha_1 == sha1_of(data)


def test_the_sdk_signs_in_as_a_server_and_with_an_assertion(sandbox: Sandbox, sdk: Any) -> None:
    config = sdk.CCGConfig(
        client_id=seed.SERVER_CLIENT_ID,
        client_secret=seed.SERVER_CLIENT_SECRET,
        enterprise_id=seed.ENTERPRISE.id,
    )
    client = based(sandbox, sdk, sdk.BoxClient(auth=sdk.BoxCCGAuth(config=config)))
    assert client.users.get_user_me().login.startswith("AutomationUser_")
    text = dict(sandbox.box.credentials())["JSON configuration of the service app"]
    signed = sdk.BoxJWTAuth(config=sdk.JWTConfig.from_config_json_string(text))
    client = based(sandbox, sdk, sdk.BoxClient(auth=signed))
    assert client.users.get_user_me().login.startswith("AutomationUser_")


def test_the_sdk_accepts_what_webhooks_send(sandbox: Sandbox, client: Any, sdk: Any) -> None:
    theirs = acting(client, sandbox, "eandersson")
    folder = sandbox.box.state.folder("Sales").id
    target = sdk.CreateWebhookTarget(id=folder, type="folder")
    theirs.webhooks.create_webhook(target, "https://portal.contoso.example/webhooks/box", ["FOLDER.CREATED"])
    theirs.folders.create_folder("neu 🚀", sdk.CreateFolderParent(id=folder))
    [sent] = sandbox.box.state.sent
    headers = {name.lower(): value for name, value in sent.headers.items()}
    valid = sdk.WebhooksManager.validate_message
    primary, secondary = "a-primary-signature-key", "a-secondary-signature-key"
    assert valid(sent.body.decode(), headers, primary)
    assert valid(sent.body.decode(), headers, "another key", secondary_key=secondary)
    assert not valid(sent.body.decode() + " ", headers, primary, secondary_key=secondary)

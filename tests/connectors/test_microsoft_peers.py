"""The vendor's own clients read the simulated Microsoft: its SDK of Graph, and its library for signing in."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.connectors.base import keys
from tests.sandbox import Sandbox
from tests.sandbox.microsoft import moments, seed, seed_apps
from tests.sandbox.microsoft.login.issuing import issue_token

pytestmark = pytest.mark.peers

WITHOUT = "the package is not installed: pip install --require-hashes -r requirements-peers.txt"
GRAPH = "graph.microsoft.com"
Asking = Callable[[Any], Coroutine[Any, Any, Any]]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as started:
        yield started


def ask(sandbox: Sandbox, question: Asking, *roles: str) -> Any:
    """The answer to `question`, a function of the SDK's client, for an app with these roles. The client is one event
    loop's, and follows whole addresses, so its calls are led to the sandbox where they leave."""
    authentication = pytest.importorskip("kiota_abstractions.authentication", reason=WITHOUT)
    httpx = pytest.importorskip("httpx", reason=WITHOUT)
    sdk = pytest.importorskip("msgraph", reason=WITHOUT)
    core = pytest.importorskip("msgraph_core", reason=WITHOUT)
    token, places = issue_token(sandbox.microsoft.state, roles=roles), sandbox.overrides()

    class Led(httpx.AsyncHTTPTransport):  # type: ignore[misc,name-defined]
        async def handle_async_request(self, request: Any) -> Any:
            url = places[request.url.host] + request.url.raw_path.decode()
            led = httpx.Request(request.method, url, headers=request.headers, stream=request.stream)
            return await super().handle_async_request(led)

    class Given(authentication.AccessTokenProvider):  # type: ignore[misc,name-defined]
        async def get_authorization_token(self, uri: str, context: Any = None) -> str:
            return token

        def get_allowed_hosts_validator(self) -> Any:
            return authentication.AllowedHostsValidator([GRAPH])

    async def asked() -> Any:
        client = core.GraphClientFactory.create_with_default_middleware(client=httpx.AsyncClient(transport=Led()))
        provider = authentication.BaseBearerTokenAuthenticationProvider(Given())
        adapter = sdk.GraphRequestAdapter(provider, client)
        return await question(sdk.GraphServiceClient(request_adapter=adapter))

    return asyncio.run(asked())


async def walk(builder: Any, configuration: Any = None) -> list[Any]:
    """All that a list holds, by its pages."""
    page = await builder.get(request_configuration=configuration)
    found = list(page.value)
    while page.odata_next_link:
        page = await builder.with_url(page.odata_next_link).get()
        found += page.value
    return found


def configured(parameters: Any) -> Any:
    base = pytest.importorskip("kiota_abstractions.base_request_configuration", reason=WITHOUT)
    return base.RequestConfiguration(query_parameters=parameters)


def test_the_sdk_walks_all_users_by_their_pages(sandbox: Sandbox) -> None:
    users = pytest.importorskip("msgraph.generated.users.users_request_builder", reason=WITHOUT).UsersRequestBuilder
    few = configured(users.UsersRequestBuilderGetQueryParameters(top=7, select=["id", "accountEnabled", "userType"]))
    found = ask(sandbox, lambda client: walk(client.users, few), "User.Read.All")
    held = {each.id: each.properties["accountEnabled"] for each in sandbox.microsoft.state.directory.users()}
    assert len(found) == len(held) > 7
    assert {each.id: each.account_enabled for each in found} == held


def test_the_sdk_follows_a_delta_to_its_end_and_sees_who_was_disabled_since(sandbox: Sandbox) -> None:
    person = sandbox.microsoft.state.directory.user("ipetrova")
    user = pytest.importorskip("msgraph.generated.models.user", reason=WITHOUT).User

    deltas = pytest.importorskip("msgraph.generated.users.delta.delta_request_builder", reason=WITHOUT)
    parameters = deltas.DeltaRequestBuilder.DeltaRequestBuilderGetQueryParameters(select=["id", "accountEnabled"])

    async def follow(client: Any) -> tuple[set[str], dict[str, bool | None]]:
        page = await client.users.delta.get(request_configuration=configured(parameters))
        first = {each.id for each in page.value}
        while page.odata_next_link:
            page = await client.users.delta.with_url(page.odata_next_link).get()
            first |= {each.id for each in page.value}
        await client.users.by_user_id(person.id).patch(user(account_enabled=False))
        later = await client.users.delta.with_url(page.odata_delta_link).get()
        return first, {each.id: each.account_enabled for each in later.value}

    first, later = ask(sandbox, follow, "User.Read.All", "User.EnableDisableAccount.All")
    assert person.id in first
    assert later == {person.id: False}


def test_the_sdk_reads_groups_members_roles_apps_and_grants(sandbox: Sandbox) -> None:
    async def read(client: Any) -> tuple[Any, ...]:
        groups = await walk(client.groups)
        members = await walk(client.groups.by_group_id(groups[0].id).members)
        roles = await walk(client.role_management.directory.role_assignments)
        definitions = await walk(client.role_management.directory.role_definitions)
        apps = await walk(client.service_principals)
        return groups, members, roles, definitions, apps, await walk(client.oauth2_permission_grants)

    groups, members, roles, definitions, apps, grants = ask(
        sandbox, read, "Directory.Read.All", "RoleManagement.Read.Directory"
    )
    directory = sandbox.microsoft.state.directory
    assert {each.display_name for each in groups} == {each.name for each in directory.groups()}
    assert {each.id for each in members} == {each.id for each in directory.members_of(groups[0].id)}
    assert {each.role_definition_id for each in roles} <= {each.id for each in definitions}
    assert {each.client_id for each in grants} <= {each.id for each in apps}
    assert {each.consent_type for each in grants} == {"AllPrincipals", "Principal"}


def test_the_sdk_reads_sign_ins_and_audits_of_a_window(sandbox: Sandbox) -> None:
    logs = "msgraph.generated.audit_logs"
    audits = pytest.importorskip(f"{logs}.directory_audits.directory_audits_request_builder", reason=WITHOUT)
    since = datetime.fromtimestamp(sandbox.clock.now(), UTC) - timedelta(days=2)
    parameters = audits.DirectoryAuditsRequestBuilder.DirectoryAuditsRequestBuilderGetQueryParameters
    window = configured(parameters(filter=f"activityDateTime ge {since:%Y-%m-%dT%H:%M:%SZ}"))

    async def read(client: Any) -> tuple[list[Any], list[Any]]:
        return await walk(client.audit_logs.directory_audits, window), await walk(client.audit_logs.sign_ins)

    changes, sign_ins = ask(sandbox, read, "AuditLog.Read.All")
    assert changes
    assert all(each.activity_date_time >= since and each.activity_display_name for each in changes)
    assert {each.status.error_code == 0 for each in sign_ins} == {True, False}


def test_the_sdk_waits_as_long_as_a_refusal_says(sandbox: Sandbox) -> None:
    sandbox.faults.add("rate-limit", path_pattern="/users$", retry_after=1)
    assert ask(sandbox, lambda client: walk(client.users), "User.Read.All")
    assert [each.status for each in sandbox.requests if each.path.endswith("/users")][:2] == [429, 200]


def test_the_sdk_acts_on_people_and_knows_a_refusal(sandbox: Sandbox) -> None:
    errors = pytest.importorskip("msgraph.generated.models.o_data_errors.o_data_error", reason=WITHOUT)
    directory = sandbox.microsoft.state.directory
    group, person = directory.named("group", "Sales"), directory.members_of(directory.named("group", "Sales").id)[0]

    async def act(client: Any) -> Any:
        answer = await client.users.by_user_id(person.id).revoke_sign_in_sessions.post()
        await client.groups.by_group_id(group.id).members.by_directory_object_id(person.id).ref.delete()
        return answer.value

    assert ask(sandbox, act, "User.RevokeSessions.All", "GroupMember.ReadWrite.All") is True
    assert person.id not in {each.id for each in directory.members_of(group.id)}
    with pytest.raises(errors.ODataError) as refused:
        ask(sandbox, act, "User.Read.All")
    assert (refused.value.response_status_code, refused.value.error.code) == (403, "Authorization_RequestDenied")


def test_the_sdk_reads_a_drive_and_what_is_shared(sandbox: Sandbox) -> None:
    files = sandbox.microsoft.state.files

    async def read(client: Any) -> tuple[list[Any], list[Any], bytes]:
        drive = client.drives.by_drive_id(drive_id)
        items = await walk(drive.items.by_drive_item_id("root").delta)
        shared = next(each for each in items if each.shared and each.shared.scope and each.file)
        item = drive.items.by_drive_item_id(shared.id)
        return items, await walk(item.permissions), await item.content.get()

    drive_id = next(each.drive_id for each in files.items.values() if each.permissions and each.kind == "file")
    items, permissions, content = ask(sandbox, read, "Files.Read.All")
    assert any(each.root for each in items)
    assert permissions
    assert content


def test_msal_signs_in_with_a_secret_and_is_told_why_it_may_not(sandbox: Sandbox) -> None:
    answer = signed_in(sandbox, seed_apps.CLIENT_SECRET)
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 3599)
    refused = signed_in(sandbox, "not~the.secret_of-this-application.0001")
    assert (refused["error"], refused["error_codes"]) == ("invalid_client", [7000215])


def test_msal_signs_in_with_a_certificate(sandbox: Sandbox) -> None:
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    certificate = keys.certificate(key)
    register(sandbox, certificate)
    public = certificate.public_bytes(serialization.Encoding.PEM).decode()
    answer = signed_in(sandbox, {"private_key": keys.pem(key), "public_certificate": public})
    assert answer.get("token_type") == "Bearer", answer


def register(sandbox: Sandbox, certificate: x509.Certificate) -> None:
    """The public part is uploaded to the portal's registration."""
    state = sandbox.microsoft.state
    state.login.certificates["key-of-the-peer"] = certificate.public_bytes(serialization.Encoding.PEM).decode()
    application = state.directory.application_of(state.client_id)
    assert application
    application.properties["keyCredentials"].append(
        {"keyId": "key-of-the-peer", "endDateTime": moments.iso(state.now() + 86_400), "usage": "Verify"}
    )


def signed_in(sandbox: Sandbox, credential: Any) -> Any:
    msal = pytest.importorskip("msal", reason=WITHOUT)
    authority = f"https://login.microsoftonline.com/{seed.TENANT_ID}"
    client = msal.ConfidentialClientApplication(
        seed.CLIENT_ID, credential, authority, instance_discovery=False, http_client=Led(sandbox)
    )
    return client.acquire_token_for_client([f"https://{GRAPH}/.default"])


class Led(requests.Session):
    """Leads calls to the vendor's hosts to the sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__()
        self._places = sandbox.overrides()

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **more: Any) -> requests.Response:
        parts = urlsplit(str(url))
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        more["headers"] = {**(more.get("headers") or {}), "Host": parts.netloc}
        return super().request(method, self._places[parts.netloc] + target, *args, **more)

"""The vendor's own clients read the simulated Azure Resource Manager."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.sandbox import Sandbox
from tests.sandbox.microsoft.login.issuing import issue_token

pytestmark = pytest.mark.peers

WITHOUT = "the package is not installed: pip install --require-hashes -r requirements-peers.txt"
HOST = "management.azure.com"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as started:
        yield started


class Given:
    """A credential as the clients want it, with one token."""

    def __init__(self, token: str) -> None:
        self._token = token

    def get_token(self, *_: str, **__: Any) -> Any:
        core = pytest.importorskip("azure.core.credentials", reason=WITHOUT)
        return core.AccessToken(self._token, int((datetime.now(UTC) + timedelta(hours=1)).timestamp()))


def led(sandbox: Sandbox) -> Any:
    """A transport that leads the calls to the sandbox where they leave; the clients know the vendor's addresses."""
    transport = pytest.importorskip("azure.core.pipeline.transport", reason=WITHOUT).RequestsTransport
    places = sandbox.overrides()

    class Led(transport):  # type: ignore[misc,valid-type]
        def send(self, request: Any, **more: Any) -> Any:
            url, request.headers["Host"] = request.url, HOST
            request.url = url.replace(f"https://{HOST}", places[HOST], 1)
            return super().send(request, **more)

    return Led()


def client(sandbox: Sandbox, module: str, name: str) -> Any:
    made = getattr(pytest.importorskip(module, reason=WITHOUT), name)
    credential = Given(issue_token(sandbox.microsoft.state, f"https://{HOST}"))
    subscription = next(iter(sandbox.microsoft.state.azure.subscriptions))
    return made(credential, subscription, transport=led(sandbox))


def test_the_client_reads_roles_and_who_holds_them_and_takes_one_away(sandbox: Sandbox) -> None:
    azure = client(sandbox, "azure.mgmt.authorization", "AuthorizationManagementClient")
    assignments = list(azure.role_assignments.list_for_subscription())
    scope = f"/subscriptions/{next(iter(sandbox.microsoft.state.azure.subscriptions))}"
    definitions = {each.id.rsplit("/", 1)[1]: each for each in azure.role_definitions.list(scope)}
    assert assignments
    assert {each.role_definition_id.rsplit("/", 1)[1] for each in assignments} <= definitions.keys()
    assert {each.role_type for each in definitions.values()} == {"BuiltInRole", "CustomRole"}
    own = next(each for each in assignments if each.scope.startswith(scope) and each.principal_type == "User")
    assert azure.role_assignments.delete_by_id(own.id).principal_id == own.principal_id
    assert own.id not in {each.id for each in azure.role_assignments.list_for_subscription()}


def test_the_client_walks_the_activity_log_and_knows_its_limits(sandbox: Sandbox) -> None:
    errors = pytest.importorskip("azure.core.exceptions", reason=WITHOUT)
    azure = client(sandbox, "azure.mgmt.monitor", "MonitorManagementClient")
    since = datetime.fromtimestamp(sandbox.clock.now(), UTC) - timedelta(days=20)
    entries = list(azure.activity_logs.list(filter=f"eventTimestamp ge '{since:%Y-%m-%dT%H:%M:%SZ}'"))
    assert entries
    assert all(each.event_timestamp >= since and each.operation_name.value for each in entries)
    with pytest.raises(errors.HttpResponseError) as refused:
        list(azure.activity_logs.list(filter="eventTimestamp ge '2020-01-01T00:00:00Z'"))
    assert refused.value.status_code == 400

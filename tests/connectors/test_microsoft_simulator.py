"""The simulated Microsoft cloud keeps the vendor's rules for tokens and permissions."""

import base64
import json
from pathlib import Path

import pytest

from tests.connectors.microsoft_callers import GRAPH, ask_token, code, graph
from tests.sandbox import Sandbox, memory
from tests.sandbox.caller import Caller
from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.login.consenting import consent
from tests.sandbox.microsoft.login.issuing import issue_token
from tests.sandbox.microsoft.seed import TENANT_ID


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


def claims(token: str) -> Json:
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_a_token_names_what_was_granted_when_it_was_issued(sandbox: Sandbox) -> None:
    before = ask_token(sandbox).json()["access_token"]
    consent(sandbox.microsoft.state)
    after = ask_token(sandbox).json()["access_token"]
    assert "roles" not in claims(before)
    assert "User.Read.All" in claims(after)["roles"]
    assert claims(after)["tid"] == TENANT_ID
    old, new = (Caller(sandbox, GRAPH, {"Authorization": f"Bearer {each}"}, "/v1.0") for each in (before, after))
    assert code(old.get("/organization")) == (403, "Authorization_RequestDenied")
    assert new.get("/organization").json()["value"][0]["id"] == TENANT_ID


def test_a_token_is_good_for_one_service_and_for_an_hour(sandbox: Sandbox) -> None:
    foreign = issue_token(sandbox.microsoft.state, "https://manage.office.com", ("ActivityFeed.Read",))
    call = Caller(sandbox, GRAPH, {"Authorization": f"Bearer {foreign}"}, "/v1.0")
    assert code(call.get("/organization")) == (401, "InvalidAuthenticationToken")
    own = graph(sandbox, "Organization.Read.All")
    assert own.get("/organization").status == 200
    sandbox.clock.advance(3600)
    assert code(own.get("/organization")) == (401, "InvalidAuthenticationToken")


def test_tokens_for_calls_and_for_changes_outlive_a_restart(sandbox: Sandbox, tmp_path: Path) -> None:
    call = graph(sandbox, "User.Read.All", "Directory.Read.All")
    link = call.get("/users/delta?$deltatoken=latest&$select=id").json()["@odata.deltaLink"]
    sandbox.microsoft.credentials()
    memory.write(sandbox, tmp_path / "memory")
    after = Sandbox()
    assert memory.read(after, tmp_path / "memory")
    assert Caller(after, GRAPH, call.headers, "/v1.0").get(link).json()["value"] == []
    assert after.microsoft.credentials() == sandbox.microsoft.credentials()


def test_a_refusal_names_the_request(sandbox: Sandbox) -> None:
    reply = graph(sandbox).get("/organization", {"client-request-id": "mine"})
    assert reply.json()["error"]["innerError"]["client-request-id"] == "mine"
    assert reply.json()["error"]["innerError"]["request-id"] == reply.headers["request-id"]

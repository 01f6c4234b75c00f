"""Tokens, keys and webhooks that reach the organisation."""

from datetime import timedelta
from typing import Any

import pytest

from connectors.base import Credential, NotAvailable, Page, PermissionMissing, Risk, TargetGone
from connectors.github import mapping
from tests.connectors.conformance.github import AppBench, Bench, tokens
from tests.connectors.conformance.reading import pages_of
from tests.connectors.github.conftest import Read, Stub
from tests.sandbox.exchange import Answer, Json
from tests.sandbox.github import SERVICE_OWNER
from tests.sandbox.github.hook import Hook
from tests.sandbox.github.organisation import Organisation


def credentials(pages: list[Page]) -> dict[str, Credential]:
    return {each.name: each for page in pages for each in page.records if isinstance(each, Credential)}


@pytest.fixture(scope="module")
def app_started() -> Any:
    bench = AppBench()
    with bench.sandbox:
        yield bench


@pytest.fixture
def app_bench(app_started: AppBench) -> AppBench:
    app_started.begin()
    return app_started


def read_by_app(bench: AppBench, name: str) -> dict[str, Credential]:
    return credentials(pages_of(bench.connector.feed(name), bench.client()))


# --- authorised for single sign-on ----------------------------------------------------------------------------------


def test_tokens_and_keys_belong_to_accounts(read: Read) -> None:
    found = credentials(read("authorised_credentials"))
    assert len(found) == 9
    token = found["deploy helper"]
    assert (token.kind, token.account_name, token.account_id) == ("personal access token", "asingh", "102334871")
    assert token.scopes == ("repo", "workflow")
    assert token.risk is Risk.HIGH
    assert token.created_at
    assert token.expires_at
    assert token.last_used_at
    assert {each.kind for each in found.values()} == {
        "personal access token", "SSH key", "OAuth app token", "GitHub app token",
    }  # fmt: skip


def test_a_token_that_was_never_used_says_so(read: Read) -> None:
    assert credentials(read("authorised_credentials"))["notebook"].last_used_at is None


def test_an_ssh_key_does_what_its_owner_may_do(read: Read) -> None:
    key = credentials(read("authorised_credentials"))["work laptop"]
    assert (key.kind, key.scopes, key.risk) == ("SSH key", (), Risk.HIGH)


def test_numbers_that_graphql_cannot_hold_come_from_rest(read: Read, stub: Stub) -> None:
    nulls: Json = {f"user{number}": {"databaseId": None} for number in range(9)}
    stub("POST", "/graphql", Answer.of_json({"data": nulls}))
    assert credentials(read("authorised_credentials"))["deploy helper"].account_id == "102334871"


def test_the_owner_of_a_token_may_be_unknown_to_github(read: Read, stub: Stub) -> None:
    data: Json = {f"user{number}": None for number in range(9)}
    errors = [{"type": "NOT_FOUND", "message": "Could not resolve to a User"}]
    stub("POST", "/graphql", Answer.of_json({"data": data, "errors": errors}))
    found = credentials(read("authorised_credentials"))
    assert {each.account_id for each in found.values()} == {""}
    assert found["deploy helper"].account_name == "asingh"


def test_without_single_sign_on_there_is_nothing_to_list(bench: Bench, read: Read) -> None:
    bench.organisation.has_saml = False
    with pytest.raises((NotAvailable, TargetGone, PermissionMissing)):
        read("authorised_credentials")
    assert "SAML" in bench.connector.check(bench.client()).unavailable["authorised_credentials"]


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ({"authorized_credential_title": "laptop", "fingerprint": "ab"}, "laptop"),
        ({"authorized_credential_note": "cli", "token_last_eight": "71c3fc11"}, "cli"),
        ({"token_last_eight": "71c3fc11"}, "SSH key …71c3fc11"),
        ({"fingerprint": "jklmnop12345678", "authorized_credential_title": None}, "SSH key …jklmnop12345678"),
        ({}, "SSH key"),
    ],
)
def test_a_credential_is_called_as_its_owner_does_or_by_what_shows_of_it(row: Json, name: str) -> None:
    found = mapping.authorization({"credential_id": 1, "login": "x", "credential_type": "SSH key", **row}, "")
    assert found.name == name


# --- fine-grained tokens --------------------------------------------------------------------------------------------


def test_fine_grained_tokens_are_shown_to_the_app(app_bench: AppBench) -> None:
    found = read_by_app(app_bench, "fine_grained_tokens")
    assert set(found) == {"training runs", "terraform", "scratch"}
    wide = found["terraform"]
    assert (wide.account_name, wide.account_id, wide.kind) == ("asingh", "102334871", "fine-grained token")
    assert wide.scopes == ("administration:write", "members:read", "metadata:read")
    assert wide.risk is Risk.HIGH
    assert found["scratch"].last_used_at is None
    assert wide.expires_at
    assert wide.expires_at > app_bench.now() + timedelta(days=200)


def test_an_expired_token_is_not_active(app_bench: AppBench) -> None:
    found = read_by_app(app_bench, "fine_grained_tokens")
    assert {name for name, each in found.items() if not each.is_active} == {"training runs"}


def test_tokens_that_wait_for_approval_are_not_active(app_bench: AppBench) -> None:
    found = read_by_app(app_bench, "token_requests")
    assert set(found) == {"release bot", "docs preview"}
    assert {(each.kind, each.is_active) for each in found.values()} == {("fine-grained token request", False)}
    assert found["release bot"].raw["reason"] == "Needs to protect branches"


def test_to_an_oauth_app_they_are_not_offered(bench: Bench) -> None:
    closed = bench.connector.check(bench.client()).unavailable
    assert "GitHub App" in closed["fine_grained_tokens"]
    assert "GitHub App" in closed["token_requests"]


# --- deploy keys ----------------------------------------------------------------------------------------------------


def test_deploy_keys_belong_to_their_repository(read: Read) -> None:
    found = credentials(read("sharing"))
    assert len(found) == 6
    key = found["argo-cd production"]
    assert (key.kind, key.file_name, key.account_name) == (
        "deploy key", "contoso-dev/infra-live", "contoso-deploy-svc",
    )  # fmt: skip
    assert key.id == f"deploy_key:{key.file_id}:90114001"
    assert (key.scopes, key.risk) == (("repository:write",), Risk.HIGH)
    assert (found["fabrikam-ci"].scopes, found["fabrikam-ci"].risk) == (("repository:read",), Risk.MEDIUM)
    assert found["signing box"].last_used_at is None
    assert [name for name, each in found.items() if not each.is_active] == ["old build farm"]


# --- webhooks -------------------------------------------------------------------------------------------------------


def test_webhooks_of_repositories_say_where_they_send_to(read: Read) -> None:
    (hook,) = credentials(read("repository_webhooks")).values()
    assert (hook.name, hook.url) == ("mirror.fabrikam.example", "https://mirror.fabrikam.example/in")
    assert (hook.kind, hook.file_name, hook.scopes) == ("webhook", "contoso-dev/billing-api", ("push", "delete"))
    assert hook.risk is Risk.MEDIUM
    assert hook.is_active


def test_webhooks_of_the_organisation_are_shown_to_the_app(app_bench: AppBench) -> None:
    found = read_by_app(app_bench, "organisation_webhooks")
    assert set(found) == {"chat.contoso.example", "203.0.113.99:8080"}
    unknown = found["203.0.113.99:8080"]
    assert (unknown.scopes, unknown.risk, unknown.file_id) == (("*",), Risk.HIGH, "")
    assert unknown.id == "webhook:organisation:501990311"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://hooks.example/in?token=s3cr3t-s3cr3t", "https://hooks.example/in"),
        ("https://user:s3cr3t-s3cr3t@hooks.example/in#s3cr3t-s3cr3t", "https://hooks.example/in"),
        ("s3cr3t-s3cr3t", ""),
        ("https://[s3cr3t-s3cr3t", ""),
    ],
)
def test_what_is_secret_in_an_address_is_nowhere_kept(
    read: Read, organisation: Organisation, url: str, shown: str
) -> None:
    repository = organisation.repository("docs")
    assert repository
    repository.hooks[7] = Hook(7, url, ["push"])
    found = [each for each in credentials(read("repository_webhooks")).values() if each.id.endswith(":7")]
    assert [each.url for each in found] == [shown]
    assert "s3cr3t" not in repr(found)


def test_a_missing_scope_is_named(bench: Bench, read: Read) -> None:
    value = bench.sandbox.github.state.issue_token(SERVICE_OWNER, ["admin:org"])
    bench.secrets.write_tokens(tokens(value, ["admin:org"]))
    with pytest.raises(PermissionMissing) as error:
        read("organisation_webhooks")
    assert error.value.permission == "admin:org_hook"

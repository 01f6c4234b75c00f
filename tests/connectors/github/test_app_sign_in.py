"""Signing in as a GitHub App: the statement, the installation's token, its renewal, and taking the app out again."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from connectors.base import CredentialsRejected, MemorySecrets, PermissionMissing
from connectors.base.tokens import stored_token
from connectors.github.app_sign_in import AS_APP, GitHubApp
from tests.connectors.base.vendor import START, says
from tests.connectors.github.app_vendor import APP_ID, INSTALLATION, AppVendor, token_of

PATH = "/orgs/contoso-dev"
OBTAINING = [
    ("GET", f"{PATH}/installation"),
    ("POST", f"/app/installations/{INSTALLATION}/access_tokens"),
]


@pytest.fixture
def github() -> Iterator[AppVendor]:
    made = AppVendor()
    yield made
    made.vendor.close()


def test_a_token_of_the_installation_is_obtained_and_kept(github: AppVendor) -> None:
    client = github.client()
    client.get(PATH)
    client.get(PATH)
    github.client().get(PATH)
    assert github.calls() == [*OBTAINING, ("GET", PATH), ("GET", PATH), ("GET", PATH)]
    assert client.granted_scopes == ("members:read", "metadata:read")


def test_the_statement_says_which_app_is_calling_and_ends_within_ten_minutes(github: AppVendor) -> None:
    github.client().get(PATH)
    now = int(START.timestamp())
    for claims in github.statements():
        assert claims["iss"] == APP_ID
        assert claims["iat"] == now - 60
        assert now < claims["exp"] <= now + 600
        assert claims["exp"] - claims["iat"] <= 600
        assert type(claims["exp"]) is int


def test_a_token_is_renewed_five_minutes_before_it_expires(github: AppVendor) -> None:
    client = github.client()
    client.get(PATH)
    github.now = START + timedelta(minutes=54)
    client.get(PATH)
    assert github.given == 1
    github.now = START + timedelta(minutes=56)
    client.get(PATH)
    assert github.given == 2
    assert token_of(github.vendor.seen[-1]) == "ghs_token2"
    token = stored_token(github.secrets.read()["tokens"], "")
    assert token
    assert token.renew_at == START + timedelta(minutes=56 + 55)


def test_a_token_revoked_before_its_time_is_replaced_once(github: AppVendor) -> None:
    client = github.client()
    client.get(PATH)
    github.valid.clear()
    client.get(PATH)
    assert github.given == 2


def test_calls_in_the_name_of_the_app_carry_the_statement_and_are_not_renewed(github: AppVendor) -> None:
    found = github.client().for_audience(AS_APP).get(f"{PATH}/installation").json()
    assert found["id"] == INSTALLATION
    assert github.calls() == [("GET", f"{PATH}/installation")]
    github.vendor.answer = lambda seen: says({"message": "A JSON web token could not be decoded"}, 401)
    with pytest.raises(CredentialsRejected, match="sign-in of the GitHub App") as error:
        github.client().for_audience(AS_APP).get(f"{PATH}/installation")
    assert "private key" in error.value.remedy
    assert len(github.calls()) == 2


def test_a_server_of_ones_own_is_asked_under_its_own_address(github: AppVendor) -> None:
    github.client(base_url="https://github.contoso.example").get(PATH)
    assert {seen.host for seen in github.vendor.seen} == {"github.contoso.example"}
    assert github.calls()[0] == ("GET", f"/api/v3{PATH}/installation")
    assert len(github.statements()) == 2


def test_every_call_says_which_version_of_the_api_is_meant(github: AppVendor) -> None:
    github.client().get(PATH)
    for seen in github.vendor.seen:
        assert seen.headers["accept"] == "application/vnd.github+json"
        assert seen.headers["x-github-api-version"] == "2022-11-28"
        assert seen.headers["user-agent"]


def test_an_app_that_is_not_installed_is_told(github: AppVendor) -> None:
    github.is_installed = False
    with pytest.raises(CredentialsRejected, match="no installation of this GitHub App in contoso-dev") as error:
        github.client().get(PATH)
    assert "Install App" in error.value.remedy


def test_a_suspended_installation_is_told(github: AppVendor) -> None:
    github.is_suspended = True
    with pytest.raises(PermissionMissing, match="suspended") as error:
        github.client().get(PATH)
    assert "Unsuspend" in error.value.remedy


def test_a_key_that_is_none_is_told_without_showing_it(github: AppVendor) -> None:
    github.secrets = MemorySecrets({"private_key": "-----BEGIN RSA PRIVATE KEY-----\nnonsense\n-----END"})
    with pytest.raises(CredentialsRejected, match="private key") as error:
        github.client().get(PATH)
    assert "nonsense" not in str(error.value)
    assert github.calls() == []


def test_permissions_accepted_meanwhile_bring_a_new_token(github: AppVendor) -> None:
    client = github.client()
    client.get(PATH)
    scheme = client.setup.method.scheme
    assert isinstance(scheme, GitHubApp)
    scheme.renew_for(client.setup, ("members:read", "metadata:read"))
    assert github.given == 1
    github.permissions["members"] = "write"
    scheme.renew_for(client.setup, ("members:write", "metadata:read"))
    assert github.given == 2
    assert client.granted_scopes == ("members:write", "metadata:read")


def test_disconnecting_uninstalls_the_app_and_can_be_repeated(github: AppVendor) -> None:
    client = github.client()
    client.get(PATH)
    scheme = client.setup.method.scheme
    scheme.revoke(client.setup)
    assert github.calls()[-1] == ("DELETE", f"/app/installations/{INSTALLATION}")
    scheme.revoke(client.setup)
    assert not github.is_installed
    with pytest.raises(CredentialsRejected):
        github.client().get(PATH)


def test_no_secret_is_kept_but_the_token(github: AppVendor) -> None:
    github.client().get(PATH)
    assert set(github.secrets.read()["tokens"]) == {"access"}

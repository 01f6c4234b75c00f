"""Who connects an app signs in with Microsoft first: what is checked of the token that comes back."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from connectors.base import AdminSignIn, ConnectorError, CredentialsRejected, MemorySecrets, PermissionMissing, entra
from connectors.base.entra_sign_in import GLOBAL_ADMINISTRATOR, SECURITY_ADMINISTRATOR
from connectors.base.setup import Setup
from tests.connectors.base.vendor import START, Bench, Says, Seen, Vendor, says

TENANT, APP = "11111111-aaaa-4aaa-8aaa-000000000001", "22222222-bbbb-4bbb-8bbb-000000000002"
LOGIN = "login.microsoftonline.com"
ISSUER = f"https://{LOGIN}/{TENANT}/v2.0"
REDIRECT = "https://portal.example.com/back"
ROLES = {GLOBAL_ADMINISTRATOR: "Global Administrator", SECURITY_ADMINISTRATOR: "Security Administrator"}
SCHEME = AdminSignIn(token_url=entra.token_url, roles=ROLES)
KEY, OTHER_KEY = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))


@dataclass
class Microsoft:
    """`claims` of the id token it gives, over honest ones; `sign` makes the token."""

    vendor: Vendor
    claims: dict[str, Any] = field(default_factory=dict)
    sign: Callable[[dict[str, Any]], str] = lambda claims: jwt.encode(claims, KEY, "RS256", {"kid": "k-1"})
    refuses: Says | None = None

    def __post_init__(self) -> None:
        self.vendor.answer = self.answer
        config = {"client_id": APP, "tenant_id": TENANT}
        bench = Bench(self.vendor, hosts=(LOGIN,))
        client = bench.client(
            SCHEME, config=config, secrets=MemorySecrets({"client_secret": "cs-S3CRET"}), hosts=lambda config: (LOGIN,)
        )
        self.setup: Setup = client.setup
        self.consent = SCHEME.begin(self.setup, REDIRECT, "the-state")

    def answer(self, seen: Seen) -> Says:
        if seen.path.endswith("/discovery/v2.0/keys"):
            return says({"keys": [{**RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True), "kid": "k-1"}]})
        if self.refuses:
            return self.refuses
        honest = {
            "iss": ISSUER, "aud": APP, "exp": START + timedelta(hours=1), "nonce": self.consent.memo["nonce"],
            "wids": [GLOBAL_ADMINISTRATOR], "preferred_username": "ada@contoso.example",
        }  # fmt: skip
        told = {name: value for name, value in {**honest, **self.claims}.items() if value is not None}
        return says({"access_token": "at-S3CRET", "id_token": self.sign(told), "token_type": "Bearer"})

    def come_back(self, **callback: str) -> dict[str, Any]:
        return SCHEME.finish(
            self.setup, {"code": "c0de", "state": "the-state", **callback}, self.consent.memo, REDIRECT
        )


@pytest.fixture
def microsoft() -> Iterator[Microsoft]:
    vendor = Vendor()
    yield Microsoft(vendor)
    vendor.close()


def test_the_person_is_sent_to_the_tenants_own_sign_in(microsoft: Microsoft) -> None:
    there = urlsplit(microsoft.consent.url)
    asked = {name: value[0] for name, value in parse_qs(there.query).items()}
    assert there.path == f"/{TENANT}/oauth2/v2.0/authorize"
    assert asked["scope"] == "openid profile"
    assert asked["code_challenge_method"] == "S256"
    assert asked["nonce"] == microsoft.consent.memo["nonce"]
    assert microsoft.consent.memo["code_verifier"] not in microsoft.consent.url


@pytest.mark.parametrize("role", [GLOBAL_ADMINISTRATOR, SECURITY_ADMINISTRATOR, GLOBAL_ADMINISTRATOR.upper()])
def test_who_holds_one_of_the_roles_may_connect_and_nothing_of_it_is_kept(microsoft: Microsoft, role: str) -> None:
    microsoft.claims["wids"] = ["b79fbf4d-3ef9-4689-8143-76b194e85509", role]
    assert microsoft.come_back() == {}
    sent = next(seen.form for seen in microsoft.vendor.seen if seen.method == "POST")
    assert (sent["grant_type"], sent["code"]) == ("authorization_code", "c0de")
    assert sent["code_verifier"] == microsoft.consent.memo["code_verifier"]


@pytest.mark.parametrize(
    ("held", "words"),
    [
        (["b79fbf4d-3ef9-4689-8143-76b194e85509"], "is not Global Administrator or Security Administrator"),
        ([], "is not Global Administrator or Security Administrator"),
        (None, "does not say which directory roles ada@contoso.example holds"),
        (GLOBAL_ADMINISTRATOR, "does not say which directory roles"),
    ],
)
def test_who_holds_none_of_them_may_not(microsoft: Microsoft, held: Any, words: str) -> None:
    microsoft.claims["wids"] = held
    with pytest.raises(PermissionMissing, match=words) as raised:
        microsoft.come_back()
    assert raised.value.remedy


def unsigned(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, "", "none", {"kid": "k-1"})


def by_shared_secret(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, "a-shared-secret-of-enough-length-0001", "HS256", {"kid": "k-1"})


def by_another_key(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, OTHER_KEY, "RS256", {"kid": "k-1"})


def by_an_unknown_key(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, OTHER_KEY, "RS256", {"kid": "k-2"})


@pytest.mark.parametrize("sign", [unsigned, by_shared_secret, by_another_key, by_an_unknown_key, lambda claims: "no"])
def test_a_token_that_microsoft_did_not_sign_proves_nothing(
    microsoft: Microsoft, sign: Callable[[dict[str, Any]], str]
) -> None:
    microsoft.sign = sign
    with pytest.raises(CredentialsRejected, match="not proven"):
        microsoft.come_back()


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://login.microsoftonline.com/another-tenant/v2.0"},
        {"iss": "https://evil.example/v2.0"},
        {"aud": "another-app"},
        {"aud": [APP, "another-app"]},
        {"nonce": "of-another-sign-in"},
        {"nonce": None},
        {"exp": START - timedelta(minutes=6)},
        {"exp": None},
    ],
)
def test_a_token_of_another_tenant_app_sign_in_or_time_proves_nothing(
    microsoft: Microsoft, claims: dict[str, Any]
) -> None:
    microsoft.claims |= claims
    with pytest.raises(CredentialsRejected, match="not proven"):
        microsoft.come_back()


def test_a_callback_of_another_sign_in_is_not_looked_at(microsoft: Microsoft) -> None:
    with pytest.raises(CredentialsRejected, match="does not belong"):
        microsoft.come_back(state="another")
    with pytest.raises(ConnectorError):
        microsoft.come_back(error="access_denied")
    assert microsoft.vendor.seen == []


def test_a_refusal_on_microsofts_page_is_told_by_its_number(microsoft: Microsoft) -> None:
    told = {"error": "access_denied", "error_description": "AADSTS50105: S3CRET told at length."}
    with pytest.raises(PermissionMissing, match="not assigned to the app") as raised:
        microsoft.come_back(**told)
    assert "S3CRET" not in f"{raised.value}"
    assert microsoft.vendor.seen == []


def test_no_token_and_no_secret_shows_in_an_error(microsoft: Microsoft) -> None:
    body = {"error": "invalid_grant", "error_description": "the code c0de of cs-S3CRET", "error_codes": [1]}
    microsoft.refuses = says(body, 400)
    with pytest.raises(CredentialsRejected) as raised:
        microsoft.come_back()
    assert not any(secret in f"{raised.value} {raised.value!r}" for secret in ("c0de", "S3CRET"))
    microsoft.refuses = says({"access_token": "at-S3CRET"})
    with pytest.raises(ConnectorError):
        microsoft.come_back()
    microsoft.refuses = Says(200, json.dumps([]).encode())
    with pytest.raises(ConnectorError):
        microsoft.come_back()

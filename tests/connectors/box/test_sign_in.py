"""The three ways to connect, as Box is asked for tokens, and how a connection ends."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from connectors.base import CredentialsRejected, MemorySecrets
from connectors.box import connector
from tests.connectors.base.keys import pem, public_of, read_jwt
from tests.connectors.base.vendor import Seen, says
from tests.connectors.box.vendor import CLIENT_ID, CLIENT_SECRET, ENTERPRISE, Talk, signed_in

BACK = "https://portal.example/back"
TOKEN = "/oauth2/token"


def consent(talk: Talk, **config: str) -> tuple[str, str, dict[str, list[str]]]:
    client = talk.client(**config)
    scheme = connector.method("primary_admin").scheme
    parts = urlsplit(scheme.begin(client.setup, BACK, "st-1").url)
    return parts.netloc, parts.path, parse_qs(parts.query)


def key_file(key: rsa.RSAPrivateKey) -> str:
    auth = {"publicKeyID": "kid-1", "privateKey": pem(key, b"pass-S3CRET"), "passphrase": "pass-S3CRET"}
    settings = {"clientID": CLIENT_ID, "clientSecret": CLIENT_SECRET, "appAuth": auth}
    return json.dumps({"boxAppSettings": settings, "enterpriseID": ENTERPRISE})


def tokens(seen: Seen) -> object:
    return {"access_token": "at-new", "expires_in": 4123, "token_type": "bearer", "refresh_token": "rt-2"}


def test_the_consent_page_names_no_scopes_and_asks_for_no_proof_that_box_does_not_know(talk: Talk) -> None:
    _, path, query = consent(talk)
    assert path.endswith("/api/oauth2/authorize")
    assert query == {
        "response_type": ["code"], "client_id": [CLIENT_ID], "redirect_uri": [BACK], "state": ["st-1"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("config", "host"),
    [({}, "account.box.com"), ({"login_host": "ent.box.com"}, "ent.box.com"), ({"login_host": ""}, "account.box.com")],
)
def test_a_verified_enterprise_consents_at_its_own_host(talk: Talk, config: dict[str, str], host: str) -> None:
    found = connector.method("primary_admin").scheme.addresses(config)
    assert found == (f"https://{host}/api/oauth2/authorize", "https://api.box.com/oauth2/token")


def test_a_refresh_token_is_used_once_and_the_new_one_is_kept(talk: Talk) -> None:
    tokens_before = {"refresh_token": "rt-1", "access": {}}
    talk.secrets = MemorySecrets({"client_secret": CLIENT_SECRET}, tokens_before)
    talk.says = {("POST", TOKEN): tokens, ("GET", "/users/me"): {"id": "1"}}
    talk.client().get("/users/me")
    assert talk.vendor.seen[0].form == {
        "grant_type": "refresh_token", "refresh_token": "rt-1", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET,
    }  # fmt: skip
    assert talk.secrets.read()["tokens"]["refresh_token"] == "rt-2"
    assert talk.vendor.seen[1].headers["authorization"] == "Bearer at-new"


def test_a_server_app_signs_in_for_its_enterprise(talk: Talk) -> None:
    talk.secrets = MemorySecrets({"client_secret": CLIENT_SECRET})
    talk.says = {("POST", TOKEN): {"access_token": "at-1", "expires_in": 4123}, ("GET", "/users/me"): {"id": "1"}}
    client = talk.client("client_credentials")
    client.get("/users/me")
    client.acting_as("77").get("/users/me")
    (asked, own, acting) = talk.vendor.seen
    assert asked.form == {
        "grant_type": "client_credentials", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET,
        "box_subject_type": "enterprise", "box_subject_id": ENTERPRISE,
    }  # fmt: skip
    assert "as-user" not in own.headers
    assert (acting.headers["as-user"], acting.headers["authorization"]) == ("77", "Bearer at-1")


def test_a_key_pair_signs_in_by_a_statement_that_lasts_less_than_a_minute(talk: Talk) -> None:
    rsa_key = rsa.generate_private_key(65537, 2048)
    talk.secrets = MemorySecrets({"key_file": key_file(rsa_key)})
    talk.says = {("POST", TOKEN): {"access_token": "at-1", "expires_in": 4123}, ("GET", "/users/me"): {"id": "1"}}
    talk.client("key_pair").get("/users/me")
    form = talk.vendor.seen[0].form
    header, claims = read_jwt(form["assertion"], public_of(rsa_key), "RS256")
    assert (form["client_id"], form["client_secret"]) == (CLIENT_ID, CLIENT_SECRET)
    assert header["kid"] == "kid-1"
    assert (claims["iss"], claims["sub"], claims["box_sub_type"]) == (CLIENT_ID, ENTERPRISE, "enterprise")
    assert claims["aud"] == "https://api.box.com/oauth2/token"
    assert 0 < claims["exp"] - talk.clock.moment.timestamp() < 60
    assert 16 <= len(claims["jti"]) <= 128


@pytest.mark.parametrize("text", ["{}", "no json", '{"boxAppSettings": {"appAuth": null}}', '["boxAppSettings"]'])
def test_another_file_is_refused_before_anything_is_sent(talk: Talk, text: str) -> None:
    talk.secrets = MemorySecrets({"key_file": text})
    with pytest.raises(CredentialsRejected, match="configuration file"):
        talk.client("key_pair").get("/users/me")
    assert talk.vendor.seen == []


def test_ending_the_connection_ends_both_tokens_and_says_nothing_else(talk: Talk) -> None:
    talk.secrets = MemorySecrets({"client_secret": CLIENT_SECRET}, signed_in("rt-9"))
    talk.says = {("POST", "/oauth2/revoke"): says({}, 200)}
    connector.method("primary_admin").scheme.revoke(talk.client().setup)
    assert [seen.form for seen in talk.vendor.seen] == [
        {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "token": token} for token in ("rt-9", "at-S3CRET")
    ]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"error": "invalid_grant", "error_description": "Refresh token has expired"}, "consent of this connection"),
        ({"error": "invalid_grant", "error_description": "Invalid refresh token"}, "consent of this connection"),
        ({"error": "invalid_grant", "error_description": "Grant credentials are invalid"}, "does not know this Client"),
        ({"error": "invalid_client", "error_description": "The client credentials are invalid"}, "does not know this"),
        (
            {"error": "unauthorized_client", "error_description": "This app is not authorized by the enterprise"},
            "has not authorised this app",
        ),
        (
            {
                "error": "invalid_grant",
                "error_description": "Current date time must be before the expiration date time listed in the 'exp' "
                "claim.",
            },
            "does not accept the time",
        ),
        (
            {"error": "invalid_grant", "error_description": "Auth code doesn't exist or is invalid for the client"},
            "answer of its consent page",
        ),
    ],
)
def test_a_refused_sign_in_says_what_to_do(talk: Talk, body: dict[str, str], words: str) -> None:
    talk.secrets = MemorySecrets({"client_secret": CLIENT_SECRET}, {"refresh_token": "rt-1", "access": {}})
    talk.says = {("POST", TOKEN): says(body, 400)}
    with pytest.raises(CredentialsRejected, match=words) as error:
        talk.client().get("/users/me")
    assert error.value.remedy

"""Signing in without a browser: secrets, keys, key files, passwords."""

import base64
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from joserfc import jwk, jwt

from connectors.base import (
    Basic,
    Claim,
    ClientCredentials,
    CredentialsRejected,
    JwtBearer,
    MemorySecrets,
    PasswordGrant,
    PastedRefreshToken,
    PermissionMissing,
    Setup,
    Unavailable,
    certified_key,
    load_key,
)
from connectors.base.errors import ConnectorError
from tests.connectors.base.keys import TOKEN_URL, asked, calls, certificate, granting, pem, public_of, read_jwt
from tests.connectors.base.vendor import START, Bench, Says, Seen, Vendor, says

BACK = "https://portal.example/back"


def test_basic_sends_user_and_password(bench: Bench, vendor: Vendor) -> None:
    secrets = MemorySecrets({"password": "pä:ss-S3CRET"})
    bench.client(Basic(), config={"username": "svc"}, secrets=secrets).get("/x")
    assert vendor.seen[0].headers["authorization"] == "Basic " + base64.b64encode("svc:pä:ss-S3CRET".encode()).decode()


def test_missing_secret_is_said_in_words(bench: Bench) -> None:
    with pytest.raises(CredentialsRejected, match="password is missing"):
        bench.client(Basic(), config={"username": "svc"}, secrets=MemorySecrets()).get("/x")


@pytest.mark.parametrize("client_auth", ["body", "basic"])
def test_client_credentials_ask_once_for_the_scopes_of_the_method(
    bench: Bench, vendor: Vendor, client_auth: str
) -> None:
    vendor.answer = granting
    params = {"box_subject_type": "enterprise"}
    scheme = ClientCredentials(TOKEN_URL, client_auth=client_auth, token_params=lambda setup: params)
    client = bench.client(scheme, scopes=("a", "b"))
    client.get("/x")
    client.get("/y")
    (form,) = asked(vendor)
    assert (form["grant_type"], form["scope"], form["box_subject_type"]) == ("client_credentials", "a b", "enterprise")
    assert ("client_secret" in form) == (client_auth == "body")
    assert [seen.headers["authorization"] for seen in calls(vendor)] == ["Bearer at-a b"] * 2


def test_client_credentials_keep_a_token_for_each_audience(bench: Bench, vendor: Vendor) -> None:
    vendor.answer = granting
    secrets = MemorySecrets({"client_secret": "x"})
    scheme = ClientCredentials(lambda config: f"https://sign-in.example.com/token?tenant={config['tenant']}")
    config = {"client_id": "id-1", "tenant": "t1"}
    options: dict[str, Any] = {"config": config, "secrets": secrets, "audience": lambda host: f"https://{host}/.default"}
    for _ in range(2):
        client = bench.client(scheme, **options)
        client.get("/users")
        client.get("https://files.example.net/drive")
    assert [form["scope"] for form in asked(vendor)] == [
        "https://api.example.com/.default", "https://files.example.net/.default",
    ]  # fmt: skip
    assert [seen.headers["authorization"] for seen in calls(vendor)][:2] == [
        "Bearer at-https://api.example.com/.default", "Bearer at-https://files.example.net/.default",
    ]  # fmt: skip


def test_client_credentials_name_no_scopes_where_the_registration_decides(bench: Bench, vendor: Vendor) -> None:
    vendor.answer = granting
    bench.client(ClientCredentials(TOKEN_URL, names_scopes=False), scopes=("a", "b")).get("/x")
    assert "scope" not in asked(vendor)[0]


def test_scopes_of_an_app_token_are_read_from_its_roles(bench: Bench, vendor: Vendor) -> None:
    token = jwt.encode({"alg": "HS256"}, {"roles": ["User.Read.All"]}, jwk.OctKey.import_key("k" * 32))
    vendor.answer = lambda seen: says({"access_token": token, "expires_in": 60}) if seen.path == "/token" else says({})
    client = bench.client(ClientCredentials(TOKEN_URL))
    client.get("/x")
    assert client.granted_scopes == ("User.Read.All",)


def test_certificate_signs_the_assertion_and_names_itself(
    bench: Bench, vendor: Vendor, rsa_key: rsa.RSAPrivateKey
) -> None:
    vendor.answer = granting
    made = certificate(rsa_key)
    secrets = MemorySecrets({"private_key": pem(rsa_key)})
    text = made.public_bytes(serialization.Encoding.PEM).decode()
    scheme = ClientCredentials(TOKEN_URL, client_auth="key", key=certified_key)
    bench.client(scheme, config={"client_id": "id-1", "certificate": text}, secrets=secrets).get("/x")
    (form,) = asked(vendor)
    assert form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    header, claims = read_jwt(form["client_assertion"], public_of(rsa_key), "PS256")
    thumbprint = base64.urlsafe_b64encode(made.fingerprint(hashes.SHA256())).rstrip(b"=").decode()
    assert header["x5t#S256"] == thumbprint
    assert (claims["iss"], claims["sub"], claims["aud"]) == ("id-1", "id-1", TOKEN_URL)
    assert claims["iat"] == START.timestamp()
    assert 0 < claims["exp"] - claims["iat"] <= 600
    assert claims["jti"]


def test_certificate_of_another_key_is_refused(bench: Bench, vendor: Vendor, rsa_key: rsa.RSAPrivateKey) -> None:
    other = certificate(rsa.generate_private_key(65537, 2048)).public_bytes(serialization.Encoding.PEM).decode()
    scheme = ClientCredentials(TOKEN_URL, client_auth="key", key=certified_key)
    secrets = MemorySecrets({"private_key": pem(rsa_key)})
    with pytest.raises(CredentialsRejected, match="does not belong"):
        bench.client(scheme, config={"client_id": "i", "certificate": other}, secrets=secrets).get("/x")
    assert vendor.seen == []


@pytest.mark.parametrize("text", ["", "nonsense", "{}", '{"kty":"oct","k":"AAAA"}', "-----BEGIN PRIVATE KEY-----\nAA"])
def test_unusable_key_is_said_in_words_without_showing_it(text: str) -> None:
    with pytest.raises(CredentialsRejected) as caught:
        load_key(text)
    assert "AAAA" not in str(caught.value)


def test_short_rsa_key_is_refused() -> None:
    weak = rsa.generate_private_key(65537, 1024)  # noqa: S505  the point of the test
    with pytest.raises(CredentialsRejected, match="2048"):
        load_key(pem(weak))


def test_key_may_be_locked_with_a_passphrase() -> None:
    locked = pem(ec.generate_private_key(ec.SECP256R1()), b"open sesame")
    assert isinstance(load_key(locked, "open sesame"), ec.EllipticCurvePrivateKey)
    with pytest.raises(CredentialsRejected):
        load_key(locked, "wrong")


def consent_setup(bench: Bench) -> tuple[ClientCredentials, Setup]:
    def same_tenant(setup: Setup, callback: Mapping[str, str]) -> None:
        if callback.get("tenant") != setup.config["tenant"]:
            raise CredentialsRejected("Another tenant consented.")

    scheme = ClientCredentials(
        TOKEN_URL,
        consent_url=lambda config: f"https://sign-in.example.com/{config['tenant']}/adminconsent",
        consent_params=lambda setup: {"scope": "https://api.example.com/.default"},
        check_consent=same_tenant,
    )
    return scheme, bench.setup(scheme, config={"client_id": "id-1", "tenant": "t1"})


def test_admin_consent_is_asked_for_in_the_browser(bench: Bench) -> None:
    scheme, setup = consent_setup(bench)
    parts = urlsplit(scheme.begin(setup, BACK, "st").url)
    assert scheme.has_consent
    assert not ClientCredentials(TOKEN_URL).has_consent
    assert parts.path == "/t1/adminconsent"
    assert parse_qs(parts.query) == {
        "client_id": ["id-1"], "redirect_uri": [BACK], "state": ["st"], "scope": ["https://api.example.com/.default"],
    }  # fmt: skip


def test_admin_consent_drops_tokens_from_before_it(bench: Bench) -> None:
    scheme, setup = consent_setup(bench)
    assert scheme.finish(setup, {"state": "st", "tenant": "t1", "admin_consent": "True"}, {"state": "st"}, BACK) == {}


@pytest.mark.parametrize(
    ("callback", "error"),
    [
        ({"state": "st", "admin_consent": "True", "error": "consent_required"}, PermissionMissing),
        ({"state": "st", "tenant": "t2"}, CredentialsRejected),
        ({"state": "other", "tenant": "t1"}, CredentialsRejected),
    ],
)
def test_admin_consent_that_went_wrong_is_an_error(
    bench: Bench, callback: dict[str, str], error: type[ConnectorError]
) -> None:
    scheme, setup = consent_setup(bench)
    with pytest.raises(error):
        scheme.finish(setup, callback, {"state": "st"}, BACK)


def key_file(rsa_key: rsa.RSAPrivateKey) -> str:
    return json.dumps(
        {
            "type": "service_account",
            "client_email": "svc@p.iam.gserviceaccount.com",
            "private_key": pem(rsa_key),
            "private_key_id": "kid-1",
            "token_uri": "https://evil.example/token",
        }
    )


def jwt_client(bench: Bench, rsa_key: rsa.RSAPrivateKey, secrets: MemorySecrets | None = None) -> Any:
    return bench.client(
        JwtBearer(TOKEN_URL),
        config={"admin_email": "admin@contoso.example"},
        secrets=secrets or MemorySecrets({"key_file": key_file(rsa_key)}),
        scopes=("s1", "s2"),
    )


def test_key_file_speaks_for_the_admin_with_the_scopes_of_the_method(
    bench: Bench, vendor: Vendor, rsa_key: rsa.RSAPrivateKey
) -> None:
    vendor.answer = granting
    jwt_client(bench, rsa_key).get("/users")
    (form,) = asked(vendor)
    assert form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
    header, claims = read_jwt(form["assertion"], public_of(rsa_key), "RS256")
    assert (header["kid"], header["typ"]) == ("kid-1", "JWT")
    assert (claims["iss"], claims["sub"]) == ("svc@p.iam.gserviceaccount.com", "admin@contoso.example")
    assert (claims["scope"], claims["aud"]) == ("s1 s2", TOKEN_URL)
    assert claims["exp"] - claims["iat"] == 3600


def test_acting_as_gets_a_token_for_each_subject_and_set_of_scopes_and_keeps_it_out_of_the_vault(
    bench: Bench, vendor: Vendor, rsa_key: rsa.RSAPrivateKey
) -> None:
    vendor.answer = granting
    secrets = MemorySecrets({"key_file": key_file(rsa_key)})
    client = jwt_client(bench, rsa_key, secrets)
    for _ in range(2):
        client.acting_as("ada@contoso.example").for_audience("drive").get("/files")
        client.acting_as("bob@contoso.example").for_audience("drive").get("/files")
        client.for_audience("drive").get("/drives")
    claims = [read_jwt(form["assertion"], public_of(rsa_key), "RS256")[1] for form in asked(vendor)]
    assert [(claim["sub"], claim["scope"]) for claim in claims] == [
        ("ada@contoso.example", "drive"), ("bob@contoso.example", "drive"), ("admin@contoso.example", "drive"),
    ]  # fmt: skip
    assert set(secrets.read()["tokens"]["access"]) == {"drive"}


def test_subject_that_is_gone_does_not_end_the_connection(
    bench: Bench, vendor: Vendor, rsa_key: rsa.RSAPrivateKey
) -> None:
    vendor.answer = lambda seen: says({"error": "invalid_grant"}, 400) if seen.path == "/token" else says({})
    client = jwt_client(bench, rsa_key)
    with pytest.raises(PermissionMissing, match="act as ada"):
        client.acting_as("ada@contoso.example").get("/files")
    with pytest.raises(CredentialsRejected):
        client.get("/users")


@pytest.mark.parametrize("text", ["not json", "[]", '{"client_email": "x"}'])
def test_key_file_that_is_none_is_said_in_words(bench: Bench, text: str) -> None:
    client = bench.client(JwtBearer(TOKEN_URL), config={}, secrets=MemorySecrets({"key_file": text}))
    with pytest.raises(CredentialsRejected, match="key file"):
        client.get("/x")


def test_jwt_bearer_takes_other_claims_keys_and_parameters(
    bench: Bench, vendor: Vendor, rsa_key: rsa.RSAPrivateKey
) -> None:
    def claims(setup: Setup, claim: Claim) -> dict[str, str]:
        return {"iss": setup.config["client_id"], "sub": "918273", "box_sub_type": "enterprise", "aud": claim.token_url}

    vendor.answer = granting
    scheme = JwtBearer(
        TOKEN_URL,
        claims=claims,
        lifetime_s=30,
        key=certified_key,
        token_params=lambda setup: {"client_secret": setup.secret("client_secret")},
        subject_headers=lambda subject: {"As-User": subject},
    )
    text = certificate(rsa_key).public_bytes(serialization.Encoding.PEM).decode()
    config = {"client_id": "id-1", "certificate": text}
    secrets = MemorySecrets({"private_key": pem(rsa_key), "client_secret": "cs"})
    bench.client(scheme, config=config, secrets=secrets).acting_as("17").get("/x")
    (form,) = asked(vendor)
    _, said = read_jwt(form["assertion"], public_of(rsa_key), "PS256")
    assert (said["box_sub_type"], said["exp"] - said["iat"], form["client_secret"]) == ("enterprise", 30, "cs")
    assert calls(vendor)[0].headers["as-user"] == "17"


def test_password_grant_uses_its_refresh_token_and_then_the_password_again(bench: Bench, vendor: Vendor) -> None:
    answers = {
        "password": says({"access_token": "at-1", "refresh_token": "rt-1", "expires_in": 1800}),
        "refresh_token": says({"error": "invalid_grant"}, 401),
    }
    vendor.answer = lambda seen: answers[seen.form["grant_type"]] if seen.path == "/token" else says({})
    secrets = MemorySecrets({"password": "pw-S3CRET", "client_secret": "cs"})
    client = bench.client(PasswordGrant(TOKEN_URL), config={"client_id": "c", "username": "svc"}, secrets=secrets)
    client.get("/x")
    bench.clock.pass_by(1801)
    client.get("/x")
    assert [form["grant_type"] for form in asked(vendor)] == ["password", "refresh_token", "password"]
    assert (asked(vendor)[0]["username"], asked(vendor)[0]["password"]) == ("svc", "pw-S3CRET")


def test_pasted_refresh_token_starts_and_its_successor_goes_on(bench: Bench, vendor: Vendor) -> None:
    def answer(seen: Seen) -> Says:
        if seen.path != "/token":
            return says({})
        return says({"access_token": "at", "refresh_token": f"{seen.form['refresh_token']}+", "expires_in": 60})

    vendor.answer = answer
    scheme, secrets = PastedRefreshToken(TOKEN_URL), MemorySecrets({"refresh_token": "first"})
    for _ in range(2):
        bench.client(scheme, secrets=secrets).get("/x")
        bench.clock.pass_by(61)
    again = MemorySecrets({"refresh_token": "second"}, secrets.read()["tokens"])
    bench.client(scheme, secrets=again).get("/x")
    assert [form["refresh_token"] for form in asked(vendor)] == ["first", "first+", "second"]


def test_vendors_outage_at_sign_in_is_unavailable(bench: Bench, vendor: Vendor) -> None:
    vendor.script(says({}, 503))
    with pytest.raises(Unavailable):
        bench.client(ClientCredentials(TOKEN_URL)).get("/x")

"""Signing in without a browser: secrets, keys, key files, passwords; and tokens bound to a key (DPoP)."""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
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
    PrivateKeyJwt,
    Setup,
    Unavailable,
    certified_key,
    load_key,
)
from connectors.base.errors import ConnectorError
from tests.connectors.base.vendor import START, Bench, Says, Seen, Vendor, says

TOKEN_URL = "https://sign-in.example.com/token"
BACK = "https://portal.example/back"


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, passphrase: bytes = b"") -> str:
    lock = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock).decode()


@pytest.fixture(scope="module")
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def certificate(key: rsa.RSAPrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gatehouse")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    now = datetime.now(UTC)
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    return builder.sign(key, hashes.SHA256())


def read_jwt(text: str, key: Any, algorithm: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims, the signature verified by another library than the one that signs."""
    verified = jwt.decode(text, key, algorithms=[algorithm])
    return dict(verified.header), dict(verified.claims)


def public_of(key: rsa.RSAPrivateKey) -> Any:
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return jwk.RSAKey.import_key(public)


def granting(seen: Seen) -> Says:
    if seen.path == "/token":
        return says({"access_token": f"at-{seen.form.get('scope', '')}", "expires_in": 3600, "token_type": "Bearer"})
    return says({})


def calls(vendor: Vendor) -> list[Seen]:
    return [seen for seen in vendor.seen if seen.path != "/token"]


def asked(vendor: Vendor) -> list[dict[str, str]]:
    return [seen.form for seen in vendor.seen if seen.path == "/token"]


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


class DpopVendor:
    """Demands a proof with the nonce it gave; its tokens and calls are checked with joserfc."""

    def __init__(self, api_nonce: str = "") -> None:
        self.api_nonce = api_nonce
        self.proofs: list[tuple[dict[str, Any], dict[str, Any]]] = []

    def __call__(self, seen: Seen) -> Says:
        text = seen.headers.get("dpop", "")
        if not text:
            return says({"error": "invalid_dpop_proof"}, 400)
        header, claims = self.read(text)
        self.proofs.append((header, claims))
        if seen.path == "/token":
            if claims.get("nonce") != "n-token":
                return says({"error": "use_dpop_nonce"}, 400, dpop_nonce="n-token")
            return says({"access_token": "at-dpop", "token_type": "DPoP", "expires_in": 3600, "scope": "users.read"})
        if claims.get("nonce", "") != self.api_nonce:
            return says({"error": "use_dpop_nonce"}, 401, dpop_nonce=self.api_nonce)
        return says({"ok": True})

    def read(self, text: str) -> tuple[dict[str, Any], dict[str, Any]]:
        head = text.partition(".")[0]
        header = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
        return read_jwt(text, jwk.ECKey.import_key(header["jwk"]), "ES256")


def dpop_client(bench: Bench, rsa_key: rsa.RSAPrivateKey, secrets: MemorySecrets | None = None) -> Any:
    return bench.client(
        PrivateKeyJwt(TOKEN_URL),
        config={"client_id": "0oa1", "key_id": "k1"},
        secrets=secrets or MemorySecrets({"private_key": pem(rsa_key)}),
        scopes=("okta.users.read",),
    )


def test_dpop_binds_the_token_to_a_key_and_proves_it_at_every_call(
    bench: Bench, vendor: Vendor, rsa_key: rsa.RSAPrivateKey
) -> None:
    judge = DpopVendor()
    vendor.answer = judge
    client = dpop_client(bench, rsa_key)
    assert client.get("/users", params={"limit": 1}).json() == {"ok": True}
    client.post("/users/1/lifecycle/suspend")
    headers, claims = zip(*judge.proofs, strict=True)
    assert {header["typ"] for header in headers} == {"dpop+jwt"}
    assert all("d" not in header["jwk"] for header in headers)
    assert len({header["jwk"]["x"] for header in headers}) == 1
    assert [(claim["htm"], claim["htu"], claim.get("nonce")) for claim in claims] == [
        ("POST", TOKEN_URL, None),
        ("POST", TOKEN_URL, "n-token"),
        ("GET", "https://api.example.com/v1/users", None),
        ("POST", "https://api.example.com/v1/users/1/lifecycle/suspend", None),
    ]
    assert len({claim["jti"] for claim in claims}) == 4
    assert {claim["iat"] for claim in claims} == {START.timestamp()}
    hashed = base64.urlsafe_b64encode(hashlib.sha256(b"at-dpop").digest()).rstrip(b"=").decode()
    assert [claim.get("ath") for claim in claims] == [None, None, hashed, hashed]
    assert {seen.headers["authorization"] for seen in calls(vendor)} == {"DPoP at-dpop"}


def test_client_assertion_is_signed_anew_by_the_clients_own_key(
    bench: Bench, vendor: Vendor, rsa_key: rsa.RSAPrivateKey
) -> None:
    vendor.answer = DpopVendor()
    dpop_client(bench, rsa_key).get("/users")
    read = [read_jwt(form["client_assertion"], public_of(rsa_key), "RS256") for form in asked(vendor)]
    assert [header["kid"] for header, _ in read] == ["k1", "k1"]
    assert len({claims["jti"] for _, claims in read}) == 2


def test_dpop_token_out_of_the_vault_is_proven_with_its_own_key(
    bench: Bench, vendor: Vendor, rsa_key: rsa.RSAPrivateKey
) -> None:
    judge, secrets = DpopVendor(), MemorySecrets({"private_key": pem(rsa_key)})
    vendor.answer = judge
    dpop_client(bench, rsa_key, secrets).get("/users")
    dpop_client(bench, rsa_key, secrets).get("/groups")
    assert len(asked(vendor)) == 2
    assert len({header["jwk"]["x"] for header, _ in judge.proofs}) == 1


def test_nonce_asked_for_at_a_call_is_given_at_once_even_for_post(
    bench: Bench, vendor: Vendor, rsa_key: rsa.RSAPrivateKey
) -> None:
    judge = DpopVendor(api_nonce="n-api")
    vendor.answer = judge
    client = dpop_client(bench, rsa_key)
    assert client.post("/users").json() == {"ok": True}
    client.get("/users")
    assert [claims.get("nonce") for _, claims in judge.proofs][2:] == [None, "n-api", "n-api"]


def test_vendor_without_dpop_gives_a_bearer_token(bench: Bench, vendor: Vendor, rsa_key: rsa.RSAPrivateKey) -> None:
    vendor.answer = granting
    dpop_client(bench, rsa_key).get("/users")
    assert calls(vendor)[0].headers["authorization"].startswith("Bearer ")
    assert "dpop" not in calls(vendor)[0].headers


def test_vendors_outage_at_sign_in_is_unavailable(bench: Bench, vendor: Vendor) -> None:
    vendor.script(says({}, 503))
    with pytest.raises(Unavailable):
        bench.client(ClientCredentials(TOKEN_URL)).get("/x")

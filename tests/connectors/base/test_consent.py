"""Consent in the browser, tokens that run out, and refresh tokens that may be used once."""

import base64
import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.base import (
    AuthorizationCode,
    BadResponse,
    Client,
    CredentialsRejected,
    MemorySecrets,
    PermissionMissing,
    RateLimited,
    Unavailable,
)
from connectors.base.errors import ConnectorError
from connectors.base.tokens import stored_token
from tests.connectors.base.vendor import Bench, Says, Seen, Vendor, says

BACK = "https://portal.example/connect/callback"


def scheme(**changes: Any) -> AuthorizationCode:
    return AuthorizationCode("https://sign-in.example.com/authorize", "https://sign-in.example.com/token", **changes)


def tokens(refresh: str = "rt-S3CRET", renew_at: str | None = "2026-11-24T10:00:00+00:00") -> Any:
    access = {"": {"value": "at-S3CRET", "renew_at": renew_at, "scopes": ["a"], "kind": "Bearer"}}
    return {"access": access, **({"refresh_token": refresh} if refresh else {})}


def store(**changes: Any) -> MemorySecrets:
    return MemorySecrets({"client_secret": "cs-S3CRET"}, tokens(**changes))


class TokenEndpoint:
    """Rotating refresh tokens, each good once; `/v1/...` answers 401 to all access tokens but the last."""

    def __init__(self, refresh_token: str = "rt-S3CRET") -> None:
        self.refresh_token = refresh_token
        self.access_token = ""
        self.rotations = 0
        self._lock = threading.Lock()

    def __call__(self, seen: Seen) -> Says:
        if seen.path != "/token":
            is_good = seen.headers.get("authorization") == f"Bearer {self.access_token}"
            return says({"ok": True}) if is_good else says({"error": "expired"}, 401)
        with self._lock:
            if seen.form["refresh_token"] != self.refresh_token:
                return says({"error": "invalid_grant", "error_description": "very-private"}, 400)
            self.rotations += 1
            self.access_token = f"at-{self.rotations}"
            self.refresh_token = f"rt-{self.rotations}"
        return says({"access_token": self.access_token, "refresh_token": self.refresh_token, "expires_in": 3600})


def test_consent_address_holds_state_scopes_and_pkce(bench: Bench) -> None:
    setup = bench.setup(scheme(extra_params={"prompt": "consent"}), scopes=("read:org", "repo"))
    consent = setup.method.scheme.begin(setup, BACK, "st-1")
    parts = urlsplit(consent.url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert f"http://{parts.netloc}" == bench.vendor.base_url
    assert (query["response_type"], query["client_id"], query["redirect_uri"]) == ("code", "id-1", BACK)
    assert (query["state"], query["scope"], query["prompt"]) == ("st-1", "read:org repo", "consent")
    assert query["code_challenge_method"] == "S256"
    verifier = consent.memo["code_verifier"]
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    assert query["code_challenge"] == digest
    assert 43 <= len(verifier) <= 128
    assert verifier not in consent.url
    assert verifier not in repr(consent)


def test_consent_address_is_the_vendors_without_a_stand_in(bench: Bench) -> None:
    bench.hosts = ()
    setup = bench.setup(scheme(scope_separator=",", use_pkce=False), scopes=("a", "b"))
    url = setup.method.scheme.begin(setup, BACK, "st-1").url
    assert url.startswith("https://sign-in.example.com/authorize?")
    assert "scope=a%2Cb" in url
    unnamed = bench.setup(scheme(names_scopes=False), scopes=("a", "b"))
    assert "scope" not in unnamed.method.scheme.begin(unnamed, BACK, "st-1").url
    assert "code_challenge" not in url


def test_consent_page_on_an_undeclared_host_is_refused(bench: Bench) -> None:
    made = AuthorizationCode(lambda config: f"https://{config['host']}/authorize", "https://sign-in.example.com/token")
    setup = bench.setup(made, config={"client_id": "x", "host": "evil.example"})
    with pytest.raises(BadResponse):
        made.begin(setup, BACK, "st-1")


@pytest.mark.parametrize("client_auth", ["body", "basic"])
def test_code_is_exchanged_with_verifier_and_client_secret(bench: Bench, vendor: Vendor, client_auth: str) -> None:
    vendor.script(
        says({"access_token": "at-1", "refresh_token": "rt-1", "expires_in": 3600, "scope": "read:org,repo"})
    )
    setup = bench.setup(scheme(client_auth=client_auth))
    memo = {"state": "st-1", "code_verifier": "v" * 43}
    document = setup.method.scheme.finish(setup, {"state": "st-1", "code": "c-1"}, memo, BACK)
    form = vendor.seen[0].form
    assert (form["grant_type"], form["code"], form["redirect_uri"]) == ("authorization_code", "c-1", BACK)
    assert form["code_verifier"] == "v" * 43
    if client_auth == "body":
        assert (form["client_id"], form["client_secret"]) == ("id-1", "cs-S3CRET")
    else:
        assert vendor.seen[0].headers["authorization"] == "Basic " + base64.b64encode(b"id-1:cs-S3CRET").decode()
        assert "client_secret" not in form
    assert document["refresh_token"] == "rt-1"
    assert document["access"][""] == {
        "value": "at-1", "renew_at": "2026-11-24T09:55:00+00:00", "scopes": ["read:org", "repo"], "kind": "Bearer",
        "proof_key": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("callback", "error"),
    [
        ({"state": "st-1", "error": "access_denied", "error_description": "very-private"}, PermissionMissing),
        ({"state": "st-1", "error": "invalid_scope"}, PermissionMissing),
        ({"state": "st-1", "error": "redirect_uri_mismatch"}, CredentialsRejected),
        ({"state": "st-1", "error": "temporarily_unavailable"}, Unavailable),
        ({"state": "st-1", "error": "<script>very-private"}, CredentialsRejected),
        ({"state": "st-1"}, CredentialsRejected),
        ({"state": "st-2", "code": "c-1"}, CredentialsRejected),
        ({"code": "c-1"}, CredentialsRejected),
    ],
)
def test_callback_without_a_good_code_is_an_error_in_words(
    bench: Bench, vendor: Vendor, callback: dict[str, str], error: type[ConnectorError]
) -> None:
    setup = bench.setup(scheme())
    with pytest.raises(error) as caught:
        setup.method.scheme.finish(setup, callback, {"state": "st-1"}, BACK)
    assert "very-private" not in str(caught.value)
    assert vendor.seen == []


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (says({"error": "invalid_grant", "error_description": "very-private"}, 400), CredentialsRejected),
        (says({"error": "bad_verification_code", "error_description": "very-private"}), CredentialsRejected),
        (says({"error": "invalid_client"}, 401), CredentialsRejected),
        (says({"error": "invalid_scope"}, 400), PermissionMissing),
        (says({"error": "temporarily_unavailable"}, 400), Unavailable),
        (says({}, 429, Retry_After="5"), RateLimited),
        (says({}, 503), Unavailable),
        (says({}), BadResponse),
        (Says(200, b"<html>"), BadResponse),
        (Says(400, b"<html>very-private"), BadResponse),
    ],
)
def test_refused_sign_in_is_an_error_in_words(
    bench: Bench, vendor: Vendor, said: Says, error: type[ConnectorError]
) -> None:
    vendor.script(said)
    setup = bench.setup(scheme())
    with pytest.raises(error) as caught:
        setup.method.scheme.finish(setup, {"state": "s", "code": "c-hush"}, {"state": "s"}, BACK)
    assert not any(word in str(caught.value) for word in ("very-private", "S3CRET", "hush"))


def test_fresh_token_is_used_as_it_is(bench: Bench, vendor: Vendor) -> None:
    bench.client(scheme(), secrets=store()).get("/users")
    assert [seen.path for seen in vendor.seen] == ["/v1/users"]
    assert vendor.seen[0].headers["authorization"] == "Bearer at-S3CRET"


def test_token_about_to_expire_is_renewed_and_stored_before_it_is_used(bench: Bench, vendor: Vendor) -> None:
    secrets, endpoint = store(), TokenEndpoint()
    stored_at_call: list[str] = []

    def answer(seen: Seen) -> Says:
        if seen.path != "/token":
            stored_at_call.append(secrets.read()["tokens"]["refresh_token"])
        return endpoint(seen)

    vendor.answer = answer
    bench.clock.pass_by(3601)
    client = bench.client(scheme(), secrets=secrets)
    client.get("/users")
    client.get("/groups")
    assert [seen.path for seen in vendor.seen] == ["/token", "/v1/users", "/v1/groups"]
    assert vendor.seen[0].form == {
        "grant_type": "refresh_token", "refresh_token": "rt-S3CRET", "client_id": "id-1", "client_secret": "cs-S3CRET",
    }  # fmt: skip
    assert stored_at_call == ["rt-1", "rt-1"]


def test_refresh_token_that_is_not_replaced_is_kept(bench: Bench, vendor: Vendor) -> None:
    vendor.script(says({"access_token": "at-1", "expires_in": 60}))
    secrets = store()
    bench.clock.pass_by(3601)
    bench.client(scheme(), secrets=secrets).get("/users")
    assert secrets.read()["tokens"]["refresh_token"] == "rt-S3CRET"


def test_scopes_that_are_not_named_at_a_renewal_are_those_from_before(bench: Bench, vendor: Vendor) -> None:
    vendor.answer = lambda seen: says({"access_token": "at-2", "expires_in": 3600} if seen.path == "/token" else {})
    client = bench.client(scheme(), secrets=store(renew_at="2026-11-24T08:00:00+00:00"))
    client.get("things")
    assert vendor.seen[-1].headers["authorization"] == "Bearer at-2"
    assert client.granted_scopes == ("a",)


@pytest.mark.parametrize(
    "expires_in", ["Infinity", "-Infinity", "NaN", "1e300", "-1e300", '"inf"', "1" + "0" * 400, "[]", "null", "-5"]
)
def test_a_lifetime_that_makes_no_sense_breaks_nothing(bench: Bench, vendor: Vendor, expires_in: str) -> None:
    vendor.script(Says(200, f'{{"access_token": "at-1", "expires_in": {expires_in}}}'.encode()))
    secrets = store()
    bench.clock.pass_by(3601)
    client = bench.client(scheme(), secrets=secrets)
    client.get("/users")
    token = stored_token(secrets.read()["tokens"], "")
    assert token is not None
    assert token.value == "at-1"
    assert token.renew_at is None or token.renew_at <= client.now() + timedelta(days=366)


@pytest.mark.parametrize("claims", [b"[" * 3_000, b'{"roles": 5}', b'{"scp": {"a": 1}}'])
def test_an_access_token_with_odd_contents_changes_no_scopes(bench: Bench, vendor: Vendor, claims: bytes) -> None:
    head, said = (base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (b'{"alg": "none"}', claims))
    vendor.script(says({"access_token": f"{head}.{said}.", "expires_in": 3600}))
    bench.clock.pass_by(3601)
    client = bench.client(scheme(), secrets=store())
    client.get("/users")
    assert client.granted_scopes == ("a",)


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_refused_token_is_renewed_once_and_the_call_repeated(bench: Bench, vendor: Vendor, method: str) -> None:
    vendor.answer = TokenEndpoint()
    getattr(bench.client(scheme(), secrets=store()), method)("/users/1")
    assert [seen.path for seen in vendor.seen] == ["/v1/users/1", "/token", "/v1/users/1"]
    assert vendor.seen[2].headers["authorization"] == "Bearer at-1"


@pytest.mark.parametrize("method", ["post", "patch"])
def test_call_that_may_not_be_repeated_gets_a_new_token_for_the_next_time(
    bench: Bench, vendor: Vendor, method: str
) -> None:
    vendor.answer = TokenEndpoint()
    client = bench.client(scheme(), secrets=store())
    with pytest.raises(Unavailable) as caught:
        getattr(client, method)("/users", json={})
    assert caught.value.is_sent is False
    assert [seen.path for seen in vendor.seen] == ["/v1/users", "/token"]
    assert getattr(client, method)("/users", json={}).json() == {"ok": True}


def test_new_token_that_is_refused_too_ends_there(bench: Bench, vendor: Vendor) -> None:
    vendor.answer = lambda seen: says({"access_token": "at-9"}) if seen.path == "/token" else says({}, 401)
    with pytest.raises(CredentialsRejected):
        bench.client(scheme(), secrets=store()).get("/users")
    assert [seen.path for seen in vendor.seen] == ["/v1/users", "/token", "/v1/users"]


def test_refused_token_without_a_refresh_token_needs_reconnecting(bench: Bench, vendor: Vendor) -> None:
    vendor.script(says({}, 401))
    with pytest.raises(CredentialsRejected):
        bench.client(scheme(), secrets=store(refresh="", renew_at=None)).get("/users")
    assert len(vendor.seen) == 1


def test_expired_token_without_a_refresh_token_needs_reconnecting(bench: Bench, vendor: Vendor) -> None:
    bench.clock.pass_by(3601)
    with pytest.raises(CredentialsRejected, match="has ended"):
        bench.client(scheme(), secrets=store(refresh="")).get("/users")
    assert vendor.seen == []


def test_download_renews_a_refused_token(bench: Bench, vendor: Vendor, tmp_path: Any) -> None:
    vendor.answer = TokenEndpoint()
    with (tmp_path / "file").open("wb") as stream:
        bench.client(scheme(), secrets=store()).download("/file", stream, max_bytes=100)
    assert (tmp_path / "file").read_bytes() == b'{"ok": true}'


def together(clients: list[Client]) -> list[bool]:
    barrier = threading.Barrier(len(clients))

    def call(client: Client) -> bool:
        barrier.wait()
        return bool(client.get("/users").json()["ok"])

    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(call, clients))


@pytest.mark.parametrize("seconds", [0, 3601], ids=["refused", "expired"])
def test_eight_workers_use_a_single_use_refresh_token_once(bench: Bench, vendor: Vendor, seconds: int) -> None:
    endpoint, secrets = TokenEndpoint(), store()
    vendor.answer = endpoint
    bench.clock.pass_by(seconds)
    clients = [bench.client(scheme(), secrets=secrets) for _ in range(8)]
    assert together(clients) == [True] * 8
    assert endpoint.rotations == 1
    assert secrets.read()["tokens"]["refresh_token"] == "rt-1"


def test_eight_workers_keep_up_with_three_rotations(bench: Bench, vendor: Vendor) -> None:
    endpoint, secrets = TokenEndpoint(), store()
    vendor.answer = endpoint
    clients = [bench.client(scheme(), secrets=secrets) for _ in range(8)]
    for _ in range(3):
        bench.clock.pass_by(4000)
        assert together(clients) == [True] * 8
    assert endpoint.rotations == 3


def test_each_host_gets_the_token_of_its_audience(bench: Bench, vendor: Vendor) -> None:
    vendor.answer = lambda seen: says({"access_token": f"for-{seen.form['scope']}", "expires_in": 3600}) if (
        seen.path == "/token"
    ) else says({})
    secrets = MemorySecrets({"client_secret": "x"}, {"refresh_token": "rt"})
    client = bench.client(scheme(), secrets=secrets, audience=lambda host: host.partition(".")[0])
    client.get("/users")
    client.get("https://files.example.net/1")
    client.for_audience("extra").get("/users")
    client.get("/groups")
    calls = [seen for seen in vendor.seen if seen.path != "/token"]
    assert [seen.headers["authorization"] for seen in calls] == [
        "Bearer for-api", "Bearer for-files", "Bearer for-extra", "Bearer for-api",
    ]  # fmt: skip
    assert set(secrets.read()["tokens"]["access"]) == {"api", "files", "extra"}


def test_granted_scopes_are_those_of_the_stored_token(bench: Bench) -> None:
    assert bench.client(scheme(), secrets=store()).granted_scopes == ("a",)


def test_revoking_calls_what_the_connector_declared(bench: Bench, vendor: Vendor) -> None:
    made = scheme(revoke=lambda setup: setup.post_form("https://sign-in.example.com/revoke", {"token": "x"}) and None)
    made.revoke(bench.setup(made))
    assert vendor.seen[0].path == "/revoke"
    scheme().revoke(bench.setup(scheme()))
    assert len(vendor.seen) == 1

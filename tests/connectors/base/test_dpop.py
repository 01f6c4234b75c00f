"""Access tokens bound to a key (DPoP, RFC 9449); proofs are verified by another library than the one that signs."""

import base64
import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc import jwk

from connectors.base import MemorySecrets, PrivateKeyJwt
from tests.connectors.base.keys import TOKEN_URL, asked, calls, granting, pem, public_of, read_jwt
from tests.connectors.base.vendor import START, Bench, Says, Seen, Vendor, says


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

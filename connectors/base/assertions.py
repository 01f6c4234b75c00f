"""Signed statements about who is calling: client assertions (RFC 7523) and proofs of possession (DPoP, RFC 9449)."""

import base64
import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm

from connectors.base.certificates import certificate_in
from connectors.base.errors import CredentialsRejected
from connectors.base.setup import Setup

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

_CURVES = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}


@dataclass(frozen=True)
class SigningKey:
    """A private key with what a vendor finds its public half by: `headers` such as kid or x5t#S256."""

    key: PrivateKey = field(repr=False)
    algorithm: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def sign(self, claims: Mapping[str, Any], **headers: Any) -> str:
        return jwt.encode(dict(claims), self.key, self.algorithm, {**self.headers, **headers})


KeyReader = Callable[[Setup], SigningKey]


def load_key(text: str, passphrase: str = "") -> PrivateKey:
    """A private key in PEM or JWK form. Raises CredentialsRejected when it is neither, or the passphrase is wrong."""
    try:
        key: Any
        if text.lstrip().startswith("{"):
            key = jwt.PyJWK.from_dict(json.loads(text)).key
        else:
            key = serialization.load_pem_private_key(text.encode(), passphrase.encode() or None)
    except (ValueError, TypeError, jwt.PyJWTError):
        raise _unusable_key("It is not a private key in PEM or JWK form, or its passphrase is wrong.") from None
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= 2048:
        return key
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in _CURVES:
        return key
    raise _unusable_key("It must be a private key: RSA of 2048 bits or more, or EC P-256, P-384 or P-521.")


def algorithm_of(key: PrivateKey, for_rsa: str = "RS256") -> str:
    return for_rsa if isinstance(key, rsa.RSAPrivateKey) else _CURVES[key.curve.name]


def pasted_key(setup: Setup) -> SigningKey:
    """From the fields `private_key` (secret) and `key_id` (may be absent)."""
    key = load_key(setup.secret("private_key"))
    key_id = setup.config.get("key_id", "")
    return SigningKey(key, algorithm_of(key), {"kid": key_id} if key_id else {})


def certified_key(setup: Setup) -> SigningKey:
    """From the fields `private_key` (secret) and `certificate` (PEM), named by the certificate's SHA-256 thumbprint."""
    return _certified(setup.secret("private_key"), setup.config["certificate"])


def made_key(setup: Setup) -> SigningKey:
    """From the field `key_pair`, a pair that the portal made; named as a `certified_key` is."""
    pair = setup.secret("key_pair")
    return _certified(pair, pair)


def _certified(private_key: str, certificate_text: str) -> SigningKey:
    key, certificate = load_key(private_key), certificate_in(certificate_text)
    if certificate.public_key() != key.public_key():
        raise _unusable_key("The private key does not belong to the certificate.")
    thumbprint = _base64url(certificate.fingerprint(hashes.SHA256()))
    return SigningKey(key, algorithm_of(key, for_rsa="PS256"), {"x5t#S256": thumbprint})


def key_file(setup: Setup) -> dict[str, Any]:
    """A service account's key file, pasted whole into the secret field `key_file`."""
    try:
        document = json.loads(setup.secret("key_file"))
    except ValueError:
        raise _unusable_key("The key file is not JSON.") from None
    if not isinstance(document, dict) or not {"client_email", "private_key", "private_key_id"} <= document.keys():
        raise _unusable_key("The key file lacks client_email, private_key or private_key_id.")
    return document


def key_file_key(setup: Setup) -> SigningKey:
    document = key_file(setup)
    key = load_key(document["private_key"])
    return SigningKey(key, algorithm_of(key), {"kid": document["private_key_id"]})


def client_assertion(setup: Setup, signer: SigningKey, token_url: str) -> dict[str, str]:
    """What a client that holds a key sends in place of a secret (RFC 7523 2.2), good for five minutes."""
    client_id = setup.config["client_id"]
    claims = {"iss": client_id, "sub": client_id, "aud": token_url, **validity(setup.now(), 300)}
    return {
        "client_id": client_id,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": signer.sign(claims),
    }


def validity(now: datetime, seconds: float) -> dict[str, Any]:
    """The claims that make an assertion short-lived and unique."""
    return {"iat": now, "nbf": now, "exp": now + timedelta(seconds=seconds), "jti": str(uuid.uuid4())}


def new_proof_key() -> str:
    """A fresh EC key in PEM form, for the proofs of one access token."""
    return (
        ec.generate_private_key(ec.SECP256R1())
        .private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        .decode()
    )


def proof(key_pem: str, method: str, url: str, now: datetime, *, access_token: str = "", nonce: str = "") -> str:
    """A DPoP proof for one request; `url` is taken without its query."""
    key: Any = load_key(key_pem)
    claims = {"htm": method, "htu": url.partition("?")[0].partition("#")[0], "iat": now, "jti": str(uuid.uuid4())}
    if access_token:
        claims["ath"] = _base64url(hashlib.sha256(access_token.encode()).digest())
    if nonce:
        claims["nonce"] = nonce
    public = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return SigningKey(key, "ES256").sign(claims, typ="dpop+jwt", jwk=public)


def _base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _unusable_key(why: str) -> CredentialsRejected:
    return CredentialsRejected(
        "The private key of this connection cannot be used.", why=why,
        remedy="Paste the key again, as the set-up guide shows it.",
    )

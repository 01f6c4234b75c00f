"""Keys, certificates and a plain token endpoint, for tests of signing in."""

from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from joserfc import jwk, jwt

from tests.connectors.base.vendor import Says, Seen, Vendor, says

TOKEN_URL = "https://sign-in.example.com/token"


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, passphrase: bytes = b"") -> str:
    lock = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock).decode()


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

"""Key pairs that the portal makes for an app to sign in with: a private key and its self-signed certificate.

Both are kept as one PEM text. Whoever is shown anything of it is shown the `PublicPart`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from connectors.base.errors import CredentialsRejected

LASTS = timedelta(days=365)
WARNED_BEFORE = timedelta(days=30)
NOT_BEFORE = timedelta(hours=1)
"""Clocks differ: it holds since a little while ago."""
NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Gatehouse")])


@dataclass(frozen=True, slots=True)
class PublicPart:
    """A certificate as it is uploaded to a vendor. `thumbprint` is the SHA-1 by which consoles show it, in hex."""

    pem: str
    der: bytes
    thumbprint: str
    thumbprint_sha256: str
    ends_at: datetime

    def ends_soon(self, now: datetime) -> bool:
        return now >= self.ends_at - WARNED_BEFORE


def new_pair(now: datetime) -> str:
    """The private key and the certificate, as one PEM text. It is a secret."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(NAME)
        .issuer_name(NAME)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - NOT_BEFORE)
        .not_valid_after(now + LASTS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return (private + certificate.public_bytes(serialization.Encoding.PEM)).decode()


def certificate_in(text: str) -> x509.Certificate:
    """The first certificate of a PEM text. Raises CredentialsRejected."""
    try:
        return x509.load_pem_x509_certificate(text.encode())
    except ValueError:
        raise CredentialsRejected(
            "The certificate of this connection cannot be used.", why="It is not in PEM form.",
            remedy="Paste the certificate again, as the set-up guide shows it.",
        ) from None


def public_part(text: str) -> PublicPart:
    """Of a PEM text that holds a certificate. Raises CredentialsRejected."""
    found = certificate_in(text)
    return PublicPart(
        found.public_bytes(serialization.Encoding.PEM).decode(),
        found.public_bytes(serialization.Encoding.DER),
        found.fingerprint(hashes.SHA1()).hex().upper(),  # noqa: S303  a name, not a proof
        found.fingerprint(hashes.SHA256()).hex().upper(),
        found.not_valid_after_utc,
    )

"""Certificates of the portal's application: registering the public part, and a pair that is ready to use."""

import datetime
import hashlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.directory.objects import DirectoryObject
from tests.sandbox.microsoft.moments import iso
from tests.sandbox.microsoft.state import State

SMALLEST = 2048
YEAR = 365 * 86_400


def register(state: State, application: DirectoryObject, pem: str) -> str:
    """As when it is uploaded on the application's page; why it is refused, or "" when it was taken."""
    try:
        certificate = x509.load_pem_x509_certificate(pem.encode())
    except ValueError:
        return "The file is no certificate in PEM form."
    key = certificate.public_key()
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < SMALLEST:
        return "An RSA key of 2048 bits or more is needed."
    row = _row(state, certificate)
    rows: list[Json] = application.properties["keyCredentials"]
    state.login.certificates[row["keyId"]] = pem
    state.directory.update(application, {"keyCredentials": [*rows, row]})
    return ""


def _row(state: State, certificate: x509.Certificate) -> dict[str, Json]:
    """As an application lists a certificate: the key itself is left out of lists."""
    thumbprint = hashlib.sha1(certificate.public_bytes(serialization.Encoding.DER)).hexdigest()  # noqa: S324
    return {
        "customKeyIdentifier": thumbprint.upper(),
        "displayName": certificate.subject.rfc4514_string(),
        "endDateTime": iso(certificate.not_valid_after_utc.timestamp()),
        "key": None,
        "keyId": state.directory.next_id(),
        "startDateTime": iso(certificate.not_valid_before_utc.timestamp()),
        "type": "AsymmetricX509Cert",
        "usage": "Verify",
    }


def own(state: State) -> tuple[str, str]:
    """Certificate and private key of the portal's application, both PEM; made and registered when first asked for."""
    application = state.directory.application_of(state.client_id)
    if application is None:
        raise KeyError(state.client_id)
    if state.login.pair is None:
        state.login.pair = make(state.now())
        register(state, application, state.login.pair[0])
    return state.login.pair


def make(now: float, life: float = YEAR) -> tuple[str, str]:
    """A new pair; it is not registered anywhere."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=SMALLEST)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gatehouse")])
    starts = datetime.datetime.fromtimestamp(now, datetime.UTC) - datetime.timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(starts)
        .not_valid_after(starts + datetime.timedelta(days=1, seconds=life))
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return certificate.public_bytes(encoding).decode(), private.decode()

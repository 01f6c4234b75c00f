"""The key pair of an application that signs in with JWT, as the developer console hands it out."""

import json

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.sandbox.box.tokens import Application

KEY_ID = "k3y5and8"
PASSPHRASE = "an-invented-passphrase"


def configuration(application: Application, enterprise_id: str) -> str:
    """The JSON file with the private key. The pair is made, and its public key registered, when first asked for."""
    if not application.configuration:
        application.configuration = _generate(application, enterprise_id)
    return application.configuration


def _generate(application: Application, enterprise_id: str) -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    encryption = serialization.BestAvailableEncryption(PASSPHRASE.encode())
    encoding, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    private = key.private_bytes(encoding, pkcs8, encryption)
    public = key.public_key().public_bytes(encoding, serialization.PublicFormat.SubjectPublicKeyInfo)
    application.public_keys[KEY_ID] = public.decode()
    auth = {"publicKeyID": KEY_ID, "privateKey": private.decode(), "passphrase": PASSPHRASE}
    settings = {"clientID": application.client_id, "clientSecret": application.client_secret, "appAuth": auth}
    return json.dumps({"boxAppSettings": settings, "enterpriseID": enterprise_id})

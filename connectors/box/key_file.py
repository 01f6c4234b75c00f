"""The JSON file that the Developer Console gives with a key pair: who the app is and what it signs with.

    {"boxAppSettings": {"clientID", "clientSecret", "appAuth": {"publicKeyID", "privateKey", "passphrase"}},
     "enterpriseID"}
"""

import json
from collections.abc import Mapping
from typing import Any

from connectors.base import Claim, CredentialsRejected, Setup, SigningKey, load_key

LIFETIME_S = 45.0
"""Box takes statements that end within a minute."""


def document(setup: Setup) -> Mapping[str, Any]:
    """Raises CredentialsRejected for anything that is not such a file."""
    try:
        found = json.loads(setup.secret("key_file"))
        settings, key = found["boxAppSettings"], found["boxAppSettings"]["appAuth"]
        is_whole = all((found["enterpriseID"], settings["clientID"], settings["clientSecret"]))
        is_whole = is_whole and all((key["publicKeyID"], key["privateKey"]))
    except (ValueError, KeyError, TypeError):
        is_whole = False
    if not is_whole:
        raise CredentialsRejected(
            "The configuration file of this connection is not what the Box Developer Console gives.",
            why="It is not JSON, or lacks the key pair, the client or the enterprise.",
            remedy="Generate a key pair in the Developer Console again and paste the whole file.",
        )
    return dict(found)


def key(setup: Setup) -> SigningKey:
    settings = document(setup)["boxAppSettings"]["appAuth"]
    loaded = load_key(str(settings["privateKey"]), str(settings.get("passphrase") or ""))
    return SigningKey(loaded, "RS256", {"kid": str(settings["publicKeyID"])})


def claims(setup: Setup, claim: Claim) -> Mapping[str, Any]:
    """The app speaks for its enterprise, by its service account."""
    found = document(setup)
    return {
        "iss": str(found["boxAppSettings"]["clientID"]),
        "sub": str(found["enterpriseID"]),
        "box_sub_type": "enterprise",
        "aud": claim.token_url,
    }


def client(setup: Setup) -> Mapping[str, str]:
    settings = document(setup)["boxAppSettings"]
    return {"client_id": str(settings["clientID"]), "client_secret": str(settings["clientSecret"])}

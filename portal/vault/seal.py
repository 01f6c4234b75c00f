"""Sealing: a text or document encrypted together with the place it belongs to, so that it cannot be moved elsewhere.

`bound_to` names the place, such as `instances.Connection/12`. Opening it elsewhere, or with other keys, raises
VaultError.
"""

import json
from typing import Any

from cryptography.fernet import InvalidToken
from encrypted_model_fields import fields as encrypted


class VaultError(Exception):
    """A sentence for an admin: why stored secrets cannot be read, and what to do."""


UNREADABLE = (
    "The stored secrets cannot be read with the present encryption keys. "
    "Put the key they were written with back into GATEHOUSE_ENCRYPTION_KEYS, or reconnect."
)
MOVED = "A stored secret belongs to another record and was refused. Someone changed the database by hand: reconnect."


def wrap(document: Any, bound_to: str) -> str:
    """The plain text that goes into a SecretTextField: the document with the place it belongs to."""
    return json.dumps({"bound_to": bound_to, "document": document})


def unwrap(text: str, bound_to: str) -> Any:
    """The document of `wrap`. Raises VaultError when it belongs elsewhere."""
    try:
        held = json.loads(text)
        is_ours = held["bound_to"] == bound_to
    except (ValueError, TypeError, KeyError):
        raise VaultError(UNREADABLE) from None
    if not is_ours:
        raise VaultError(MOVED)
    return held["document"]


def seal_text(text: str, bound_to: str) -> str:
    """Encrypted text for a column that is not a SecretTextField."""
    return str(encrypted.encrypt_str(wrap(text, bound_to)).decode())


def open_text(sealed: str, bound_to: str) -> str:
    """The text of `seal_text`. Raises VaultError."""
    try:
        plain = encrypted.decrypt_str(sealed)
    except InvalidToken:
        raise VaultError(UNREADABLE) from None
    return str(unwrap(plain, bound_to))

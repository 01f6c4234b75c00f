"""Secrets of one-time links. Only the hash is stored, so that a read of the database opens no door."""

import hashlib
import secrets


def new_token() -> tuple[str, str]:
    """(what goes into the link, what goes into the database)."""
    token = secrets.token_urlsafe(32)
    return token, hash_of(token)


def hash_of(token: str) -> str:
    """Plain SHA-256 does: the token has 256 random bits, so there is nothing to guess."""
    return hashlib.sha256(token.encode()).hexdigest()

"""Does the key fit the database? Asked at start, before anything is decrypted or sent."""

from cryptography.fernet import InvalidToken

from portal.vault.models import Canary

SONG = "gatehouse"


def plant() -> None:
    """Make the canary if there is none yet."""
    if not Canary.objects.only("pk").exists():
        Canary.objects.create(text=SONG)


def problem() -> str:
    """A sentence when the present keys do not fit this database, else ''."""
    try:
        canary = Canary.objects.order_by("pk").first()
    except InvalidToken:
        return (
            "The encryption keys do not fit this database: secrets in it were written with another key. "
            "Put that key back into GATEHOUSE_ENCRYPTION_KEYS (further keys may follow it, separated by commas)."
        )
    if canary is not None and canary.text != SONG:
        return "The canary of the vault was changed by hand, so the database cannot be trusted. Restore a backup."
    return ""

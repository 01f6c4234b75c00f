"""Times as the services write them."""

from datetime import UTC, datetime

from tests.sandbox.clock import iso

__all__ = ["iso", "precise", "seconds"]


def precise(moment: float) -> str:
    """Seconds since the epoch -> 2026-01-31T10:00:00.1234567Z."""
    text = datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    return f"{text}7Z"


def seconds(text: str) -> float:
    """What `iso` or `precise` wrote, or a caller, as seconds since the epoch; ValueError for what is no time."""
    whole, _, fraction = text.removesuffix("Z").partition(".")
    digits = f"{fraction[:6]:0<6}"
    return datetime.fromisoformat(f"{whole}.{digits}+00:00" if "+" not in whole else text).timestamp()

"""Box writes moments with the account's UTC offset."""

from datetime import UTC, datetime, timedelta, timezone

ACCOUNT = timezone(timedelta(hours=-7))


def told(moment: float | None) -> str | None:
    """Seconds since the epoch -> 2026-01-31T03:00:00-07:00."""
    if moment is None:
        return None
    return datetime.fromtimestamp(moment, ACCOUNT).isoformat(timespec="seconds")


def read(text: str) -> float:
    """RFC 3339 -> seconds since the epoch; without an offset it is UTC. ValueError when it is none."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()

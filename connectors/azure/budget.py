"""ARM's own count of what is left, as its answers state it.

Since 2024 each operation type of a subscription has a bucket of tokens that fills again by the second. All apps
together have fifteen times as much; what a read tells today is that larger one. The China cloud still counts by the
hour.
"""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from connectors.base import Answer, Budget

READS, WRITES = "Azure reads", "Azure writes"
PREFIX = "x-ms-ratelimit-remaining-"
HOUR_S = 3600
BUCKETS = (
    ("subscription-global-reads", READS, 3750, 375),
    ("subscription-reads", READS, 250, 25),
    ("tenant-reads", READS, 250, 25),
    ("subscription-global-writes", WRITES, 3000, 150),
    ("subscription-writes", WRITES, 200, 10),
    ("subscription-deletes", WRITES, 200, 10),
    ("tenant-writes", WRITES, 200, 10),
)
"""The end of a header's name, the limit's name, how much a full bucket holds, and what comes in again each second."""


def budget(answer: Answer) -> Budget | None:
    """None where it states none, as Graph does."""
    for end, name, size, per_second in BUCKETS:
        left = answer.headers.get(f"{PREFIX}{end}", "").strip()
        if left.isdigit():
            return _budget(answer, name, int(left), size, per_second)
    return None


def _budget(answer: Answer, name: str, left: int, size: int, per_second: int) -> Budget | None:
    now = _told_at(answer)
    if now is None:
        return None
    is_hourly = left > size
    seconds = HOUR_S if is_hourly else (size - left) // per_second + 1
    return Budget(name, max(size, left), left, now + timedelta(seconds=seconds))


def _told_at(answer: Answer) -> datetime | None:
    """By the vendor's clock."""
    try:
        return parsedate_to_datetime(answer.headers.get("date", "")).astimezone(UTC)
    except (TypeError, ValueError):
        return None

"""What is left of SharePoint's limit, which answers about files tell once most of it is used."""

from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime

from connectors.base import Answer, Budget
from connectors.office365.limits import FILES

NAMES = ("ratelimit-limit", "ratelimit-remaining", "ratelimit-reset")


def budget(answer: Answer) -> Budget | None:
    """None where the answer does not say. It begins anew so many seconds after the moment of the answer."""
    told = [answer.headers.get(name, "").strip() for name in NAMES]
    if not all(each.isdigit() for each in told):
        return None
    limit, remaining, seconds = map(int, told)
    try:
        answered_at = parsedate_to_datetime(answer.headers.get("date", ""))
    except ValueError:
        return None
    answered_at = answered_at.replace(tzinfo=answered_at.tzinfo or UTC).astimezone(UTC)
    return Budget(FILES, limit, remaining, answered_at + timedelta(seconds=seconds))

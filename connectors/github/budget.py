"""GitHub's own count of calls, as each of its answers states it."""

from datetime import UTC, datetime

from connectors.base import Answer, Budget

CORE, GRAPHQL, AUDIT_LOG = "core", "graphql", "audit_log"
"""Limits that GitHub counts apart; the audit log's is 1,750 calls an hour."""


def budget(answer: Answer) -> Budget | None:
    """None where it states none: an Enterprise Server without limits, an error on the way."""
    limit, left, reset, name = (
        answer.headers.get(f"x-ratelimit-{part}", "") for part in ("limit", "remaining", "reset", "resource")
    )
    if not (limit.isdigit() and left.isdigit() and reset.isdigit()) or int(limit) == 0:
        return None
    try:
        return Budget(name or CORE, int(limit), int(left), datetime.fromtimestamp(int(reset), UTC))
    except (OverflowError, OSError, ValueError):
        return None

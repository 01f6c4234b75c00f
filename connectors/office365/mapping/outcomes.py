"""How it ended. Records that say nothing are unknown; those of sign-ins are judged by more than their status."""

from typing import Any

from connectors.base import Outcome
from connectors.office365.mapping.values import Row, number, text

GOOD = frozenset({"succeeded", "success", "successful", "true", "partiallysucceeded"})
BAD = frozenset({"failed", "failure", "false", "timeout"})
LOGON = 15
LOGGED_IN, LOGIN_FAILED = "UserLoggedIn", "UserLoginFailed"


def status(value: Any) -> Outcome:
    told = text(value).strip().lower()
    if told in GOOD:
        return Outcome.SUCCESS
    return Outcome.FAILURE if told in BAD else Outcome.UNKNOWN


def outcome(row: Row) -> Outcome:
    """Most records of a failed sign-in carry the status Success, so that counts last."""
    if number(row.get("RecordType")) != LOGON:
        return status(row.get("ResultStatus"))
    operation, error = text(row.get("Operation")), text(row.get("ErrorNumber")).strip()
    if operation == LOGIN_FAILED or text(row.get("LogonError")) or error not in ("", "0"):
        return Outcome.FAILURE
    return Outcome.SUCCESS if operation == LOGGED_IN or error == "0" else status(row.get("ResultStatus"))

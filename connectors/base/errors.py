"""The nine errors of a connector. Each is one decision of the portal, and each message is for an admin.

ConnectorError
    CredentialsRejected   the instance needs reconnecting; its feeds stop
    PermissionMissing     this feed or action says what to grant; the others go on
    NotAvailable          plan or edition; looked at again daily
    TargetGone            what was to be read or changed no longer exists
    Conflict              locked or changed meanwhile: read again, try later
    CursorExpired         a new pass begins; nothing is swept until it is complete
    RateLimited           the run ends and resumes after `retry_after` seconds
    Unavailable           the vendor is down, slow or out of reach: back-off
    BadResponse           the vendor answered what it never should: back-off, nothing swept; in a row loud

A message holds no token, no body and no query string.
"""

from typing import ClassVar


class ConnectorError(Exception):
    """What happened (`message`), why as far as known (`why`) and what to do (`remedy`); sentences for an admin."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str, *, why: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.why = why
        self.remedy = remedy

    def __str__(self) -> str:
        return " ".join(part for part in (self.message, self.why, self.remedy) if part)


class CredentialsRejected(ConnectorError):
    code = "credentials_rejected"


class PermissionMissing(ConnectorError):
    """`permission` names the scope, role or right to grant, in the vendor's words."""

    code = "permission_missing"

    def __init__(self, message: str, *, why: str = "", remedy: str = "", permission: str = "") -> None:
        super().__init__(message, why=why, remedy=remedy)
        self.permission = permission


class NotAvailable(ConnectorError):
    code = "not_available"


class TargetGone(ConnectorError):
    code = "target_gone"


class Conflict(ConnectorError):
    code = "conflict"


class CursorExpired(ConnectorError):
    code = "cursor_expired"


class RateLimited(ConnectorError):
    """`retry_after`: seconds until the vendor answers again. `limit`: the name of the limit that is used up."""

    code = "rate_limited"

    def __init__(
        self, message: str, *, retry_after: float, why: str = "", remedy: str = "", limit: str = ""
    ) -> None:
        super().__init__(message, why=why, remedy=remedy)
        self.retry_after = retry_after
        self.limit = limit


class Unavailable(ConnectorError):
    """`is_sent` is False where the request certainly never reached the vendor (refused connection, unknown host)."""

    code = "unavailable"

    def __init__(self, message: str, *, why: str = "", remedy: str = "", is_sent: bool = True) -> None:
        super().__init__(message, why=why, remedy=remedy)
        self.is_sent = is_sent


class BadResponse(ConnectorError):
    code = "bad_response"


ALL_ERRORS: tuple[type[ConnectorError], ...] = (
    CredentialsRejected,
    PermissionMissing,
    NotAvailable,
    TargetGone,
    Conflict,
    CursorExpired,
    RateLimited,
    Unavailable,
    BadResponse,
)

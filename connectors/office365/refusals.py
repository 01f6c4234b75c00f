"""What Office 365's errors mean, and what an admin can do about them. Each API has errors of its own."""

from connectors.base import (
    Answer,
    ConnectorError,
    CredentialsRejected,
    CursorExpired,
    NotAvailable,
    PermissionMissing,
    RateLimited,
    entra,
)
from connectors.office365 import activity_refusals, sharepoint_refusals
from connectors.office365.errors import code_of
from connectors.office365.hosts import ACTIVITY_HOSTS, GRAPH_HOSTS
from connectors.office365.limits import FILES

OVER = frozenset({
    "syncStateNotFound", "resyncRequired", "resyncChangesApplyDifferences", "resyncChangesUploadDifferences",
    "Directory_ExpiredPageToken",  # unverified
})  # fmt: skip
RISK_PAUSE_S = 2.0
"""Seconds: Identity Protection answers one call a second, and does not say how long to wait."""
NO_SECOND_PREMIUM = "AadPremiumLicenseRequired"  # unverified
UNLICENSED = "not licensed"  # unverified
NO_PREMIUM = "Authentication_RequestFromNonPremiumTenantOrB2CTenant"
GRANT = (
    "Add what is missing on the app registration's page API permissions, under Application permissions, then choose "
    "Connect in Microsoft Office 365 and accept."
)


class NotPremium(NotAvailable):
    """The tenant has no Entra ID P1 or P2, without which Graph gives no sign-ins."""


def classify(answer: Answer) -> ConnectorError | None:
    """None where the general rules decide."""
    host = answer.where.split(" ", 1)[1].partition("/")[0]
    if entra.is_sign_in(answer):
        return entra.sign_in_refusal(answer)
    if host in ACTIVITY_HOSTS:
        return activity_refusals.classify(answer)
    if host in GRAPH_HOSTS:
        return _of_graph(answer)
    return sharepoint_refusals.classify(answer)


def _of_graph(answer: Answer) -> ConnectorError | None:
    code = code_of(answer)
    if answer.status == 410 or code in OVER:
        return CursorExpired("Office 365 no longer knows where the reading stood.", remedy="It begins anew by itself.")
    if code == NO_PREMIUM:
        return NotPremium(
            "Sign-ins in full are part of Entra ID P1 and P2, and the tenant has neither.",
            remedy="Nothing is to be done: sign-ins are read from the audit log instead, where that component is on.",
        )
    if code == NO_SECOND_PREMIUM or (code == "Forbidden" and UNLICENSED in answer.text):
        return NotAvailable(
            "This is part of Entra ID P2, and the tenant has no such licence.",
            remedy="Nothing is to be done. With a licence it is read by itself.",
        )
    if code == "InvalidAuthenticationToken":
        return CredentialsRejected(
            "Office 365 does not accept the token of this connection.",
            why="It was made for another of Microsoft's clouds, or the app was taken out of the tenant.",
            remedy="Check the cloud, then choose Reconnect.",
        )
    if code == "Authorization_RequestDenied":
        return PermissionMissing(
            f"Office 365 refuses this call ({answer.where}).",
            why="A permission is not granted, or it is about an administrator, whom an app may change only if it holds "
            "a higher role itself.",
            remedy="Choose Test now to see what is missing. For administrators, do it in the Entra admin center.",
        )
    if answer.status == 429 and "/identityProtection/" in answer.url and "retry-after" not in answer.headers:
        return RateLimited("Office 365 asks for a pause with its risks.", retry_after=RISK_PAUSE_S)
    return throttled(answer)


def throttled(answer: Answer) -> RateLimited | None:
    """A 503 that says how long to wait is a limit as well. What is about files tells, too, when the limit begins anew,
    and the longer one counts."""
    wait, reset = (answer.headers.get(name, "").strip() for name in ("retry-after", "ratelimit-reset"))
    if answer.status not in (429, 503) or not wait.isdigit() or (answer.status == 429 and not reset.isdigit()):
        return None
    seconds = max(float(wait), float(reset) if reset.isdigit() else 0.0, 1.0)
    return RateLimited("Office 365 asks for a pause.", retry_after=seconds, limit=_limit(answer))


def _limit(answer: Answer) -> str:
    return FILES if any(each in answer.url for each in ("/drives/", "/sites/")) else ""

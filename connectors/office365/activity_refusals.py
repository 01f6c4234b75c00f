"""What the errors of the Management Activity API mean. Their codes count; which status comes with which is unknown."""

import re
from collections.abc import Callable, Mapping

from connectors.base import (
    Answer,
    BadResponse,
    Conflict,
    ConnectorError,
    CredentialsRejected,
    CursorExpired,
    NotAvailable,
    PermissionMissing,
    RateLimited,
    TargetGone,
    Unavailable,
)
from connectors.office365.errors import activity_code, error_of
from connectors.office365.scopes import ACTIVITY_FEED, OF_MANAGEMENT_API

PAUSE_S = 60.0
"""Seconds, where it does not say how long to wait."""
AUDITING = "In Microsoft Purview switch on auditing; it takes up to an hour until there is something to read."


class NotSubscribed(Unavailable):
    """The content type is not started, or was stopped."""


class AlreadyOn(Conflict):
    """The content type was started before, which is as good."""


class BlobGone(TargetGone):
    """A blob of records that was listed is not there any more."""


class WindowRefused(BadResponse):
    """The activity feed does not list this stretch of time: too long, or too long ago."""


def classify(answer: Answer) -> ConnectorError | None:
    """None where the general rules decide."""
    code = activity_code(answer)
    if code in BY_CODE:
        return BY_CODE[code](answer)
    if answer.status == 429:
        return _pause(answer)
    if re.search(r"[Tt]enant \S+ does not exist", str(error_of(answer))):
        return NotAvailable(
            "Auditing is off in this tenant, so Microsoft records nothing of what people do.", remedy=AUDITING
        )
    return None


def _pause(answer: Answer) -> ConnectorError:
    return RateLimited("Office 365 asks for a pause with its activity feed.", retry_after=_wait(answer))


def _wait(answer: Answer) -> float:
    """Seconds, from the header or from a sentence such as "Please retry again after 14m 56s"."""
    header = answer.headers.get("retry-after", "").strip()
    if header.isdigit():
        return max(float(header), 1.0)
    told = re.search(r"after (?:(\d+)m )?(\d+)s", str(error_of(answer).get("message")))
    return float(told.group(1) or 0) * 60 + float(told.group(2)) if told else PAUSE_S


def _not_granted(answer: Answer) -> ConnectorError:
    permission = next((each for each in OF_MANAGEMENT_API if _is_expected(answer, each)), ACTIVITY_FEED)
    return PermissionMissing(
        "The app may not read the activity feed of Office 365.",
        why=f"{permission} is not granted, or was added as a delegated permission.",
        remedy=f"Add {permission} of the Office 365 Management APIs as an Application permission, then choose "
        "Connect in Microsoft Office 365 and accept.",
        permission=permission,
    )


def _is_expected(answer: Answer, permission: str) -> bool:
    """What Microsoft names at the end of its sentence; those that were granted stand before."""
    told = str(error_of(answer).get("message")).strip().rstrip(".")
    return told.endswith(f"expected permission {permission}")


def _other_tenant(answer: Answer) -> ConnectorError:
    return CredentialsRejected(
        "The activity feed does not know the tenant of this connection.",
        why="The tenant id is wrong, or is not the tenant the app belongs to.",
        remedy="Compare the tenant id with the page Overview of the app registration, then reconnect.",
    )


def _no_licence(answer: Answer) -> ConnectorError:
    return NotAvailable(
        "The activity feed is not set up for this tenant.",
        why="No Microsoft 365 licence is assigned to anybody.",
        remedy="Assign at least one licence in the Microsoft 365 admin center.",
    )


def _not_subscribed(answer: Answer) -> ConnectorError:
    return NotSubscribed(
        "The activity feed is not started for this kind of content, or was stopped.",
        remedy=f"It is started by itself. If it stays, auditing may be off. {AUDITING}",
    )


def _already_on(answer: Answer) -> ConnectorError:
    return AlreadyOn("The activity feed is on for this kind of content.", remedy="Nothing is to be done.")


def _webhook(answer: Answer) -> ConnectorError:
    return NotAvailable(
        "Microsoft could not reach the portal at the address for pushes.",
        why="The address is not https, or did not answer with success.",
        remedy="Nothing is to be done: the feed is asked for what is new instead.",
    )


def _gone(answer: Answer) -> ConnectorError:
    return BlobGone("Office 365 no longer has this part of its activity feed.", why="It is kept for seven days.")


def _page_lost(answer: Answer) -> ConnectorError:
    return CursorExpired(
        "The activity feed no longer knows where the reading stood.", remedy="It begins anew by itself."
    )


def _fault_of_ours(answer: Answer) -> ConnectorError:
    return BadResponse(
        f"The activity feed does not understand what it was asked ({activity_code(answer)}).",
        remedy="Report this as a fault of the connector, with the code.",
    )


def _window(answer: Answer) -> ConnectorError:
    fault = _fault_of_ours(answer)
    return WindowRefused(fault.message, why=fault.why, remedy=fault.remedy)


def _fault_of_theirs(answer: Answer) -> ConnectorError:
    return Unavailable("The activity feed has a fault at the moment.", remedy="It is tried again by itself.")


BY_CODE: Mapping[str, Callable[[Answer], ConnectorError]] = {
    "AF429": _pause,
    "AF10001": _not_granted,
    **dict.fromkeys(("AF20010", "AF20011", "AF20013"), _other_tenant),
    "AF20012": _no_licence,
    **dict.fromkeys(("AF20022", "AF20023"), _not_subscribed),
    "AF20024": _already_on,
    "AF20021": _webhook,
    **dict.fromkeys(("AF20050", "AF20051", "AF20052"), _gone),
    "AF20031": _page_lost,
    **dict.fromkeys(("AF20001", "AF20002", "AF20003", "AF20020"), _fault_of_ours),
    **dict.fromkeys(("AF20030", "AF20055"), _window),
    "AF50000": _fault_of_theirs,
}

"""What Box's errors mean, and what an admin can do about them.

Bodies come in three forms: {"type": "error", "status", "code", "message", ...}, {"error", "error_description"}, and
empty.
"""

from collections.abc import Mapping
from typing import Any

from connectors.base import (
    Answer,
    BadResponse,
    Conflict,
    ConnectorError,
    CredentialsRejected,
    NotAvailable,
    PermissionMissing,
    TargetGone,
)
from connectors.box.hosts import REVOKE_URL, TOKEN_URL
from connectors.box.scopes import AS_USER, ENTERPRISE, GROUPS, LABELS, READ, USERS, WEBHOOKS, WRITE

SCOPE_OF_PATHS = (
    ("/users", USERS),
    ("/groups", GROUPS),
    ("/group_memberships", GROUPS),
    ("/events", ENTERPRISE),
    ("/enterprise", ENTERPRISE),
    ("/webhooks", WEBHOOKS),
)
"""By the beginning of a path; all others are about files."""


def classify(answer: Answer) -> ConnectorError | None:
    """None where the general rules decide."""
    code, words = code_of(answer)
    if answer.url in (TOKEN_URL, REVOKE_URL):
        return _sign_in(code, words)
    if answer.status == 400:
        return _account(code) or _bad_request(code)
    if answer.status == 403:
        return _forbidden(answer, code, words)
    if answer.status == 405 or (answer.status == 404 and code == "instance_tuple_not_found"):
        return NotAvailable(f"Box does not offer this here ({answer.where}).", why="The plan may lack it.")
    if answer.status == 409:
        return _conflict(answer, code)
    return None


def code_of(answer: Answer) -> tuple[str, str]:
    """Box's word for the error, and its sentence in small letters; '' where there is none."""
    try:
        found = answer.json()
    except BadResponse:
        return "", ""
    body: Mapping[str, Any] = found if isinstance(found, Mapping) else {}
    code = body.get("code") or body.get("error") or ""
    message = body.get("message") or body.get("error_description") or ""
    return str(code), str(message).lower()


# --- signing in -----------------------------------------------------------------------------------------------------


def _sign_in(code: str, words: str) -> ConnectorError | None:
    if "refresh token" in words:
        return CredentialsRejected(
            "Box no longer accepts the consent of this connection.",
            why="It was not used for 60 days, was used up elsewhere, or the app was disabled in Box.",
            remedy="Choose Reconnect and consent again.",
        )
    if "expiration date" in words or "'exp' claim" in words:
        return CredentialsRejected(
            "Box does not accept the time in our sign-in.",
            why="The clock of this portal's machine is wrong.",
            remedy="Set the clock right, best by a time service, then choose Test now.",
        )
    if "not authorized by the enterprise" in words or "cannot authorize with this service" in words:
        return _not_authorised()
    if code == "unauthorized_client":
        return _not_authorised()
    if "redirect_uri" in code or "redirect_uri" in words:
        return CredentialsRejected(
            "The app in Box has another redirect address than this portal.",
            remedy="In the Developer Console, add the address that the wizard shows as OAuth 2.0 Redirect URI.",
        )
    if "auth code" in words or "authorization code" in words:
        return CredentialsRejected(
            "Box no longer accepts the answer of its consent page.",
            why="It is good once, for thirty seconds.",
            remedy="Connect again.",
        )
    if code == "invalid_client" or "grant credentials" in words or "client" in words:
        return CredentialsRejected(
            "Box does not know this Client ID with this Client Secret.",
            why="One of them is mistyped, the secret was reset, or the server app is not authorised with App + "
            "Enterprise Access.",
            remedy="Choose Edit details and copy both from the Developer Console again. Have an admin authorise the "
            "app.",
        )
    return None


def _not_authorised() -> CredentialsRejected:
    return CredentialsRejected(
        "The enterprise has not authorised this app in Box.",
        why="An admin has to authorise it, again after each change of its scopes, or it was deleted or disabled.",
        remedy="Authorise or enable it in the Admin Console > Integrations > Platform Apps Manager, then choose Test "
        "now.",
    )


# --- calls ----------------------------------------------------------------------------------------------------------


def _account(code: str) -> ConnectorError | None:
    """The account itself has something to do first."""
    if code not in ("terms_of_service_required", "password_reset_required", "user_email_confirmation_required"):
        return None
    return PermissionMissing(
        "Box wants the connected account to sign in itself once.",
        why="It has to accept terms, to change its password or to confirm its address first.",
        remedy="Sign in to Box with that account in a browser, then choose Test now.",
        permission="sign-in of the account",
    )


def _bad_request(code: str) -> ConnectorError | None:
    if code == "user_already_collaborator":
        return Conflict("Box says that they get to this item already.")
    if code == "folder_not_empty":
        return Conflict("Box says that the folder is not empty.", remedy="Read it again and try later.")
    return None


def _forbidden(answer: Answer, code: str, words: str) -> ConnectorError:
    if code == "insufficient_scope":
        return missing_scope(scope_of(answer))
    if code == "access_denied_item_locked":
        return Conflict("The file is locked in Box.", remedy="Unlock it there, or try again later.")
    if code == "access_from_location_blocked":
        return PermissionMissing(
            "Box refuses calls from the portal's address.",
            why="A rule for locations in the Admin Console, or of Box Shield, stands against it.",
            remedy="Allow the portal's egress addresses there, or exclude integrations from the rule.",
            permission="location rule",
        )
    if "forbidden_by_policy" in code:
        return NotAvailable(
            "A policy of the enterprise in Box forbids this.",
            why="Box Shield or an information barrier stands against it.",
            remedy="Change the policy in the Admin Console, or do it there.",
        )
    if "without having an enterprise" in words:
        return personal_account()
    if _account(code):
        return _account(code) or personal_account()
    return PermissionMissing(
        f"Box does not let this connection do this ({answer.where}).",
        why="The connected account is not the primary admin, the app may not make calls as-user, or Box never lets it "
        "act for this account.",
        remedy="Connect as the primary admin, and tick Make API calls using the as-user header in the app's "
        "configuration.",
        permission=AS_USER,
    )


def is_not_acting(error: PermissionMissing) -> bool:
    """Whether it is about whom this connection acts for, and not about a scope."""
    return error.permission == AS_USER


def scope_of(answer: Answer) -> str:
    path = answer.where.partition("/2.0")[2]
    for beginning, scope in SCOPE_OF_PATHS:
        if path.startswith(beginning):
            return scope
    return READ if answer.method == "GET" else WRITE


def missing_scope(scope: str) -> PermissionMissing:
    return PermissionMissing(
        f"The scope {LABELS[scope]} was not granted to the app in Box.",
        remedy=GRANT,
        permission=scope,
    )


WHERE = (
    "in the Developer Console on the app's page Configuration, then choose Reconnect; of a server app an admin "
    "authorises the change first."
)
GRANT = f"Tick it {WHERE}"


def personal_account() -> PermissionMissing:
    return PermissionMissing(
        "This Box account belongs to no enterprise.",
        remedy="Sign in to Box as the primary admin of a Business or Enterprise account and connect again.",
        permission="enterprise",
    )


def _conflict(answer: Answer, code: str) -> ConnectorError | None:
    if code in ("operation_blocked_temporary", "name_temporarily_reserved"):
        return Conflict("Box is still busy with this item.", remedy="Try again in a few minutes.")
    if code == "item_name_in_use":
        return Conflict("Box has another item of this name there.", remedy="Rename or move one of them in Box.")
    return None


def gone(name: str) -> TargetGone:
    return TargetGone(f"{name} is not in Box any more.", why="It was deleted, or its owner changed.")

"""What Dropbox's errors mean, and what an admin can do about them.

400 is a text, 401, 403, 409 and 422 hold a union of tags, 429 may hold nothing at all.
"""

from connectors.base import (
    Answer,
    Conflict,
    ConnectorError,
    CredentialsRejected,
    CursorExpired,
    NotAvailable,
    PermissionMissing,
    TargetGone,
)
from connectors.dropbox.errors import error_of, tags_of
from connectors.dropbox.file_refusals import of_files

OVER = frozenset({"reset", "bad_cursor", "invalid_cursor"})
GONE = frozenset({
    "not_found", "user_not_found", "user_not_in_team", "member_not_found", "group_not_found", "app_not_found",
    "device_session_not_found", "id_not_found",
})  # fmt: skip
NOT_ADMIN = frozenset({"mapping_not_found", "admin_not_active"})
LAST_ADMIN = frozenset({"suspend_last_admin", "last_admin"})
UNVERIFIED = frozenset({"email_not_verified", "email_unverified"})


class NotActing(NotAvailable):
    """Nobody can act in the name of somebody who is suspended, was removed, or has never signed in."""


def classify(answer: Answer) -> ConnectorError | None:
    """None where the general rules decide."""
    tags = tags_of(answer)
    if answer.status == 400:
        return _bad_request(answer)
    if answer.status == 401:
        return _unauthorized(answer, tags)
    if answer.status == 403:
        return _forbidden(answer, tags)
    if answer.status == 409:
        return _of_route(frozenset(tags)) or of_files(frozenset(tags))
    if answer.status == 422:
        return Conflict(
            "Dropbox says that this place is not there any more.",
            why="The team's folders were moved to a team space, or the folder was taken from this admin.",
            remedy="It is read anew by itself. If it stays, choose Test now.",
        )
    return None


def _bad_request(answer: Answer) -> ConnectorError | None:
    """The texts are those that were reported, not documented ones."""
    if "DfB team management function" in answer.text:
        return personal_account()
    if "access token is malformed" in answer.text:
        return CredentialsRejected(
            "Dropbox does not take the access token of this connection for one.", remedy="Choose Reconnect."
        )
    if "not allowed to call this function" in answer.text:
        return not_offered(answer)
    return None


def not_offered(answer: Answer) -> NotAvailable:
    return NotAvailable(f"Dropbox does not offer this to the app ({answer.where}).", why="It is for team apps alone.")


def _unauthorized(answer: Answer, tags: tuple[str, ...]) -> ConnectorError | None:
    if "missing_scope" in tags:
        return missing_scope(str(error_of(answer).get("required_scope") or "that this needs"))
    if "invalid_select_admin" in tags:
        return CredentialsRejected(
            "The account that consented is no team admin in Dropbox any more.",
            remedy="Choose Reconnect and consent as another team admin.",
        )
    if "invalid_select_user" in tags or "user_suspended" in tags:
        return NotActing(
            "Dropbox does not let this connection act in the name of this member.",
            why="The account is suspended, was removed, or has never signed in.",
            remedy="Unsuspend the account for the moment, or do it in the admin console.",
        )
    if "route_access_denied" in tags:
        return not_offered(answer)
    if "invalid_access_token" in tags:
        return CredentialsRejected(
            "Dropbox no longer accepts the consent of this connection.",
            why="A team admin removed the app, or the account that consented has left the team.",
            remedy="Choose Reconnect and consent as a team admin.",
        )
    return None


def missing_scope(scope: str) -> PermissionMissing:
    return PermissionMissing(
        f"The scope {scope} was not granted to the app in Dropbox.", remedy=GRANT, permission=scope
    )


GRANT = "Tick it in the App Console on the app's page Permissions, choose Submit, then Reconnect."


def _forbidden(answer: Answer, tags: tuple[str, ...]) -> ConnectorError:
    if "no_permission" in tags:
        return PermissionMissing(
            f"Dropbox does not let this connection do this ({answer.where}).",
            why="The account that consented lacks the right to it.",
            remedy="Choose Reconnect and consent as a team admin.",
            permission="team admin",
        )
    return NotAvailable(f"The plan of this Dropbox team does not offer this ({answer.where}).")


def _of_route(tags: frozenset[str]) -> ConnectorError | None:
    if tags & OVER:
        return CursorExpired("Dropbox no longer knows where the reading stood.", remedy="It begins anew by itself.")
    if tags & GONE:
        return TargetGone("Dropbox no longer has what was asked for.")
    if tags & NOT_ADMIN:
        return CredentialsRejected(
            "The account that consented is no active team admin in Dropbox.",
            remedy="Choose Reconnect and consent as an active team admin.",
        )
    if tags & LAST_ADMIN:
        return NotAvailable(
            "Dropbox keeps at least one active team admin.", remedy="Make another account a team admin first."
        )
    if "team_license_limit" in tags:
        return NotAvailable(
            "The Dropbox team has no licence left for this account.",
            remedy="Free a licence or buy one in the admin console, then try again.",
        )
    if "cannot_set_permissions" in tags:
        return NotAvailable("Dropbox changes no roles of a suspended account.", remedy="Unsuspend the account first.")
    if "no_permission" in tags:
        return PermissionMissing(
            "Dropbox does not let this account do this.",
            remedy="Do it in Dropbox, or as somebody who owns what it is about.",
        )
    if tags & UNVERIFIED:
        return PermissionMissing(
            "Dropbox wants the e-mail address of this member confirmed first.",
            remedy="Have the member follow the link in Dropbox's message, then try again.",
        )
    return None


def personal_account() -> PermissionMissing:
    return PermissionMissing(
        "This Dropbox account consented for itself alone and not for a team.",
        remedy="Tick the team scopes in the App Console, sign in to Dropbox as a team admin, and connect again.",
        permission="team admin",
    )

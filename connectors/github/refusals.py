"""GitHub's ways to say no, and what an admin does about each. Rate limits come as 403 as often as 429."""

import json
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from connectors.base import (
    Answer,
    ConnectorError,
    CredentialsRejected,
    NotAvailable,
    PermissionMissing,
    RateLimited,
    TargetGone,
)
from connectors.base.network import place
from connectors.github.availability import NO_EXTERNAL_GROUPS
from connectors.github.products import web_host_of_api
from connectors.github.scopes import READ_ENTERPRISE, SCOPES

SIGN_ON_PATH = re.compile(r"(/(?:orgs|enterprises)/[A-Za-z0-9-]+/sso)(?:\?.*)?")
PERMISSION = re.compile(r"[a-z_]{2,60}=(?:read|write|admin)")
SECONDARY_PAUSE_S = 60.0
LONGEST_PAUSE_S = 3700.0
"""Limits are counted by the hour."""

SIGN_IN_ERRORS = {
    "incorrect_client_credentials": (
        "GitHub does not know this Client ID with this Client Secret.",
        "One of them is mistyped, or the secret was deleted in GitHub.",
        "Choose Edit details and put both in again, as the OAuth App's page in GitHub shows them.",
    ),
    "redirect_uri_mismatch": (
        "The OAuth App in GitHub has another callback address than this portal.",
        "It was mistyped there, or this portal has got another address.",
        "Put the callback address that the wizard shows into the OAuth App, then connect again.",
    ),
    "bad_verification_code": (
        "GitHub no longer accepts the answer of its consent page.",
        "It was used twice or is older than ten minutes.",
        "Choose Connect again.",
    ),
    "unverified_user_email": (
        "The account in GitHub has no verified e-mail address.",
        "GitHub gives no tokens to such accounts.",
        "Verify the address of the service account in GitHub, then connect again.",
    ),
}
"""They come with status 200: what happened, why, what to do."""


def classify(answer: Answer) -> ConnectorError | None:
    """GitHub's reading of an answer; None leaves it to the general rules."""
    message = _word(answer, "message")
    if answer.status in (403, 429):
        paused = _pause(answer, message)
        if paused:
            return paused
    if answer.url.endswith("/login/oauth/access_token"):
        return _sign_in_error(_word(answer, "error"))
    if answer.status in (301, 302, 307, 308):
        return TargetGone(
            f"GitHub says that this has moved ({answer.where}).",
            why="The organisation, a team or a person was renamed.",
            remedy="If the organisation was renamed, choose Edit details and put in its new login name.",
        )
    if answer.status == 400 and "externally managed enterprise" in message:
        return NotAvailable(NO_EXTERNAL_GROUPS)
    if answer.status == 401:
        return _rejected(answer, message)
    if answer.status == 403:
        return _saml(answer) or of_message(message) or _scope(answer) or _permission(answer)
    if answer.status == 404:
        return _not_shown(answer)
    if answer.status == 451:
        return _blocked()
    return None


def _sign_in_error(code: str) -> CredentialsRejected | None:
    if code not in SIGN_IN_ERRORS:
        return None
    message, why, remedy = SIGN_IN_ERRORS[code]
    return CredentialsRejected(message, why=why, remedy=remedy)


def _not_shown(answer: Answer) -> ConnectorError:
    """404: GitHub says so of what is not there, of what has another name now and of what the account may not see."""
    if answer.url.endswith("/audit-log"):
        return _scope(answer) or NotAvailable(
            "GitHub shows no audit log for this organisation.",
            why="The audit log is part of GitHub Enterprise Cloud.",
            remedy="Accounts and teams are read all the same, and it is looked at again each day. If the organisation "
            "was renamed, choose Edit details and put in its new login name.",
        )
    return _scope(answer) or TargetGone(
        f"GitHub does not show this ({answer.where}).",
        why="It was deleted or renamed, or the connected account may not see it: GitHub answers all three alike.",
        remedy="If the organisation was renamed, choose Edit details and put in its new login name.",
    )


def _blocked() -> TargetGone:
    return TargetGone("GitHub has blocked access to this repository.", why="It broke GitHub's terms or the law.")


def of_message(message: str) -> ConnectorError | None:
    """What a refusal's own words mean, where they are known."""
    words = message.lower()
    if "saml enforcement" in words:
        return _saml_error("")
    if "oauth app access restrictions" in words:
        return PermissionMissing(
            "The organisation restricts OAuth apps, and this one is not approved.",
            remedy="An owner approves it in GitHub: organisation Settings > Third-party Access. Then choose Test now.",
            permission="approval of the OAuth app",
        )
    if "ip allow list" in words:
        return PermissionMissing(
            "The organisation has an IP allow list, and the portal's address is not on it.",
            remedy="Add the portal's egress addresses in GitHub: organisation Settings > Authentication security > "
            "IP allow list. Then choose Test now.",
            permission="IP allow list",
        )
    if "access blocked" in words:
        return _blocked()
    if "installation has been suspended" in words:
        return PermissionMissing(
            "The installation of the GitHub App is suspended.",
            remedy="Unsuspend it in GitHub: organisation Settings > GitHub Apps > Configure. Then choose Test now.",
            permission="installation of the GitHub App",
        )
    if "personal access token (classic)" in words:
        return PermissionMissing(
            "The organisation forbids classic personal access tokens.",
            remedy="Connect with the OAuth App of the set-up guide instead of a personal token.",
        )
    if "archived so is read-only" in words:
        return NotAvailable(
            "The repository is archived, and GitHub changes nothing in it.",
            remedy="Unarchive it in GitHub first: the repository's Settings > Danger Zone.",
        )
    if "without `workflow" in words:
        return PermissionMissing(
            "GitHub lets an app change workflows only with a permission of its own.",
            remedy="Choose Reconnect and grant all scopes that GitHub lists, or give the GitHub App the permission.",
            permission="workflow",
        )
    if "returns blobs up to" in words:
        return NotAvailable(
            "The file is larger than what GitHub's API reads and writes: 100 MB.",
            remedy="Change it by git.",
        )
    if "externally managed" in words:
        return NotAvailable(
            "GitHub changes no members of this team: they come from the identity provider.",
            remedy="Change the group there.",
        )
    if "site administrator" in words:
        return PermissionMissing(
            "GitHub Enterprise Server lets site administrators alone do this.",
            remedy="Make the connected account a site administrator and choose Reconnect.",
            permission="site_admin",
        )
    if "ldap" in words or "external account" in words or "managed by the directory" in words:
        return NotAvailable(
            "GitHub Enterprise Server takes this account from a directory, and suspends it only when that does.",
            remedy="Suspend or unsuspend the account there.",
        )
    if "must be an admin" in words or "must have admin rights" in words or "organization owner" in words:
        return PermissionMissing(
            "GitHub says that the connected account is not an owner of the organisation.",
            remedy="Make it an owner in GitHub (People > Role), or reconnect as an owner.",
            permission="organization owner",
        )
    return None


def _pause(answer: Answer, message: str) -> RateLimited | None:
    """Primary limit: nothing remains until `reset`. Secondary: `retry-after`, or a minute."""
    limit = answer.headers.get("x-ratelimit-resource", "")
    retry_after = answer.headers.get("retry-after", "")
    if retry_after.isdigit():
        seconds = min(float(retry_after), LONGEST_PAUSE_S)
        return RateLimited("GitHub asks for a pause.", retry_after=seconds, limit=limit)
    if answer.headers.get("x-ratelimit-remaining", "") == "0":
        return RateLimited("GitHub's hourly limit of calls is used up.", retry_after=_until_reset(answer), limit=limit)
    if answer.status == 429 or "secondary rate limit" in message.lower() or "abuse" in message.lower():
        return RateLimited("GitHub asks for a pause.", retry_after=SECONDARY_PAUSE_S, limit=limit)
    return None


def _until_reset(answer: Answer) -> float:
    """By the clock of GitHub's own answer, so that a wrong clock here does not matter."""
    reset = answer.headers.get("x-ratelimit-reset", "")
    if not reset.isdigit():
        return SECONDARY_PAUSE_S
    try:
        said_at = parsedate_to_datetime(answer.headers.get("date", ""))
    except ValueError:
        return SECONDARY_PAUSE_S
    left = (datetime.fromtimestamp(int(reset), UTC) - said_at.astimezone(UTC)).total_seconds()
    return min(max(left, 1.0), LONGEST_PAUSE_S)


def _rejected(answer: Answer, message: str) -> CredentialsRejected:
    if "expiration time" in message.lower():
        return CredentialsRejected(
            "GitHub does not accept the time in our sign-in.", remedy="Set the clock of the portal's machine right."
        )
    if _is_as_app(answer):
        return CredentialsRejected(
            "GitHub does not accept the sign-in of the GitHub App.",
            why="App ID and private key do not belong together, the key was deleted in GitHub, or the app was.",
            remedy="Choose Edit details and put in the App ID and a private key that its page in GitHub lists.",
        )
    return CredentialsRejected(
        "GitHub does not accept the token.",
        why="It was revoked, the consenting account left, or it was not used for a year.",
        remedy="Choose Reconnect and consent again in GitHub.",
    )


def _is_as_app(answer: Answer) -> bool:
    """Calls in the name of a GitHub App itself, proven by a statement signed with its key."""
    path = place(answer.url).path.removeprefix("/api/v3")
    return path.startswith("/app/") or path.endswith("/installation")


def _saml(answer: Answer) -> PermissionMissing | None:
    asked, _, url = answer.headers.get("x-github-sso", "").partition(";")
    if asked != "required":
        return None
    # Only GitHub's own page is shown, and without its query: that is made for one token.
    front = f"https://{web_host_of_api(place(answer.url).origin)}"
    page = url.strip().removeprefix("url=")
    path = SIGN_ON_PATH.fullmatch(page.removeprefix(front)) if page.startswith(front) else None
    return _saml_error(f"{front}{path[1]}" if path else "")


def _saml_error(page: str) -> PermissionMissing:
    where = f"at {page}" if page else "in GitHub"
    return PermissionMissing(
        "The organisation is protected by SAML single sign-on, and the consent was given without it.",
        remedy=f"Sign in to the organisation with single sign-on {where}, then choose Reconnect in the same browser.",
        permission="SAML single sign-on",
    )


def _scope(answer: Answer) -> PermissionMissing | None:
    """Headers name the scopes that GitHub would accept, any of which will do, and those of the token."""
    accepted, granted = _listed(answer, "x-accepted-oauth-scopes"), _listed(answer, "x-oauth-scopes")
    if not accepted or "x-oauth-scopes" not in answer.headers or accepted & granted:
        return None
    least = next((scope for scope in (*SCOPES, READ_ENTERPRISE) if scope in accepted), min(accepted))
    return PermissionMissing(
        f"GitHub refuses this call ({answer.where}): the scope {least} was not granted.",
        remedy="Choose Reconnect and grant all scopes that GitHub lists.",
        permission=least,
    )


def _permission(answer: Answer) -> PermissionMissing | None:
    """Of a GitHub App's token, which has no scopes: a header names the permissions that GitHub would accept."""
    accepted = answer.headers.get("x-accepted-github-permissions", "").partition(";")[0].partition(",")[0].strip()
    if "x-oauth-scopes" in answer.headers or not PERMISSION.fullmatch(accepted):
        return None
    permission = accepted.replace("=", ":")
    return PermissionMissing(
        f"GitHub refuses this call ({answer.where}): the permission {permission} was not granted to the GitHub App.",
        remedy="In GitHub, open the app's Permissions & events and grant it, accept the request in the organisation's "
        "Settings > GitHub Apps, then choose Test now.",
        permission=permission,
    )


def _listed(answer: Answer, header: str) -> set[str]:
    return {part.strip() for part in answer.headers.get(header, "").split(",") if part.strip()}


def _word(answer: Answer, name: str) -> str:
    """A text of the answer's JSON object, '' where there is none."""
    try:
        found = json.loads(answer.body)
    except ValueError:
        return ""
    return str(found.get(name, "")) if isinstance(found, dict) else ""

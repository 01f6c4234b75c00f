"""GitHub: one organisation on github.com, by an OAuth App."""

from collections.abc import Mapping

from connectors.base import (
    ActionKind,
    AuthMethod,
    AuthorizationCode,
    Capability,
    Connector,
    Field,
    SetupStep,
)
from connectors.github.actions import remove_account
from connectors.github.checking import check
from connectors.github.feeds import accounts, audit_log, teams
from connectors.github.refusals import classify
from connectors.github.revoking import revoke
from connectors.github.roles import organisation_roles
from connectors.github.scopes import SCOPES

API, WEB = "api.github.com", "github.com"
ORGANIZATION = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?"


def _login(typed: str) -> str:
    """The login name out of what was pasted, such as the organisation's address."""
    return typed.strip().removeprefix("https://").removeprefix("http://").removeprefix(f"{WEB}/").strip("/")


FIELDS = (
    Field(
        "client_id",
        "Client ID",
        "Shown on the OAuth App's page in GitHub.",
        pattern=r"[A-Za-z0-9.]{16,40}",
        problem="A Client ID has 16 to 40 letters and digits.",
        example="Ov23liAbCdEfGh123456",
    ),
    Field(
        "client_secret",
        "Client Secret",
        "Generated on the OAuth App's page and shown there once.",
        is_secret=True,
    ),
    Field(
        "organization",
        "Organization Login Name",
        "The part after github.com/ in the organisation's address.",
        pattern=ORGANIZATION,
        problem="A login name has up to 39 letters, digits and single hyphens.",
        example="contoso-dev",
        clean=_login,
    ),
)

STEPS = (
    SetupStep(
        "Make a service account in GitHub for this purpose alone (such as svc-gatehouse) and make it an owner of the "
        "organisation. Sign in to GitHub with it in this browser."
    ),
    SetupStep(
        "Open the organisation's Settings > Developer settings > OAuth Apps and choose New OAuth App "
        "(the first time: Register an application).",
        url="https://github.com/settings/organizations",
    ),
    SetupStep("Give it a name, such as Gatehouse, and this portal's address as Homepage URL."),
    SetupStep("Put this address into Authorization callback URL:", copy="callback_url"),
    SetupStep("Register it, then copy its Client ID into the form."),
    SetupStep("Choose Generate a new client secret and copy the secret into the form. GitHub shows it once."),
    SetupStep("On GitHub's consent page, next, these scopes are asked for:", copy="scopes"),
    SetupStep(
        "There, press Grant beside the organisation's name before Authorize. If the organisation restricts third-party "
        "access, an owner approves the app under Settings > Third-party Access."
    ),
    SetupStep(
        "Where the organisation has an IP allow list, add the portal's addresses to it:", copy="egress_addresses"
    ),
)

OAUTH_APP = AuthMethod(
    id="oauth_app",
    label="OAuth App",
    help="An owner consents in the browser. The token does not expire while it is used.",
    fields=FIELDS,
    steps=STEPS,
    scheme=AuthorizationCode(
        authorize_url=f"https://{WEB}/login/oauth/authorize",
        token_url=f"https://{WEB}/login/oauth/access_token",
        extra_params={"allow_signup": "false"},
        scopes_header="X-OAuth-Scopes",
        revoke=revoke,
    ),
    scopes=SCOPES,
)

NO_PASSWORDS = (
    "GitHub gives organisations no say over their members' passwords and sessions. Require two-factor authentication "
    "in the organisation's settings, or remove the account."
)
NOT_READ = "This version does not read repositories. In GitHub, see the organisation's Repositories page."
NO_APPS = (
    "This version does not read app permissions. In GitHub, see the organisation's Settings > Third-party Access and "
    "GitHub Apps."
)
NO_FILES = (
    "This version does not read repositories, so there is nothing to act on. In GitHub, use the repository's Settings."
)
GAPS: Mapping[Capability | ActionKind, str] = {
    Capability.DATA_SCAN: NOT_READ,
    Capability.REAL_TIME: "This version does not receive GitHub's webhooks; the audit log is read every five minutes.",
    Capability.APP_PERMISSIONS: NO_APPS,
    ActionKind.SUSPEND_ACCOUNT: "github.com cannot suspend members of an organisation. Remove the account instead.",
    ActionKind.UNSUSPEND_ACCOUNT: "github.com cannot suspend members of an organisation, so there is nothing to undo.",
    ActionKind.REQUIRE_SIGN_IN: NO_PASSWORDS,
    ActionKind.RESET_PASSWORD: NO_PASSWORDS,
    ActionKind.EXPIRE_PASSWORD: NO_PASSWORDS,
    ActionKind.REVOKE_ADMIN: "This version does not demote owners. In GitHub, change the role on the People page.",
    ActionKind.CONVERT_ACCOUNT: "This version does not convert members. In GitHub, use the People page.",
    ActionKind.BLOCK_ACCOUNT: "This version does not block accounts. In GitHub, use Settings > Moderation.",
    ActionKind.UNBLOCK_ACCOUNT: "This version does not unblock accounts. In GitHub, use Settings > Moderation.",
    ActionKind.REMOVE_FROM_GROUP: "This version does not change teams. In GitHub, use the team's Members page.",
    **dict.fromkeys(
        (
            ActionKind.QUARANTINE_FILE,
            ActionKind.RESTORE_FROM_QUARANTINE,
            ActionKind.OVERWRITE_FILE,
            ActionKind.TRASH_FILE,
            ActionKind.REMOVE_PUBLIC_LINK,
            ActionKind.REMOVE_EXTERNAL_COLLABORATORS,
            ActionKind.REMOVE_COLLABORATOR,
            ActionKind.MAKE_PRIVATE,
            ActionKind.MAKE_READ_ONLY,
            ActionKind.TRANSFER_OWNERSHIP,
        ),
        NO_FILES,
    ),
    ActionKind.QUARANTINE_TRASHED_FILE: "GitHub has no trash for files; deleted repositories cannot be reached by API.",
    ActionKind.RESTORE_FILE: "GitHub has no trash for files; an owner restores deleted repositories in the web page.",
    ActionKind.REVOKE_GRANT: NO_APPS,
    ActionKind.BAN_APP: "GitHub has no ban by API. In GitHub, switch on OAuth app access restrictions.",
    ActionKind.UNBAN_APP: "GitHub has no ban by API, so there is nothing to take back.",
    ActionKind.REVOKE_CREDENTIAL: NO_APPS,
}


def _base_url(config: Mapping[str, str]) -> str:
    return f"https://{API}"


def _hosts(config: Mapping[str, str]) -> tuple[str, ...]:
    return (API, WEB)


connector = Connector(
    id="github",
    name="GitHub",
    summary="Accounts, teams and the audit log of an organisation on github.com.",
    base_url=_base_url,
    hosts=_hosts,
    methods=(OAUTH_APP,),
    check=check,
    feeds=(accounts, teams, organisation_roles, audit_log),
    classify=classify,
    actions=(remove_account,),
    gaps=GAPS,
    headers={"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"},
)

"""GitHub: one organisation on github.com, by an OAuth App."""

from collections.abc import Mapping

from connectors.base import AuthMethod, AuthorizationCode, Connector, Field, SetupStep
from connectors.github.actions import ACTIONS
from connectors.github.checking import check
from connectors.github.feeds import accounts, audit_log, teams
from connectors.github.gaps import GAPS
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
    actions=ACTIONS,
    gaps=GAPS,
    headers={"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"},
)

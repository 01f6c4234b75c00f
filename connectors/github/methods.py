"""The two ways to connect, with what is to be done in GitHub for each."""

from connectors.base import AuthMethod, AuthorizationCode, SetupStep
from connectors.github import fields
from connectors.github.app_sign_in import GitHubApp
from connectors.github.products import authorize_url, token_url
from connectors.github.revoking import revoke
from connectors.github.scopes import PERMISSIONS, SCOPES, called_for

ORGANISATIONS_PAGE = "https://github.com/settings/organizations"

ALLOW_LIST = SetupStep(
    "Where the organisation has an IP allow list, add the portal's addresses to it:", copy="egress_addresses"
)
OWN_SERVER = SetupStep(
    "For a GitHub Enterprise Server or a subdomain of ghe.com all of this is done there. A server inside your network "
    "has to be allowed by the operator of this portal first: GATEHOUSE_ALLOWED_PRIVATE_HOSTS."
)

OAUTH_STEPS = (
    SetupStep(
        "Make a service account in GitHub for this purpose alone (such as svc-gatehouse) and make it an owner of the "
        "organisation. Sign in to GitHub with it in this browser."
    ),
    SetupStep(
        "Open the organisation's Settings > Developer settings > OAuth Apps and choose New OAuth App "
        "(the first time: Register an application).",
        url=ORGANISATIONS_PAGE,
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
    ALLOW_LIST,
    OWN_SERVER,
)

APP_PERMISSIONS = """\
Repository permissions
  Administration: Read and write
  Contents: Read and write
  Metadata: Read-only
  Webhooks: Read and write
  Workflows: Read and write
Organization permissions
  Administration: Read and write
  Blocking users: Read and write
  Custom organization roles: Read and write
  Members: Read and write
  Personal access token requests: Read and write
  Personal access tokens: Read and write
  Plan: Read-only
  Webhooks: Read and write"""

APP_STEPS = (
    SetupStep(
        "Sign in to GitHub as an owner of the organisation, best with a service account made for this purpose alone. "
        "Gatehouse then calls GitHub as the app, not as that account."
    ),
    SetupStep(
        "Open the organisation's Settings > Developer settings > GitHub Apps and choose New GitHub App.",
        url=ORGANISATIONS_PAGE,
    ),
    SetupStep(
        "Give it a name, such as Gatehouse at Contoso, and this portal's address as Homepage URL. Take the tick off "
        "Active under Webhook."
    ),
    SetupStep("Choose these permissions. For reading alone, take Read-only instead of Read and write:", "text",
              APP_PERMISSIONS),
    SetupStep("Leave Only on this account chosen, create the app, then copy its App ID into the form."),
    SetupStep(
        "Under Private keys choose Generate a private key. GitHub gives a .pem file: paste its whole content into the "
        "form, then delete the file."
    ),
    SetupStep("Choose Install App at the left, then the organisation, then All repositories."),
    SetupStep(
        "To uninstall other apps from here (Enterprise Cloud alone): give the app the enterprise permission Enterprise "
        "organization installations: Read and write, install it on the enterprise as well, and fill in Enterprise slug."
    ),
    ALLOW_LIST,
    OWN_SERVER,
)  # fmt: skip

OAUTH_APP = AuthMethod(
    id="oauth_app",
    label="OAuth App",
    help="An owner consents in the browser. The token does not expire while it is used.",
    fields=(fields.CLIENT_ID, fields.CLIENT_SECRET, fields.ORGANIZATION, fields.ENTERPRISE, fields.BASE_URL),
    steps=OAUTH_STEPS,
    scheme=AuthorizationCode(
        authorize_url=authorize_url,
        token_url=token_url,
        extra_params={"allow_signup": "false"},
        scopes_header="X-OAuth-Scopes",
        revoke=revoke,
    ),
    scopes=SCOPES,
    more_scopes=called_for,
)

GITHUB_APP = AuthMethod(
    id="github_app",
    label="GitHub App",
    help="No person's account is used. Fine-grained tokens are seen this way alone; enterprises are not.",
    fields=(fields.APP_ID, fields.PRIVATE_KEY, fields.ORGANIZATION, fields.ENTERPRISE_OF_APP, fields.BASE_URL),
    steps=APP_STEPS,
    scheme=GitHubApp(),
    scopes=PERMISSIONS,
)

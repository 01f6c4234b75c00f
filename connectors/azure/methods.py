"""How a tenant's subscriptions are connected, with what is to be done in the Entra admin center and in Azure for it."""

from connectors.azure import fields
from connectors.azure.scopes import ACTING, GRAPH, PUSHING, READING, wanted
from connectors.base import AdminSignIn, AuthMethod, SetupStep, certified_key, entra
from connectors.base.entra_sign_in import GLOBAL_ADMINISTRATOR, SECURITY_ADMINISTRATOR

BY_SECRET, BY_CERTIFICATE = "client_secret", "certificate"
CONSOLE = "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade"
LOG_COMMAND = (
    'az role assignment create --role Reader --scope "/providers/Microsoft.Insights" --assignee "[[client_id]]"'
)

MAY_CONNECT = {GLOBAL_ADMINISTRATOR: "Global Administrator", SECURITY_ADMINISTRATOR: "Security Administrator"}

REGISTER = (
    SetupStep(
        "In the Entra admin center open App registrations and choose New registration, or take the one of the "
        "connected Office 365 instance. Best use an account made for this purpose alone.",
        url=CONSOLE,
    ),
    SetupStep(
        "Choose Accounts in this organizational directory only, and add this address as Redirect URI of type Web:",
        copy="callback_url",
    ),
)
RIGHTS = (
    SetupStep(
        "On its page API permissions add these of Microsoft Graph as Application permissions, then choose Grant admin "
        "consent, as a Global Administrator or Privileged Role Administrator. Azure itself knows none:",
        "text",
        "\n".join(GRAPH),
    ),
    SetupStep(
        "On its page Manifest set groupMembershipClaims to DirectoryRole, so that Gatehouse sees which role the person "
        "has who connects.",
    ),
    SetupStep(
        "In the Azure portal open Management groups > Tenant Root Group > Access control (IAM) and assign the role "
        "Reader to the app. Roles of Entra ID give no right in Azure, so a Global Administrator first sets Microsoft "
        "Entra ID > Properties > Access management for Azure resources to Yes, and back to No afterwards. A Security "
        "Administrator cannot do that.",
        url="https://portal.azure.com/#view/Microsoft_Azure_ManagementGroups",
    ),
    SetupStep(
        "To see what happens above all subscriptions, such as somebody taking all rights, assign Reader there as well, "
        "while the access is elevated:",
        "text",
        LOG_COMMAND,
    ),
    SetupStep(
        "Only where Gatehouse is to act or to be pushed to: make a custom role with those of these rights that are "
        "wanted, and assign it to the app where it is to count:",
        "text",
        "\n".join((*ACTING, *PUSHING)),
    ),
    SetupStep(
        "Where a Conditional Access policy names locations for workload identities, allow the portal's addresses:",
        copy="egress_addresses",
    ),
    SetupStep(
        "Choose Connect in Microsoft Azure and sign in as a Global Administrator or Security Administrator. Gatehouse "
        "looks at the role once and keeps nothing of that account.",
    ),
)

CLIENT_SECRET = AuthMethod(
    id=BY_SECRET,
    label="Client secret",
    help="The app signs in with a secret, which has to be renewed every two years at the latest.",
    fields=(*fields.APP, entra.CLIENT_SECRET, *fields.MORE),
    steps=(
        *REGISTER,
        SetupStep("On its page Certificates & secrets make a client secret, and copy its Value at once."),
        *RIGHTS,
    ),
    scheme=AdminSignIn(token_url=entra.token_url, roles=MAY_CONNECT),
    scopes=READING,
    more_scopes=wanted,
)
CERTIFICATE = AuthMethod(
    id=BY_CERTIFICATE,
    label="Certificate",
    help="The app signs in with a certificate, as Microsoft recommends.",
    fields=(*fields.APP, entra.CERTIFICATE, entra.PRIVATE_KEY, *fields.MORE),
    steps=(
        *REGISTER,
        SetupStep("On its page Certificates & secrets, under Certificates, upload the certificate."),
        *RIGHTS,
    ),
    scheme=AdminSignIn(
        token_url=entra.token_url, client_auth="key", key=certified_key, roles=MAY_CONNECT
    ),
    scopes=READING,
    more_scopes=wanted,
)
METHODS = (CLIENT_SECRET, CERTIFICATE)

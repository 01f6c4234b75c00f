"""How a tenant is connected, with what is to be done in the Entra admin center for it."""

from connectors.base import AuthMethod, SetupStep, entra
from connectors.office365 import fields

BY_SECRET, BY_CERTIFICATE = "client_secret", "certificate"
CONSOLE = "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade"

REGISTER = (
    SetupStep("In the Entra admin center open App registrations and choose New registration.", url=CONSOLE),
    SetupStep(
        "Give it any name, choose Accounts in this organizational directory only, and add this address as Redirect URI "
        "of type Web:",
        copy="callback_url",
    ),
)
CONSENT = (
    SetupStep("On its page API permissions add these, all as Application permissions:", copy="scopes"),
    SetupStep(
        "Choose Connect in Office 365 and accept, as a Global Administrator or Privileged Role Administrator. Nothing "
        "more is done with that person's account."
    ),
    SetupStep("In Microsoft Purview switch on auditing, if it is not on yet. It takes up to an hour."),
)
APP = (entra.CLOUD, entra.TENANT_ID, entra.CLIENT_ID)

CLIENT_SECRET = AuthMethod(
    id=BY_SECRET,
    label="Client secret",
    help="The app signs in with a secret. SharePoint takes none: files in trash stay out of reach.",
    fields=(*APP, entra.CLIENT_SECRET, fields.ACCESS),
    steps=(
        *REGISTER,
        SetupStep("On its page Certificates & secrets make a client secret, and copy its Value at once."),
        *CONSENT,
    ),
    scheme=entra.BY_SECRET,
)
CERTIFICATE = AuthMethod(
    id=BY_CERTIFICATE,
    label="Certificate",
    help="The app signs in with a certificate, as Microsoft recommends.",
    fields=(*APP, entra.CERTIFICATE, entra.PRIVATE_KEY, fields.ACCESS),
    steps=(
        *REGISTER,
        SetupStep("On its page Certificates & secrets, under Certificates, upload the certificate."),
        *CONSENT,
    ),
    scheme=entra.BY_CERTIFICATE,
)
METHODS = (CLIENT_SECRET, CERTIFICATE)

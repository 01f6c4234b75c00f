"""How a tenant is connected, with what is to be done in the Entra admin center for it."""

from dataclasses import replace

from connectors.base import AuthMethod, SetupStep, entra
from connectors.office365 import fields, scopes
from connectors.office365.revoking import revoke

BY_MADE_CERTIFICATE, BY_SECRET, BY_OWN_CERTIFICATE = "made_certificate", "client_secret", "own_certificate"
CONSOLE = "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade"
ADD = "On its page API permissions choose Add a permission, "

REGISTER = (
    SetupStep("In the Entra admin center open App registrations and choose New registration.", url=CONSOLE),
    SetupStep(
        "Give it any name, choose Accounts in this organizational directory only, and add this address as Redirect URI "
        "of type Web:",
        copy="callback_url",
    ),
    SetupStep("From its page Overview copy the tenant id and the client id into the form."),
)
CONSENT = (
    SetupStep(
        f"{ADD}Microsoft Graph, Application permissions, and add these:", copy="scopes", of_scopes=scopes.of_graph
    ),
    SetupStep(
        f"{ADD}Office 365 Management APIs, Application permissions, and add these:",
        copy="scopes",
        of_scopes=scopes.of_management_api,
    ),
    SetupStep(
        f"{ADD}SharePoint, Application permissions, and add this one:", copy="scopes", of_scopes=scopes.of_sharepoint
    ),
    SetupStep(
        "Where Conditional Access limits the addresses of workload identities, allow those of the portal:",
        copy="egress_addresses",
    ),
    SetupStep("In Microsoft Purview switch on auditing, if it is not on yet. It takes up to an hour."),
    SetupStep(
        "Choose Connect in Microsoft Office 365 and accept, as a Global Administrator or Privileged Role "
        "Administrator. Nothing is done with that person's account afterwards."
    ),
)
APP = (entra.CLOUD, entra.TENANT_ID, entra.CLIENT_ID)

MADE_CERTIFICATE = AuthMethod(
    id=BY_MADE_CERTIFICATE,
    label="Certificate made by Gatehouse",
    help="Gatehouse makes a key pair, keeps the private key in its vault, and gives you the certificate to upload.",
    fields=(*APP, entra.KEY_PAIR, fields.ACCESS),
    steps=(
        *REGISTER,
        SetupStep(
            "Download the certificate from the form, and upload it on the registration's page Certificates & secrets, "
            "under Certificates. Compare the thumbprint."
        ),
        *CONSENT,
    ),
    scheme=replace(entra.BY_MADE_CERTIFICATE, revoke=revoke),
)
CLIENT_SECRET = AuthMethod(
    id=BY_SECRET,
    label="Client secret",
    help="The app signs in with a secret. SharePoint takes none: files in its recycle bin stay out of reach.",
    fields=(*APP, entra.CLIENT_SECRET, fields.ACCESS),
    steps=(
        *REGISTER,
        SetupStep(
            "On its page Certificates & secrets choose New client secret, and copy its Value into the form at once: "
            "Microsoft shows it this one time."
        ),
        *CONSENT,
    ),
    scheme=replace(entra.BY_SECRET, revoke=revoke),
    useless_scopes=(scopes.SHAREPOINT,),
)
OWN_CERTIFICATE = AuthMethod(
    id=BY_OWN_CERTIFICATE,
    label="Certificate of your own",
    help="For organisations that make certificates themselves: paste the certificate and its private key.",
    fields=(*APP, entra.CERTIFICATE, entra.PRIVATE_KEY, fields.ACCESS),
    steps=(
        *REGISTER,
        SetupStep("On its page Certificates & secrets, under Certificates, upload the certificate."),
        *CONSENT,
    ),
    scheme=replace(entra.BY_OWN_CERTIFICATE, revoke=revoke),
)
METHODS = (MADE_CERTIFICATE, CLIENT_SECRET, OWN_CERTIFICATE)

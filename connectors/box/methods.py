"""The three ways to connect, with what is to be done in Box for each."""

from collections.abc import Mapping

from connectors.base import AuthMethod, AuthorizationCode, ClientCredentials, JwtBearer, Setup, SetupStep
from connectors.box import fields, key_file
from connectors.box.hosts import TOKEN_URL, authorize_url
from connectors.box.revoking import revoke
from connectors.box.scopes import SCOPES, TICKS

BY_ADMIN, BY_CLIENT, BY_KEY = "primary_admin", "client_credentials", "key_pair"
CONSOLE = "https://app.box.com/developers/console"
NOT_ALL_FILES = (
    "Box lets a server app act for users, but for no admin: files of the primary admin and of co-admins are not read, "
    "and their accounts are not acted on."
)

CREATE = "Open the Developer Console and choose Create Platform App with the purpose Integration. "
SCOPES_STEP = SetupStep("On its page Configuration, tick these scopes and advanced features:", "text", TICKS)
ALLOW_LIST = SetupStep(
    "Where the enterprise allows certain addresses alone (Admin Console > Enterprise Settings > Security, or a rule of "
    "Box Shield), add the portal's addresses:",
    copy="egress_addresses",
)
WEBHOOK_STEP = SetupStep(
    "To have changes in some folders reported at once, open the app's page Webhooks, choose Manage signature keys, "
    "generate both keys and copy them into the form. Gatehouse makes the webhooks itself."
)

ADMIN_STEPS = (
    SetupStep(
        "Box shows everything to one account alone, the primary admin of the enterprise. Best make a service account "
        "for this purpose alone and have Box make it the primary admin; with a person's account the connection ends "
        "when that person leaves."
    ),
    SetupStep(f"{CREATE}As authentication choose User Authentication (OAuth 2.0); it cannot be changed later.",
              url=CONSOLE),
    SetupStep("On its page Configuration, add this address as OAuth 2.0 Redirect URI:", copy="callback_url"),
    SCOPES_STEP,
    SetupStep("Save, then copy Client ID and Client Secret into the form."),
    SetupStep(
        "Where the enterprise disables unpublished apps: Admin Console > Integrations > Platform Apps Manager > User "
        "Authentication Apps > Add Platform App, put in the Client ID and enable it."
    ),
    ALLOW_LIST,
    WEBHOOK_STEP,
    SetupStep("Sign in to Box as the primary admin in this browser before you choose Connect in Box."),
)  # fmt: skip

AUTHORISE = (
    SCOPES_STEP,
    SetupStep("Choose App + Enterprise Access as access level and save."),
    SetupStep(
        "On its page Authorization choose Review and Submit. An admin then authorises the app: Admin Console > "
        "Integrations > Platform Apps Manager > Server Authentication Apps. After each change of scopes the app has to "
        "be authorised again."
    ),
    ALLOW_LIST,
    WEBHOOK_STEP,
)
CLIENT_STEPS = (
    SetupStep("Sign in to Box as an admin, best with an account made for this purpose alone. " + NOT_ALL_FILES),
    SetupStep(f"{CREATE}As authentication choose Server Authentication (Client Credentials Grant).", url=CONSOLE),
    *AUTHORISE,
    SetupStep("Copy Client ID, Client Secret and the Enterprise ID into the form."),
)
KEY_STEPS = (
    SetupStep("Sign in to Box as an admin, best with an account made for this purpose alone. " + NOT_ALL_FILES),
    SetupStep(f"{CREATE}As authentication choose Server Authentication (with JWT).", url=CONSOLE),
    *AUTHORISE,
    SetupStep(
        "On its page Configuration choose Generate a Public/Private Keypair. Box gives a JSON file: paste its whole "
        "content into the form, then delete the file."
    ),
)


def as_user(subject: str) -> Mapping[str, str]:
    return {"As-User": subject}


def enterprise(setup: Setup) -> Mapping[str, str]:
    return {"box_subject_type": "enterprise", "box_subject_id": setup.config["enterprise_id"]}


PRIMARY_ADMIN = AuthMethod(
    id=BY_ADMIN,
    label="Primary admin (OAuth 2.0)",
    help="The primary admin consents in the browser. The only way to see the files of all users, co-admins included.",
    fields=(fields.CLIENT_ID, fields.CLIENT_SECRET, fields.LOGIN_HOST, *fields.WEBHOOKS),
    steps=ADMIN_STEPS,
    scheme=AuthorizationCode(
        authorize_url=authorize_url,
        token_url=TOKEN_URL,
        use_pkce=False,  # Box documents none
        names_scopes=False,
        subject_headers=as_user,
        revoke=revoke,
    ),
    scopes=SCOPES,
)
CLIENT_CREDENTIALS = AuthMethod(
    id=BY_CLIENT,
    label="Server app (Client Credentials)",
    help="No person's account is used. " + NOT_ALL_FILES,
    fields=(fields.CLIENT_ID, fields.CLIENT_SECRET, fields.ENTERPRISE_ID, *fields.WEBHOOKS),
    steps=CLIENT_STEPS,
    scheme=ClientCredentials(
        token_url=TOKEN_URL, token_params=enterprise, names_scopes=False, subject_headers=as_user
    ),
    scopes=SCOPES,
)
KEY_PAIR = AuthMethod(
    id=BY_KEY,
    label="Server app (JWT)",
    help="As the other server app, but it proves itself by a key pair. " + NOT_ALL_FILES,
    fields=(fields.KEY_FILE, *fields.WEBHOOKS),
    steps=KEY_STEPS,
    scheme=JwtBearer(
        token_url=TOKEN_URL,
        claims=key_file.claims,
        key=key_file.key,
        lifetime_s=key_file.LIFETIME_S,
        token_params=key_file.client,
        subject_headers=as_user,
    ),
    scopes=SCOPES,
)
METHODS = (PRIMARY_ADMIN, CLIENT_CREDENTIALS, KEY_PAIR)

"""How a team is connected, with what is to be done in Dropbox for it."""

from connectors.base import AuthMethod, SetupStep
from connectors.dropbox import fields
from connectors.dropbox.hosts import AUTHORIZE_URL, TOKEN_URL
from connectors.dropbox.revoking import revoke
from connectors.dropbox.scopes import SCOPES
from connectors.dropbox.signing_in import TeamConsent, as_member

CONSOLE = "https://www.dropbox.com/developers/apps"

STEPS = (
    SetupStep(
        "Best make an account for this purpose alone and give it the role Team admin. With a person's account the "
        "connection ends when that person leaves."
    ),
    SetupStep("Open the App Console and choose Create app, Scoped access, Full Dropbox.", url=CONSOLE),
    SetupStep("On the app's page Permissions, tick these scopes, then choose Submit:", copy="scopes"),
    SetupStep("On its page Settings, under OAuth 2, add this address as Redirect URI:", copy="callback_url"),
    SetupStep("Copy App key and App secret from the same page into the form."),
    SetupStep(
        "Where the team blocks apps that nobody allowed: Admin console > Settings > Integrations > Add exception, and "
        "put in the App key."
    ),
    SetupStep("Sign in to Dropbox as the team admin in this browser before you choose Connect in Dropbox."),
    SetupStep(
        "When it is connected, and if Dropbox can reach this portal: on the app's page Settings, under Webhooks, add "
        "this address, so that changes are seen at once. Dropbox asks for it at that moment.",
        copy="webhook_url",
    ),
)

TEAM_ADMIN = AuthMethod(
    id="team_admin",
    label="Team admin (OAuth 2.0)",
    help="A team admin consents in the browser, for the whole team.",
    fields=(fields.CLIENT_ID, fields.CLIENT_SECRET, fields.ADMIN_EMAIL),
    steps=STEPS,
    scheme=TeamConsent(
        authorize_url=AUTHORIZE_URL,
        token_url=TOKEN_URL,
        names_scopes=False,  # what the app's page Permissions ticks: naming more would end at an error page
        extra_params={"token_access_type": "offline", "require_role": "work", "force_reapprove": "true"},
        subject_headers=as_member,
        revoke=revoke,
    ),
    scopes=SCOPES,
)
METHODS = (TEAM_ADMIN,)

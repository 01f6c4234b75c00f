"""What the wizard asks for."""

from connectors.base import Field

STANDARD_HOST, VERIFIED_HOST = "account.box.com", "ent.box.com"

CLIENT_ID = Field(
    "client_id",
    "Client ID",
    "In the Box Developer Console on the app's page Configuration, under OAuth 2.0 Credentials.",
    pattern=r"[a-z0-9]{32}",
    problem="A Client ID has 32 small letters and digits.",
    example="l0d2kq7t4w1x8z3c6v9b5n2m7a4s1d8f",
)
CLIENT_SECRET = Field(
    "client_secret",
    "Client Secret",
    "At the same place. To see it, your own Box account needs two-step verification.",
    is_secret=True,
    pattern=r"[A-Za-z0-9]{32}",
    problem="A Client Secret has 32 letters and digits.",
)
LOGIN_HOST = Field(
    "login_host",
    "Box sign-in page",
    "Leave the first choice, unless your enterprise signs in at ent.box.com (Box Verified Enterprise).",
    is_required=False,
    choices=((STANDARD_HOST, "account.box.com"), (VERIFIED_HOST, "ent.box.com, Box Verified Enterprise")),
)
ENTERPRISE_ID = Field(
    "enterprise_id",
    "Enterprise ID",
    "In the Box Admin Console under Account & Billing > Account Information.",
    pattern=r"\d{1,20}",
    problem="An Enterprise ID is a number.",
    example="918273",
)
KEY_FILE = Field(
    "key_file",
    "Configuration file",
    "The whole content of the JSON file that the Developer Console gives when a key pair is generated.",
    is_secret=True,
    is_multiline=True,
    pattern=r"\{[\s\S]*\"boxAppSettings\"[\s\S]*\}",
    problem="The configuration file is JSON and holds boxAppSettings.",
)
WEBHOOK_FOLDERS = Field(
    "webhook_folders",
    "Folders watched by webhooks",
    "Numbers of folders, separated by commas, whose changes Box reports at once: the last part of a folder's address. "
    "Leave empty to learn of changes from the event stream, within a minute.",
    is_required=False,
    pattern=r"\d{1,20}(?:\s*,\s*\d{1,20}){0,49}",
    problem="Up to 50 numbers of folders, separated by commas.",
    example="163442209113, 163442210044",
)
PRIMARY_KEY = Field(
    "primary_signature_key",
    "Primary signature key",
    "For folders watched by webhooks: in the Developer Console on the app's page Webhooks, Manage signature keys.",
    is_secret=True,
    is_required=False,
)
SECONDARY_KEY = Field(
    "secondary_signature_key",
    "Secondary signature key",
    "The second key of the same page. With both, one can be replaced without losing a delivery.",
    is_secret=True,
    is_required=False,
)
WEBHOOKS = (WEBHOOK_FOLDERS, PRIMARY_KEY, SECONDARY_KEY)

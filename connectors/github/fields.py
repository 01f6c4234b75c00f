"""What the wizard asks for, and what is made of what was typed."""

import re
from dataclasses import replace

from connectors.base import Field
from connectors.github.products import clean_base_url


def clean_login(typed: str) -> str:
    """The login name out of what was pasted, such as the organisation's address."""
    return _after(typed, ("orgs", "organizations"))


def clean_enterprise(typed: str) -> str:
    """The slug out of what was pasted, such as the enterprise's address."""
    return _after(typed, ("enterprises",))


def _after(typed: str, folders: tuple[str, ...]) -> str:
    """The first part of a pasted address that is neither its host nor one of GitHub's folders."""
    parts = [part for part in re.sub(r"^https?://", "", typed.strip()).split("/") if part]
    if len(parts) > 1 and "." in parts[0]:
        parts = parts[1:]
    return next((part for part in parts if part not in folders), "")


CLIENT_ID = Field(
    "client_id",
    "Client ID",
    "Shown on the OAuth App's page in GitHub.",
    pattern=r"[A-Za-z0-9.]{16,40}",
    problem="A Client ID has 16 to 40 letters and digits.",
    example="Ov23liAbCdEfGh123456",
)
CLIENT_SECRET = Field(
    "client_secret",
    "Client Secret",
    "Generated on the OAuth App's page and shown there once.",
    is_secret=True,
)
APP_ID = Field(
    "app_id",
    "App ID",
    "Shown on the GitHub App's page, section About.",
    pattern=r"\d{1,12}",
    problem="An App ID is a number.",
    example="1290417",
)
PRIVATE_KEY = Field(
    "private_key",
    "Private key",
    "The whole content of the .pem file that GitHub gives when a private key is generated.",
    is_secret=True,
    is_multiline=True,
    pattern=r"-----BEGIN (RSA )?PRIVATE KEY-----\s[A-Za-z0-9+/=\s]+-----END (RSA )?PRIVATE KEY-----",
    problem="A private key begins with -----BEGIN RSA PRIVATE KEY----- and ends with -----END RSA PRIVATE KEY-----.",
)
ORGANIZATION = Field(
    "organization",
    "Organization Login Name",
    "The part after github.com/ in the organisation's address.",
    pattern=r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?",
    problem="A login name has up to 39 letters, digits and single hyphens.",
    example="contoso-dev",
    clean=clean_login,
)
ENTERPRISE = Field(
    "enterprise",
    "Enterprise slug",
    "The part after github.com/enterprises/ in the enterprise's address. With it, administrators, teams, roles and "
    "single sign-on of the enterprise are read, if the consenting account is an owner of the enterprise.",
    is_required=False,
    pattern=r"[A-Za-z0-9-]{1,60}",
    problem="An enterprise slug has up to 60 letters, digits and hyphens.",
    example="contoso",
    clean=clean_enterprise,
)
ENTERPRISE_OF_APP = replace(
    ENTERPRISE,
    help="The part after github.com/enterprises/ in the enterprise's address. Fill it in where the app is installed on "
    "the enterprise as well: it then uninstalls other apps.",
)
BASE_URL = Field(
    "base_url",
    "GitHub base URL",
    "Leave empty for github.com. Otherwise the address of your subdomain of ghe.com, or of your GitHub Enterprise "
    "Server.",
    is_required=False,
    pattern=r"https://[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?(?::\d{1,5})?",
    problem="A base URL is the address of GitHub's front page, a host name without a path.",
    example="https://contoso.ghe.com",
    clean=clean_base_url,
)

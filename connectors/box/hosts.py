"""The hosts of Box, and what is asked where."""

from collections.abc import Mapping

from connectors.box.fields import STANDARD_HOST, VERIFIED_HOST

API = "https://api.box.com/2.0"
UPLOAD = "https://upload.box.com/api/2.0"
TOKEN_URL = "https://api.box.com/oauth2/token"  # noqa: S105  an address
REVOKE_URL = "https://api.box.com/oauth2/revoke"
HOSTS = (
    STANDARD_HOST,
    VERIFIED_HOST,
    "api.box.com",
    "upload.box.com",
    "upload.app.box.com",
    "dl.boxcloud.com",
    "*.boxcloud.com",
)
"""Content is downloaded from boxcloud.com by addresses that hold their own proof: no token goes there."""


def hosts(config: Mapping[str, str]) -> tuple[str, ...]:
    return HOSTS


def base_url(config: Mapping[str, str]) -> str:
    return API


def authorize_url(config: Mapping[str, str]) -> str:
    host = config.get("login_host") or STANDARD_HOST
    path = "/api/oauth2/authorize"
    return f"https://{VERIFIED_HOST if host == VERIFIED_HOST else STANDARD_HOST}{path}"

"""The hosts of Dropbox, and what is asked where."""

from collections.abc import Mapping

API = "https://api.dropboxapi.com/2"
CONTENT = "https://content.dropboxapi.com/2"
AUTHORIZE_URL = "https://www.dropbox.com/oauth2/authorize"
TOKEN_URL = "https://api.dropboxapi.com/oauth2/token"  # noqa: S105  an address
HOSTS = ("www.dropbox.com", "api.dropboxapi.com", "content.dropboxapi.com")


def hosts(config: Mapping[str, str]) -> tuple[str, ...]:
    return HOSTS


def base_url(config: Mapping[str, str]) -> str:
    return API

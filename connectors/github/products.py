"""Where GitHub is: github.com, a subdomain of ghe.com (data residency), or an Enterprise Server of one's own.

The instance's config says it by `base_url`, the address of GitHub's front page; empty means github.com.
"""

import re
from collections.abc import Mapping
from enum import StrEnum

WEB = "github.com"
RESIDENCY = ".ghe.com"

Config = Mapping[str, str]


class Product(StrEnum):
    CLOUD = "github.com"
    RESIDENCY = "GitHub Enterprise Cloud with data residency"
    SERVER = "GitHub Enterprise Server"


def product_of(config: Config) -> Product:
    host = web_host(config)
    if host == WEB:
        return Product.CLOUD
    return Product.RESIDENCY if host.endswith(RESIDENCY) else Product.SERVER


def web_host(config: Config) -> str:
    """Where people go, with the port where it is not the usual one."""
    return config.get("base_url", "").removeprefix("https://") or WEB


def web_url(config: Config, path: str) -> str:
    return f"https://{web_host(config)}{path}"


def api_url(config: Config) -> str:
    """Where REST's paths begin."""
    host = web_host(config)
    return f"https://{host}/api/v3" if product_of(config) is Product.SERVER else f"https://api.{host}"


def graphql_url(config: Config) -> str:
    host = web_host(config)
    return f"https://{host}/api/graphql" if product_of(config) is Product.SERVER else f"https://api.{host}/graphql"


def hosts(config: Config) -> tuple[str, ...]:
    host = web_host(config)
    return (host,) if product_of(config) is Product.SERVER else (f"api.{host}", host)


def authorize_url(config: Config) -> str:
    return web_url(config, "/login/oauth/authorize")


def token_url(config: Config) -> str:
    return web_url(config, "/login/oauth/access_token")


def web_host_of_api(host: str) -> str:
    """The host that people go to, from the one that was called."""
    is_cloud = host == f"api.{WEB}" or (host.startswith("api.") and host.endswith(RESIDENCY))
    return host.removeprefix("api.") if is_cloud else host


def clean_base_url(typed: str) -> str:
    """The front page out of what was pasted, such as the API's address; '' for github.com."""
    host = re.sub(r"^https?://", "", typed.strip().lower()).partition("/")[0].removeprefix("www.")
    host = web_host_of_api(host)
    return f"https://{host}" if host not in ("", WEB) else ""

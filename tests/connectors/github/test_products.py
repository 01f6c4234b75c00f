"""Where calls go, by what was typed as GitHub base URL, and what is made of other things that were typed."""

import re

import pytest

from connectors.base import Field, MemorySecrets, Network, Setup
from connectors.github import connector, fields, products
from tests.connectors.base.vendor import START

CLOUD: dict[str, str] = {}
RESIDENCY = {"base_url": "https://contoso.ghe.com"}
SERVER = {"base_url": "https://github.contoso.example:8443"}


@pytest.mark.parametrize(
    ("config", "rest", "graphql", "hosts"),
    [
        (CLOUD, "https://api.github.com", "https://api.github.com/graphql", ("api.github.com", "github.com")),
        (
            RESIDENCY,
            "https://api.contoso.ghe.com",
            "https://api.contoso.ghe.com/graphql",
            ("api.contoso.ghe.com", "contoso.ghe.com"),
        ),
        (
            SERVER,
            "https://github.contoso.example:8443/api/v3",
            "https://github.contoso.example:8443/api/graphql",
            ("github.contoso.example:8443",),
        ),
    ],
)
def test_each_product_has_its_addresses(
    config: dict[str, str], rest: str, graphql: str, hosts: tuple[str, ...]
) -> None:
    assert connector.base_url(config) == rest
    assert products.graphql_url(config) == graphql
    assert connector.hosts(config) == hosts


@pytest.mark.parametrize("config", [CLOUD, RESIDENCY, SERVER])
def test_consent_is_asked_for_on_the_front_page_of_the_product(config: dict[str, str]) -> None:
    front = config.get("base_url", "https://github.com")
    assert products.authorize_url(config) == f"{front}/login/oauth/authorize"
    assert products.token_url(config) == f"{front}/login/oauth/access_token"


def consent_address(config: dict[str, str]) -> str:
    method = connector.method("oauth_app")
    whole = {"client_id": "Ov23liGATEHOUSEDEMO1", "organization": "contoso-dev", **config}
    setup = Setup(connector, method, whole, MemorySecrets(), Network(), lambda: START)
    return method.scheme.begin(setup, "https://portal.example/connect/callback/", "s").url


def test_the_scope_of_the_enterprise_is_asked_for_where_it_is_named() -> None:
    assert "read%3Aenterprise" not in consent_address({})
    assert "read%3Aenterprise" in consent_address({"enterprise": "contoso"})
    assert consent_address(SERVER).startswith("https://github.contoso.example:8443/login/oauth/authorize?")


def is_accepted(field: Field, typed: str) -> bool:
    value = field.clean(typed)
    return bool(re.fullmatch(field.pattern, value)) if value else not field.is_required


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("github.com", ""),
        ("https://github.com/", ""),
        ("https://api.github.com", ""),
        ("https://www.github.com", ""),
        (" https://Contoso.ghe.com/ ", "https://contoso.ghe.com"),
        ("https://api.contoso.ghe.com", "https://contoso.ghe.com"),
        ("github.contoso.example", "https://github.contoso.example"),
        ("http://github.contoso.example:8443/api/v3", "https://github.contoso.example:8443"),
        ("https://api.contoso.example", "https://api.contoso.example"),
    ],
)
def test_a_base_url_is_the_front_page_whatever_was_pasted(typed: str, kept: str) -> None:
    assert fields.BASE_URL.clean(typed) == kept
    assert is_accepted(fields.BASE_URL, typed)


@pytest.mark.parametrize("typed", ["https://", "git hub", "https://user@github.example", "https://[::1]", "a..b/"])
def test_what_is_no_address_is_told_or_goes_nowhere(typed: str) -> None:
    value = fields.BASE_URL.clean(typed)
    assert value in ("", "https://a..b") or not is_accepted(fields.BASE_URL, typed)


@pytest.mark.parametrize(
    "typed",
    [
        "contoso-dev",
        " contoso-dev ",
        "https://github.com/contoso-dev",
        "github.com/contoso-dev/",
        "https://github.com/orgs/contoso-dev/people",
        "https://github.com/organizations/contoso-dev/settings/profile",
        "https://github.contoso.example/contoso-dev",
    ],
)
def test_an_organisation_is_its_login_name_whatever_was_pasted(typed: str) -> None:
    assert fields.ORGANIZATION.clean(typed) == "contoso-dev"


@pytest.mark.parametrize("typed", ["", "contoso dev", "-contoso", "contoso_", "contoso.dev", "https://github.com", "ü"])
def test_what_is_no_login_name_is_told(typed: str) -> None:
    assert not is_accepted(fields.ORGANIZATION, typed)


@pytest.mark.parametrize("typed", ["contoso", "https://github.com/enterprises/contoso/people"])
def test_an_enterprise_is_its_slug(typed: str) -> None:
    assert fields.ENTERPRISE.clean(typed) == "contoso"
    assert is_accepted(fields.ENTERPRISE, typed)


def test_a_private_key_is_told_from_other_text() -> None:
    begin, end = "-----BEGIN RSA PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----"
    assert is_accepted(fields.PRIVATE_KEY, f"{begin}\r\nMIIEow==\r\n{end}\r\n")
    assert is_accepted(fields.PRIVATE_KEY, f"{begin}\nMIIE\now==\n{end}".replace("RSA ", ""))
    assert not is_accepted(fields.PRIVATE_KEY, "SHA256:abc")
    assert not is_accepted(fields.PRIVATE_KEY, f"{begin}\nMIIEow==")

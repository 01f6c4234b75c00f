"""How an app registration signs in, and how an admin consents to it."""

import base64
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from connectors.base import ConnectorError, CredentialsRejected, MemorySecrets, PermissionMissing, certificates, entra
from connectors.office365 import connector
from connectors.office365.methods import BY_MADE_CERTIFICATE, BY_OWN_CERTIFICATE, BY_SECRET
from tests.connectors.base.keys import certificate, pem, public_of, read_jwt
from tests.connectors.base.vendor import START
from tests.connectors.office365.vendor import CLIENT, FEED, GRAPH, LOGIN, SECRET, TENANT, TOKEN, Tenant, begin

BACK = "https://portal.example/connect/callback/"
CALLBACK = {"admin_consent": "True", "tenant": TENANT, "state": "st-1"}


@pytest.fixture
def tenant() -> Iterator[Tenant]:
    yield from begin()


def finish(at: Tenant, **callback: str) -> dict[str, object]:
    scheme = connector.method(BY_SECRET).scheme
    return scheme.finish(at.client().setup, {**CALLBACK, **callback}, {"state": "st-1"}, BACK)


def test_consent_is_asked_of_the_tenant_for_all_that_is_registered(tenant: Tenant) -> None:
    url = connector.method(BY_SECRET).scheme.begin(tenant.client().setup, BACK, "st-1").url
    assert urlsplit(url).path == f"/{TENANT}/v2.0/adminconsent"
    assert parse_qs(urlsplit(url).query) == {
        "client_id": [CLIENT], "redirect_uri": [BACK], "state": ["st-1"],
        "scope": ["https://graph.microsoft.com/.default"],
    }  # fmt: skip


def test_consent_keeps_no_token_so_that_the_first_one_has_what_was_granted(tenant: Tenant) -> None:
    assert finish(tenant) == {}
    assert finish(tenant, tenant=TENANT.upper()) == {}


@pytest.mark.parametrize("other", ["11111111-7b34-4c58-9a0d-5e81f3b27c46", ""])
def test_consent_for_another_tenant_is_refused(tenant: Tenant, other: str) -> None:
    with pytest.raises(CredentialsRejected, match="another tenant than the one that was typed"):
        finish(tenant, tenant=other)


@pytest.mark.parametrize(
    ("error", "description"),
    [
        ("consent_required", "AADSTS65004: User declined to consent to access the app."),
        ("permission_denied", "The admin canceled the request"),
        ("access_denied", ""),
    ],
)
def test_a_declined_consent_is_told_though_it_says_that_consent_was_given(
    tenant: Tenant, error: str, description: str
) -> None:
    with pytest.raises(PermissionMissing, match="Consent was declined") as raised:
        finish(tenant, error=error, error_description=description)
    assert "Connect again and accept" in raised.value.remedy


def test_what_else_went_wrong_at_the_consent_page_is_told_by_its_number(tenant: Tenant) -> None:
    with pytest.raises(CredentialsRejected, match="enterprise application"):
        finish(tenant, error="invalid_client", error_description="AADSTS7000229: The client application is missing.")
    with pytest.raises(ConnectorError, match="server_error"):
        finish(tenant, error="server_error", error_description="AADSTS90000000: never heard of")


def test_consent_of_another_browser_is_refused(tenant: Tenant) -> None:
    with pytest.raises(CredentialsRejected, match="does not belong to this connection"):
        finish(tenant, state="st-2")


def test_each_api_has_a_token_of_its_own_kept_until_five_minutes_before_its_end(tenant: Tenant) -> None:
    client = tenant.client()
    tenant.says[GRAPH, "/v1.0/users"] = {"value": []}
    for _ in range(2):
        client.get("/users")
        client.get(f"https://{FEED}/api/v1.0/{TENANT}/activity/feed/subscriptions/list")
    scopes = [f"https://{host}/.default" for host in (GRAPH, FEED)]
    assert tenant.asked == scopes
    sent = next(seen for seen in tenant.vendor.seen if seen.path == TOKEN).form
    assert (sent["client_id"], sent["client_secret"], sent["grant_type"]) == (CLIENT, SECRET, "client_credentials")
    assert (tenant.vendor.seen[0].host, tenant.vendor.seen[0].path) == (LOGIN, TOKEN)
    tenant.clock.pass_by(3599 - 301)
    client.get("/users")
    assert tenant.asked == scopes
    tenant.clock.pass_by(2)
    client.get("/users")
    assert tenant.asked == [*scopes, scopes[0]]


def test_a_certificate_made_here_signs_what_is_sent_in_place_of_a_secret(tenant: Tenant) -> None:
    made = certificates.new_pair(START)
    tenant.secrets = MemorySecrets({"key_pair": made})
    tenant.client(method_id=BY_MADE_CERTIFICATE).get("/organization")
    form = tenant.vendor.seen[0].form
    assert "client_secret" not in form
    key = serialization.load_pem_private_key(made.encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    header, claims = read_jwt(form["client_assertion"], public_of(key), "PS256")
    assert header["typ"] == "JWT"
    assert bytes.fromhex(certificates.public_part(made).thumbprint_sha256) == _decoded(header["x5t#S256"])
    assert claims["aud"] == f"https://{LOGIN}{TOKEN}"
    assert (claims["iss"], claims["sub"]) == (CLIENT, CLIENT)
    assert 300 <= claims["exp"] - claims["nbf"] <= 600
    assert claims["jti"]


def test_a_certificate_of_ones_own_signs_as_well_and_must_belong_to_its_key(tenant: Tenant) -> None:
    key, other = (rsa.generate_private_key(65537, 2048) for _ in range(2))
    public = certificate(key).public_bytes(serialization.Encoding.PEM).decode()
    tenant.secrets = MemorySecrets({"private_key": pem(key)})
    tenant.client(method_id=BY_OWN_CERTIFICATE, certificate=public).get("/organization")
    assert read_jwt(tenant.vendor.seen[0].form["client_assertion"], public_of(key), "PS256")
    tenant.secrets = MemorySecrets({"private_key": pem(other)})
    with pytest.raises(CredentialsRejected, match="does not belong to the certificate"):
        tenant.client(method_id=BY_OWN_CERTIFICATE, certificate=public).get("/organization")


def test_a_pair_that_is_made_holds_for_a_year_and_shows_its_public_part_alone() -> None:
    made = certificates.new_pair(START)
    part = certificates.public_part(made)
    assert part.ends_at == START + timedelta(days=365)
    assert "PRIVATE" in made
    assert "PRIVATE" not in part.pem
    assert part.pem in made
    assert not part.ends_soon(START + timedelta(days=334))
    assert part.ends_soon(START + timedelta(days=336))
    assert certificates.new_pair(START) != made


@pytest.mark.parametrize("cloud", entra.CLOUDS, ids=lambda cloud: cloud.id)
def test_each_cloud_is_called_at_its_own_hosts_alone(cloud: entra.Cloud) -> None:
    config = {"cloud": cloud.id, "tenant_id": TENANT}
    method = connector.method(BY_SECRET)
    assert connector.base_url(config) == f"https://{cloud.graph}/v1.0"
    assert method.scheme.addresses(config) == (
        f"https://{cloud.login}{TOKEN}", f"https://{cloud.login}/{TENANT}/v2.0/adminconsent",
    )  # fmt: skip
    hosts = connector.hosts(config)
    assert {cloud.login, cloud.graph, f"*.{cloud.sharepoint}"} <= set(hosts)
    assert "" not in hosts
    assert connector.audience is not None
    assert connector.audience(cloud.graph) == f"https://{cloud.graph}/.default"


def test_azure_of_the_us_government_has_another_name_for_its_tokens() -> None:
    assert entra.audience("management.usgovcloudapi.net") == "https://management.core.usgovcloudapi.net/.default"


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

"""Apps, what they were granted, and the secrets of the tenant's own."""

import pytest

from connectors.base import Credential, Gone, Grant, OAuthApp, Risk
from tests.connectors.conformance.office365 import APP_ROLE, CERTIFICATE, GRANT, MEMBER, SECRET, Bench
from tests.connectors.office365.reading import Follower
from tests.sandbox.microsoft.directory.objects import SERVICE_PRINCIPAL
from tests.sandbox.microsoft.tenant import GRAPH


@pytest.fixture
def apps(bench: Bench) -> dict[str, OAuthApp]:
    return {each.name: each for each in Follower(bench, "applications").read() if isinstance(each, OAuthApp)}


def test_microsofts_own_apps_are_left_out_unless_somebody_granted_them_something(
    bench: Bench, apps: dict[str, OAuthApp]
) -> None:
    assert not any(name.startswith("Microsoft ") for name in apps)
    directory = bench.held.directory
    own = directory.named(SERVICE_PRINCIPAL, "Microsoft Internal Service 001")
    graph = directory.service_principal_of(GRAPH)
    assert graph
    row = {"clientId": own.id, "consentType": "AllPrincipals", "principalId": None, "resourceId": graph.id}
    directory.grants["explorer"] = {"id": "explorer", **row, "scope": "Directory.Read.All"}
    found = {each.name: each for each in Follower(bench, "applications").read() if isinstance(each, OAuthApp)}
    listed = found["Microsoft Internal Service 001"]
    assert (listed.publisher, listed.is_verified, listed.scopes) == ("Microsoft", True, ("Directory.Read.All",))


def test_the_publisher_is_known_where_microsoft_verified_it(apps: dict[str, OAuthApp]) -> None:
    known, unknown = apps["Calendar Companion"], apps["Mail Merge Assistant"]
    assert (known.publisher, known.is_verified) == ("Calendar Companion Ltd", True)
    assert (unknown.publisher, unknown.is_verified) == ("", False)


def test_an_app_that_was_switched_off_is_banned(apps: dict[str, OAuthApp]) -> None:
    assert apps["Chart Maker"].is_banned
    assert not apps["Calendar Companion"].is_banned


def test_an_app_has_the_scopes_of_all_its_grants_and_the_highest_risk(apps: dict[str, OAuthApp]) -> None:
    assert {"Calendars.ReadWrite", "Mail.Read", "openid"} <= set(apps["Calendar Companion"].scopes)
    assert apps["Backup for Microsoft 365"].scopes == (
        "Files.Read.All (application)",
        "Mail.Read (application)",
        "Office 365 SharePoint Online: Sites.FullControl.All (application)",
        "Sites.Read.All (application)",
    )
    assert apps["Backup for Microsoft 365"].risk is Risk.HIGH
    assert apps["Survey Garden"].risk is Risk.LOW


def test_what_an_app_may_do_by_itself_is_a_grant_without_an_account(bench: Bench) -> None:
    found = {each.id: each for each in Follower(bench, "applications").read() if isinstance(each, Grant)}
    grant = found[APP_ROLE]
    assert (grant.account_id, grant.scopes) == ("", ("Sites.Read.All (application)",))
    assert grant.granted_at


def test_a_persons_grant_has_the_person_and_one_for_everybody_has_nobody(bench: Bench) -> None:
    found = Follower(bench, "grants").of(Grant)
    assert (found[GRANT].account_id, found[GRANT].scopes) == (MEMBER, ("Mail.ReadWrite", "Mail.Send", "offline_access"))
    for_all = [each for each in found.values() if not each.account_id]
    assert len(for_all) == 4
    assert {each.raw["consentType"] for each in for_all} == {"AllPrincipals"}


def test_a_new_grant_tells_its_app_anew_and_one_that_was_taken_back_goes(bench: Bench) -> None:
    grants = Follower(bench, "grants")
    grants.read()
    directory = bench.held.directory
    garden = directory.named(SERVICE_PRINCIPAL, "Survey Garden")
    graph = directory.service_principal_of(GRAPH)
    assert graph
    row = {"clientId": garden.id, "consentType": "Principal", "principalId": MEMBER, "resourceId": graph.id}
    directory.add_grant({"id": "new", **row, "scope": " Mail.ReadWrite"})
    grant, app = grants.read()
    assert (grant.id, grant.risk) == ("new", Risk.HIGH)
    assert (app.name, app.risk) == ("Survey Garden", Risk.HIGH)
    directory.remove_grant("new")
    assert grants.read() == [Gone(Grant, "new")]


def test_secrets_and_certificates_have_an_end_and_never_a_value(bench: Bench) -> None:
    found = Follower(bench, "app_credentials").of(Credential)
    secret, certificate = found[SECRET], found[CERTIFICATE]
    assert (secret.kind, secret.name) == ("client secret", "Contoso HR Sync: 2024")
    assert (certificate.kind, certificate.name) == ("certificate", "Contoso HR Sync: CN=hr-sync")
    assert secret.expires_at
    assert certificate.expires_at
    assert secret.expires_at < bench.now() > certificate.expires_at
    assert "key" not in certificate.raw
    assert secret.raw["secretText"] is None

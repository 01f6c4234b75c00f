"""Connecting by the OAuth App: the consent page, the exchange of its code, and what may go wrong."""

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import requests

from connectors.base import (
    ConnectorError,
    CredentialsRejected,
    MemorySecrets,
    PermissionMissing,
    Scheme,
    Setup,
)
from connectors.base.auth import Consent
from tests.connectors.conformance.github import Bench
from tests.connectors.corpus import Replay, Said, folder, lines
from tests.sandbox.github import CLIENT_ID, CLIENT_SECRET, CONTOSO, SERVICE_OWNER

CALLBACK = "http://127.0.0.1/instances/connect/callback/"


@pytest.fixture
def unconnected(bench: Bench) -> Bench:
    bench.secrets = MemorySecrets({"client_secret": CLIENT_SECRET})
    return bench


def scheme(bench: Bench) -> Scheme:
    return bench.connector.method("oauth_app").scheme


def begin(bench: Bench) -> tuple[Setup, Consent]:
    setup = bench.client().setup
    return setup, scheme(bench).begin(setup, CALLBACK, "state-1")


def press(consent: Consent, decision: str = "authorize", **form: str) -> dict[str, str]:
    """What the person does on GitHub's page; the query the browser comes back with."""
    asked = dict(parse_qsl(urlsplit(consent.url).query))
    boxes = {f"scope:{scope}": "on" for scope in asked["scope"].split()}
    sent = {"login": SERVICE_OWNER, "decision": decision, **boxes, **form}
    reply = requests.post(consent.url, data=urlencode(sent), allow_redirects=False, timeout=5, headers={
        "Content-Type": "application/x-www-form-urlencoded"})  # fmt: skip
    assert reply.status_code == 302
    return dict(parse_qsl(urlsplit(reply.headers["Location"]).query))


def finish(bench: Bench, callback: dict[str, str], consent: Consent) -> dict[str, Any]:
    return scheme(bench).finish(bench.client().setup, callback, consent.memo, CALLBACK)


def refused(bench: Bench, callback: dict[str, str], consent: Consent) -> ConnectorError:
    with pytest.raises(ConnectorError) as error:
        finish(bench, callback, consent)
    assert error.value.remedy
    assert CLIENT_SECRET not in str(error.value)
    assert callback.get("code", "no code") not in str(error.value)
    return error.value


def test_the_consent_page_is_asked_for_what_is_needed(unconnected: Bench) -> None:
    _, consent = begin(unconnected)
    asked = dict(parse_qsl(urlsplit(consent.url).query))
    assert urlsplit(consent.url).path.endswith("/login/oauth/authorize")
    assert asked["client_id"] == CLIENT_ID
    assert asked["redirect_uri"] == CALLBACK
    assert asked["scope"].split() == list(unconnected.connector.method("oauth_app").scopes)
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["code_challenge"]) == 43
    assert asked["allow_signup"] == "false"
    assert consent.memo["code_verifier"] not in consent.url
    assert "code_verifier" not in repr(consent)


def test_consent_leads_to_a_connection_that_works(unconnected: Bench) -> None:
    _, consent = begin(unconnected)
    press_grant(consent)
    unconnected.secrets.write_tokens(finish(unconnected, press(consent), consent))
    tenant = unconnected.connector.check(unconnected.client())
    assert tenant.connected_as == SERVICE_OWNER
    assert tenant.missing == ()


def press_grant(consent: Consent) -> None:
    requests.post(consent.url, data={"login": SERVICE_OWNER, "decision": f"grant:{CONTOSO}"}, timeout=5)


def test_scopes_unticked_at_the_consent_are_missing(unconnected: Bench) -> None:
    _, consent = begin(unconnected)
    press_grant(consent)
    asked = dict(parse_qsl(urlsplit(consent.url).query))
    form = {"login": SERVICE_OWNER, "decision": "authorize", "scope:read:org": "on", "scope:read:user": "on"}
    reply = requests.post(consent.url, data=form, allow_redirects=False, timeout=5)
    callback = dict(parse_qsl(urlsplit(reply.headers["Location"]).query))
    unconnected.secrets.write_tokens(finish(unconnected, callback, consent))
    tenant = unconnected.connector.check(unconnected.client())
    assert set(tenant.granted) < set(asked["scope"].split())
    assert {each.permission for each in tenant.missing} >= {"admin:org", "read:audit_log", "repo"}


def test_consent_without_grant_meets_the_organisations_restrictions(unconnected: Bench) -> None:
    unconnected.organisation.approved_applications.clear()
    _, consent = begin(unconnected)
    unconnected.secrets.write_tokens(finish(unconnected, press(consent), consent))
    with pytest.raises(PermissionMissing, match="restricts OAuth apps"):
        unconnected.connector.check(unconnected.client())


def test_declining_is_no_fault_of_the_credentials(unconnected: Bench) -> None:
    _, consent = begin(unconnected)
    found = refused(unconnected, press(consent, "cancel"), consent)
    assert isinstance(found, PermissionMissing)


def test_a_wrong_secret_is_told_although_github_says_200(unconnected: Bench) -> None:
    unconnected.secrets = MemorySecrets({"client_secret": "f" * 40})
    _, consent = begin(unconnected)
    found = refused(unconnected, press(consent), consent)
    assert isinstance(found, CredentialsRejected)
    assert "Client Secret" in found.message
    assert unconnected.sandbox.requests[-1].status == 200


def test_a_code_is_good_once(unconnected: Bench) -> None:
    _, consent = begin(unconnected)
    callback = press(consent)
    assert finish(unconnected, callback, consent)["access"]
    found = refused(unconnected, callback, consent)
    assert isinstance(found, CredentialsRejected)
    assert "ten minutes" in found.why


def test_a_code_lives_ten_minutes(unconnected: Bench) -> None:
    _, consent = begin(unconnected)
    callback = press(consent)
    unconnected.sandbox.clock.advance(601)
    assert isinstance(refused(unconnected, callback, consent), CredentialsRejected)


def test_another_callback_address_is_told(unconnected: Bench) -> None:
    application = unconnected.sandbox.github.state.applications[CLIENT_ID]
    application.callback_url = "https://other.contoso.example/callback"
    _, consent = begin(unconnected)
    found = refused(unconnected, press(consent), consent)
    assert isinstance(found, CredentialsRejected)


@pytest.mark.parametrize("state", ["", "state-2"])
def test_an_answer_of_another_consent_is_refused_before_anything_is_sent(unconnected: Bench, state: str) -> None:
    _, consent = begin(unconnected)
    callback = press(consent) | {"state": state}
    unconnected.sandbox.requests.clear()
    assert isinstance(refused(unconnected, callback, consent), CredentialsRejected)
    assert unconnected.sandbox.requests == []


def test_disconnecting_ends_all_tokens_of_the_account(bench: Bench) -> None:
    other = bench.sandbox.github.state.issue_token(SERVICE_OWNER, ["read:org"])
    scheme(bench).revoke(bench.client().setup)
    assert other not in bench.sandbox.github.state.tokens
    assert bench.secret_texts()[-1] not in bench.sandbox.github.state.tokens


def test_recorded_refusals_of_codes_are_told(bench: Bench) -> None:
    found = folder("github")
    if found is None:
        pytest.skip("GATEHOUSE_CORPUS names no folder with github")
    recorded = [
        each["response"]["body"]
        for each in lines(found / "pygithub_recorded.jsonl")
        if each["request"]["url"].endswith("/login/oauth/access_token")
    ]
    refusals = [body for body in recorded if "error" in body]
    given = [body for body in recorded if body.get("access_token")]
    assert refusals
    assert given
    for body in (*refusals, *given):
        with Replay(bench.connector, bench.config, (Said("POST", "/login/oauth/access_token", body),)) as replay:
            setup = replay.client(bench.method_id, bench.secrets).setup
            memo = {"state": "s", "code_verifier": "v"}
            if "error" in body:
                with pytest.raises(CredentialsRejected):
                    scheme(bench).finish(setup, {"state": "s", "code": "c"}, memo, CALLBACK)
            else:
                tokens = scheme(bench).finish(setup, {"state": "s", "code": "c"}, memo, CALLBACK)
                assert tokens["access"][""]["value"] == body["access_token"]

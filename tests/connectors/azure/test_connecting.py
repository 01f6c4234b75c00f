"""Connecting at the simulated tenant: who signs in, and what their directory role has to be."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from connectors.azure import connector
from connectors.base import CredentialsRejected, MemorySecrets, PermissionMissing
from tests.connectors.conformance.azure import Bench
from tests.sandbox.caller import Caller
from tests.sandbox.microsoft.directory.roles import may_consent
from tests.sandbox.microsoft.seed import CLIENT_ID
from tests.sandbox.microsoft.seed_apps import REDIRECT_URI

LOGIN = "login.microsoftonline.com"


@pytest.fixture(scope="module")
def started() -> Iterator[Bench]:
    bench = Bench()
    with bench.sandbox:
        yield bench


@pytest.fixture
def bench(started: Bench) -> Bench:
    started.begin()
    return started


def comes_back(bench: Bench, person_id: str, decision: str = "accept") -> dict[str, str]:
    """Somebody signs in; what the portal makes of what the browser brings back."""
    setup, scheme = bench.client().setup, connector.method("client_secret").scheme
    consent = scheme.begin(setup, REDIRECT_URI, "the-state")
    target = re.sub(r"^https?://[^/]+", "", consent.url)
    call = Caller(bench.sandbox, LOGIN, {"Content-Type": "application/x-www-form-urlencoded"})
    assert b"Sign in" in call.get(target).body
    reply = call("POST", target, urlencode({"account": person_id, "decision": decision}).encode())
    callback = dict(parse_qsl(urlsplit(reply.headers["location"]).query))
    return scheme.finish(setup, callback, consent.memo, REDIRECT_URI)


def person(bench: Bench, *, is_admin: bool) -> str:
    people = [each for each in bench.held.directory.users() if each.properties["accountEnabled"]]
    return next(each.id for each in people if may_consent(bench.held.directory, each) == is_admin)


def test_a_global_administrator_connects(bench: Bench) -> None:
    assert comes_back(bench, person(bench, is_admin=True)) == {}
    assert connector.check(bench.client()).missing == ()


def test_somebody_without_the_role_does_not(bench: Bench) -> None:
    with pytest.raises(PermissionMissing, match="is not Global Administrator or Security Administrator"):
        comes_back(bench, person(bench, is_admin=False))


def test_a_registration_that_does_not_tell_roles_is_to_be_changed(bench: Bench) -> None:
    application = bench.held.directory.application_of(CLIENT_ID)
    assert application
    application.properties["groupMembershipClaims"] = None
    with pytest.raises(PermissionMissing) as raised:
        comes_back(bench, person(bench, is_admin=True))
    assert "groupMembershipClaims" in raised.value.remedy


def test_who_cancels_connects_nothing(bench: Bench) -> None:
    with pytest.raises(PermissionMissing):
        comes_back(bench, person(bench, is_admin=True), "cancel")


def test_a_wrong_secret_is_told_by_its_number(bench: Bench) -> None:
    bench.secrets = MemorySecrets({"client_secret": "another-secret-0001"})
    with pytest.raises(CredentialsRejected, match="AADSTS7000215"):
        comes_back(bench, person(bench, is_admin=True))

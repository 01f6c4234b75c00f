"""The consent of a team admin, as Dropbox is asked for it, and how the connection ends."""

from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.base import CredentialsRejected, MemorySecrets, PermissionMissing
from connectors.dropbox import connector
from connectors.dropbox.scopes import SCOPES
from tests.connectors.conformance.dropbox import Bench
from tests.sandbox.dropbox import ADMIN, APP_KEY, APP_SECRET, REDIRECT_URI
from tests.sandbox.faults import FaultKind

SCHEME = connector.method("team_admin").scheme


def test_consent_is_asked_for_offline_with_a_proof_and_gives_a_refresh_token(bench: Bench) -> None:
    bench.secrets = MemorySecrets({"client_secret": APP_SECRET})
    setup = bench.client().setup
    begun = SCHEME.begin(setup, REDIRECT_URI, "st-1")
    query = parse_qs(urlsplit(begun.url).query)
    assert urlsplit(begun.url).path.endswith("www.dropbox.com/oauth2/authorize")
    assert query["client_id"] == [APP_KEY]
    assert query["token_access_type"] == ["offline"]
    assert query["code_challenge_method"] == ["S256"]
    assert "scope" not in query, "what was not ticked would be an error at the consent page"
    code = bench.held.issue_code(ADMIN, SCOPES, REDIRECT_URI, f"S256:{query['code_challenge'][0]}")
    kept = SCHEME.finish(setup, {"state": "st-1", "code": code}, begun.memo, REDIRECT_URI)
    bench.secrets.write_tokens(kept)
    assert kept["refresh_token"] == bench.held.grants[-1].refresh_token
    assert connector.check(bench.client()).missing == ()


def test_a_declined_consent_is_told(bench: Bench) -> None:
    begun = SCHEME.begin(bench.client().setup, REDIRECT_URI, "st-1")
    with pytest.raises(PermissionMissing):
        SCHEME.finish(bench.client().setup, {"state": "st-1", "error": "access_denied"}, begun.memo, REDIRECT_URI)


def test_a_consent_that_the_team_took_back_asks_for_a_new_one(bench: Bench) -> None:
    bench.held.revoke_tokens()
    with pytest.raises(CredentialsRejected, match="no longer accepts the consent"):
        connector.check(bench.client())
    bench.secrets.write_tokens({**bench.secrets.read()["tokens"], "access": {}})
    with pytest.raises(CredentialsRejected, match="invalid_grant"):
        connector.check(bench.client())


def test_the_connection_ends_in_the_name_of_the_admin_who_consented(bench: Bench) -> None:
    SCHEME.revoke(bench.client().setup)
    last = bench.sandbox.requests[-1]
    assert last.path == "/2/auth/token/revoke"
    assert last.headers["dropbox-api-select-user"] == bench.held.member(ADMIN).id
    assert bench.held.grants[-1].is_revoked


def test_an_end_that_dropbox_did_not_hear_of_is_not_taken_for_one(bench: Bench) -> None:
    bench.sandbox.faults.add(FaultKind.SERVER_ERROR, times=1)
    with pytest.raises(Exception, match="fault at the moment"):
        SCHEME.revoke(bench.client().setup)
    assert not bench.held.grants[-1].is_revoked

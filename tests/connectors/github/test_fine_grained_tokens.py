"""Ending the access of a fine-grained token, and denying one that is asked for. Connected by the GitHub App."""

from typing import Any

import pytest

from connectors.base import Credential, Order, PermissionMissing
from connectors.github import ids
from connectors.github.actions.tokens import deny_token_request, revoke_fine_grained_token
from tests.connectors.conformance.acting import carry_out
from tests.connectors.conformance.github import AppBench, Bench
from tests.connectors.github.acting import bodies, changes, order_for, preview

GRANT, REQUEST = 25_702, 31_004
BASE = "/orgs/contoso-dev/personal-access-token"


def order(bench: Bench, target_id: str, owner: str = "asingh", name: str = "terraform") -> Order:
    raw: dict[str, Any] = {"owner": {"login": owner}, "token_name": name, "token_id": 98_716_445}
    return order_for(bench, Credential, target_id, name, raw)


def test_a_token_is_revoked_by_the_id_of_its_grant(app: AppBench) -> None:
    asked = order(app, ids.fine_grained_token(GRANT))
    done = carry_out(revoke_fine_grained_token, asked, app.client())
    assert changes(app) == [("POST", f"{BASE}s/{GRANT}")]
    assert bodies(app) == [{"action": "revoke"}]
    assert GRANT not in app.organisation.token_grants
    assert done.results["revoke_fine_grained_token"] == {"was_there": True}
    again = carry_out(revoke_fine_grained_token, asked, app.client())
    assert again.results["revoke_fine_grained_token"] == {"was_there": False}


def test_a_request_is_denied_with_a_reason(app: AppBench) -> None:
    carry_out(deny_token_request, order(app, ids.token_request(REQUEST), "yhaddad", "release bot"), app.client())
    assert changes(app) == [("POST", f"{BASE}-requests/{REQUEST}")]
    assert bodies(app)[0]["action"] == "deny"
    assert REQUEST not in app.organisation.token_requests
    assert REQUEST not in app.organisation.token_grants


def test_an_oauth_app_may_not(bench: Bench) -> None:
    with pytest.raises(PermissionMissing):
        carry_out(revoke_fine_grained_token, order(bench, ids.fine_grained_token(GRANT)), bench.client())
    assert GRANT in bench.organisation.token_grants


def test_the_previews_name_token_and_owner(app: AppBench) -> None:
    assert "terraform of asingh" in preview(app, revoke_fine_grained_token, order(app, ids.fine_grained_token(GRANT)))
    asked = order(app, ids.token_request(REQUEST), "yhaddad", "release bot")
    assert "yhaddad is told" in preview(app, deny_token_request, asked)


def test_each_is_for_its_kind() -> None:
    assert revoke_fine_grained_token.applies
    assert revoke_fine_grained_token.applies({"id": "fine_grained_token:1"})
    assert not revoke_fine_grained_token.applies({"id": "token_request:1"})
    assert deny_token_request.applies
    assert deny_token_request.applies({"id": "token_request:1"})
    assert not deny_token_request.applies({"id": "fine_grained_token:1"})

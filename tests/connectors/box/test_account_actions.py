"""Actions on accounts: what Box is asked for, whom it is never asked for, and what an undo gives back."""

import json

import pytest

from connectors.base import Account, Gone, MemorySecrets, Privilege
from tests.connectors.box.acting import action, changes, order, refusal
from tests.connectors.conformance.acting import carry_out, take_back
from tests.connectors.conformance.box import CO_ADMIN, OWNER, Bench, tokens

ALL = ("suspend_account", "end_sessions", "require_new_password", "revoke_admin")


def test_suspending_keeps_the_status_from_before(bench: Bench) -> None:
    asked = order(bench, "suspend_account", OWNER, Account)
    done = carry_out(action("suspend_account"), asked, bench.client())
    assert bench.held.users[OWNER].status == "inactive"
    sent = [json.loads(each.body) for each in bench.sandbox.requests if each.method == "PUT"]
    assert sent == [{"status": "inactive"}]
    assert done.results["remember"]["status"] == "cannot_delete_edit"
    take_back(action("suspend_account"), done, bench.client())
    assert bench.held.users[OWNER].status == "cannot_delete_edit"


def test_sessions_end_by_id_and_login(bench: Bench) -> None:
    carry_out(action("end_sessions"), order(bench, "end_sessions", OWNER, Account), bench.client())
    (sent,) = [each for each in bench.sandbox.requests if each.method == "POST"]
    assert json.loads(sent.body) == {"user_ids": [OWNER], "user_logins": ["trial.owner@contoso.example"]}
    assert bench.held.users[OWNER].sessions_ended_at is not None


@pytest.mark.parametrize("name", ALL)
def test_nobody_acts_on_the_primary_admin_or_on_the_account_that_is_connected(bench: Bench, name: str) -> None:
    admin = bench.held.primary_admin.id
    assert "connected with" in refusal(bench, name, order(bench, name, admin, Account))
    application = next(each for each in bench.held.applications.values() if not each.is_server)
    token = bench.held.add_token(application, bench.held.users[CO_ADMIN], application.scopes)
    bench.secrets = MemorySecrets({"client_secret": "x"}, tokens(token.text, ""))
    assert "primary admin" in refusal(bench, name, order(bench, name, admin, Account))
    other = next(each for each in bench.held.managed() if each.role == "coadmin" and each.id != CO_ADMIN)
    assert "only the primary admin" in refusal(bench, name, order(bench, name, other.id, Account))
    assert changes(bench) == []


def test_a_co_admin_becomes_a_user_and_its_privilege_goes(bench: Bench) -> None:
    revoke = action("revoke_admin")
    done = carry_out(revoke, order(bench, "revoke_admin", CO_ADMIN, Account), bench.client())
    assert bench.held.users[CO_ADMIN].role == "user"
    account, *gone = list(revoke.read_back(bench.client(), done))
    assert isinstance(account, Account)
    assert account.is_admin is False
    assert Gone(Privilege, f"account/{CO_ADMIN}/Co-admin/") in gone

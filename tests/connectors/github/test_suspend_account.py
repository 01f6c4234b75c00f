"""Suspending and unsuspending on an Enterprise Server, and who is seen as suspended."""

import pytest

from connectors.base import Account, AccountStatus, NotAvailable, PermissionMissing, Record
from connectors.github.actions.suspending import suspend_account, unsuspend_account
from tests.connectors.conformance.acting import carry_out, take_back
from tests.connectors.conformance.github import MEMBER, OUTSIDE, SUSPENDED, ServerBench, tokens
from tests.connectors.conformance.reading import records_of
from tests.connectors.github.acting import bodies, changes, order, preview, refusal
from tests.sandbox.github import SERVICE_OWNER

ASINGH = "/api/v3/users/asingh/suspended"


def is_suspended(server: ServerBench, number: str) -> bool:
    return server.organisation.users[int(number)].suspended_at is not None


def statuses(records: list[Record]) -> dict[str, AccountStatus]:
    return {each.username: each.status for each in records if isinstance(each, Account)}


def without(server: ServerBench, scope: str) -> None:
    """As if this scope had not been granted."""
    granted = [each for each in server.connector.method("oauth_app").wanted(server.config) if each != scope]
    server.secrets.write_tokens(tokens(server.github.state.issue_token(SERVICE_OWNER, granted), granted))


def test_an_account_is_suspended_by_one_call_with_a_reason(server: ServerBench) -> None:
    done = carry_out(suspend_account, order(server, suspend_account, MEMBER), server.client())
    assert changes(server) == [("PUT", ASINGH)]
    assert bodies(server) == [{"reason": "Asked for in Gatehouse by the security team."}]
    assert is_suspended(server, MEMBER)
    told = statuses(list(suspend_account.read_back(server.client(), done)))
    assert told == {"asingh": AccountStatus.SUSPENDED}


def test_undo_unsuspends_and_the_membership_is_what_it_was(server: ServerBench) -> None:
    before = server.state()
    done = carry_out(suspend_account, order(server, suspend_account, MEMBER), server.client())
    take_back(suspend_account, done, server.client())
    assert changes(server)[-1] == ("DELETE", ASINGH)
    assert server.state() == before


def test_a_suspended_account_is_unsuspended_and_suspended_again(server: ServerBench) -> None:
    done = carry_out(unsuspend_account, order(server, unsuspend_account, SUSPENDED), server.client())
    assert not is_suspended(server, SUSPENDED)
    assert statuses(list(unsuspend_account.read_back(server.client(), done))) == {"mkowalczyk": AccountStatus.ACTIVE}
    take_back(unsuspend_account, done, server.client())
    assert is_suspended(server, SUSPENDED)


def test_an_outside_collaborator_is_suspended_like_anybody(server: ServerBench) -> None:
    done = carry_out(suspend_account, order(server, suspend_account, OUTSIDE), server.client())
    assert statuses(list(suspend_account.read_back(server.client(), done))) == {"fab-lena": AccountStatus.SUSPENDED}


def test_the_scan_shows_who_is_suspended(server: ServerBench) -> None:
    found = statuses(list(records_of([server.connector.feed("accounts")], server.client())))
    assert {name for name, status in found.items() if status is AccountStatus.SUSPENDED} == {"mkowalczyk"}
    assert found["asingh"] is AccountStatus.ACTIVE


def test_without_the_scope_nobody_is_asked_for_one_by_one(server: ServerBench) -> None:
    without(server, "site_admin")
    server.sandbox.requests.clear()
    found = statuses(list(records_of([server.connector.feed("accounts")], server.client())))
    assert found["mkowalczyk"] is AccountStatus.ACTIVE
    assert not any(each.path.startswith("/api/v3/users/") for each in server.sandbox.requests)


def test_ourselves_and_who_is_suspended_already_are_refused(server: ServerBench) -> None:
    us = str(server.github.state.person(SERVICE_OWNER).id)
    assert "connected with" in refusal(server, suspend_account, order(server, suspend_account, us))
    assert "already" in refusal(server, suspend_account, order(server, suspend_account, SUSPENDED))
    assert refusal(server, suspend_account, order(server, suspend_account, MEMBER)) == ""
    assert "not suspended" in refusal(server, unsuspend_account, order(server, unsuspend_account, MEMBER))


def test_an_account_of_the_directory_is_told(server: ServerBench) -> None:
    server.github.state.directory_users.add(int(MEMBER))
    with pytest.raises(NotAvailable, match="from a directory"):
        carry_out(suspend_account, order(server, suspend_account, MEMBER), server.client())
    assert not is_suspended(server, MEMBER)


def test_who_does_not_run_the_server_is_told(server: ServerBench) -> None:
    asked = order(server, suspend_account, MEMBER)
    server.github.state.person(SERVICE_OWNER).is_site_admin = False
    with pytest.raises(PermissionMissing) as error:
        refusal(server, suspend_account, asked)
    assert error.value.permission == "site_admin"
    with pytest.raises(PermissionMissing) as error:
        carry_out(suspend_account, asked, server.client())
    assert error.value.permission == "site_admin"


def test_the_check_says_what_is_missing(server: ServerBench) -> None:
    without(server, "site_admin")
    missing = {each.permission: each for each in server.connector.check(server.client()).missing}
    assert {each.value for each in missing["site_admin"].closes} == {"suspend_account", "unsuspend_account"}
    server.github.state.person(SERVICE_OWNER).is_site_admin = False
    tenant = server.connector.check(server.client())
    assert "site administrators" in tenant.unavailable["suspend_account"]
    assert "site_admin" not in {each.permission for each in tenant.missing}


def test_the_previews_say_that_it_holds_for_the_whole_server(server: ServerBench) -> None:
    assert "in any organisation" in preview(server, suspend_account, order(server, suspend_account, MEMBER))
    said = preview(server, unsuspend_account, order(server, unsuspend_account, SUSPENDED))
    assert "mkowalczyk can sign in" in said


def test_each_is_for_whom_it_makes_sense() -> None:
    active, suspended = {"status": "active", "kind": "user"}, {"status": "suspended", "kind": "user"}
    assert suspend_account.applies
    assert unsuspend_account.applies
    assert suspend_account.applies(active)
    assert not suspend_account.applies(suspended)
    assert not suspend_account.applies({"status": "active", "kind": "bot"})
    assert not suspend_account.applies({"status": "pending", "kind": "user"})
    assert unsuspend_account.applies(suspended)
    assert not unsuspend_account.applies(active)


def test_a_server_is_not_asked_for_invitations_that_it_does_not_list(server: ServerBench) -> None:
    done = carry_out(suspend_account, order(server, suspend_account, MEMBER), server.client())
    server.sandbox.requests.clear()
    assert list(records_of([server.connector.feed("accounts")], server.client()))
    list(suspend_account.read_back(server.client(), done))
    assert not any(each.path.endswith("/invitations") for each in server.sandbox.requests)

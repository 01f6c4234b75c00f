"""Blocking somebody who is no member."""

import pytest

from connectors.base import Account, AccountStatus, Gone, NotAvailable
from connectors.github.actions.blocking import block_account, unblock_account
from tests.connectors.conformance.acting import carry_out, take_back
from tests.connectors.conformance.github import BLOCKED, MEMBER, OUTSIDE, Bench
from tests.connectors.github.acting import changes, order, preview, refusal


def test_it_is_one_call(bench: Bench) -> None:
    done = carry_out(block_account, order(bench, block_account, OUTSIDE), bench.client())
    assert changes(bench) == [("PUT", "/orgs/contoso-dev/blocks/fab-lena")]
    assert int(OUTSIDE) in bench.organisation.blocks
    [now] = [each for each in block_account.read_back(bench.client(), done) if isinstance(each, Account)]
    assert (now.id, now.status) == (OUTSIDE, AccountStatus.BLOCKED), "GitHub ends the access"


def test_undo_lifts_the_block(bench: Bench) -> None:
    done = carry_out(block_account, order(bench, block_account, OUTSIDE), bench.client())
    take_back(block_account, done, bench.client())
    assert changes(bench)[-1] == ("DELETE", "/orgs/contoso-dev/blocks/fab-lena")
    assert int(OUTSIDE) not in bench.organisation.blocks


def test_a_block_that_was_there_before_stays(bench: Bench) -> None:
    asked = order(bench, block_account, OUTSIDE)
    bench.organisation.blocks[int(OUTSIDE)] = None
    done = carry_out(block_account, asked, bench.client())
    take_back(block_account, done, bench.client())
    assert int(OUTSIDE) in bench.organisation.blocks


def test_a_member_is_refused_and_where_github_refuses_it_is_said(bench: Bench) -> None:
    asked = order(bench, block_account, MEMBER)
    assert "members" in refusal(bench, block_account, asked)
    with pytest.raises(NotAvailable) as error:
        carry_out(block_account, asked, bench.client())
    assert "Remove the account" in error.value.remedy


def test_who_is_blocked_already_is_refused(bench: Bench) -> None:
    asked = order(bench, block_account, OUTSIDE)
    bench.organisation.blocks[int(OUTSIDE)] = None
    assert "already" in refusal(bench, block_account, asked)


def test_the_preview_says_what_ends(bench: Bench) -> None:
    assert "fab-lena loses access" in preview(bench, block_account, order(bench, block_account, OUTSIDE))


def test_it_is_for_outsiders() -> None:
    assert block_account.applies
    assert block_account.applies({"status": "active", "is_external": True})
    assert not block_account.applies({"status": "active", "is_external": False})
    assert not block_account.applies({"status": "pending", "is_external": None})
    assert not block_account.applies({"status": "blocked", "is_external": True})


# --- lifting it -----------------------------------------------------------------------------------------------------


def test_a_block_is_lifted_by_one_call_and_put_on_again(bench: Bench) -> None:
    asked = order(bench, unblock_account, BLOCKED)
    done = carry_out(unblock_account, asked, bench.client())
    assert changes(bench) == [("DELETE", "/orgs/contoso-dev/blocks/crypto-faucet-9000")]
    assert int(BLOCKED) not in bench.organisation.blocks
    assert Gone(Account, BLOCKED) in list(unblock_account.read_back(bench.client(), done)), "nobody of ours"
    assert refusal(bench, unblock_account, asked) == "This account is not blocked any more."
    take_back(unblock_account, done, bench.client())
    assert int(BLOCKED) in bench.organisation.blocks
    assert refusal(bench, unblock_account, asked) == ""


def test_lifting_says_that_no_access_comes_back(bench: Bench) -> None:
    said = preview(bench, unblock_account, order(bench, unblock_account, BLOCKED))
    assert "crypto-faucet-9000 can open issues" in said
    assert "No repository is given back" in said


def test_lifting_is_for_who_is_blocked() -> None:
    assert unblock_account.applies
    assert unblock_account.applies({"status": "blocked", "is_external": True})
    assert not unblock_account.applies({"status": "active", "is_external": True})

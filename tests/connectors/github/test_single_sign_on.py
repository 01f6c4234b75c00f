"""Revoking single sign-on of all tokens and keys that somebody has."""

from dataclasses import replace

import pytest

from connectors.base import Account, Order, RateLimited, TargetGone
from connectors.github.actions.single_sign_on import require_sign_in
from tests.connectors.conformance.acting import carry_out
from tests.connectors.conformance.github import MEMBER, OUTSIDE, Bench
from tests.connectors.github.acting import changes, order, order_for, preview, refusal
from tests.sandbox.github import SERVICE_OWNER

TOKEN = 161_195_002  # asingh's


def held(bench: Bench, number: int = TOKEN) -> bool:
    at = bench.organisation.authorisations[number].revoked_at
    return at is None or at > bench.sandbox.clock.now()


def test_all_that_somebody_authorised_is_revoked_by_one_call_and_waited_for(bench: Bench) -> None:
    bench.sandbox.github.state.revocation_delay = 60
    asked = order(bench, require_sign_in, MEMBER)
    remember, revoke, settle = require_sign_in.steps
    results = {"remember": remember.run(bench.client(), asked)}
    known = Order(asked.target, results=results)
    assert revoke.is_done
    revoke.run(bench.client(), known)
    assert changes(bench) == [("POST", "/orgs/contoso-dev/credential-authorizations/asingh/revoke")]
    assert not revoke.is_done(bench.client(), known)
    with pytest.raises(RateLimited) as error:
        settle.run(bench.client(), known)
    assert error.value.retry_after == 15
    bench.sandbox.clock.advance(60)
    assert settle.run(bench.client(), known) == {"revoked": 1}
    assert not held(bench)


def test_who_signs_on_again_meanwhile_is_not_waited_for(bench: Bench) -> None:
    asked = order(bench, require_sign_in, MEMBER)
    remember, revoke, settle = require_sign_in.steps
    known = Order(asked.target, results={"remember": remember.run(bench.client(), asked)})
    revoke.run(bench.client(), known)
    old = bench.organisation.authorisations[TOKEN]
    bench.organisation.authorisations[99] = replace(old, id=99, revoked_at=None)
    assert settle.run(bench.client(), known) == {"revoked": 1}


def test_ones_own_account_is_refused(bench: Bench) -> None:
    """It would cut our own token off."""
    me = str(bench.sandbox.github.state.person(SERVICE_OWNER).id)
    assert "connected with" in refusal(bench, require_sign_in, order(bench, require_sign_in, me))


def test_who_has_authorised_nothing_is_refused(bench: Bench) -> None:
    person = str(bench.sandbox.github.state.person("rferreira").id)
    assert "None of" in refusal(bench, require_sign_in, order(bench, require_sign_in, person))


def test_who_is_no_member_is_told(bench: Bench) -> None:
    with pytest.raises(TargetGone):
        carry_out(require_sign_in, order_for(bench, Account, OUTSIDE, "fab-lena", {}), bench.client())
    assert changes(bench) == []


def test_the_preview_counts_what_is_authorised(bench: Bench) -> None:
    said = preview(bench, require_sign_in, order(bench, require_sign_in, MEMBER))
    assert "asingh has to authorise by single sign-on again: 1 personal access token." in said


def test_it_is_for_members() -> None:
    assert require_sign_in.applies
    assert require_sign_in.applies({"status": "active", "is_external": False})
    assert not require_sign_in.applies({"status": "active", "is_external": True})

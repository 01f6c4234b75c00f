"""Taking single sign-on from one token or key."""

from connectors.base import Credential, Gone, Order
from connectors.github import ids
from connectors.github.actions.authorized_credentials import revoke_credential
from tests.connectors.conformance.acting import carry_out
from tests.connectors.conformance.github import MEMBER, Bench
from tests.connectors.github.acting import changes, order_for, preview, refusal

TOKEN = 161_195_002  # asingh's


def credential(bench: Bench, number: int = TOKEN, last_eight: str = "0a1b2c3d") -> Order:
    raw = {"credential_id": number, "login": "asingh", "credential_type": "SSH key", "token_last_eight": last_eight}
    return order_for(bench, Credential, ids.authorization(number), "deploy helper", raw)


def test_it_is_one_call(bench: Bench) -> None:
    done = carry_out(revoke_credential, credential(bench), bench.client())
    assert changes(bench) == [("DELETE", f"/orgs/contoso-dev/credential-authorizations/{TOKEN}")]
    assert bench.organisation.authorisations[TOKEN].revoked_at == bench.sandbox.clock.now()
    assert done.results["revoke_credential"] == {"was_there": True}
    again = carry_out(revoke_credential, credential(bench), bench.client())
    assert again.results["revoke_credential"] == {"was_there": False}


def test_our_own_token_is_refused_by_its_last_characters(bench: Bench) -> None:
    value = next(iter(bench.secrets.read()["tokens"]["access"].values()))["value"]
    assert "connected with" in refusal(bench, revoke_credential, credential(bench, last_eight=value[-8:]))
    assert refusal(bench, revoke_credential, credential(bench)) == ""


def test_what_is_read_back_is_the_credential_or_that_it_is_gone(bench: Bench) -> None:
    asked = credential(bench)
    (before,) = revoke_credential.read_back(bench.client(), asked)
    assert isinstance(before, Credential)
    assert (before.id, before.account_id) == (asked.target.id, MEMBER)
    carry_out(revoke_credential, asked, bench.client())
    assert list(revoke_credential.read_back(bench.client(), asked)) == [Gone(Credential, asked.target.id)]


def test_the_preview_names_the_kind_and_the_owner(bench: Bench) -> None:
    assert preview(bench, revoke_credential, credential(bench)) == "The SSH key of asingh loses access."


def test_it_is_for_authorisations() -> None:
    assert revoke_credential.applies
    assert revoke_credential.applies({"id": "authorization:1"})
    assert not revoke_credential.applies({"id": "deploy_key:1:2"})

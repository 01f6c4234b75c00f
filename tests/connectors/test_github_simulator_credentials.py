"""The simulated credentials: authorised under single sign-on, or granted as fine-grained tokens."""

import pytest

from tests.connectors import github_callers as callers
from tests.connectors.github_callers import ORG, caller, recorded
from tests.sandbox import Sandbox
from tests.sandbox.caller import Caller
from tests.sandbox.exchange import Json
from tests.sandbox.github import SERVICE_OWNER

CREDENTIALS = f"{ORG}/credential-authorizations"
TOKENS = f"{ORG}/personal-access-tokens"
REQUESTS = f"{ORG}/personal-access-token-requests"


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture
def owner(sandbox: Sandbox) -> Caller:
    return callers.owner(sandbox)


@pytest.fixture
def app(sandbox: Sandbox) -> Caller:
    return callers.installed(sandbox)


def rows(call: Caller, target: str) -> list[Json]:
    return [row for reply in call.pages(target) for row in reply.json()]


# -- authorised under single sign-on


def test_nine_credentials_of_four_kinds_are_authorised(owner: Caller) -> None:
    held = rows(owner, f"{CREDENTIALS}?per_page=2")
    assert len(held) == len({row["credential_id"] for row in held}) == 9
    kinds = {row["credential_type"] for row in held}
    assert kinds == {"personal access token", "SSH key", "OAuth app token", "GitHub app token"}
    assert [row["login"] for row in held if row["credential_accessed_at"] is None] == ["nguyenta"]
    key = next(row for row in held if row["credential_type"] == "SSH key")
    assert "fingerprint" in key
    assert "token_last_eight" not in key


def test_pages_are_tokens_and_no_counts(owner: Caller) -> None:
    following = owner.get(f"{CREDENTIALS}?per_page=2").link("next") or ""
    assert "page=1611950027" in following
    assert owner.get(f"{CREDENTIALS}?per_page=2&page=2").status == 400


def test_a_login_chooses(owner: Caller) -> None:
    assert [row["login"] for row in rows(owner, f"{CREDENTIALS}?login=ASINGH")] == ["asingh"]


def test_they_need_single_sign_on_of_the_organisation_itself(sandbox: Sandbox, owner: Caller) -> None:
    organisation = sandbox.github.organisation()
    organisation.has_saml = False
    assert owner.get(CREDENTIALS).status == 404
    organisation.has_saml = True
    organisation.is_enterprise_managed = True
    assert owner.get(CREDENTIALS).status == 404
    organisation.is_enterprise_managed = False
    organisation.plan = "team"
    assert owner.get(CREDENTIALS).status == 404


def test_reading_needs_read_org_and_removing_admin_org(sandbox: Sandbox) -> None:
    reader = caller(sandbox, SERVICE_OWNER, "read:org")
    assert reader.get(CREDENTIALS).status == 200
    assert reader("DELETE", f"{CREDENTIALS}/161195001").status == 403
    assert caller(sandbox, "asingh").get(CREDENTIALS).status == 403


def test_one_is_removed_at_once(sandbox: Sandbox, owner: Caller) -> None:
    assert owner("DELETE", f"{CREDENTIALS}/161195001").status == 204
    assert recorded(sandbox)[0]["action"] == "org_credential_authorization.revoke"
    assert owner("DELETE", f"{CREDENTIALS}/161195001").status == 404
    assert len(rows(owner, CREDENTIALS)) == 8


def test_all_of_a_person_are_queued_and_gone_a_little_later(sandbox: Sandbox, owner: Caller) -> None:
    queued = owner("POST", f"{CREDENTIALS}/nguyenta/revoke")
    assert (queued.status, "queued" in queued.json()["message"]) == (202, True)
    assert len(rows(owner, f"{CREDENTIALS}?login=nguyenta")) == 1
    sandbox.clock.advance(6)
    assert rows(owner, f"{CREDENTIALS}?login=nguyenta") == []


def test_one_kind_is_revoked_and_the_others_stay(sandbox: Sandbox, owner: Caller) -> None:
    target = f"{CREDENTIALS}/jmueller/revoke-credential-type"
    assert owner("POST", target, {"credential_type": "classic_pat"}).status == 202
    sandbox.clock.advance(6)
    assert len(rows(owner, f"{CREDENTIALS}?login=jmueller")) == 1
    assert owner("POST", target, {"credential_type": "ssh_key"}).status == 202
    sandbox.clock.advance(6)
    assert rows(owner, f"{CREDENTIALS}?login=jmueller") == []
    assert owner("POST", target, {"credential_type": "cookie"}).status == 422
    assert owner("POST", f"{CREDENTIALS}/fab-lena/revoke").status == 404


def test_a_token_that_signed_on_is_listed_and_cut_off_by_revoking(sandbox: Sandbox, owner: Caller) -> None:
    organisation, state = sandbox.github.organisation(), sandbox.github.state
    organisation.is_saml_enforced = True
    [token] = state.tokens.values()
    token.sso.add(organisation.id)
    ours = rows(owner, f"{CREDENTIALS}?login={SERVICE_OWNER}")
    assert [row["token_last_eight"] for row in ours] == [token.text[-8:]]
    assert owner("POST", f"{CREDENTIALS}/{SERVICE_OWNER}/revoke").status == 202
    assert owner.get(CREDENTIALS).status == 200
    sandbox.clock.advance(6)
    refused = owner.get(CREDENTIALS)
    assert (refused.status, refused.headers["x-github-sso"].partition(";")[0]) == (403, "required")


# -- fine-grained tokens


def test_three_tokens_one_expired_one_never_used(app: Caller) -> None:
    held = rows(app, f"{TOKENS}?per_page=2")
    assert [row["token_name"] for row in held] == ["scratch", "terraform", "training runs"]
    assert [row["token_name"] for row in held if row["token_expired"]] == ["training runs"]
    assert [row["token_name"] for row in held if row["token_last_used_at"] is None] == ["scratch"]
    assert all(row["id"] != row["token_id"] for row in held)
    assert [row["repository_selection"] for row in held] == ["subset", "all", "subset"]


def test_tokens_are_for_apps_only(owner: Caller) -> None:
    assert owner.get(TOKENS).status == 403
    assert owner("POST", f"{TOKENS}/25381", {"action": "revoke"}).status == 403
    assert owner.get(REQUESTS).status == 403


def test_owner_token_and_time_choose(app: Caller) -> None:
    assert len(rows(app, f"{TOKENS}?owner[]=nguyenta&owner[]=asingh")) == 3
    assert [row["id"] for row in rows(app, f"{TOKENS}?owner[]=asingh")] == [25_702]
    assert [row["id"] for row in rows(app, f"{TOKENS}?token_id[]=98716001")] == [25_381]
    assert len(rows(app, f"{TOKENS}?last_used_before=2020-01-01T00:00:00Z")) == 1
    assert [row["name"] for row in rows(app, f"{TOKENS}/25381/repositories")] == ["ml-pipelines"]
    assert len(rows(app, f"{TOKENS}/25702/repositories")) == 22


def test_a_revoked_grant_is_gone_and_recorded(sandbox: Sandbox, app: Caller) -> None:
    assert app("POST", f"{TOKENS}/98716001", {"action": "revoke"}).status == 404
    assert app("POST", f"{TOKENS}/25381", {"action": "revoke"}).status == 204
    [event] = recorded(sandbox)
    assert (event["action"], event["user"]) == ("personal_access_token.access_revoked", "nguyenta")
    assert app("POST", f"{TOKENS}/25381", {"action": "revoke"}).status == 404
    assert app("POST", TOKENS, {"action": "revoke", "pat_ids": [25_702, 25_381]}).status == 202
    assert [row["id"] for row in rows(app, TOKENS)] == [26_114]


def test_requests_are_denied_or_become_grants(sandbox: Sandbox, app: Caller) -> None:
    assert [row["reason"] for row in rows(app, REQUESTS)] == [None, "Needs to protect branches"]
    assert app("POST", f"{REQUESTS}/31004", {"action": "deny", "reason": "Too wide"}).status == 204
    assert recorded(sandbox)[0]["action"] == "personal_access_token.request_denied"
    assert app("POST", REQUESTS, {"action": "approve", "pat_request_ids": [31_117]}).status == 202
    assert recorded(sandbox)[0]["action"] == "personal_access_token.access_granted"
    assert rows(app, REQUESTS) == []
    assert rows(app, f"{TOKENS}?owner[]=sato-h")[0]["token_name"] == "docs preview"


# -- leaked tokens


def test_a_leaked_token_is_revoked_by_anybody_without_one(sandbox: Sandbox, owner: Caller) -> None:
    victim = sandbox.github.state.issue_token("asingh", ["read:org"])
    body = {"credentials": [victim, "ghp_unknown"]}
    assert owner("POST", "/credentials/revoke", body).status == 403
    world = callers.anonymous(sandbox)
    assert world("POST", "/credentials/revoke", body).status == 202
    assert callers.with_bearer(sandbox, victim).get("/user").status == 401
    assert world("POST", "/credentials/revoke", {"credentials": []}).status == 422
    assert world("POST", "/credentials/revoke", {"credentials": ["x"] * 1001}).status == 422


def test_an_address_may_report_sixty_times_an_hour(sandbox: Sandbox) -> None:
    world = callers.anonymous(sandbox)
    answers = [world("POST", "/credentials/revoke", {"credentials": ["x"]}).status for _ in range(61)]
    assert answers == [202] * 60 + [403]
    sandbox.clock.advance(3601)
    assert world("POST", "/credentials/revoke", {"credentials": ["x"]}).status == 202

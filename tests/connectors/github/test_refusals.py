"""GitHub's ways to say no: each gives its error, its sentence and what to do about it."""

import time

import pytest

from connectors.base import (
    ConnectorError,
    CredentialsRejected,
    Headers,
    NotAvailable,
    PermissionMissing,
    RateLimited,
    TargetGone,
    Unavailable,
    answers,
)
from connectors.github.refusals import classify
from tests.connectors.conformance.github import Bench
from tests.connectors.github.conftest import Stub
from tests.sandbox.exchange import Answer
from tests.sandbox.github.refusal import Refusal

RESTRICTED = (
    "Although you appear to have the correct authorization credentials, the `contoso-dev` organization has enabled "
    "OAuth App access restrictions, meaning that data access to third-parties is limited."
)
SAML = "Resource protected by organization SAML enforcement. You must grant your OAuth token access."
SSO = {"X-GitHub-SSO": "required; url=https://github.com/orgs/contoso-dev/sso?authorization_request=AZSCKL"}
ADDRESS = (
    "Although you appear to have the correct authorization credentials, the `contoso-dev` organization has an IP allow "
    "list enabled, and your IP address is not permitted to access this resource."
)
CLOCK = "'Expiration time' claim ('exp') must be a numeric value representing the future time"
CLASSIC = "`contoso-dev` forbids access via a personal access token (classic)."


def answered(bench: Bench, stub: Stub, answer: Answer, path: str = "/orgs/contoso-dev/members") -> ConnectorError:
    stub("GET", path, answer)
    with pytest.raises(ConnectorError) as error:
        bench.client().get(path)
    return error.value


@pytest.mark.parametrize(
    ("refusal", "error", "message", "remedy"),
    [
        (Refusal(401, "Bad credentials"), CredentialsRejected, "the token", "Reconnect"),
        (Refusal(401, CLOCK), CredentialsRejected, "the time", "clock"),
        (Refusal(403, RESTRICTED), PermissionMissing, "restricts OAuth apps", "Third-party Access"),
        (Refusal(403, SAML, headers=SSO), PermissionMissing, "SAML", "single sign-on"),
        (Refusal(403, "Forbidden", headers=SSO), PermissionMissing, "SAML", "single sign-on"),
        (Refusal(403, ADDRESS), PermissionMissing, "IP allow list", "egress addresses"),
        (Refusal(403, "You must be an admin to do this."), PermissionMissing, "not an owner", "owner"),
        (Refusal(403, "Must have admin rights to organization."), PermissionMissing, "not an owner", "owner"),
        (Refusal(403, CLASSIC), PermissionMissing, "classic personal access tokens", "OAuth App"),
        (Refusal(403, "This installation has been suspended"), PermissionMissing, "is suspended", "Unsuspend"),
        (Refusal(403, "Something unheard of"), PermissionMissing, "refuses this call", "grant what is missing"),
    ],
)
def test_each_refusal_says_what_to_do(
    bench: Bench, stub: Stub, refusal: Refusal, error: type[ConnectorError], message: str, remedy: str
) -> None:
    found = answered(bench, stub, refusal.answer())
    assert type(found) is error
    assert message in found.message
    assert remedy in found.remedy
    assert "?" not in str(found)


@pytest.mark.parametrize(
    ("header", "page"),
    [
        (SSO["X-GitHub-SSO"], "https://github.com/orgs/contoso-dev/sso"),
        ("required; url=https://github.com.evil.example/orgs/contoso-dev/sso", ""),
        ("required; url=https://github.com/orgs/contoso-dev/sso/../../evil", ""),
        ("required; url=https://user@github.com/orgs/contoso-dev/sso", ""),
        ("required; url=javascript:alert(1)", ""),
        ("required; url=https://[", ""),
        ("required", ""),
    ],
)
def test_the_page_to_sign_on_is_told_if_it_is_githubs_own(bench: Bench, stub: Stub, header: str, page: str) -> None:
    found = answered(bench, stub, Refusal(403, SAML, headers={"X-GitHub-SSO": header}).answer())
    assert type(found) is PermissionMissing
    assert page in found.remedy
    assert found.remedy.count("://") == (1 if page else 0)


@pytest.mark.parametrize("status", [403, 404])
def test_a_refused_audit_log_tells_plan_from_permission(bench: Bench, stub: Stub, status: int) -> None:
    words = {403: "Must have admin rights to organization.", 404: "Not Found"}
    found = answered(bench, stub, Refusal(status, words[status]).answer(), "/orgs/contoso-dev/audit-log")
    assert type(found) is {403: PermissionMissing, 404: NotAvailable}[status]
    assert found.remedy


def test_an_audit_log_behind_a_lacking_scope_is_no_affair_of_the_plan(bench: Bench, stub: Stub) -> None:
    headers = {"X-OAuth-Scopes": "read:org", "X-Accepted-OAuth-Scopes": "admin:org, read:audit_log"}
    found = answered(bench, stub, Refusal(404, "Not Found", headers=headers).answer(), "/orgs/contoso-dev/audit-log")
    assert isinstance(found, PermissionMissing)
    assert found.permission == "read:audit_log"


def test_what_is_not_found_may_have_been_renamed(bench: Bench, stub: Stub) -> None:
    found = answered(bench, stub, Refusal(404, "Not Found").answer())
    assert "Edit details" in found.remedy


def test_what_is_not_found_elsewhere_is_gone(bench: Bench, stub: Stub) -> None:
    assert type(answered(bench, stub, Refusal(404, "Not Found").answer())) is TargetGone


def test_a_scope_is_named_as_github_names_it(bench: Bench, stub: Stub) -> None:
    headers = {"X-OAuth-Scopes": "read:user", "X-Accepted-OAuth-Scopes": "admin:org, read:org, repo, write:org"}
    found = answered(bench, stub, Refusal(403, "Resource not accessible", headers=headers).answer())
    assert isinstance(found, PermissionMissing)
    assert found.permission == "read:org"
    assert "read:org" in found.message


@pytest.mark.parametrize(
    ("accepted", "permission"),
    [
        ("members=read", "members:read"),
        ("organization_administration=write, members=read; administration=write", "organization_administration:write"),
    ],
)
def test_a_permission_of_a_github_app_is_named(bench: Bench, stub: Stub, accepted: str, permission: str) -> None:
    headers = {"X-Accepted-GitHub-Permissions": accepted}
    found = answered(bench, stub, Refusal(403, "Resource not accessible by integration", headers=headers).answer())
    assert isinstance(found, PermissionMissing)
    assert found.permission == permission
    assert permission in found.message
    assert "Permissions & events" in found.remedy


@pytest.mark.parametrize("accepted", ["", "members", "members=<b>", "allows_permissionless_access=true"])
def test_an_odd_list_of_permissions_is_not_shown(bench: Bench, stub: Stub, accepted: str) -> None:
    headers = {"X-Accepted-GitHub-Permissions": accepted}
    found = answered(bench, stub, Refusal(403, "Resource not accessible by integration", headers=headers).answer())
    assert type(found) is PermissionMissing
    assert "refuses this call" in found.message
    assert "<b>" not in str(found)


def test_on_a_server_of_ones_own_its_own_page_to_sign_on_is_told() -> None:
    page = "https://github.contoso.example/orgs/contoso-dev/sso"
    for shown, told in [(f"{page}?x=1", page), ("https://github.com/orgs/contoso-dev/sso", "")]:
        headers = Headers({"X-GitHub-SSO": f"required; url={shown}"})
        found = classify(answers.Answer("GET", "https://github.contoso.example/api/v3/orgs/contoso-dev", 403, headers))
        assert isinstance(found, PermissionMissing)
        assert found.remedy.count("://") == (1 if told else 0)
        assert told in found.remedy


# --- limits ---------------------------------------------------------------------------------------------------------


def limited(status: int, message: str = "API rate limit exceeded for user ID 1.", **headers: str) -> Answer:
    return Refusal(status, message, headers={name.replace("_", "-"): value for name, value in headers.items()}).answer()


def reset_in(seconds: int) -> str:
    return str(int(time.time()) + seconds)


def pause(bench: Bench, stub: Stub, answer: Answer) -> float:
    found = answered(bench, stub, answer)
    assert isinstance(found, RateLimited)
    return found.retry_after


@pytest.mark.parametrize("status", [403, 429])
def test_the_hourly_limit_ends_when_github_says(bench: Bench, stub: Stub, status: int) -> None:
    answer = limited(status, x_ratelimit_remaining="0", x_ratelimit_reset=reset_in(1234))
    assert 1230 <= pause(bench, stub, answer) <= 1236


@pytest.mark.parametrize("status", [403, 429])
def test_the_secondary_limit_ends_after_its_seconds(bench: Bench, stub: Stub, status: int) -> None:
    assert pause(bench, stub, limited(status, retry_after="17")) == 17


@pytest.mark.parametrize("message", ["You have exceeded a secondary rate limit.", "abuse detection mechanism"])
def test_a_secondary_limit_without_seconds_is_a_minute(bench: Bench, stub: Stub, message: str) -> None:
    assert pause(bench, stub, limited(403, message)) == 60


def test_a_reset_that_is_none_is_a_minute(bench: Bench, stub: Stub) -> None:
    assert pause(bench, stub, limited(429, x_ratelimit_remaining="0", x_ratelimit_reset="soon")) == 60


def test_a_pause_is_never_longer_than_the_hour_it_counts(bench: Bench, stub: Stub) -> None:
    assert pause(bench, stub, limited(429, retry_after="999999")) <= 3700


def test_an_exhausted_limit_on_a_good_answer_is_no_error(bench: Bench, stub: Stub) -> None:
    stub("GET", "/user", Answer.of_json({"id": 1}, headers={"x-ratelimit-remaining": "0"}))
    assert bench.client().get("/user").json() == {"id": 1}


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_web_page_of_trouble_is_an_outage(bench: Bench, stub: Stub, status: int) -> None:
    page = Answer.of_html("<html><body>Unicorn!</body></html>", status)
    assert type(answered(bench, stub, page)) is Unavailable


def test_an_odd_body_is_no_obstacle(bench: Bench, stub: Stub) -> None:
    for body in (b"", b"null", b"[]", b'{"message": {"a": 1}}', b"\xff\xfe"):
        assert type(answered(bench, stub, Answer(403, body))) is PermissionMissing

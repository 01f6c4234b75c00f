"""What Azure's errors become, in each of their shapes, with what an admin can do about each."""

from datetime import timedelta
from typing import Any

import pytest

from connectors.azure.budget import budget
from connectors.base import (
    Answer,
    BadResponse,
    Budget,
    Conflict,
    ConnectorError,
    CredentialsRejected,
    CursorExpired,
    Headers,
    NotAvailable,
    PermissionMissing,
    RateLimited,
    TargetGone,
    Unavailable,
)
from tests.connectors.azure.vendor import LOG, ONE, ROLES, TOKEN, Json, Talk, refused
from tests.connectors.base.vendor import START, Says, says

SUBSCRIPTION = f"/subscriptions/{ONE}"
NOT_AUTHORISED = (
    "The client 'x' with object id 'y' does not have authorization to perform action '{operation}' over scope "
    "'/subscriptions/secret-name' or the scope is invalid."
)
LOG_READ = NOT_AUTHORISED.format(operation="Microsoft.Insights/eventtypes/values/read")
DELETING = NOT_AUTHORISED.format(operation="Microsoft.Authorization/roleAssignments/delete")


@pytest.mark.parametrize(
    ("path", "said", "error", "remedy"),
    [
        (f"{SUBSCRIPTION}{LOG}", refused(403, "AuthorizationFailed", LOG_READ), PermissionMissing,
         "Assign the role Reader to the app"),
        (LOG, refused(403, "AuthorizationFailed", LOG_READ), PermissionMissing, "/providers/Microsoft.Insights"),
        ("/subscriptions", refused(401, "InvalidAuthenticationTokenTenant"), CredentialsRejected,
         "Compare the tenant id"),
        ("/subscriptions", refused(401, "InvalidAuthenticationToken", "The access token is from the wrong issuer"),
         CredentialsRejected, "Compare the tenant id"),
        ("/subscriptions", refused(401, "InvalidAuthenticationToken"), CredentialsRejected, "Check the cloud"),
        ("/subscriptions", refused(401, "ExpiredAuthenticationToken"), CredentialsRejected, "Check the cloud"),
        (f"{SUBSCRIPTION}{LOG}", refused(404, "SubscriptionNotFound"), NotAvailable, "leaves the list"),
        (f"{SUBSCRIPTION}{LOG}", refused(409, "ReadOnlyDisabledSubscription"), NotAvailable, "Enable it"),
        ("/subscriptions", refused(400, "InvalidApiVersionParameter"), NotAvailable, "looked at again"),
        (f"{SUBSCRIPTION}{LOG}", refused(400, "BadRequest", "The start time cannot be more than 90 days in the past."),
         CursorExpired, "begins anew"),
        (f"{SUBSCRIPTION}{ROLES}/roleAssignments/a", refused(403, "AuthorizationFailed", DELETING), PermissionMissing,
         "Microsoft.Authorization/roleAssignments/delete"),
        ("/subscriptions", refused(403, "DenyAssignmentAuthorizationFailed"), NotAvailable, "deny assignment comes"),
        ("/x", refused(409, "ScopeLocked"), Conflict, "Remove the lock"),
        ("/x", refused(400, "RoleAssignmentRequestPolicyValidationFailed"), Conflict, "end the activation"),
        ("/x", refused(400, "PrincipalNotFound"), TargetGone, "Restore the account"),
    ],
)  # fmt: skip
def test_each_trouble_an_admin_meets_says_what_to_do(
    talk: Talk, path: str, said: Says, error: type[ConnectorError], remedy: str
) -> None:
    talk.says["GET", path] = said
    with pytest.raises(error) as raised:
        talk.client().get(path)
    assert type(raised.value) is error
    assert remedy in raised.value.remedy
    assert "secret-name" not in str(raised.value), "Azure's own sentence is shown"


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"code": "BadRequest", "message": "The start time cannot be more than 90 days in the past."}},
        {"Code": "BadRequest", "Message": "The start time cannot be more than 90 days in the past."},
        {"code": "BadRequest", "message": "The start time cannot be more than 90 days in the past."},
    ],
)
def test_all_three_shapes_of_an_error_are_read(talk: Talk, body: Json) -> None:
    talk.says["GET", "/x"] = says(body, 400)
    with pytest.raises(CursorExpired):
        talk.client().get("/x")


@pytest.mark.parametrize("body", [[], "no", {"error": "no"}, {"error": {"code": 7}}, {"error": None}, None])
def test_other_shapes_are_read_by_their_status(talk: Talk, body: Any) -> None:
    for status, error in ((400, BadResponse), (404, TargetGone), (409, Conflict), (500, Unavailable)):
        talk.says["GET", "/x"] = says(body, status)
        with pytest.raises(error):
            talk.client().get("/x")


@pytest.mark.parametrize("status", [429, 503])
def test_a_pause_lasts_as_long_as_azure_says(talk: Talk, status: int) -> None:
    talk.says["GET", "/x"] = refused(status, "TooManyRequests", Retry_After="17")
    with pytest.raises(RateLimited) as raised:
        talk.client().get("/x")
    assert raised.value.retry_after == 17


@pytest.mark.parametrize(
    ("number", "error", "remedy"),
    [
        (700016, CredentialsRejected, "Compare both ids"),
        (7000215, CredentialsRejected, "paste its Value"),
        (7000222, CredentialsRejected, "new client secret"),
        (90002, CredentialsRejected, "check the cloud"),
        (53003, CredentialsRejected, "Allow the addresses"),
    ],
)
def test_a_refused_sign_in_is_told_by_its_number(
    talk: Talk, number: int, error: type[ConnectorError], remedy: str
) -> None:
    talk.secrets.write_tokens({})
    talk.says["POST", TOKEN] = says({"error": "invalid_client", "error_codes": [number]}, 401)
    with pytest.raises(error, match=f"AADSTS{number}") as raised:
        talk.client().get("/subscriptions")
    assert remedy in raised.value.remedy


@pytest.mark.parametrize(
    ("header", "left", "name", "limit", "seconds"),
    [
        ("subscription-global-reads", "3749", "Azure reads", 3750, 1),
        ("subscription-reads", "0", "Azure reads", 250, 11),
        ("subscription-writes", "199", "Azure writes", 200, 1),
        ("subscription-reads", "11999", "Azure reads", 11999, 3600),
    ],
)
def test_what_is_left_is_read_from_the_answer(header: str, left: str, name: str, limit: int, seconds: int) -> None:
    headers = Headers({f"x-ms-ratelimit-remaining-{header}": left, "date": "Tue, 24 Nov 2026 09:00:00 GMT"})
    found = budget(Answer("GET", "https://management.azure.com/x", 200, headers))
    assert found == Budget(name, limit, int(left), START + timedelta(seconds=seconds))


def test_a_client_counts_what_is_left(talk: Talk) -> None:
    talk.says["GET", "/x"] = says({}, x_ms_ratelimit_remaining_subscription_global_reads="3700")
    client = talk.client()
    client.get("/x")
    assert [(each.name, each.remaining) for each in client.take_traffic().budgets.values()] == [("Azure reads", 3700)]


def test_a_refused_token_is_renewed_once(talk: Talk) -> None:
    talk.says["GET", "/x"] = refused(401, "ExpiredAuthenticationToken")
    with pytest.raises(CredentialsRejected):
        talk.client().get("/x")
    sent = [seen.headers["authorization"] for seen in talk.asked("/x")]
    assert sent == ["Bearer at-S3CRET-0", "Bearer at-S3CRET-new"]
    (asked,) = talk.asked(TOKEN)
    assert asked.form["scope"] == "https://management.azure.com/.default"


def test_graph_states_no_budget(talk: Talk) -> None:
    client = talk.client()
    client.get("/subscriptions")
    assert client.take_traffic().budgets == {}

"""What the errors of Microsoft's sign-in and of the three APIs become, each with its remedy."""

from collections.abc import Iterator

import pytest

from connectors.base import (
    BadResponse,
    ConnectorError,
    CredentialsRejected,
    CursorExpired,
    NotAvailable,
    PermissionMissing,
    RateLimited,
    TargetGone,
    Unavailable,
)
from connectors.base.entra_errors import SIGN_IN_ERRORS
from connectors.office365.activity_refusals import BlobGone, NotSubscribed, WindowRefused
from connectors.office365.refusals import NotPremium
from tests.connectors.base.vendor import Says, says
from tests.connectors.office365.vendor import (
    FEED,
    GRAPH,
    LOGIN,
    NOT_PREMIUM,
    SITE,
    TENANT,
    TOKEN,
    Tenant,
    aadsts,
    begin,
    refused,
)

CONTENT = f"/api/v1.0/{TENANT}/activity/feed/subscriptions/content"
BIN = "/_api/site/RecycleBin"


@pytest.fixture(scope="module")
def shared() -> Iterator[Tenant]:
    yield from begin()


@pytest.fixture
def tenant(shared: Tenant) -> Tenant:
    shared.says.clear()
    return shared


def raised(tenant: Tenant, host: str, path: str, said: Says) -> ConnectorError:
    tenant.says[host, path] = said
    with pytest.raises(ConnectorError) as found:
        tenant.client().get(f"https://{host}{path}")
    assert "S3CRET" not in str(found.value)
    assert "at length" not in str(found.value)
    return found.value


@pytest.mark.parametrize(
    ("number", "kind", "remedy"),
    [
        (700016, CredentialsRejected, "Compare both ids"),
        (7000215, CredentialsRejected, "paste its Value"),
        (7000222, CredentialsRejected, "Make a new client secret"),
        (90002, CredentialsRejected, "check the cloud"),
        (65001, PermissionMissing, "Connect again and accept"),
        (65004, PermissionMissing, "Connect again and accept"),
        (50011, CredentialsRejected, "Redirect URI of type Web"),
        (53003, CredentialsRejected, "Allow the addresses of this portal"),
        (50105, PermissionMissing, "Assignment required"),
        (501051, PermissionMissing, "Assignment required"),
        (7000229, CredentialsRejected, "consent makes it"),
        (500011, PermissionMissing, "check the cloud"),
        (700027, CredentialsRejected, "Upload the certificate"),
    ],
)
def test_each_refusal_of_a_sign_in_has_its_remedy(
    tenant: Tenant, number: int, kind: type[ConnectorError], remedy: str
) -> None:
    tenant.says[LOGIN, TOKEN] = aadsts(number)
    with pytest.raises(ConnectorError) as found:
        tenant.client().get("/users")
    assert type(found.value) is kind
    assert "S3CRET" not in str(found.value)
    assert f"AADSTS{number}" in found.value.message
    assert remedy in found.value.remedy


def test_every_refusal_that_is_told_in_words_has_a_remedy() -> None:
    assert len(SIGN_IN_ERRORS) == 13
    assert all(each.message.endswith(".") and each.remedy.endswith(".") for each in SIGN_IN_ERRORS.values())


def test_a_refusal_that_nobody_has_heard_of_is_told_by_its_oauth_error(tenant: Tenant) -> None:
    tenant.says[LOGIN, TOKEN] = aadsts(70099999)
    with pytest.raises(CredentialsRejected, match="invalid_client"):
        tenant.client().get("/users")


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        (refused("Authorization_RequestDenied", 403), PermissionMissing, "Choose Test now"),
        (refused("InvalidAuthenticationToken", 401), CredentialsRejected, "Check the cloud"),
        (NOT_PREMIUM, NotPremium, "P1"),
        (refused("syncStateNotFound", 400), CursorExpired, "begins anew"),
        (refused("resyncRequired", 410), CursorExpired, "begins anew"),
        (refused("resyncChangesApplyDifferences", 410), CursorExpired, "begins anew"),
        (refused("resyncChangesUploadDifferences", 410), CursorExpired, "begins anew"),
        (refused("Request_ResourceNotFound", 404), TargetGone, "no longer has"),
        (refused("generalException", 504), Unavailable, "tried again"),
        (refused("UnknownError", 403, ""), PermissionMissing, "Compare the permissions"),
        (says({"error": "no object"}, 400), BadResponse, "fault of the connector"),
    ],
)
def test_each_error_of_graph_has_its_meaning(
    tenant: Tenant, said: Says, kind: type[ConnectorError], words: str
) -> None:
    tenant.says[GRAPH, "/v1.0/users"] = said
    with pytest.raises(ConnectorError) as found:
        tenant.client().get("/users")
    assert type(found.value) is kind
    assert words in str(found.value)


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [(429, {"Retry_After": "1"}, 1.0), (429, {"Retry_After": "120"}, 120.0), (429, {}, 60.0),
     (503, {"Retry_After": "17"}, 17.0)],
)  # fmt: skip
def test_a_pause_lasts_as_long_as_graph_says(
    tenant: Tenant, status: int, headers: dict[str, str], seconds: float
) -> None:
    tenant.says[GRAPH, "/v1.0/users"] = says({"error": {"code": "TooManyRequests"}}, status, **headers)
    with pytest.raises(RateLimited) as found:
        tenant.client().get("/users")
    assert found.value.retry_after == seconds


@pytest.mark.parametrize(
    ("status", "code", "kind", "words"),
    [
        (401, "AF10001", PermissionMissing, "ActivityFeed.Read"),
        (403, "AF10001", PermissionMissing, "as an Application permission"),
        (400, "AF20010", CredentialsRejected, "Compare the tenant id"),
        (400, "AF20011", CredentialsRejected, "Compare the tenant id"),
        (400, "AF20013", CredentialsRejected, "Compare the tenant id"),
        (400, "AF20012", NotAvailable, "Assign at least one licence"),
        (400, "AF20022", NotSubscribed, "switch on auditing"),
        (400, "AF20023", NotSubscribed, "switch on auditing"),
        (400, "AF20021", NotAvailable, "https"),
        (400, "AF20050", BlobGone, "seven days"),
        (400, "AF20051", BlobGone, "seven days"),
        (400, "AF20052", BlobGone, "seven days"),
        (400, "AF20001", BadResponse, "AF20001"),
        (400, "AF20002", BadResponse, "AF20002"),
        (400, "AF20003", BadResponse, "AF20003"),
        (400, "AF20020", BadResponse, "AF20020"),
        (400, "AF20030", WindowRefused, "AF20030"),
        (400, "AF20055", WindowRefused, "AF20055"),
        (400, "AF20031", CursorExpired, "begins anew"),
        (403, "AF429", RateLimited, "pause"),
        (429, "AF429", RateLimited, "pause"),
        (400, "AF50000", Unavailable, "tried again"),
        (500, "AF50000", Unavailable, "tried again"),
    ],
)
def test_each_code_of_the_activity_feed_has_its_meaning_whatever_the_status(
    tenant: Tenant, status: int, code: str, kind: type[ConnectorError], words: str
) -> None:
    error = raised(tenant, FEED, CONTENT, refused(code, status))
    assert type(error) is kind
    assert words in str(error)


def test_the_permission_that_the_activity_feed_names_is_the_one_to_add(tenant: Tenant) -> None:
    told = (
        "The permission set (ActivityFeed.Read) sent in the request did not include the expected permission "
        "ActivityFeed.ReadDlp."
    )
    error = raised(tenant, FEED, CONTENT, refused("AF10001", 403, told))
    assert isinstance(error, PermissionMissing)
    assert error.permission == "ActivityFeed.ReadDlp"
    assert "Add ActivityFeed.ReadDlp of the" in error.remedy


def test_a_code_is_found_inside_a_long_text_as_well(tenant: Tenant) -> None:
    said = refused("System.Exception: AF20022: No subscription found", message="")
    assert type(raised(tenant, FEED, CONTENT, said)) is NotSubscribed


def test_auditing_that_is_off_is_told_with_the_switch_for_it(tenant: Tenant) -> None:
    error = raised(tenant, FEED, CONTENT, refused("DataServiceException", message=f"Tenant {TENANT} does not exist."))
    assert type(error) is NotAvailable
    assert "Purview" in error.remedy


def test_starting_a_content_type_too_soon_waits_as_long_as_it_says(tenant: Tenant) -> None:
    error = raised(tenant, FEED, CONTENT, refused("", 429, "Please retry again after 14m 56s"))
    assert isinstance(error, RateLimited)
    assert error.retry_after == 14 * 60 + 56


def test_sharepoint_says_when_a_certificate_is_wanted(tenant: Tenant) -> None:
    error = raised(tenant, SITE, BIN, says({"error_description": "Unsupported app only token."}, 401))
    assert type(error) is NotAvailable
    assert "certificate" in str(error)


def test_sharepoint_says_which_permission_is_missing(tenant: Tenant) -> None:
    error = raised(tenant, SITE, BIN, says({"odata.error": {"code": "-2147024891"}}, 403))
    assert isinstance(error, PermissionMissing)
    assert error.permission == "SharePoint: Sites.FullControl.All"


@pytest.mark.parametrize(("status", "reset", "wait"), [(429, "90", 90), (429, "5", 30), (503, "90", 90)])
def test_of_two_pauses_about_files_the_longer_one_counts(tenant: Tenant, status: int, reset: str, wait: int) -> None:
    said = says({"error": {"code": "activityLimitReached"}}, status, Retry_After="30", RateLimit_Reset=reset)
    found = raised(tenant, GRAPH, "/v1.0/drives/b!1/root/delta", said)
    assert isinstance(found, RateLimited)
    assert (found.retry_after, found.limit) == (wait, "files")

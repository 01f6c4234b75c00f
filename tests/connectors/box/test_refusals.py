"""What Box's errors become."""

import pytest

from connectors.base import (
    Conflict,
    ConnectorError,
    NotAvailable,
    PermissionMissing,
    RateLimited,
    TargetGone,
    Unavailable,
)
from tests.connectors.base.vendor import says
from tests.connectors.box.vendor import Talk


@pytest.mark.parametrize(
    ("path", "status", "code", "error", "permission"),
    [
        ("/users", 403, "insufficient_scope", PermissionMissing, "manage_managed_users"),
        ("/groups/1/memberships", 403, "insufficient_scope", PermissionMissing, "manage_groups"),
        ("/events", 403, "insufficient_scope", PermissionMissing, "manage_enterprise_properties"),
        ("/webhooks", 403, "insufficient_scope", PermissionMissing, "manage_webhook"),
        ("/folders/0/items", 403, "insufficient_scope", PermissionMissing, "root_readonly"),
        ("/files/1", 403, "access_denied_insufficient_permissions", PermissionMissing, "as-user"),
        ("/files/1", 403, "access_from_location_blocked", PermissionMissing, "location rule"),
        ("/users/me", 400, "terms_of_service_required", PermissionMissing, "sign-in of the account"),
        ("/users/me", 403, "user_email_confirmation_required", PermissionMissing, "sign-in of the account"),
        ("/files/1", 403, "forbidden_by_policy", NotAvailable, None),
        ("/files/1", 403, "access_denied_item_locked", Conflict, None),
        ("/files/1", 404, "not_found", TargetGone, None),
        ("/files/1", 409, "operation_blocked_temporary", Conflict, None),
        ("/files/1", 412, "precondition_failed", Conflict, None),
        ("/files/1", 503, "unavailable", Unavailable, None),
    ],
)
def test_each_code_has_its_meaning(
    talk: Talk, path: str, status: int, code: str, error: type[ConnectorError], permission: str | None
) -> None:
    talk.says = {("GET", path): says({"type": "error", "status": status, "code": code}, status)}
    with pytest.raises(error) as raised:
        talk.client().get(path)
    assert type(raised.value) is error
    assert getattr(raised.value, "permission", None) == permission


def test_a_pause_lasts_as_long_as_box_says(talk: Talk) -> None:
    body = {"type": "error", "status": 429, "code": "rate_limit_exceeded"}
    talk.says = {("GET", "/users"): says(body, 429, Retry_After="17")}
    with pytest.raises(RateLimited) as raised:
        talk.client().get("/users")
    assert raised.value.retry_after == 17


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"status": 403, "error": "Forbidden", "error_description": "Unauthorized Access"}, "does not let"),
        ({"code": "x", "message": "User cannot access this feature without having an enterprise"}, "no enterprise"),
    ],
)
def test_older_bodies_are_read_as_well(talk: Talk, body: dict[str, str], words: str) -> None:
    talk.says = {("GET", "/users"): says(body, 403)}
    with pytest.raises(PermissionMissing, match=words):
        talk.client().get("/users")


def test_an_empty_body_is_read_by_its_status(talk: Talk) -> None:
    talk.says = {("GET", "/users"): says("", 403)}
    with pytest.raises(PermissionMissing, match="does not let"):
        talk.client().get("/users")

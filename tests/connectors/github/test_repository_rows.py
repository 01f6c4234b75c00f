"""What becomes of repositories and of who can reach them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.base import Collaborator, Exposure
from connectors.github import repository_rows
from tests.connectors.conformance.shapes import faults_of

ROW: dict[str, Any] = {
    "id": 2_230_118_440,
    "name": "partner-portal",
    "full_name": "contoso-dev/partner-portal",
    "owner": {"login": "contoso-dev", "id": 148_205_311},
    "visibility": "private",
    "size": 812,
    "created_at": "2026-01-02T03:04:05Z",
    "pushed_at": "2026-05-06T07:08:09Z",
    "html_url": "https://github.com/contoso-dev/partner-portal",
}


def test_a_repository_is_a_file() -> None:
    found = repository_rows.repository(ROW)
    assert list(faults_of(found)) == []
    assert (found.id, found.name, found.kind) == ("2230118440", "partner-portal", "repository")
    assert (found.path, found.owner_name) == ("contoso-dev/partner-portal", "contoso-dev")
    assert found.size == 812 * 1024
    assert found.modified_at == datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("visibility", "exposure"),
    [
        ("public", Exposure.PUBLIC),
        ("internal", Exposure.INTERNAL),
        ("private", Exposure.PRIVATE),
        (None, Exposure.UNKNOWN),
    ],
)
def test_exposure_is_how_visible_it_is(visibility: str | None, exposure: Exposure) -> None:
    assert repository_rows.repository({**ROW, "visibility": visibility}).exposure is exposure


@pytest.mark.parametrize(("is_private", "exposure"), [(True, Exposure.PRIVATE), (False, Exposure.PUBLIC)])
def test_older_servers_tell_only_whether_it_is_private(is_private: bool, exposure: Exposure) -> None:
    assert repository_rows.repository({"id": 1, "private": is_private}).exposure is exposure


def test_an_empty_repository_was_never_modified() -> None:
    found = repository_rows.repository({"id": 1, "pushed_at": None, "size": None})
    assert found.modified_at is None
    assert found.size is None
    assert list(faults_of(found)) == []


def test_a_file_belongs_to_its_repository() -> None:
    entry = {"path": "src/what? é.env", "mode": "100644", "type": "blob", "sha": "0" * 40, "size": 11}
    found = repository_rows.tree_file({**ROW, "default_branch": "release/#4"}, entry)
    assert list(faults_of(found)) == []
    assert (found.id, found.parent_id) == ("2230118440:src/what? é.env", "2230118440")
    assert (found.name, found.kind, found.size) == ("what? é.env", "file", 11)
    assert found.path == "contoso-dev/partner-portal/src/what? é.env"
    assert found.exposure is Exposure.PRIVATE
    assert found.url == "https://github.com/contoso-dev/partner-portal/blob/release/%234/src/what%3F%20%C3%A9.env"
    assert found.raw == {**entry, "repository": "contoso-dev/partner-portal"}


@pytest.mark.parametrize(
    ("share", "vendor_id", "says"),
    [
        (
            repository_rows.person(7, {"id": 5, "login": "fab-lena", "role_name": "write"}, is_external=True),
            "7/5",
            {"account_id": "5", "name": "fab-lena", "role": "write", "is_external": True, "is_pending": False},
        ),
        (
            repository_rows.invited(7, {"id": 9, "invitee": {"id": 5, "login": "fab-lena"}, "permissions": "read"}),
            "7/invitation:9",
            {"account_id": "5", "role": "read", "is_external": True, "is_pending": True},
        ),
        (
            repository_rows.invited(7, {"id": 9, "invitee": None, "permissions": "read"}),
            "7/invitation:9",
            {"account_id": "", "name": "", "is_pending": True},
        ),
        (
            repository_rows.team(7, {"id": 3, "name": "Platform", "permission": "maintain"}),
            "7/team:3",
            {"group_id": "3", "name": "Platform", "role": "maintain", "is_external": False},
        ),
        (
            repository_rows.key_holder(7, {"id": 2, "title": "ci", "read_only": False}),
            "7/key:2",
            {"account_id": "", "name": "ci", "role": "write", "is_external": True},
        ),
    ],
    ids=["person", "invited", "invited by mail", "team", "key"],
)
def test_each_way_into_a_repository_is_a_collaborator(
    share: Collaborator, vendor_id: str, says: dict[str, object]
) -> None:
    assert list(faults_of(share)) == []
    assert share.id == vendor_id
    assert {name: getattr(share, name) for name in says} == says

"""What scopes and permissions mean, and how much harm they can do."""

import pytest

from connectors.base import Risk
from connectors.github.scope_words import risk_of, scope_meaning
from connectors.github.scopes import PERMISSIONS, SCOPES, held


@pytest.mark.parametrize(
    ("scope", "words", "risk"),
    [
        ("repo", "Read and change code", Risk.HIGH),
        ("read:org", "Read members and teams", Risk.MEDIUM),
        ("read:user", "Read one's profile", Risk.LOW),
        ("admin:enterprise", "Administer enterprises", Risk.HIGH),
        ("contents:read", "Read code, commits and releases", Risk.MEDIUM),
        ("contents:write", "Read and change code, commits and releases", Risk.HIGH),
        ("organization_projects:admin", "Administer projects of the organisation", Risk.HIGH),
        ("metadata:read", "Read names and descriptions", Risk.LOW),
        ("new_permission:read", "Read new permission", Risk.MEDIUM),
        ("new_permission:write", "Read and change new permission", Risk.HIGH),
        ("repository:read", "Read the code of one repository", Risk.MEDIUM),
        ("repository:write", "Read and change the code of one repository", Risk.HIGH),
        ("*", "everything", Risk.HIGH),
        ("push", "push", Risk.UNKNOWN),
        ("", "", Risk.UNKNOWN),
        (":", ":", Risk.UNKNOWN),
        ("<script>", "<script>", Risk.UNKNOWN),
    ],
)
def test_a_scope_is_told_in_words_with_its_risk(scope: str, words: str, risk: Risk) -> None:
    found = scope_meaning(scope)
    assert words in found.words
    assert found.risk is risk


@pytest.mark.parametrize("scope", [*SCOPES, *PERMISSIONS])
def test_whatever_we_ask_for_is_explained(scope: str) -> None:
    found = scope_meaning(scope)
    assert found.words != scope
    assert found.risk is not Risk.UNKNOWN


def test_the_highest_risk_counts() -> None:
    assert risk_of(("metadata:read", "contents:write", "push")) is Risk.HIGH
    assert risk_of(("metadata:read",)) is Risk.LOW
    assert risk_of(()) is Risk.UNKNOWN


def test_a_scope_brings_others_along() -> None:
    assert held(["admin:org"]) >= {"admin:org", "write:org", "read:org"}
    assert held(["members:write"]) >= {"members:write", "members:read"}
    assert "members:write" not in held(["members:read"])
    assert "read:enterprise" in held(["admin:enterprise"])

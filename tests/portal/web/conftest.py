"""GitHub as the portal knows it, with a second way to connect that has no consent page."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from connectors.base import AuthMethod, Field, SetupStep, StaticToken
from connectors.catalogue import catalogue

TOKEN_METHOD = AuthMethod(
    id="pasted_token",
    label="Pasted token",
    help="A token made by hand.",
    fields=(
        Field("token", "Token", "Made in GitHub.", is_secret=True),
        Field("organization", "Organization Login Name", "The part after github.com/."),
    ),
    steps=(SetupStep("Make a service account."),),
    scheme=StaticToken(scopes_header="X-OAuth-Scopes"),
)


@pytest.fixture
def two_ways(declare: Callable[..., None]) -> None:
    """GitHub with a second way to connect."""
    github = catalogue()["github"]
    declare(replace(github, methods=(*github.methods, TOKEN_METHOD)))

"""A sign-in provider, and what pages are looked at with."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.journeys.conftest import audit, shoot  # noqa: F401  fixtures
from tests.portal.people.provider import CLIENT_ID, CLIENT_SECRET, Provider


@pytest.fixture
def provider(settings: Settings) -> Iterator[Provider]:
    """Started, and set up as the portal's single sign-on."""
    with Provider() as started:
        app = {
            "provider_id": "sso", "name": "Contoso", "client_id": CLIENT_ID, "secret": CLIENT_SECRET,
            "settings": {"server_url": started.url},
        }  # fmt: skip
        settings.OIDC = {"name": "Contoso"}
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
        yield started

"""Instances of servers that were connected before the host was part of who they are."""

from importlib import import_module

import pytest
from django.apps import apps

from portal.instances.models import AppInstance

pytestmark = pytest.mark.django_db
MIGRATION = import_module("portal.instances.migrations.0004_servers_count_from_one")


@pytest.mark.parametrize(
    ("app_id", "base_url", "before", "after"),
    [
        ("github", "https://github.contoso.example:8443", "12", "github.contoso.example:8443:12"),
        ("github", "", "12", "12"),
        ("github", "https://github.contoso.example", "", ""),
        ("example", "https://example.com", "12", "12"),
    ],
)
def test_an_organisation_of_a_server_gets_its_host(app_id: str, base_url: str, before: str, after: str) -> None:
    row = AppInstance.objects.create(app_id=app_id, name="Contoso", config={"base_url": base_url}, tenant_id=before)
    for _ in range(2):
        MIGRATION.name_the_host(apps, None)
    row.refresh_from_db()
    assert row.tenant_id == after

"""Addresses in a vendor's data: what of them gets onto the portal's pages as a link."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from portal.instances.models import AppInstance
from portal.inventory.models import Account, File, Group, OAuthApp
from portal.people.roles import Role
from portal.scans import service
from tests.portal.connected import connected_github
from tests.portal.web.visitor import client_of, person
from tests.sandbox.github import app_shapes, graphql, repository_shapes, shapes
from tests.sandbox.server import Sandbox
from tests.tasks import run_tasks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database]

OUTSIDE = re.compile(r'href="(?!/(?!/)|#|\?|https://|http://testserver/)([^"]*)"')
"""Links that are neither the portal's own nor https."""


def read_with_addresses(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, address: str) -> AppInstance:
    """GitHub connected and read while it tells this address of everything that it has a page for."""
    for each in (app_shapes, graphql, repository_shapes, shapes):
        monkeypatch.setattr(each, "web", lambda request, path: address)
    instance = connected_github(sandbox)
    service.begin(instance)
    run_tasks("scans")
    return instance


def pages(client: Client, instance: AppInstance) -> list[str]:
    """The instance's page, and one of each kind that has a page at the vendor."""
    found = [client.get(reverse("instance_detail", args=[instance.pk]))]
    for model, name in ((Account, "account"), (Group, "group"), (File, "file"), (OAuthApp, "oauth_app")):
        row = model._default_manager.filter(instance_id=instance.pk, gone_at=None).order_by("pk").first()
        assert row is not None, name
        found.append(client.get(reverse(f"{name}_detail", args=[row.pk])))
    return [each.content.decode() for each in found]


def test_an_address_that_a_browser_would_carry_out_is_no_link(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    instance = read_with_addresses(sandbox, monkeypatch, "javascript:alert(document.domain)")
    for html in pages(client_of(person(Role.GLOBAL_ADMIN)), instance):
        assert not OUTSIDE.findall(html)


def test_an_honest_address_is_a_link(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    instance = read_with_addresses(sandbox, monkeypatch, "https://github.com/contoso-dev")
    for html in pages(client_of(person(Role.GLOBAL_ADMIN)), instance):
        assert 'href="https://github.com/contoso-dev' in html

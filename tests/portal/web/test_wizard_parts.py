"""Parts of an app that can be switched on, and values that the portal makes for the vendor's side."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from connectors.base import Capability, Component, Connector, Field
from portal.audit.models import AuditEntry
from portal.instances.models import AppInstance
from portal.instances.vault import InstanceVault
from portal.people.roles import Role
from portal.preferences import preferences
from portal.scans.models import FeedState, FeedStatus
from portal.scans.plan import ensure_states, feeds_of
from tests.portal.scans import example
from tests.portal.web.visitor import client_of, person, text_of

pytestmark = pytest.mark.django_db

USERS = Component("users", "Users", "Everybody in the directory.")
FILES = Component("files", "Files", "Names and sharing of files.", needs=("users",))
HOOK_SECRET = Field(
    "hook_secret", "Webhook secret", "Put it into the app's console.", is_secret=True, generate=lambda: "made-once"
)


def in_parts(**declared: Any) -> Connector:
    method = replace(example.METHOD, fields=(*example.METHOD.fields, HOOK_SECRET))
    feeds = (replace(example.accounts, component="users"), replace(example.teams, component="files"), example.events)
    return example.connector(methods=(method,), components=(USERS, FILES), feeds=feeds, **declared)


@pytest.fixture
def admin(declare: Callable[[Connector], None]) -> Client:
    declare(in_parts())
    return client_of(person(Role.GLOBAL_ADMIN))


@pytest.fixture
def draft(admin: Client) -> AppInstance:
    admin.post(reverse("wizard_name", args=["example"]), {"name": "Contoso"})
    return AppInstance.objects.get()


def send(client: Client, draft: AppInstance, *components: str) -> Any:
    return client.post(reverse("wizard_details", args=[draft.pk]), {"token": "t0ken", "components": list(components)})


def test_the_form_offers_every_part_with_what_it_needs(admin: Client, draft: AppInstance) -> None:
    words = text_of(admin.get(reverse("wizard_details", args=[draft.pk])))
    assert "Users Everybody in the directory." in words
    assert "Files Names and sharing of files. Needs Users." in words


def test_chosen_parts_are_kept_and_in_the_audit_trail(admin: Client, draft: AppInstance) -> None:
    assert send(admin, draft, "files", "users").status_code == 302
    draft.refresh_from_db()
    assert draft.components == ["users", "files"]
    assert AuditEntry.objects.get(verb="instance.components_chosen").after == {"components": ["users", "files"]}


def test_a_part_without_what_it_needs_is_refused_in_words(admin: Client, draft: AppInstance) -> None:
    answer = send(admin, draft, "files")
    assert answer.status_code == 422
    assert "Files needs Users. Switch that on as well, or this off." in text_of(answer)
    draft.refresh_from_db()
    assert draft.components == []


def test_a_part_that_there_is_not_is_passed_over(admin: Client, draft: AppInstance) -> None:
    send(admin, draft, "users", "no-such-part")
    draft.refresh_from_db()
    assert draft.components == ["users"]


def test_feeds_of_parts_that_are_off_are_not_read(admin: Client, draft: AppInstance) -> None:
    assert [feed.name for feed in feeds_of(draft)] == ["events"]
    send(admin, draft, "users")
    draft.refresh_from_db()
    assert [feed.name for feed in feeds_of(draft)] == ["accounts", "events"]


def test_the_portal_makes_the_secret_once_and_shows_it_to_be_copied(
    admin: Client, draft: AppInstance, settings: Settings
) -> None:
    page = admin.get(reverse("wizard_details", args=[draft.pk]))
    assert "made-once" in text_of(page)
    assert 'name="hook_secret"' not in page.content.decode()
    send(admin, draft)
    admin.post(reverse("wizard_details", args=[draft.pk]), {"token": "t0ken", "hook_secret": "typed"})
    assert InstanceVault(draft.pk).read()["fields"] == {"hook_secret": "made-once", "token": "t0ken"}


def test_without_file_monitoring_no_files_are_read(
    declare: Callable[[Connector], None], admin: Client, draft: AppInstance
) -> None:
    scanning = replace(example.labels, serves=(Capability.DATA_SCAN,))
    declare(in_parts())
    declare(example.connector(feeds=(example.accounts, scanning)))
    ensure_states(draft)
    preferences.keep({"file_monitoring": False})
    ensure_states(draft)
    assert [feed.name for feed in feeds_of(draft)] == ["accounts"]
    assert FeedState.objects.get(feed="labels").status == FeedStatus.STOPPED
    preferences.keep({"file_monitoring": True})
    ensure_states(draft)
    assert FeedState.objects.get(feed="labels").status == FeedStatus.WAITING

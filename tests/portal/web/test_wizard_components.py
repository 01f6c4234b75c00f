"""Components of an app that can be switched on, and values that the portal makes for the vendor's side."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from connectors.base import Capability, Component, Connector, Field, SetupStep
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

USERS = Component(
    "users", "Users", "Everybody in the directory.", is_fixed=True, scopes=lambda config: ("people.read",)
)
GROUPS = Component("groups", "Groups", "Who is in which team.", needs=("users",), scopes=lambda config: ("teams.read",))
FILES = Component(
    "files", "Files", "Names and sharing of files.", needs=("users", "groups"), needs_file_monitoring=True,
    scopes=lambda config: ("teams.read", "files.read"),
)
HOOK_SECRET = Field(
    "hook_secret", "Webhook secret", "Put it into the app's console.", is_secret=True, generate=lambda: "made-once"
)
SCOPES_STEP = SetupStep("Tick these scopes in the console:", copy="scopes")
STORAGE_STEP = SetupStep(
    "Tick these of the storage:", copy="scopes", of_scopes=lambda scope: scope if scope.startswith("files") else ""
)


def in_components(**declared: Any) -> Connector:
    method = replace(
        example.METHOD, fields=(*example.METHOD.fields, HOOK_SECRET), steps=(SCOPES_STEP, STORAGE_STEP)
    )
    feeds = (replace(example.accounts, component="users"), replace(example.teams, component="groups"), example.events)
    components = (USERS, GROUPS, FILES)
    return example.connector(methods=(method,), components=components, feeds=feeds, **declared)


@pytest.fixture
def admin(declare: Callable[[Connector], None]) -> Client:
    declare(in_components())
    return client_of(person(Role.GLOBAL_ADMIN))


@pytest.fixture
def draft(admin: Client) -> AppInstance:
    admin.post(reverse("wizard_name", args=["example"]), {"name": "Contoso"})
    return AppInstance.objects.get()


def send(client: Client, draft: AppInstance, *components: str) -> Any:
    return client.post(reverse("wizard_choose_components", args=[draft.pk]), {"components": list(components)})


def boxes(page: Any) -> dict[str, str]:
    """The check boxes of a page by value, with what else stands in their tags."""
    found = re.findall(r'<input type="checkbox" name="components" value="(\w+)"([^>]*)>', page.content.decode())
    return {value: " ".join(re.findall(r"\b(?:checked|disabled)\b", rest)) for value, rest in found}


def test_the_first_page_of_the_app_offers_each_component_with_what_it_shows_and_needs(admin: Client) -> None:
    listed = admin.get(reverse("wizard_choose")).content.decode()
    first = reverse("wizard_components", args=["example"])
    assert f'href="{first}"' in listed
    page = admin.get(first)
    words = text_of(page)
    assert "Select Example components (current step)" in words
    assert "Users Everybody in the directory. Always on." in words
    assert "Files Names and sharing of files. Needs Groups." in words
    assert boxes(page) == {"users": "checked disabled", "groups": "", "files": ""}


def test_what_was_chosen_goes_along_to_the_draft_and_back(admin: Client) -> None:
    named = admin.post(reverse("wizard_components", args=["example"]), {"components": ["groups"]})
    name_page = admin.get(named["Location"]).content.decode()
    back = f"{reverse('wizard_components', args=['example'])}?components=users&amp;components=groups"
    assert name_page.count(f'href="{back}"') == 2  # of the button, and of the step
    assert boxes(admin.get(back.replace("&amp;", "&")))["groups"] == "checked"
    answer = admin.post(named["Location"], {"name": "Contoso"})
    draft = AppInstance.objects.get()
    assert answer["Location"] == reverse("wizard_details", args=[draft.pk])
    assert draft.components == ["users", "groups"]
    assert AuditEntry.objects.get(verb="instance.components_chosen").after == {"components": ["users", "groups"]}
    assert 'name="components"' not in admin.get(answer["Location"]).content.decode()


def test_the_components_of_a_draft_can_be_chosen_anew(admin: Client, draft: AppInstance) -> None:
    assert draft.components == ["users"]
    assert send(admin, draft, "files", "groups")["Location"] == reverse("wizard_rename", args=[draft.pk])
    draft.refresh_from_db()
    assert draft.components == ["users", "groups", "files"]
    page = admin.get(reverse("wizard_choose_components", args=[draft.pk]))
    assert boxes(page) == {"users": "checked disabled", "groups": "checked", "files": "checked"}


def test_a_component_without_what_it_needs_is_refused_in_words(admin: Client, draft: AppInstance) -> None:
    answer = send(admin, draft, "files")
    assert answer.status_code == 422
    assert "Files needs Groups. Switch that on as well, or this off." in text_of(answer)
    assert boxes(answer)["files"] == "checked"
    draft.refresh_from_db()
    assert draft.components == ["users"]


def test_the_same_is_refused_before_there_is_a_draft(admin: Client) -> None:
    answer = admin.post(reverse("wizard_components", args=["example"]), {"components": ["files"]})
    assert answer.status_code == 422
    assert "Files needs Groups." in text_of(answer)
    forged = admin.post(reverse("wizard_name", args=["example"]) + "?components=files", {"name": "Contoso"})
    assert forged.status_code == 422
    assert "Files needs Groups." in text_of(forged)


def test_a_component_that_there_is_not_is_passed_over(admin: Client, draft: AppInstance) -> None:
    send(admin, draft, "no-such-component")
    draft.refresh_from_db()
    assert draft.components == ["users"]


def test_without_file_monitoring_files_are_greyed_out_with_the_reason(admin: Client, draft: AppInstance) -> None:
    preferences.keep({"file_monitoring": False})
    page = admin.get(reverse("wizard_components", args=["example"]))
    assert boxes(page)["files"] == "disabled"
    assert "File monitoring is off. A Global Admin switches it on in Settings, General." in text_of(page)
    forged = send(admin, draft, "groups", "files")
    assert forged.status_code == 422
    assert "Files cannot be switched on. File monitoring is off." in text_of(forged)


def test_files_stay_chosen_while_file_monitoring_is_off(admin: Client, draft: AppInstance) -> None:
    send(admin, draft, "groups", "files")
    preferences.keep({"file_monitoring": False})
    assert boxes(admin.get(reverse("wizard_choose_components", args=[draft.pk])))["files"] == "checked disabled"
    send(admin, draft, "groups")  # as a browser sends it, which leaves out what is disabled
    draft.refresh_from_db()
    assert draft.components == ["users", "groups", "files"]


def test_only_what_the_components_need_is_asked_for(admin: Client, draft: AppInstance) -> None:
    details = reverse("wizard_details", args=[draft.pk])
    words = text_of(admin.get(details))
    assert "Tick these scopes in the console: people.read Copy" in words
    assert "Tick these of the storage" not in words
    send(admin, draft, "groups", "files")
    words = text_of(admin.get(details))
    assert "Tick these scopes in the console: people.read teams.read files.read Copy" in words
    assert "Tick these of the storage: files.read Copy" in words
    admin.post(details, {"token": "t0ken"})
    assert "files.read" in text_of(admin.get(reverse("wizard_consent", args=[draft.pk])))


def test_feeds_of_components_that_are_off_are_not_read(admin: Client, draft: AppInstance) -> None:
    assert [feed.name for feed in feeds_of(draft)] == ["accounts", "events"]
    send(admin, draft, "groups")
    draft.refresh_from_db()
    assert [feed.name for feed in feeds_of(draft)] == ["accounts", "teams", "events"]


def test_the_portal_makes_the_secret_once_and_shows_it_to_be_copied(
    admin: Client, draft: AppInstance, settings: Settings
) -> None:
    page = admin.get(reverse("wizard_details", args=[draft.pk]))
    assert "made-once" in text_of(page)
    assert 'name="hook_secret"' not in page.content.decode()
    admin.post(reverse("wizard_details", args=[draft.pk]), {"token": "t0ken"})
    admin.post(reverse("wizard_details", args=[draft.pk]), {"token": "t0ken", "hook_secret": "typed"})
    assert InstanceVault(draft.pk).read()["fields"] == {"hook_secret": "made-once", "token": "t0ken"}


def test_without_file_monitoring_no_files_are_read(
    declare: Callable[[Connector], None], admin: Client, draft: AppInstance
) -> None:
    scanning = replace(example.labels, serves=(Capability.DATA_SCAN,))
    declare(in_components())
    declare(example.connector(feeds=(example.accounts, scanning)))
    ensure_states(draft)
    preferences.keep({"file_monitoring": False})
    ensure_states(draft)
    assert [feed.name for feed in feeds_of(draft)] == ["accounts"]
    assert FeedState.objects.get(feed="labels").status == FeedStatus.STOPPED
    preferences.keep({"file_monitoring": True})
    ensure_states(draft)
    assert FeedState.objects.get(feed="labels").status == FeedStatus.WAITING

"""Acting on all files that match a list's filters: what is offered, the numbers of the confirmation, the request."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from connectors import catalogue as catalogue_module
from connectors.base import Facts, Field, File
from connectors.catalogue import catalogue
from portal.governance import bulk
from portal.governance.models import ActionBatch, GovernanceAction
from portal.instances.models import AppInstance, State
from portal.people.roles import Role
from tests.portal.web import inventory_rows as rows
from tests.portal.web.visitor import client_of, person, text_of

pytestmark = pytest.mark.django_db

LEVEL = Field("level", "Whom it lets in", "", choices=(("team", "The team"), ("nobody", "Nobody")))


def is_no_film(facts: Facts) -> bool:
    return bool(facts["kind"] != "film")


@pytest.fixture(autouse=True)
def actions_on_files(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """GitHub, with an action on files that asks for a level, and one that cannot be undone."""
    github = catalogue()["github"]
    plain = next(each for each in github.actions if each.target is File)
    close = replace(
        plain, name="close", label="Close the link", effect="{name} is closed in {tenant}.", fields=(LEVEL,),
        applies=is_no_film, permissions=(),
    )
    for_good = tuple(replace(step, undo=None) for step in plain.steps)
    end = replace(close, name="end", label="End it", fields=(), steps=for_good)
    monkeypatch.setattr(catalogue_module, "_in_folders", lambda: [replace(github, actions=(close, end))])
    catalogue.cache_clear()
    yield
    catalogue.cache_clear()


@pytest.fixture
def contoso() -> AppInstance:
    """Three files that anyone opens, one of them a film; one that nobody opens."""
    of = rows.instance()
    for name, more in (("a", {}), ("b", {}), ("c", {"kind": "film"})):
        rows.file(of, name, exposure="public", owner_name="Ada" if name == "a" else "Bo", **more)
    rows.file(of, "private")
    return of


@pytest.fixture
def admin() -> Client:
    return client_of(person(Role.COMPLIANCE_ADMIN))


def page(action: str = "", query: str = "exposure=public") -> str:
    path = reverse("matching_request", args=[action]) if action else reverse("matching_files")
    return f"{path}?{query}"


def seen(browser: Client, action: str, query: str = "exposure=public") -> str:
    (digest,) = re.findall(r'name="seen" value="(\w+)"', browser.get(page(action, query)).content.decode())
    return str(digest)


def test_the_list_leads_with_its_filters_to_what_can_be_done_to_all_that_match(
    admin: Client, contoso: AppInstance
) -> None:
    shown = admin.get(reverse("file_list"), {"exposure": "public"}).content.decode()
    assert f'href="{page()}">the first 10,000 that match</a>' in shown
    words = text_of(admin.get(page()))
    assert "All 3 that match, by name: Exposure is Public." in words
    assert "Close the link… 3 of 3 are in apps that offer it" in words
    assert "End it… 3 of 3 are in apps that offer it; cannot be undone" in words


def test_the_confirmation_counts_by_app_and_owner_and_says_why_not_the_others(
    admin: Client, contoso: AppInstance
) -> None:
    paused = rows.instance("Fabrikam", State.PAUSED, tenant_id="2")
    rows.file(paused, "theirs", exposure="public")
    words = text_of(admin.get(page("close")))
    assert "2 together, 2 left out" in words
    assert "What will happen to 2 in GitHub, Contoso" in words
    assert "Each of them is closed in Contoso." in words
    assert "Owned by Ada (1), Bo (1)." in words
    assert f"1: {bulk.NO_SENSE}" in words
    assert "1: Fabrikam is paused. Resume it first." in words
    assert "Whom it lets in" in words


def test_what_was_counted_is_asked_for_with_one_value_for_all(admin: Client, contoso: AppInstance) -> None:
    sent = {"reason": "Cleaning up", "seen": seen(admin, "close"), "level": "nobody"}
    answer = admin.post(page("close"), sent, follow=True)
    assert "0 of 2 ended" in text_of(answer)
    asked = GovernanceAction.objects.order_by("target_name")
    assert [(each.target_name, each.params) for each in asked] == [
        ("a", {"level": "nobody"}), ("b", {"level": "nobody"}),
    ]
    assert f"3: {bulk.UNDER_WAY}" not in text_of(admin.get(page("close")))
    assert f"2: {bulk.UNDER_WAY}" in text_of(admin.get(page("close")))


def test_if_other_files_match_by_then_nothing_is_asked_for(admin: Client, contoso: AppInstance) -> None:
    sent = {"reason": "Cleaning up", "seen": seen(admin, "close"), "level": "nobody"}
    rows.file(contoso, "new", exposure="public")
    answer = admin.post(page("close"), sent)
    assert (answer.status_code, ActionBatch.objects.count()) == (422, 0)
    assert "Other files match than when this was counted." in text_of(answer)
    assert "3 together" in text_of(answer)


def test_what_cannot_be_undone_asks_for_the_number(admin: Client, contoso: AppInstance) -> None:
    sent = {"reason": "Cleaning up", "seen": seen(admin, "end")}
    assert "type 2 to confirm" in text_of(admin.get(page("end")))
    assert admin.post(page("end"), {**sent, "number": "3"}).status_code == 422
    assert not GovernanceAction.objects.exists()
    assert admin.post(page("end"), {**sent, "number": "2"}).status_code == 302
    assert GovernanceAction.objects.count() == 2


def test_filters_that_are_not_understood_name_no_files(admin: Client, contoso: AppInstance) -> None:
    assert admin.get(page(query="exposure=nonsense")).status_code == 403
    assert admin.post(page("end", "exposure=nonsense"), {"reason": "x"}).status_code == 403
    assert "that match</a>" not in admin.get(reverse("file_list"), {"exposure": "nonsense"}).content.decode()


def test_only_the_first_are_meant_where_more_match(
    admin: Client, contoso: AppInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MOST_TARGETS", 2)
    assert "The first 2 that match, by name" in text_of(admin.get(page()))
    admin.post(page("end"), {"reason": "x", "number": "2", "seen": seen(admin, "end")})
    assert set(GovernanceAction.objects.values_list("target_name", flat=True)) == {"a", "b"}


def test_roles_and_scopes_count_for_each_instance(contoso: AppInstance) -> None:
    reader = client_of(person(Role.SECURITY_READER))
    assert reader.get(page()).status_code == 403
    assert reader.post(page("end"), {"reason": "x"}).status_code == 403
    assert "that match</a>" not in reader.get(reverse("file_list")).content.decode()
    fabrikam = rows.instance("Fabrikam", tenant_id="2")
    rows.file(fabrikam, "theirs", exposure="public")
    own = client_of(person(Role.APP_ADMIN, instance_id=fabrikam.pk, is_full=True))
    own.post(page("end"), {"reason": "x", "number": "1", "seen": seen(own, "end")})
    assert list(GovernanceAction.objects.values_list("target_name", flat=True)) == ["theirs"]


def test_many_files_are_counted_in_parts_and_none_is_loaded_with_its_record(
    admin: Client, contoso: AppInstance
) -> None:
    admin.get(page("close"))
    few = _queries(admin)
    for number in range(60):
        rows.file(contoso, f"more-{number}", exposure="public")
    many = _queries(admin)
    assert len(many) == len(few)
    assert not [sql for sql in many if 'FROM "inventory_file"' in sql and '"inventory_file"."raw"' in sql]


def _queries(browser: Client) -> list[Any]:
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(page("close")).status_code == 200
    return [each["sql"] for each in captured]

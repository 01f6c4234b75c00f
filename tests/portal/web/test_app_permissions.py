"""OAuth apps and credentials: the lists, the scopes in words, who let an app in."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from connectors.base import Risk, ScopeMeaning
from connectors.catalogue import catalogue
from portal.governance.targets import name_of
from portal.people.roles import Role
from tests.portal.web import inventory_rows as rows
from tests.portal.web.visitor import client_of, person, text_of

pytestmark = pytest.mark.django_db


def meaning(scope: str) -> ScopeMeaning:
    if scope == "administration:write":
        return ScopeMeaning("Change the settings of repositories", Risk.HIGH)
    return ScopeMeaning(scope, Risk.UNKNOWN)


@pytest.fixture
def in_words(declare: Callable[..., None]) -> None:
    """GitHub's connector with these words for scopes."""
    declare(replace(catalogue()["github"], scope_meaning=meaning))


@pytest.fixture
def reader() -> Client:
    return client_of(person(Role.SECURITY_READER))


def test_the_riskiest_app_stands_first(reader: Client) -> None:
    contoso = rows.instance()
    rows.oauth_app(contoso, "Aardvark")
    risky = rows.oauth_app(contoso, "Zebra", risk="high", risk_order=0, scopes=["administration:write"])
    rows.grant(contoso, risky)
    html = reader.get(reverse("oauth_app_list")).content.decode()
    assert html.index(">Zebra<") < html.index(">Aardvark<")
    assert "Zebra High administration:write – G Contoso 1" in text_of(reader.get(reverse("oauth_app_list")))


def test_apps_are_found_by_a_part_of_a_scope(reader: Client) -> None:
    contoso = rows.instance()
    rows.oauth_app(contoso, "Zebra", scopes=["administration:write"], scope_text="administration:write")
    rows.oauth_app(contoso, "Aardvark", scopes=["metadata:read"], scope_text="metadata:read")
    words = text_of(reader.get(reverse("oauth_app_list"), {"scope": "administration"}))
    assert "Zebra" in words
    assert "Aardvark" not in words


def test_an_app_tells_its_scopes_in_words_and_who_let_it_in(reader: Client, in_words: None) -> None:
    contoso = rows.instance()
    ada = rows.account(contoso, "Ada", number="17")
    app = rows.oauth_app(contoso, "Zebra", scopes=["x:read", "administration:write"], is_verified=False)
    rows.grant(contoso, app, granted_at=rows.LONG_AGO)
    rows.grant(contoso, app, ada, is_active=False)
    words = text_of(reader.get(reverse("oauth_app_detail", args=[app.pk])))
    assert "High Change the settings of repositories administration:write Unknown x:read" in words
    assert "Not verified" in words
    assert "The whole organisation" in words
    assert "Ada Not active" in words


def test_a_consent_that_the_app_tells_by_id_alone_is_called_by_the_accounts_name(reader: Client) -> None:
    contoso = rows.instance()
    app, ada = rows.oauth_app(contoso, "Zebra"), rows.account(contoso, "Ada", number="17")
    consent = rows.grant(contoso, app, ada, account_name="")
    page = reader.get(reverse("oauth_app_detail", args=[app.pk]))
    assert f'<a href="{reverse("account_detail", args=[ada.pk])}">Ada</a>' in page.content.decode()
    assert name_of(consent) == "Zebra, Ada"


def test_credentials_say_what_they_belong_to_and_whether_they_still_open_anything(reader: Client) -> None:
    contoso = rows.instance()
    rows.account(contoso, "Ada", number="17")
    past = datetime(2026, 1, 1, tzinfo=UTC)
    rows.credential(contoso, "laptop", kind="personal token", account_id="17", account_name="ada", expires_at=past)
    rows.credential(contoso, "exfil", kind="webhook", url="https://collector.example/in", file_name="contoso/site")
    words = text_of(reader.get(reverse("credential_list")))
    assert "laptop Medium personal token ada Expired" in words
    assert "exfil Medium webhook contoso/site Active" in words
    expired = text_of(reader.get(reverse("credential_list"), {"expired": "yes"}))
    assert "laptop" in expired
    assert "exfil" not in expired


def test_a_webhook_tells_where_it_sends_to(reader: Client) -> None:
    hook = rows.credential(rows.instance(), "exfil", kind="webhook", url="https://collector.example/in")
    page = reader.get(reverse("credential_detail", args=[hook.pk]))
    assert "Sends to https://collector.example/in" in text_of(page)
    assert 'href="https://collector.example' not in page.content.decode()


def test_an_account_shows_its_consents_and_credentials(reader: Client) -> None:
    contoso = rows.instance()
    ada = rows.account(contoso, "Ada", number="17")
    rows.grant(contoso, rows.oauth_app(contoso, "Zebra"), ada)
    rows.credential(contoso, "laptop", kind="personal token", account_id="17")
    words = text_of(reader.get(reverse("account_detail", args=[ada.pk])))
    assert "Zebra consent Low" in words
    assert "laptop personal token Active Medium" in words


@pytest.mark.parametrize("kind", ["oauth_app", "credential"])
def test_what_belongs_to_other_instances_is_not_to_be_seen(kind: str) -> None:
    contoso, fabrikam = rows.instance(), rows.instance("Fabrikam", tenant_id="2")
    make = getattr(rows, kind)
    make(contoso, "mine")
    other = make(fabrikam, "theirs")
    own = client_of(person(Role.APP_ADMIN, instance_id=contoso.pk))
    words = text_of(own.get(reverse(f"{kind}_list")))
    assert "mine" in words
    assert "theirs" not in words
    assert own.get(reverse(f"{kind}_detail", args=[other.pk])).status_code == 404


@pytest.mark.parametrize("kind", ["oauth_app", "credential"])
def test_hostile_names_come_out_as_text_on_pages_and_harmless_in_files(reader: Client, kind: str) -> None:
    made = getattr(rows, kind)(rows.instance(), "=1+2" + rows.HOSTILE, scopes=[rows.HOSTILE])
    for address in (reverse(f"{kind}_list"), reverse(f"{kind}_detail", args=[made.pk])):
        assert "<script>alert" not in reader.get(address).content.decode()
    exported = b"".join(reader.get(reverse(f"{kind}_export"))).decode("utf-8-sig")
    assert next(csv.DictReader(io.StringIO(exported)))["Name"].startswith("'=1+2")


@pytest.mark.parametrize(("kind", "queries"), [("oauth_app", 9), ("credential", 8)])
def test_a_list_asks_a_fixed_number_of_questions(
    reader: Client, kind: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    contoso = rows.instance()
    for number in range(30):
        getattr(rows, kind)(contoso, f"row-{number}")
    reader.get(reverse(f"{kind}_list"))
    with django_assert_num_queries(queries):
        reader.get(reverse(f"{kind}_list"))

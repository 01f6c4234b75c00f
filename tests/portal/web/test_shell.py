"""What is around every page, and the pages for what went wrong."""

import logging
import re

import pytest
from django.db import DatabaseError, connection
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from portal.people.roles import Role
from portal.web import errors
from tests.portal.web import inventory_rows as rows
from tests.portal.web.visitor import client_of, person, text_of

pytestmark = pytest.mark.django_db

QUERIES_OF_THE_BAR = 5
"""The session, the person, the roles, the instances, what they read."""


def test_home_leads_to_connecting_first_and_to_the_accounts_then() -> None:
    client = client_of(person(Role.GLOBAL_ADMIN))
    assert client.get("/")["Location"] == reverse("connected_apps")
    rows.instance()
    assert client.get("/")["Location"] == reverse("account_list")


def test_support_is_led_to_the_support_pages() -> None:
    assert client_of(person(Role.SUPPORT)).get("/")["Location"].startswith("/support/")


def test_the_rail_names_the_page_one_is_on() -> None:
    html = client_of(person(Role.SECURITY_READER)).get(reverse("group_list")).content.decode()
    current = re.findall(r'<a href="([^"]+)" aria-current="page"', html)
    assert current == [reverse("group_list")]
    for name in ("account_list", "activity_list", "governance_list", "connected_apps"):
        assert f'href="{reverse(name)}"' in html


def test_the_sandbox_says_so_on_every_page(settings: Settings) -> None:
    client = client_of(person(Role.GLOBAL_ADMIN))
    assert "Sandbox." not in text_of(client.get(reverse("account_list")))
    settings.SANDBOX = True
    assert "Sandbox." in text_of(client.get(reverse("account_list")))
    assert "Sandbox." in text_of(Client().get("/no/such/page/"))


@pytest.mark.parametrize(
    ("cookie", "attribute"), [("dark", ' data-theme="dark"'), ("light", ' data-theme="light"'), ('"><b>', "")]
)
def test_the_theme_is_the_persons_choice_or_the_systems(cookie: str, attribute: str) -> None:
    client = client_of(person(Role.GLOBAL_ADMIN))
    client.cookies["theme"] = cookie
    html = client.get(reverse("account_list")).content.decode()
    assert f'<html lang="en"{attribute}>' in html


def test_the_bar_asks_seldom_while_nothing_runs_and_often_while_something_does() -> None:
    client = client_of(person(Role.SECURITY_READER))
    assert 'hx-trigger="every 15s"' in client.get(reverse("account_list")).content.decode()
    assert 'hx-trigger="every 15s"' in client.get(reverse("running")).content.decode()
    rows.reading(rows.instance())
    shown = client.get(reverse("running")).content.decode()
    assert 'hx-trigger="every 4s"' in shown
    assert "1 scan" in shown


@pytest.mark.parametrize("number", [1, 30])
def test_asking_for_the_bar_costs_the_same_however_much_there_is(
    number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(person(Role.SECURITY_READER))
    for each in range(number):
        rows.reading(rows.instance(f"Contoso {each}"))
    with django_assert_num_queries(QUERIES_OF_THE_BAR):
        client.get(reverse("running"))


def test_who_is_signed_out_or_may_not_see_scans_is_told_to_ask_no_more(
    django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        answer = Client().get(reverse("running"), headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (286, b"")
    support = client_of(person(Role.SUPPORT))
    assert support.get(reverse("running")).status_code == 286
    assert 'id="running"' not in support.get(reverse("profile")).content.decode()


def test_a_page_without_a_person_asks_the_database_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        Client().get("/no/such/page/")


def test_health_is_open_to_everybody_and_tells_no_details() -> None:
    assert Client().get("/health/live/").json() == {"status": "ok"}
    assert Client().get("/health/ready/").json() == {"status": "ok", "database": "ok"}


def test_not_ready_without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise DatabaseError("host db.internal refused the connection")

    monkeypatch.setattr(connection, "ensure_connection", fail)
    response = Client().get("/health/ready/")
    assert response.status_code == 503
    assert "db.internal" not in response.content.decode()


def test_an_unknown_page_says_what_why_and_what_to_do_with_a_reference(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="portal.web.errors"):
        response = client_of(person(Role.GLOBAL_ADMIN)).get("/no/such/page/")
    text = text_of(response)
    assert response.status_code == 404
    assert "There is no such page" in text
    assert "Check the address" in text
    reference = re.search(r"reference ([0-9a-f]{8})", text)
    assert reference
    assert reference.group(1) in caplog.text


def test_to_htmx_an_error_is_a_sentence_and_not_a_page() -> None:
    response = client_of(person(Role.GLOBAL_ADMIN)).get("/accounts/999999/", headers={"HX-Request": "true"})
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/plain")
    assert "There is no such account" in response.content.decode()


def test_an_error_of_ours_tells_nothing_of_its_inside() -> None:
    client = client_of(person(Role.GLOBAL_ADMIN))
    client.raise_request_exception = False
    request = RequestFactory().get("/accounts/")
    response = errors.server_error(request)
    assert response.status_code == 500
    assert "Something went wrong on our side" in response.content.decode()
    assert "Traceback" not in response.content.decode()

import csv
import io

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from connectors.base import WORDS, ActionKind, Capability
from connectors.catalogue import ANNOUNCED, catalogue
from portal.people.roles import Role
from tests.portal.web.visitor import client_of, person, text_of

pytestmark = pytest.mark.django_db


def test_the_page_names_every_app_and_every_capability() -> None:
    words = text_of(client_of(person(Role.SECURITY_READER)).get(reverse("capability_matrix")))
    for app in ANNOUNCED:
        assert app.name in words
    for entry in [*Capability, *ActionKind]:
        assert WORDS[entry].label in words
    assert "Not built yet" in words


def test_one_app_stands_alone_with_its_reasons_open() -> None:
    response = client_of(person(Role.GLOBAL_ADMIN)).get(reverse("capability_matrix"), {"app": "github"})
    html = response.content.decode()
    assert "<details" in html
    assert html.count("<details") == html.count('<details class="cell-note" open>') + html.count('<details class="menu')
    assert catalogue()["github"].gaps[ActionKind.BAN_APP] in text_of(response)
    assert "Not built yet" not in text_of(response)


def test_an_app_that_there_is_not_shows_all() -> None:
    client = client_of(person(Role.GLOBAL_ADMIN))
    assert "Workday" in text_of(client.get(reverse("capability_matrix"), {"app": "no-such-app"}))


def test_the_export_has_one_line_for_each_cell() -> None:
    response = client_of(person(Role.GLOBAL_ADMIN)).get(reverse("capability_export"), {"app": "github"})
    rows = list(csv.DictReader(io.StringIO(b"".join(response).decode("utf-8-sig"))))
    assert len(rows) == len([*Capability, *ActionKind])
    assert {row["App"] for row in rows} == {"GitHub"}
    assert all((row["Offered"] == "yes") != bool(row["Reason"]) for row in rows)


def test_support_has_no_part_in_it() -> None:
    assert client_of(person(Role.SUPPORT)).get(reverse("capability_matrix")).status_code == 403


def test_the_page_asks_the_database_for_the_person_alone(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    client = client_of(person(Role.GLOBAL_ADMIN))
    client.get(reverse("capability_matrix"))
    with django_assert_num_queries(5):
        client.get(reverse("capability_matrix"))

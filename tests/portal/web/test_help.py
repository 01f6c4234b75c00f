"""Help: reachable from every page, with a guide for each connector."""

import pytest
from django.urls import reverse

from connectors.catalogue import catalogue
from portal.people.roles import Role
from portal.web import help_pages
from tests.portal.web.visitor import client_of, person, text_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [Role.GLOBAL_ADMIN, Role.SECURITY_READER, Role.SUPPORT])
def test_the_help_menu_leads_to_the_guides(role: Role) -> None:
    client = client_of(person(role))
    assert f'href="{reverse("help_home")}"' in client.get(reverse("profile")).content.decode()
    page = client.get(reverse("help_home"))
    for app_id, connector in catalogue().items():
        assert f'href="{reverse("help_guide", args=[app_id])}"' in page.content.decode()
        assert connector.summary in text_of(page)


def test_a_guide_is_written_out_under_its_app() -> None:
    page = client_of(person(Role.SECURITY_READER)).get(reverse("help_guide", args=["github"]))
    assert "Set-up guide for GitHub" in text_of(page)
    assert "<h2>" in page.content.decode()
    assert "OAuth App" in text_of(page)


@pytest.mark.parametrize("name", list(help_pages.DOCUMENTS))
def test_the_documents_for_those_who_run_the_portal_are_there(name: str) -> None:
    client = client_of(person(Role.GLOBAL_ADMIN))
    assert reverse("help_document", args=[name]) in client.get(reverse("help_home")).content.decode()
    assert help_pages.DOCUMENTS[name][0] in text_of(client.get(reverse("help_document", args=[name])))


@pytest.mark.parametrize("name", ["architecture", "nothing"])
def test_no_other_file_can_be_asked_for(name: str) -> None:
    client = client_of(person(Role.GLOBAL_ADMIN))
    assert client.get(reverse("help_document", args=[name])).status_code == 404
    assert client.get(reverse("help_guide", args=[name])).status_code == 404

"""The list of groups and the page of one."""

import pytest
from django.urls import reverse

from portal.people.roles import Role
from tests.portal.web import inventory_rows as rows
from tests.portal.web.visitor import client_of, person, text_of

pytestmark = pytest.mark.django_db


def test_a_group_tells_its_members_with_links_and_all_of_them_as_a_list() -> None:
    contoso = rows.instance()
    ada = rows.account(contoso, "Ada", number="17")
    rows.account(contoso, "Bert")
    team = rows.group(contoso, "Platform", ada, description="Keeps the lights on")
    client = client_of(person(Role.SECURITY_READER))
    assert "Keeps the lights on" in text_of(client.get(reverse("group_list")))
    page = client.get(reverse("group_detail", args=[team.pk]))
    assert f'<a href="{reverse("account_detail", args=[ada.pk])}">Ada</a>' in page.content.decode()
    members = f"{reverse('account_list')}?group={contoso.pk}:group-Platform"
    assert members in page.content.decode()
    listed = text_of(client.get(members))
    assert "Ada" in listed
    assert "Bert" not in listed
    assert "Group is Platform" in listed


def test_members_that_were_never_listed_are_named_by_their_id() -> None:
    contoso = rows.instance()
    ada = rows.account(contoso, "Ada", number="17")
    team = rows.group(contoso, "Platform", ada)
    ada.delete()
    page = client_of(person(Role.SECURITY_READER)).get(reverse("group_detail", args=[team.pk]))
    assert "17 maintainer" in text_of(page)


def test_groups_are_exported_with_formulas_as_text() -> None:
    rows.group(rows.instance(), "-2+3", description=rows.HOSTILE)
    response = client_of(person(Role.SECURITY_READER)).get(reverse("group_export"))
    text = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    assert ",'-2+3," in text

"""Acting on several rows of a list: what is offered, the confirmation, and what is asked for."""

from dataclasses import replace
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from connectors.base import Field
from portal.governance import selection
from portal.governance.catalogue import Offer
from portal.governance.models import ActionBatch, GovernanceAction
from portal.instances.clients import connector_of
from portal.instances.models import AppInstance, State
from portal.inventory.models import Account
from portal.people.roles import Role
from tests.portal.web import inventory_rows as rows
from tests.portal.web.visitor import client_of, person, text_of

pytestmark = pytest.mark.django_db

REMOVE = "Remove from the organisation"


@pytest.fixture
def contoso() -> AppInstance:
    return rows.instance()


@pytest.fixture
def people(contoso: AppInstance) -> list[Account]:
    """Three members, an invitation, and somebody who is gone."""
    return [
        *(rows.account(contoso, name, is_external=False) for name in ("Ada", "Bo", "Cy")),
        rows.account(contoso, "Di", status="pending"),
        rows.account(contoso, "Eve", is_external=False, gone_at=rows.LONG_AGO),
    ]


@pytest.fixture
def admin() -> Client:
    return client_of(person(Role.GLOBAL_ADMIN))


def address(view: str, chosen: list[Account], *more: str) -> str:
    return f"{reverse(view, args=['account', *more])}?{urlencode([('row', each.pk) for each in chosen])}"


def test_rows_are_selected_by_a_plain_form_and_what_is_gone_is_not(admin: Client, people: list[Account]) -> None:
    html = admin.get(reverse("account_list"), {"presence": "all"}).content.decode()
    assert f'id="selection" method="get" action="{reverse("selection", args=["account"])}"' in html
    assert html.count('type="checkbox" name="row"') == 4
    assert f'value="{people[4].pk}" form="selection"' not in html


@pytest.mark.parametrize(
    ("role", "may"),
    [(Role.SECURITY_ADMIN, {"account_list", "file_list", "credential_list"}), (Role.COMPLIANCE_ADMIN, {"file_list"}),
     (Role.SECURITY_READER, set())],
)
def test_who_may_not_act_selects_nothing(role: Role, may: set[str], contoso: AppInstance) -> None:
    browser, account = client_of(person(role)), rows.account(contoso, "Ada")
    rows.file(contoso, "docs")
    rows.credential(contoso, "deploy")
    lists = ("account_list", "file_list", "credential_list")
    assert {name for name in lists if 'form="selection"' in browser.get(reverse(name)).content.decode()} == may
    if "account_list" not in may:
        answer = browser.post(address("selection_request", [account], "remove_account"), {"reason": "left"})
        assert answer.status_code == 403
        assert not GovernanceAction.objects.exists()


def test_each_action_says_for_how_many_it_is(admin: Client, people: list[Account]) -> None:
    words = text_of(admin.get(address("selection", people)))
    assert "5 selected" in words
    assert f"{REMOVE}… for 3 of 5" in words
    assert "Nothing is selected" in text_of(admin.get(address("selection", [])))
    assert "Nothing can be done to these now" in text_of(admin.get(address("selection", people[4:])))


def test_the_confirmation_names_who_and_who_is_left_out_and_the_batch_is_asked_for(
    admin: Client, people: list[Account]
) -> None:
    page = address("selection_request", people, "remove_account")
    words = text_of(admin.get(page))
    assert "What will happen to 3 in GitHub, Contoso" in words
    assert "Each of them" in words
    assert "Ada Bo Cy" in words
    assert "Di The action makes no sense for them as they are now." in words
    assert "Eve It is no longer in the app." in words
    refused = admin.post(page, {"reason": " "})
    assert refused.status_code == 422
    assert not ActionBatch.objects.exists()
    answer = admin.post(page, {"reason": "Left on Friday"}, follow=True)
    assert "0 of 3 ended" in text_of(answer)
    asked = GovernanceAction.objects.order_by("target_name")
    assert [each.target_name for each in asked] == ["Ada", "Bo", "Cy"]
    assert {each.reason for each in asked} == {"Left on Friday"}
    assert admin.post(page, {"reason": "Left on Friday"}).status_code == 422, "the same is under way"


def test_what_cannot_be_undone_asks_for_the_number(admin: Client, contoso: AppInstance) -> None:
    tokens = [rows.credential(contoso, name, vendor_id=f"fine_grained_token:{name}") for name in ("cli", "notebook")]
    query = urlencode([("row", each.pk) for each in tokens])
    page = f"{reverse('selection_request', args=['credential', 'revoke_fine_grained_token'])}?{query}"
    assert "type 2 to confirm" in text_of(admin.get(page))
    assert admin.post(page, {"reason": "Leaked", "number": "3"}).status_code == 422
    assert not GovernanceAction.objects.exists()
    assert admin.post(page, {"reason": "Leaked", "number": "2"}).status_code == 302
    assert GovernanceAction.objects.count() == 2


def test_a_paused_instance_is_left_out_and_others_rows_are_not_to_be_seen(people: list[Account]) -> None:
    fabrikam = rows.instance("Fabrikam", State.PAUSED, tenant_id="2")
    theirs = rows.account(fabrikam, "Flo", is_external=False)
    own = client_of(person(Role.APP_ADMIN, instance_id=people[0].instance_id, is_full=True))
    assert own.get(address("selection", [theirs])).status_code == 404
    assert "1 selected" in text_of(own.get(address("selection", [people[0], theirs])))
    admin = client_of(person(Role.GLOBAL_ADMIN))
    words = text_of(admin.get(address("selection_request", [people[0], theirs], "remove_account")))
    assert "Flo Fabrikam is paused. Resume it first." in words


def test_what_apps_ask_for_differently_is_asked_for_one_by_one(
    admin: Client, people: list[Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = connector_of(AppInstance.objects.get()).action("remove_account")
    asking = replace(plain, name="ask", label="Ask first", fields=(Field("to", "To whom", ""),))
    other = replace(asking, fields=(Field("into", "Into what", ""),))
    fabrikam = rows.instance("Fabrikam", tenant_id="2")
    theirs = rows.account(fabrikam, "Flo", is_external=False)
    monkeypatch.setattr(
        selection, "offers",
        lambda _, of, __: [Offer(plain, ""), Offer(other if of.pk == fabrikam.pk else asking, "")],
    )
    assert "Ask first" in text_of(admin.get(address("selection", people)))
    words = text_of(admin.get(address("selection", [*people, theirs])))
    assert REMOVE in words
    assert "Ask first" not in words


def test_many_rows_cost_as_many_questions_as_one(
    admin: Client, people: list[Account], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    more = [rows.account(AppInstance.objects.get(), f"Member {number}", is_external=False) for number in range(30)]
    admin.get(address("selection", people[:1]))
    with django_assert_num_queries(9):
        admin.get(address("selection", [*people, *more]))


def test_all_that_is_shared_with_one_account_is_ended_at_once() -> None:
    contoso = rows.instance()
    guest = rows.account(contoso, "guest")
    shared = [rows.file(contoso, name) for name in ("plans", "notes")]
    for file in shared:
        rows.share(contoso, file, account_id=guest.vendor_id, name="Guest", is_external=True)
    rows.share(contoso, shared[0], account_id="somebody-else", name="Else")
    client = client_of(person(Role.COMPLIANCE_ADMIN))
    link = reverse("shares_of_account", args=[guest.pk])
    assert link in client.get(reverse("account_detail", args=[guest.pk])).content.decode()
    chosen = client.get(link, follow=True)
    assert "2 selected" in text_of(chosen)
    address = reverse("selection_request", args=["collaborator", "remove_collaborator"])
    confirm = f"{address}?{chosen.request['QUERY_STRING']}"
    said = text_of(client.get(confirm))
    assert "Guest in plans" in said
    assert "Guest in notes" in said
    client.post(confirm, {"reason": "Left the project"})
    asked = GovernanceAction.objects.order_by("target_id")
    assert [(each.action_name, each.target_kind) for each in asked] == [("remove_collaborator", "collaborator")] * 2
    reader = client_of(person(Role.SECURITY_READER))
    assert link not in reader.get(reverse("account_detail", args=[guest.pk])).content.decode()

"""The list of accounts and the page of one: filters in the address, pages, export, and who sees what."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from portal.audit.models import AuditEntry
from portal.instances.models import State
from portal.people.roles import Role
from tests.portal.web import inventory_rows as rows
from tests.portal.web.visitor import client_of, person, text_of

pytestmark = pytest.mark.django_db

LIST = "/accounts/"


@pytest.fixture
def reader() -> Client:
    return client_of(person(Role.SECURITY_READER))


def names(response: Any) -> list[str]:
    return re.findall(r"<a [^>]*data-drawer[^>]*>([^<]+)</a>", response.content.decode())


def link(response: Any, pattern: str) -> str:
    found = re.search(pattern, response.content.decode())
    assert found, f"nothing on the page matches {pattern}"
    return found.group(1).replace("&amp;", "&")


def test_with_nothing_connected_an_admin_is_led_to_connecting_and_a_reader_told_who_can(reader: Client) -> None:
    admin = client_of(person(Role.GLOBAL_ADMIN)).get(LIST)
    assert "Nothing is connected yet" in text_of(admin)
    assert reverse("wizard_choose") in admin.content.decode()
    page = reader.get(LIST)
    assert "A Global Admin or Security Admin can connect one." in text_of(page)
    assert reverse("wizard_choose") not in page.content.decode()


def test_hostile_names_come_out_as_text_in_the_list_the_page_and_the_raw_record(reader: Client) -> None:
    held = rows.account(rows.instance(rows.HOSTILE), rows.HOSTILE, email=rows.HOSTILE, raw={"login": rows.HOSTILE})
    for address in (LIST, reverse("account_detail", args=[held.pk])):
        html = reader.get(address).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "&lt;script&gt;alert" in html


def test_a_filter_round_trip_added_shown_negated_and_removed(reader: Client) -> None:
    contoso = rows.instance()
    rows.account(contoso, "Ada", status="active")
    rows.account(contoso, "Bert", status="suspended")
    rows.account(contoso, "Carla", status="pending")

    added = reader.get(LIST, {"add": "status", "operator": "is", "value": ["active", "suspended"]})
    assert added.status_code == 302
    assert parse_qs(urlsplit(added["Location"]).query) == {"status": ["active", "suspended"]}

    page = reader.get(added["Location"])
    assert names(page) == ["Ada", "Bert"]
    assert "Status is Active, Suspended" in text_of(page)

    negated = reader.get(f"{added['Location']}&add=status&operator=not&value=active", follow=True)
    assert names(negated) == ["Bert", "Carla"]
    assert "Status is not Active" in text_of(negated)

    removed = link(negated, r'class="chip">.*?href="([^"]+)"')
    assert names(reader.get(removed)) == ["Ada", "Bert", "Carla"]


def test_conditions_add_up_and_survive_a_search(reader: Client) -> None:
    contoso = rows.instance()
    rows.account(contoso, "Ada North", is_admin=True)
    rows.account(contoso, "Ada South", is_admin=False)
    rows.account(contoso, "Bert", is_admin=True)
    page = reader.get(LIST, {"admin": "yes", "q": "ada"})
    assert names(page) == ["Ada North"]
    assert '<input type="hidden" name="admin" value="yes">' in page.content.decode()
    assert "Nothing matches these filters" in text_of(reader.get(LIST, {"q": "nobody of that name"}))


def test_an_unknown_filter_and_an_unknown_value_are_left_out_and_said(reader: Client) -> None:
    rows.account(rows.instance(), "Ada")
    page = reader.get(LIST, {"colour": "red", "status": "sleepy"})
    assert names(page) == ["Ada"]
    assert "colour" in text_of(page)
    assert "sleepy" in text_of(page)


def test_keyset_pages_lead_forward_and_back_without_loss_or_repeat(reader: Client) -> None:
    rows.accounts(rows.instance(), 120)
    first = reader.get(LIST)
    second = reader.get(link(first, r'rel="next" href="([^"]+)"'))
    third = reader.get(link(second, r'rel="next" href="([^"]+)"'))
    seen = [*names(first), *names(second), *names(third)]
    assert seen == [f"user-{number:04}" for number in range(120)]
    assert 'rel="next"' not in third.content.decode()
    assert names(reader.get(link(third, r'rel="prev" href="([^"]+)"'))) == names(second)


def test_a_page_address_that_fits_no_page_is_said_and_shows_the_first_page(reader: Client) -> None:
    rows.accounts(rows.instance(), 3)
    page = reader.get(LIST, {"older": "made-up"})
    assert len(names(page)) == 3
    assert "does not exist" in text_of(page)


def test_the_order_can_be_turned_round(reader: Client) -> None:
    rows.accounts(rows.instance(), 3)
    page = reader.get(LIST)
    turned = reader.get(link(page, r'aria-sort="ascending"><a href="([^"]+)"'))
    assert names(turned) == ["user-0002", "user-0001", "user-0000"]


def test_the_count_comes_apart_and_follows_the_filters(reader: Client) -> None:
    contoso = rows.instance()
    rows.accounts(contoso, 12)
    rows.account(contoso, "Zoe", status="suspended")
    page = reader.get(LIST, {"status": "suspended"})
    count = link(page, r'id="count"[^>]*hx-get="([^"]+)"')
    assert text_of(reader.get(count)) == "1 result"
    assert text_of(reader.get(reverse("account_count"))) == "13 results"


@pytest.mark.parametrize("path", [LIST, "/accounts/count/", "/groups/", "/activities/", "/governance/"])
def test_the_number_of_queries_does_not_grow_with_the_rows(
    reader: Client, path: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    contoso = rows.instance()
    rows.accounts(contoso, 3)
    rows.activities(contoso, 3)
    reader.get(path)
    with django_assert_max_num_queries(14) as few:
        reader.get(path)
    rows.instance("Second")
    rows.accounts(rows.instance("Third"), 300)
    rows.activities(rows.instance("Fourth"), 300)
    with django_assert_max_num_queries(14) as many:
        reader.get(path)
    assert len(many) == len(few)


def test_an_account_says_where_it_is_signed_in_last_used_first(reader: Client) -> None:
    contoso = rows.instance()
    ada = rows.account(contoso, "Ada")
    rows.session(contoso, ada, "Old browser", last_seen_at=rows.LONG_AGO)
    rows.session(contoso, ada, rows.HOSTILE, ip_address="198.51.100.7", last_seen_at=timezone.now())
    rows.session(contoso, ada, "Ended", gone_at=timezone.now())
    rows.session(contoso, rows.account(contoso, "Alan"), "Somebody else's")
    rows.device(contoso, ada, "Ada's phone", platform="iOS")
    page = reader.get(reverse("account_detail", args=[ada.pk]))
    said = text_of(page).partition("Sessions and devices")[2]
    assert "<script>alert" not in page.content.decode()
    assert 0 < said.index("198.51.100.7") < said.index("Old browser") < said.index("Ada's phone device, iOS")
    assert "Ended" not in said
    assert "Somebody else's" not in said


def test_the_number_of_queries_of_a_page_does_not_grow_with_what_it_tells(
    reader: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    contoso = rows.instance()
    few = rows.group(contoso, "Few", *(rows.account(contoso, f"few-{number}") for number in range(3)))
    many = rows.group(contoso, "Many", *(rows.account(contoso, f"many-{number}") for number in range(60)))
    reader.get(LIST)
    seen = []
    for team in (few, many):
        with django_assert_max_num_queries(20) as queries:
            reader.get(reverse("group_detail", args=[team.pk]))
        seen.append(len(queries))
    assert seen[0] == seen[1]


def test_the_export_holds_all_that_match_with_formulas_as_text(reader: Client) -> None:
    contoso = rows.instance("=HYPERLINK(1)")
    rows.account(contoso, "=cmd|' /C calc'!A0", status="active", email="+49", is_admin=True, has_mfa=None)
    rows.account(contoso, "@SUM(A1)", status="active")
    rows.account(contoso, "Ünal, \"Quote\"", status="active")
    rows.account(contoso, "Left out", status="suspended")
    page = reader.get(LIST, {"status": "active"})
    response = reader.get(link(page, r'href="([^"]+export[^"]+)"'))
    text = b"".join(response.streaming_content).decode("utf-8")  # type: ignore[attr-defined]
    assert text.startswith("\ufeffApp,Instance,Name,")
    assert "'=cmd|' /C calc'!A0" in text
    assert "'@SUM(A1)" in text
    assert ",'+49," in text
    assert ",'=HYPERLINK(1)," in text
    assert '"Ünal, ""Quote"""' in text
    assert "Left out" not in text
    assert response["Content-Disposition"] == 'attachment; filename="accounts.csv"'
    entry = AuditEntry.objects.get(verb="export.downloaded")
    assert entry.after == {"query": "status=active"}


def test_the_page_tells_groups_privileges_activities_and_the_way_on(reader: Client) -> None:
    contoso = rows.instance()
    ada = rows.account(contoso, "Ada", last_seen_at=rows.LONG_AGO, raw={"node_id": "MDQ6"})
    team = rows.group(contoso, "Platform", ada)
    rows.privilege(contoso, ada, "owner")
    rows.activity(contoso, "e1", actor_id=ada.vendor_id, ip_address="203.0.113.9")
    page = reader.get(reverse("account_detail", args=[ada.pk]))
    html, text = page.content.decode(), text_of(page)
    assert reverse("group_detail", args=[team.pk]) in html
    assert "maintainer" in text
    assert "owner" in text
    assert "org.add_member" in text
    assert "MDQ6" in text
    assert f"actor=Ada&amp;instance={contoso.pk}" in html
    assert "ip=203.0.113.9" in html
    around = link(page, r'href="([^"]+)">48 hours around last seen')
    assert parse_qs(urlsplit(around).query) == {"from": ["2026-01-04T08:30:00Z"], "to": ["2026-01-06T08:30:00Z"]}


def test_the_page_tells_what_an_identity_provider_calls_the_account(reader: Client) -> None:
    ids = [
        {"kind": "SAML name id", "value": rows.HOSTILE, "provider": "https://sts.contoso.example/"},
        {"kind": "SCIM user name", "value": "ada.north", "provider": ""},
    ]
    ada = rows.account(rows.instance(), "Ada", directory_ids=ids)
    page = reader.get(reverse("account_detail", args=[ada.pk]))
    assert "SCIM user name ada.north" in text_of(page)
    assert "at https://sts.contoso.example/" in text_of(page)
    assert "https://sts.contoso.example/" not in re.findall(r'href="([^"]+)"', page.content.decode())
    assert "<script>alert" not in page.content.decode()


def test_a_weak_second_factor_is_told_and_can_be_looked_for(reader: Client) -> None:
    contoso = rows.instance()
    weak = rows.account(contoso, "Ada", has_mfa=True, has_weak_mfa=True)
    strong = rows.account(contoso, "Bert", has_mfa=True, has_weak_mfa=False)
    rows.account(contoso, "Carla", has_mfa=False)
    said = [text_of(reader.get(reverse("account_detail", args=[each.pk]))) for each in (weak, strong)]
    assert ["Weak such as text messages" in each for each in said] == [True, False]
    assert names(reader.get(LIST, {"mfa": "weak"})) == ["Ada"]
    assert names(reader.get(LIST, {"mfa": ["weak", "no"]})) == ["Ada", "Carla"]
    assert names(reader.get(LIST, {"mfa": "yes"})) == ["Ada", "Bert"]


def test_to_htmx_the_page_is_a_drawer_without_the_shell(reader: Client) -> None:
    ada = rows.account(rows.instance(), "Ada")
    address = reverse("account_detail", args=[ada.pk])
    drawer = reader.get(address, headers={"HX-Request": "true"})
    assert "<html" not in drawer.content.decode()
    assert 'id="drawer-title">Ada' in drawer.content.decode()
    assert "HX-Request" in drawer["Vary"]
    assert "<html" in reader.get(address).content.decode()


def test_what_is_gone_is_listed_on_demand_and_says_so(reader: Client) -> None:
    contoso = rows.instance()
    gone = rows.account(contoso, "Gone Gail", gone_at=timezone.now())
    rows.account(contoso, "Here Hal")
    assert names(reader.get(LIST)) == ["Here Hal"]
    assert names(reader.get(LIST, {"presence": "gone"})) == ["Gone Gail"]
    assert "lists this account no more" in text_of(reader.get(reverse("account_detail", args=[gone.pk])))


def test_rows_of_an_instance_in_trouble_are_said_to_be_old(reader: Client) -> None:
    broken = rows.instance(state=State.ATTENTION, problem="The token was revoked.", checked_at=timezone.now())
    ada = rows.account(broken, "Ada")
    for address in (LIST, reverse("account_detail", args=[ada.pk])):
        text = text_of(reader.get(address))
        assert "GitHub Contoso is in need of attention" in text
        assert "The token was revoked." in text


def test_an_app_admin_sees_the_own_instance_alone() -> None:
    own, other = rows.instance("Own"), rows.instance("Other")
    rows.account(own, "Ada")
    hidden = rows.account(other, "Bert")
    client = client_of(person(Role.APP_ADMIN, instance_id=own.pk))
    page = client.get(LIST)
    assert names(page) == ["Ada"]
    assert "Other" not in text_of(page)
    assert client.get(reverse("account_detail", args=[hidden.pk])).status_code == 404
    assert text_of(client.get(reverse("account_count"))) == "1 result"
    export = client.get(reverse("account_export"))
    assert b"Bert" not in b"".join(export.streaming_content)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "path", [LIST, "/accounts/count/", "/accounts/export.csv", "/groups/", "/activities/", "/governance/"]
)
def test_support_reads_no_inventory_and_no_governance(path: str) -> None:
    rows.account(rows.instance(), "Ada")
    assert client_of(person(Role.SUPPORT)).get(path).status_code == 403


def test_whoever_is_not_signed_in_is_sent_to_the_sign_in() -> None:
    response = Client().get(LIST)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_times_are_told_in_the_persons_zone_with_utc_on_hover() -> None:
    user = person(Role.SECURITY_READER)
    user.time_zone = "Europe/Berlin"
    user.save()
    ada = rows.account(rows.instance(), "Ada", created_at=rows.LONG_AGO)
    html = client_of(user).get(reverse("account_detail", args=[ada.pk])).content.decode()
    assert "05 Jan 2026, 09:30" in html
    assert "2026-01-05 08:30:00 UTC" in html

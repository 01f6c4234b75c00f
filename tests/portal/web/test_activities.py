"""The activity log: newest first, time ranges, one activity and the ways on from it."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.people.roles import Role
from portal.web.activities import address
from tests.portal.web import inventory_rows as rows
from tests.portal.web.test_accounts import link, names
from tests.portal.web.visitor import client_of, person, text_of

pytestmark = pytest.mark.django_db

LIST = "/activities/"


@pytest.fixture
def reader() -> Client:
    return client_of(person(Role.SECURITY_READER))


def test_activities_are_listed_newest_first_over_pages(reader: Client) -> None:
    rows.activities(rows.instance(), 70)
    first = reader.get(LIST)
    second = reader.get(link(first, r'rel="next" href="([^"]+)"'))
    times = re.findall(r'<time datetime="([^"]+)"', (first.content + second.content).decode())
    assert len(times) == 70
    assert times == sorted(times, reverse=True)


def test_a_time_range_is_typed_in_the_persons_zone_and_kept_in_utc() -> None:
    user = person(Role.SECURITY_READER)
    user.time_zone = "America/New_York"
    user.save()
    client = client_of(user)
    contoso = rows.instance()
    rows.activity(contoso, "before", rows.LONG_AGO - timedelta(hours=1), action="before")
    rows.activity(contoso, "after", rows.LONG_AGO + timedelta(hours=1), action="after")
    added = client.get(LIST, {"add": "from", "value": "2026-01-05T03:30"})
    assert parse_qs(urlsplit(added["Location"]).query) == {"from": ["2026-01-05T08:30:00Z"]}
    page = client.get(added["Location"])
    assert names(page) == ["after"]
    assert "From 05 Jan 2026, 03:30" in text_of(page)


def test_the_last_hours_can_be_chosen(reader: Client) -> None:
    contoso = rows.instance()
    rows.activity(contoso, "new", timezone.now() - timedelta(hours=1), action="new")
    rows.activity(contoso, "old", action="old")
    page = reader.get(LIST, {"last": "24h"})
    assert names(page) == ["new"]
    assert "Last 24 hours" in text_of(page)


def test_one_activity_tells_who_from_where_to_what_and_the_raw_record(reader: Client) -> None:
    contoso = rows.instance()
    account = rows.account(contoso, "Ada", number="17")
    made = rows.activity(
        contoso, "id with / and ü", actor_id="17", actor_name="ada", ip_address="203.0.113.9", user_agent="curl/8",
        targets=[{"kind": "account", "id": "18", "name": "bert"}], raw={"hashed_token": "…", "who": rows.HOSTILE},
    )
    page = reader.get(address(made))
    html, text = page.content.decode(), text_of(page)
    for word in ("ada", "203.0.113.9", "curl/8", "bert", "Admin activity", "Success"):
        assert word in text
    assert f'href="{reverse("account_detail", args=[account.pk])}">ada</a>' in html
    assert "<script>alert" not in html
    assert f"actor=17&amp;instance={contoso.pk}" in html
    assert "ip=203.0.113.9" in html
    assert "from=2026-01-04T08%3A30%3A00Z&amp;to=2026-01-06T08%3A30%3A00Z" in html


def test_the_pivots_lead_to_lists_that_show_the_activity(reader: Client) -> None:
    contoso = rows.instance()
    made = rows.activity(contoso, "e1", actor_id="17", ip_address="203.0.113.9", action="repo.create")
    rows.activity(contoso, "e2", rows.LONG_AGO - timedelta(days=9), actor_id="99", action="git.push")
    page = reader.get(address(made))
    for words in ("Same user", "Same IP address", "48 hours around", "Same action"):
        assert names(reader.get(link(page, rf'href="([^"]+)">{words}'))) == ["repo.create"]


@pytest.mark.parametrize("key", ["not-base64!", "_w==", "AAAA"])
def test_an_address_that_fits_no_activity_is_not_found(reader: Client, key: str) -> None:
    contoso = rows.instance()
    for pk, moment in ((contoso.pk, "2026-01-05T08:30:00Z"), (contoso.pk, "yesterday"), (10**30, "2026-01-05T08:30Z")):
        response = reader.get(reverse("activity_detail", args=[pk, moment, key]))
        assert response.status_code == 404
    assert reader.get(f"/accounts/{10**30}/").status_code == 404


def test_an_app_admin_sees_activities_of_the_own_instance_alone() -> None:
    own, other = rows.instance("Own"), rows.instance("Other")
    rows.activity(own, "e1", action="own.action")
    hidden = rows.activity(other, "e2", action="other.action")
    client = client_of(person(Role.APP_ADMIN, instance_id=own.pk))
    assert names(client.get(LIST)) == ["own.action"]
    assert client.get(address(hidden)).status_code == 404


def test_activities_are_exported_with_targets_in_words(reader: Client) -> None:
    rows.activity(rows.instance(), "e1", targets=[{"kind": "account", "id": "18", "name": "bert"}], actor_name="=1+1")
    text = b"".join(reader.get(reverse("activity_export")).streaming_content).decode()  # type: ignore[attr-defined]
    assert "2026-01-05T08:30:00Z,GitHub,Contoso,org.add_member" in text
    assert "account bert" in text
    assert ",'=1+1," in text


def test_who_is_no_account_is_told_as_such_by_name_and_id_and_without_a_link(reader: Client) -> None:
    contoso = rows.instance()
    ada = rows.account(contoso, "Ada", number="17")
    known = rows.activity(contoso, "e1", actor_id="17", actor_name="ada")
    bot = rows.activity(
        contoso, "e2", rows.LONG_AGO, actor_id="49699333", actor_name="dependabot[bot]", actor_kind="bot"
    )
    page = reader.get(address(bot))
    assert "dependabot[bot]" in text_of(page)
    assert "49699333" in text_of(page)
    assert "Account Not among those that were read" in text_of(page)
    assert "/accounts/" not in "".join(re.findall(r'id="user".*?</section>', page.content.decode(), re.DOTALL))
    page = reader.get(address(known))
    assert reverse("account_detail", args=[ada.pk]) in page.content.decode()
    assert "Not among those" not in text_of(page)

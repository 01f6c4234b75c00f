"""The list of files, one file with whom it is shared with."""

import csv
import io
import re
from datetime import UTC, datetime
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from portal.audit.models import AuditEntry
from portal.inventory import windows
from portal.inventory.models import File
from portal.people.roles import Role
from tests.portal.web import inventory_rows as rows
from tests.portal.web.visitor import client_of, person, text_of

pytestmark = pytest.mark.django_db

FILE_PAGE_QUERIES = 13


@pytest.fixture
def reader() -> Client:
    return client_of(person(Role.SECURITY_READER))


def test_the_list_names_files_with_their_exposure_and_filters_by_it(reader: Client) -> None:
    contoso = rows.instance()
    rows.file(contoso, "site", exposure="public", owner_name="contoso-dev", size=2048)
    rows.file(contoso, "payroll")
    words = text_of(reader.get(reverse("file_list")))
    assert "site repository Public contoso-dev" in words
    assert "payroll repository Private" in words
    found = text_of(reader.get(reverse("file_list"), {"exposure": "public"}))
    assert "site" in found
    assert "payroll" not in found
    assert "Exposure is Public" in found


def test_filters_on_size_content_and_domain_are_offered_and_said_in_words(reader: Client) -> None:
    contoso = rows.instance()
    large = rows.file(contoso, "film", size=20 * 1024 * 1024, content_type="video/mp4")
    rows.share(contoso, large, email="eve@fabrikam.example", email_domain="fabrikam.example")
    rows.file(contoso, "note", size=1, content_type="text/plain")
    sent = reader.get(reverse("file_list"), {"add": "larger", "value": "10", "type": "video/"}, follow=True)
    words = text_of(sent)
    assert "Larger than (MB) 10" in words
    assert "Content type is video/" in words
    assert "film" in words
    assert "note" not in words
    assert "film" in text_of(reader.get(reverse("file_list"), {"domain": "fabrikam.example"}))
    assert "A size is a whole number of MB" in text_of(reader.get(reverse("file_list"), {"larger": "big"}))


def test_a_list_that_was_not_looked_through_to_its_end_says_so_and_goes_on(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(windows, "LOOKED_UP", 0)
    monkeypatch.setattr(windows, "WINDOW", 3)
    monkeypatch.setattr(windows, "COUNTED", 3)
    contoso = rows.instance()
    for number in range(5):
        rows.file(contoso, f"doc-{number}", exposure="public" if number == 4 else "private")
    page = reader.get(reverse("file_list"), {"exposure": "public"})
    assert "None among the next 3 rows of the list; the rest was not looked through yet. Go on looking" in text_of(page)
    count = text_of(reader.get(reverse("file_count"), {"exposure": "public"}))
    assert "0+ results in the first 3 rows" in count
    (link,) = re.findall(r'href="([^"]+)">Go on looking', page.content.decode())
    words = text_of(reader.get(unescape(link)))
    assert "doc-4" in words
    assert "Go on looking" not in words


def test_a_file_in_quarantine_says_so_and_is_found_by_it(reader: Client) -> None:
    contoso = rows.instance()
    held = rows.file(contoso, "payroll", is_quarantined=True)
    rows.file(contoso, "site")
    words = text_of(reader.get(reverse("file_list"), {"quarantined": "yes"}))
    assert "payroll repository in quarantine" in words
    assert "site" not in words.partition("In quarantine is Yes")[2]
    assert "repository, in quarantine" in text_of(reader.get(reverse("file_detail", args=[held.pk])))


def test_files_of_one_name_are_told_apart_by_where_they_are(reader: Client) -> None:
    contoso = rows.instance()
    for number, place in enumerate(("billing-api", "mobile-app")):
        made = rows.file(contoso, f"{number}", kind="file", parent_id=place, path=f"{place}/defaults.env")
        File.objects.filter(pk=made.pk).update(name="defaults.env")
    words = text_of(reader.get(reverse("file_list")))
    assert "defaults.env billing-api/defaults.env file" in words
    assert "defaults.env mobile-app/defaults.env file" in words


def test_by_time_the_newest_comes_first_and_the_head_turns_the_order_round(reader: Client) -> None:
    contoso = rows.instance()
    rows.file(contoso, "alpha", sort_time=datetime(2026, 1, 1, tzinfo=UTC))
    rows.file(contoso, "beta", sort_time=datetime(2026, 2, 1, tzinfo=UTC))
    html = reader.get(reverse("file_list"), {"sort": "-modified"}).content.decode()
    assert html.index(">beta<") < html.index(">alpha<")
    assert 'aria-sort="descending"' in html
    assert f'href="{reverse("file_list")}?sort=modified"' in html
    assert f'href="{reverse("file_list")}"' in html


def test_an_order_that_there_is_not_is_the_usual_one(reader: Client) -> None:
    rows.file(rows.instance(), "alpha")
    assert 'aria-sort="ascending"' in reader.get(reverse("file_list"), {"sort": "-raw"}).content.decode()


def test_a_file_tells_whom_it_is_shared_with_and_why_its_exposure_is_more_than_the_apps(reader: Client) -> None:
    contoso = rows.instance()
    ada = rows.account(contoso, "Ada", number="17")
    file = rows.file(contoso, "plans", exposure="external", exposure_in_app="private")
    rows.share(contoso, file, account_id="17")
    rows.share(contoso, file, email="eve@elsewhere.example", is_external=True, is_pending=True)
    rows.credential(contoso, "ci key", file_id=file.vendor_id)
    page = reader.get(reverse("file_detail", args=[file.pk]))
    words = text_of(page)
    assert f'<a href="{reverse("account_detail", args=[ada.pk])}">Ada</a>' in page.content.decode()
    assert "eve@elsewhere.example push, invited External" in words
    assert "the app itself says private" in words
    assert "ci key deploy key" in words


def test_hostile_names_and_addresses_come_out_as_text(reader: Client) -> None:
    contoso = rows.instance()
    file = rows.file(contoso, rows.HOSTILE, path=rows.HOSTILE, owner_name=rows.HOSTILE)
    rows.share(contoso, file, name=rows.HOSTILE)
    for address in (reverse("file_list"), reverse("file_detail", args=[file.pk])):
        assert "<script>alert" not in reader.get(address).content.decode()


def test_files_of_other_instances_are_not_to_be_seen() -> None:
    contoso, fabrikam = rows.instance(), rows.instance("Fabrikam", tenant_id="2")
    mine, other = rows.file(contoso, "mine"), rows.file(fabrikam, "theirs")
    own = client_of(person(Role.APP_ADMIN, instance_id=contoso.pk))
    words = text_of(own.get(reverse("file_list")))
    assert "mine" in words
    assert "theirs" not in words
    assert own.get(reverse("file_detail", args=[mine.pk])).status_code == 200
    assert own.get(reverse("file_detail", args=[other.pk])).status_code == 404


def test_the_export_holds_every_file_that_matches_and_is_in_the_audit_trail(reader: Client) -> None:
    contoso = rows.instance()
    rows.file(contoso, "=site", exposure="public")
    rows.file(contoso, "payroll")
    response = reader.get(reverse("file_export"), {"exposure": "public"})
    found = list(csv.DictReader(io.StringIO(b"".join(response).decode("utf-8-sig"))))
    assert [row["Name"] for row in found] == ["'=site"]
    assert AuditEntry.objects.get(verb="export.downloaded").object_id == "files"


def test_the_count_comes_after_the_rows(reader: Client) -> None:
    rows.file(rows.instance(), "site")
    assert "1" in text_of(reader.get(reverse("file_count")))


def test_an_account_shows_its_files(reader: Client) -> None:
    contoso = rows.instance()
    ada = rows.account(contoso, "Ada", number="17")
    rows.file(contoso, "diary", owner_id="17")
    rows.share(contoso, rows.file(contoso, "plans"), account_id="17")
    words = text_of(reader.get(reverse("account_detail", args=[ada.pk])))
    assert "diary owner Private" in words
    assert "plans push Private" in words


def test_a_page_asks_a_fixed_number_of_questions_whatever_it_shows(
    reader: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    contoso = rows.instance()
    file = rows.file(contoso, "plans")
    for number in range(30):
        rows.file(contoso, f"file-{number}")
        rows.share(contoso, file, email=f"p{number}@elsewhere.example")
    reader.get(reverse("file_list"))
    with django_assert_num_queries(8):
        reader.get(reverse("file_list"))
    with django_assert_num_queries(FILE_PAGE_QUERIES):
        reader.get(reverse("file_detail", args=[file.pk]))

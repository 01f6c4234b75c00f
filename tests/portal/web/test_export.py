"""Cells of a CSV file, and the trail of every download."""

import csv
import io
import re
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.urls import URLPattern, reverse

from portal.audit.models import AuditEntry
from portal.people.roles import Role
from portal.urls import urlpatterns
from portal.web.export import cell
from tests.portal.web import inventory_rows as rows
from tests.portal.web.visitor import client_of, person


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"), ("+49 30", "'+49 30"), ("-1", "'-1"), ("@cmd", "'@cmd"), ("  =1+1", "  '=1+1"),
        ("−1", "'−1"), ("\u200b﹦1", "\u200b'﹦1"),
        ("＝1", "'＝1"), ("\t=x", "\t'=x"), ("\r\n=x", "\r\n'=x"), ("\ufeff=x", "\ufeff'=x"), ("\xa0=x", "\xa0'=x"),
        ("\u200b\u2060\xad=x", "\u200b\u2060\xad'=x"), ("\u3164=x", "\u3164'=x"), ("\x01=x", "\x01'=x"),
        ('"=x', "\"'=x"), ("a;=x", "a;'=x"), ("a; \u200b=x", "a; \u200b'=x"), (";=;+x", ";'=;'+x"),
        ("a\tb\n-x", "a\tb\n'-x"), ("a\u2028=x", "a\u2028'=x"), (";\u3164@x", ";\u3164'@x"),
    ],
)  # fmt: skip
def test_what_a_spreadsheet_would_carry_out_stays_text(text: str, written: str) -> None:
    assert cell(text) == written


@pytest.mark.parametrize(
    "text", ["a = b", "ada@contoso.example", "a-b", "x; y", "\tx", "2026-11-28", "C++", "a, -b", "_=1"]
)
def test_what_begins_no_formula_is_written_as_it_is(text: str) -> None:
    assert cell(text) == text


def test_a_long_cell_of_marks_is_written_at_once() -> None:
    started = time.monotonic()
    cell(";" * 100_000)
    cell("\u200b" * 100_000)
    assert time.monotonic() - started < 1


@pytest.mark.django_db
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_hostile_name_opens_no_formula_wherever_a_spreadsheet_splits(delimiter: str) -> None:
    instance = rows.instance()
    names = ['x;=HYPERLINK("https://evil.example")', "x\t=1", 'x"\n=1', '";\ufeff@x', "\u200b+1"]
    for number, name in enumerate(names):
        rows.account(instance, name, number=str(number))
    answer = client_of(person(Role.GLOBAL_ADMIN)).get(reverse("account_export"))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert text.count("'") == 5
    cells = [each for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) for each in line]
    assert not [each for each in cells if re.match('["\\s\\u200b\\ufeff]*[=+@-]', each)]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        ("plain = text", "plain = text"),
        (datetime(2026, 1, 5, 9, 30, tzinfo=timezone(timedelta(hours=1))), "2026-01-05T08:30:00Z"),
        (datetime(2026, 1, 5, 8, 30, tzinfo=UTC), "2026-01-05T08:30:00Z"),
    ],
)
def test_values_are_written_for_people_and_programs(value: object, text: str) -> None:
    assert cell(value) == text


# --- every download of the portal -----------------------------------------------------------------------------------


def downloads() -> list[URLPattern]:
    """All addresses that end in .csv, found in the portal's own list of addresses."""
    return [each for each in urlpatterns if isinstance(each, URLPattern) and str(each.pattern).endswith(".csv")]


def test_the_downloads_are_found() -> None:
    assert {"audit_export", "suggestion_csv", "capability_export", "people_export", "account_export"} <= {
        each.name for each in downloads()
    }


@pytest.mark.django_db
@pytest.mark.parametrize("download", downloads(), ids=lambda each: each.name)
def test_every_download_is_in_the_audit_trail_with_what_was_asked_for(download: URLPattern) -> None:
    instance = rows.instance()
    numbers = {name: instance.pk for name in download.pattern.converters}
    address = reverse(download.name or "", kwargs=numbers)
    answer = client_of(person(Role.GLOBAL_ADMIN)).get(address, {"q": "adatum"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert b"".join(answer.streaming_content).startswith(b"\xef\xbb\xbf")  # type: ignore[attr-defined]
    entry = AuditEntry.objects.get(verb="export.downloaded")
    assert entry.actor_email == "global_admin@contoso.example"
    assert entry.object_label == f"{address}?q=adatum"
    assert entry.after == {"query": "q=adatum"}


@pytest.mark.django_db
@pytest.mark.parametrize("download", downloads(), ids=lambda each: each.name)
def test_a_refused_download_leaves_no_entry(download: URLPattern) -> None:
    numbers = dict.fromkeys(download.pattern.converters, rows.instance().pk)
    client = client_of(person(Role.SUPPORT))
    assert client.get(reverse(download.name or "", kwargs=numbers)).status_code in (403, 404)
    assert not AuditEntry.objects.filter(verb="export.downloaded").exists()

"""Cells of a CSV file, and the trail of every download."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.urls import URLPattern, reverse

from portal.audit.models import AuditEntry
from portal.people.roles import Role
from portal.urls import urlpatterns
from portal.web.export import cell
from tests.portal.web import inventory_rows as rows
from tests.portal.web.visitor import client_of, person


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "-1", "@cmd", "\tx", "\rx", "\nx", "  =1+1"])
def test_what_a_spreadsheet_would_carry_out_stays_text(text: str) -> None:
    assert cell(text) == f"'{text}"


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

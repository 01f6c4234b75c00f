"""Cells of a CSV file."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from portal.web.export import cell


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

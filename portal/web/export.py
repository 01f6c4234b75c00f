"""Tables as CSV: streamed, for spreadsheets, with nothing in a cell that a spreadsheet would carry out. What leaves the
portal as a file stands in the audit trail."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse

from portal.audit import trail
from portal.web.access import signed_in

BYTE_ORDER_MARK = "\ufeff"
FORMULA_SIGNS = "=+\\-@＝＋－＠﹦﹢﹣﹫−"
"""Also as wide and small characters and the minus sign of print, which some spreadsheets take for the same."""
SPLITS = ";\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029"
"""Where a spreadsheet may begin another cell or line although this file means none: one that splits at semicolons or
tabs does not know our quotes, as they stand behind commas."""
FILLERS = "\u115f\u1160\u3164\uffa0"
"""Invisible, and letters by Unicode's word."""
FORMULA = re.compile(f"((?:^|[{SPLITS}])(?:[^\\w{SPLITS}{FORMULA_SIGNS}]|[{FILLERS}])*)(?=[{FORMULA_SIGNS}])")
"""A sign that begins a formula, with nothing but marks, spaces and invisible characters before it in what may become a
cell. Which of these a spreadsheet skips differs, so all of them count as nothing.

Each such sign gets a quote before it, which makes text of it everywhere. What it costs: phone numbers, handles and
negative numbers have a quote in the file, also inside a text after a semicolon or a line break, and a program that
reads the file has to take it out (`'` before one of the signs). Dropping the characters instead would lose data, and
quoting whole cells does not hold where a spreadsheet splits them.
"""


class _Line:
    """What csv.writer writes to: hands the line back."""

    def write(self, line: str) -> str:
        return line


def csv_response(
    request: HttpRequest, name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """A download `name`.csv; the rows are read while it is sent. The trail keeps the filters it was asked with."""
    trail.record(
        actor=signed_in(request), verb="export.downloaded", object_kind="list", object_id=name,
        object_label=request.get_full_path(), after={"query": request.GET.urlencode()},
    )
    response = StreamingHttpResponse(_lines(head, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def cell(value: Any) -> str:
    """Text of a value: times in UTC, empty for None, a quote before what would begin a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return FORMULA.sub(r"\1'", str(value))


def _lines(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield BYTE_ORDER_MARK + writer.writerow(head)
    for row in rows:
        yield writer.writerow([cell(value) for value in row])

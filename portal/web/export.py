"""Tables as CSV: streamed, for spreadsheets, with nothing in a cell that a spreadsheet would carry out. What leaves the
portal as a file stands in the audit trail."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse

from portal.audit import trail
from portal.web.access import signed_in

BYTE_ORDER_MARK = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


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
    """Text of a value: times in UTC, empty for None, a leading quote before what would be a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text


def _lines(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield BYTE_ORDER_MARK + writer.writerow(head)
    for row in rows:
        yield writer.writerow([cell(value) for value in row])

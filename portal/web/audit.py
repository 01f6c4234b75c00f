"""The audit trail: who changed what in the portal, and who came in."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from portal.audit.models import AuditEntry, Source
from portal.audit.words import VERBS, changes, words
from portal.people import queries
from portal.people.queries import TrailFilter
from portal.web.access import scope, signed_in
from portal.web.export import csv_response

HEAD = (
    "When", "Who", "What", "About", "Name", "Id", "Before", "After", "From", "Address",
)
FIELDS = ("who", "verb", "since", "until")


@require_GET
def audit_list(request: HttpRequest) -> HttpResponse:
    """Newest first; the address holds the filters."""
    conditions, problems = _conditions(request)
    found = queries.trail_page(scope(request), conditions, _before(request))
    entries = found[: queries.PAGE]
    query = _query(request)
    context = {
        "entries": [(each, words(each.verb), changes(each.before, each.after)) for each in entries],
        "older_url": f"?{_with(query, 'before', entries[-1].pk)}" if len(found) > queries.PAGE else "",
        "newest_url": f"?{query.urlencode()}" if "before" in request.GET else "",
        "export_query": query.urlencode(),
        "filters": {name: request.GET.get(name, "") for name in FIELDS},
        "is_filtered": bool(query),
        "problems": problems,
        "verbs": VERBS,
        "sources": dict(Source.choices),
    }
    return render(request, "people/audit.html", context)


@require_GET
def audit_export(request: HttpRequest) -> StreamingHttpResponse:
    """All that match, as CSV."""
    conditions, _ = _conditions(request)
    return csv_response(request, "audit-trail", HEAD, _cells(queries.trail_rows(scope(request), conditions)))


def _cells(entries: Iterator[AuditEntry]) -> Iterator[tuple[Any, ...]]:
    for each in entries:
        yield (
            each.at, each.actor_email, each.verb, each.object_kind, each.object_label, each.object_id, each.before,
            each.after, each.source, each.ip_address,
        )


def _conditions(request: HttpRequest) -> tuple[TrailFilter, dict[str, str]]:
    """The filters of the address, and a sentence for each that cannot be read. Days are the person's own."""
    zone = ZoneInfo(signed_in(request).time_zone)
    problems: dict[str, str] = {}
    since, until = (_day(request, name, problems) for name in ("since", "until"))
    conditions = TrailFilter(
        who=request.GET.get("who", "").strip()[:254],
        verb=request.GET.get("verb", "").strip()[:64],
        since=datetime.combine(since, time.min, zone) if since else None,
        until=datetime.combine(until + timedelta(days=1), time.min, zone) if until else None,
    )
    return conditions, problems


def _day(request: HttpRequest, name: str, problems: dict[str, str]) -> date | None:
    text = request.GET.get(name, "").strip()
    if not text:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None or not date.min < day < date.max:
        problems[name] = "Write the day like 2026-11-24; it was left out."
        return None
    return day


def _before(request: HttpRequest) -> int | None:
    text = request.GET.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _query(request: HttpRequest) -> QueryDict:
    """The filters alone, empty ones left out."""
    kept = QueryDict(mutable=True)
    for name in FIELDS:
        if request.GET.get(name):
            kept[name] = request.GET[name]
    return kept


def _with(query: QueryDict, name: str, value: int) -> str:
    more = query.copy()
    more[name] = str(value)
    return more.urlencode()


urlpatterns: list[URLPattern] = [
    path("settings/audit/", audit_list, name="audit_list"),
    path("settings/audit/export.csv", audit_export, name="audit_export"),
]

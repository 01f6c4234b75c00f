"""Scans: what is read now, what is due, late or failed, for whoever looks after the reading."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET

from portal.inventory.row_lists import Count
from portal.people.roles import Right
from portal.scans import overview
from portal.scans.overview import SCAN_FILTERS
from portal.web import app_names
from portal.web.export import csv_response
from portal.web.lists import BY_NAME, ListState, Row, is_fragment, list_page, scope_with

HEAD = ("App", "Instance", "Feed", "State", "What", "Records", "Pages", "Records a second", "Read at", "Next at")


@require_GET
def scan_list(request: HttpRequest) -> HttpResponse:
    """Feeds of all instances; asked for again while the page is open."""
    own = scope_with(request, Right.READ_INVENTORY)
    labels = app_names.labels(own)
    state = ListState(request, SCAN_FILTERS, "scan", app_names.choices(labels))
    added = state.added()
    if added:
        return added
    listing, lines = overview.feeds(own, state.conditions, older=state.older, newer=state.newer)
    rows = [
        Row(line, labels.get(line.state.instance_id), reverse("instance_detail", args=[line.state.instance_id]))
        for line in lines
    ]
    more = {"counts": overview.counts(own), "cap": overview.CAP}
    if is_fragment(request):
        return render(request, "scans/_live.html", {"state": state, "rows": rows, **more})
    return list_page(request, "scans/list.html", state, listing, rows, labels, own, **more, **BY_NAME)


@require_GET
def scan_count(request: HttpRequest) -> HttpResponse:
    """How many match; loaded after the rows."""
    own = scope_with(request, Right.READ_INVENTORY)
    state = ListState(request, SCAN_FILTERS, "scan")
    number = overview.count(own, state.conditions)
    count = Count(min(number, overview.CAP), number > overview.CAP)
    return render(request, "lists/_count.html", {"count": count})


@require_GET
def scan_export(request: HttpRequest) -> StreamingHttpResponse:
    """The first page of what matches, as CSV: a picture of this moment."""
    own = scope_with(request, Right.READ_INVENTORY)
    state = ListState(request, SCAN_FILTERS, "scan")
    labels = app_names.labels(own)
    _, lines = overview.feeds(own, state.conditions)
    rows = (
        (
            app_names.app_name(line.state.instance.app_id), labels[line.state.instance_id].name, line.title,
            line.standing.word, line.standing.sentence, line.state.run_records, line.state.run_pages,
            round(line.rate, 1), line.as_of, line.state.next_run_at,
        )
        for line in lines
        if line.state.instance_id in labels
    )
    return csv_response(request, "scans", HEAD, rows)


urlpatterns: list[URLPattern] = [
    path("scans/", scan_list, name="scan_list"),
    path("scans/count/", scan_count, name="scan_count"),
    path("scans/export.csv", scan_export, name="scan_export"),
]

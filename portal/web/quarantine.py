"""What is held in quarantine: the list, and putting the review off. A row leads to its action, which releases it."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from portal.governance import quarantine, quarantine_queries
from portal.governance.models import QuarantineRecord
from portal.governance.quarantine_queries import QUARANTINE_FILTERS
from portal.instances.problems import Problem
from portal.people.roles import Right
from portal.people.scope import Scope
from portal.web import app_names
from portal.web.access import scope, signed_in
from portal.web.export import csv_response
from portal.web.lists import ListState, Row, list_page, scope_with

HEAD = (
    "App", "Instance", "File", "Place before", "Owner", "Exposure before", "Held since", "Put there by", "Reason",
    "Review at", "Released at", "Deleted at", "Action",
)  # fmt: skip


@require_GET
def quarantine_list(request: HttpRequest) -> HttpResponse:
    """What is held, last first; the address holds the filters."""
    own = scope_with(request, Right.READ_GOVERNANCE_LOG)
    labels = app_names.labels(own)
    state = ListState(request, QUARANTINE_FILTERS, "quarantine", app_names.choices(labels))
    added = state.added()
    if added:
        return added
    listing = quarantine_queries.records(own, state.conditions, older=state.older, newer=state.newer)
    rows = [
        Row(each, labels.get(each.instance_id), reverse("governance_detail", args=[each.action_id]))
        for each in listing.rows
    ]
    return list_page(request, "quarantine/list.html", state, listing, rows, labels, own, now=timezone.now())


@require_GET
def quarantine_count(request: HttpRequest) -> HttpResponse:
    """How many match; loaded after the rows."""
    own = scope_with(request, Right.READ_GOVERNANCE_LOG)
    state = ListState(request, QUARANTINE_FILTERS, "quarantine")
    return render(request, "lists/_count.html", {"count": quarantine_queries.count_records(own, state.conditions)})


@require_GET
def quarantine_export(request: HttpRequest) -> StreamingHttpResponse:
    """All that match, as CSV."""
    own = scope_with(request, Right.READ_GOVERNANCE_LOG)
    state = ListState(request, QUARANTINE_FILTERS, "quarantine")
    records = quarantine_queries.export_records(own, state.conditions)
    return csv_response(request, "quarantine", HEAD, _cells(own, records))


@require_POST
def quarantine_extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the review off; back to the action's page, which says until when."""
    try:
        record = quarantine_queries.record(scope(request), pk)
    except QuarantineRecord.DoesNotExist:
        raise Http404("Nothing is held there, or it is not yours to see.") from None
    try:
        quarantine.extend(signed_in(request), record)
    except Problem as problem:
        messages.error(request, problem.sentence)
    return redirect("governance_detail", record.action_id)


def _cells(own: Scope, records: Iterator[QuarantineRecord]) -> Iterator[tuple[Any, ...]]:
    labels = app_names.labels(own)
    for each in records:
        app = labels.get(each.instance_id)
        yield (
            app.app_name if app else "", app.name if app else "", each.name, each.place, each.owner_name,
            each.exposure, each.held_at, each.action.requested_by_email, each.action.reason, each.review_at,
            each.released_at, each.deleted_at, each.action_id,
        )


urlpatterns: list[URLPattern] = [
    path("quarantine/", quarantine_list, name="quarantine_list"),
    path("quarantine/count/", quarantine_count, name="quarantine_count"),
    path("quarantine/export.csv", quarantine_export, name="quarantine_export"),
    path("quarantine/<int:pk>/extend/", quarantine_extend, name="quarantine_extend"),
]

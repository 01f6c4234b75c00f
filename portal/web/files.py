"""Files of all apps, repositories and buckets among them: the list, one file with whom it is shared with."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET

from portal.governance import queries as governance_queries
from portal.inventory import file_queries, permission_queries
from portal.inventory.file_filters import FILE_FILTERS
from portal.inventory.models import File
from portal.people.roles import Right
from portal.people.scope import Scope
from portal.web import app_names
from portal.web.access import instance_or_404, scope
from portal.web.export import csv_response
from portal.web.lists import BY_NAME, ListState, Row, is_fragment, list_page, scope_with
from portal.web.offers import offers, with_offers
from portal.web.selection import select_url

SORTS = ("name", "-modified")
HEAD = (
    "App", "Instance", "Name", "Kind", "Path", "Owner", "Exposure", "Exposure in the app", "External collaborators",
    "Size in bytes", "Content type", "In trash", "In quarantine", "Created at", "Modified at", "First read at",
    "Last read at", "Gone since", "Address", "Id",
)


@require_GET
def file_list(request: HttpRequest) -> HttpResponse:
    """Files by name or by time; the address holds the filters."""
    own = scope_with(request, Right.READ_INVENTORY)
    labels = app_names.labels(own)
    state = ListState(request, FILE_FILTERS, "file", app_names.choices(labels), SORTS)
    added = state.added()
    if added:
        return added
    listing = file_queries.files(own, state.conditions, older=state.older, newer=state.newer, sort=state.sort)
    rows = [Row(item, labels.get(item.instance_id), reverse("file_detail", args=[item.pk])) for item in listing.rows]
    more = {"select_url": select_url(own, "file"), "matching_url": _matching_url(own, state), **BY_NAME}
    return list_page(request, "files/list.html", state, listing, rows, labels, own, **more)


@require_GET
def file_count(request: HttpRequest) -> HttpResponse:
    """How many match; loaded after the rows."""
    own = scope_with(request, Right.READ_INVENTORY)
    state = ListState(request, FILE_FILTERS, "file")
    return render(request, "lists/_count.html", {"count": file_queries.count_files(own, state.conditions)})


@require_GET
def file_export(request: HttpRequest) -> StreamingHttpResponse:
    """All that match, as CSV."""
    own = scope_with(request, Right.READ_INVENTORY)
    state = ListState(request, FILE_FILTERS, "file")
    return csv_response(request, "files", HEAD, _cells(own, file_queries.export_files(own, state.conditions)))


@require_GET
def file_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One file, as a page or, to htmx, as a drawer."""
    own = scope(request)
    try:
        file = file_queries.file(own, pk)
    except File.DoesNotExist:
        raise Http404("There is no such file, or it is not yours to see.") from None
    instance = instance_or_404(request, file.instance_id)
    shared = file_queries.collaborators_of(file)
    context = {
        "file": file,
        "app": app_names.label(instance),
        "instance": instance,
        "owner": file_queries.owner_of(file),
        "shared": with_offers(own, instance, [(each, each.collaborator) for each in shared]),
        "shared_count": file_queries.count_collaborators_of(file),
        "credentials": permission_queries.credentials_of_file(file),
        "offers": offers(own, instance, file),
        "history": governance_queries.for_target(instance.pk, "file", file.vendor_id),
    }
    return render(request, "files/_drawer.html" if is_fragment(request) else "files/detail.html", context)


def _matching_url(own: Scope, state: ListState) -> str:
    """Where one acts on all that match; '' for who may act nowhere, and where a filter was not understood."""
    query = state.query.urlencode()
    address = reverse("matching_files") + (f"?{query}" if query else "")
    return address if own.has(Right.ACT_FILE) and not state.problems else ""


def _cells(own: Scope, files: Iterator[File]) -> Iterator[tuple[Any, ...]]:
    labels = app_names.labels(own)
    for each in files:
        app = labels.get(each.instance_id)
        yield (
            app.app_name if app else "", app.name if app else "", each.name, each.kind, each.path, each.owner_name,
            each.exposure, each.exposure_in_app, each.has_external_collaborators, each.size, each.content_type,
            each.is_trashed, each.is_quarantined, each.created_at, each.modified_at, each.first_seen_at, each.seen_at,
            each.gone_at, each.url, each.vendor_id,
        )


urlpatterns: list[URLPattern] = [
    path("files/", file_list, name="file_list"),
    path("files/count/", file_count, name="file_count"),
    path("files/export.csv", file_export, name="file_export"),
    path("files/<int:pk>/", file_detail, name="file_detail"),
]

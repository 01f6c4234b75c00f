"""Groups of all apps: the list, one group with its members."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET

from portal.governance import queries as governance_queries
from portal.inventory import queries
from portal.inventory.filters import GROUP_FILTERS
from portal.inventory.models import Group
from portal.people.roles import Right
from portal.people.scope import Scope
from portal.web import app_names
from portal.web.access import instance_or_404, scope
from portal.web.export import csv_response
from portal.web.lists import BY_NAME, ListState, Row, is_fragment, list_page, scope_with
from portal.web.offers import offers

HEAD = (
    "App", "Instance", "Name", "Description", "Kind", "E-mail", "First read at", "Last read at", "Gone since", "Id",
)


@require_GET
def group_list(request: HttpRequest) -> HttpResponse:
    """Groups by name; the address holds the filters."""
    own = scope_with(request, Right.READ_INVENTORY)
    labels = app_names.labels(own)
    state = ListState(request, GROUP_FILTERS, "group", app_names.choices(labels))
    added = state.added()
    if added:
        return added
    listing = queries.groups(own, state.conditions, older=state.older, newer=state.newer, sort=state.sort)
    rows = [Row(item, labels.get(item.instance_id), reverse("group_detail", args=[item.pk])) for item in listing.rows]
    return list_page(request, "groups/list.html", state, listing, rows, labels, own, **BY_NAME)


@require_GET
def group_count(request: HttpRequest) -> HttpResponse:
    """How many match; loaded after the rows."""
    own = scope_with(request, Right.READ_INVENTORY)
    state = ListState(request, GROUP_FILTERS, "group")
    return render(request, "lists/_count.html", {"count": queries.count_groups(own, state.conditions)})


@require_GET
def group_export(request: HttpRequest) -> StreamingHttpResponse:
    """All that match, as CSV."""
    own = scope_with(request, Right.READ_INVENTORY)
    state = ListState(request, GROUP_FILTERS, "group")
    return csv_response(request, "groups", HEAD, _cells(own, queries.export_groups(own, state.conditions)))


@require_GET
def group_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One group, as a page or, to htmx, as a drawer."""
    own = scope(request)
    try:
        group = queries.group(own, pk)
    except Group.DoesNotExist:
        raise Http404("There is no such group, or it is not yours to see.") from None
    instance = instance_or_404(request, group.instance_id)
    context = {
        "group": group,
        "app": app_names.label(instance),
        "instance": instance,
        "members": queries.members_of(group),
        "offers": offers(own, instance, group),
        "history": governance_queries.for_target(instance.pk, "group", group.vendor_id),
    }
    return render(request, "groups/_drawer.html" if is_fragment(request) else "groups/detail.html", context)


def _cells(own: Scope, groups: Iterator[Group]) -> Iterator[tuple[Any, ...]]:
    labels = app_names.labels(own)
    for each in groups:
        app = labels.get(each.instance_id)
        yield (
            app.app_name if app else "", app.name if app else "", each.name, each.description, each.kind, each.email,
            each.first_seen_at, each.seen_at, each.gone_at, each.vendor_id,
        )


urlpatterns: list[URLPattern] = [
    path("groups/", group_list, name="group_list"),
    path("groups/count/", group_count, name="group_count"),
    path("groups/export.csv", group_export, name="group_export"),
    path("groups/<int:pk>/", group_detail, name="group_detail"),
]

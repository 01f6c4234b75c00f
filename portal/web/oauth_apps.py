"""Third-party apps that hold access to connected apps: the list, one app with its scopes in words and its grants."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET

from portal.governance import queries as governance_queries
from portal.inventory import permission_queries as queries
from portal.inventory.models import OAuthApp
from portal.inventory.permission_filters import OAUTH_APP_FILTERS
from portal.people.roles import Right
from portal.people.scope import Scope
from portal.web import app_names
from portal.web.access import instance_or_404, scope
from portal.web.export import csv_response
from portal.web.lists import BY_NAME, ListState, Row, is_fragment, list_page, scope_with
from portal.web.offers import offers, with_offers
from portal.web.scopes import explained

SORTS = ("risk", "name")
HEAD = (
    "App", "Instance", "Name", "Publisher", "Verified", "Banned", "Risk", "Scopes", "Created at", "Last used at",
    "First read at", "Last read at", "Gone since", "Address", "Id",
)


@require_GET
def oauth_app_list(request: HttpRequest) -> HttpResponse:
    """The highest risk first, or by name; the address holds the filters."""
    own = scope_with(request, Right.READ_INVENTORY)
    labels = app_names.labels(own)
    state = ListState(request, OAUTH_APP_FILTERS, "oauth_app", app_names.choices(labels), SORTS)
    added = state.added()
    if added:
        return added
    listing = queries.oauth_apps(own, state.conditions, older=state.older, newer=state.newer, sort=state.sort)
    rows = [
        Row(item, labels.get(item.instance_id), reverse("oauth_app_detail", args=[item.pk])) for item in listing.rows
    ]
    grants = queries.grant_counts(listing.rows)
    return list_page(
        request, "oauth_apps/list.html", state, listing, rows, labels, own, grants=grants, tab="apps", **BY_NAME
    )


@require_GET
def oauth_app_count(request: HttpRequest) -> HttpResponse:
    """How many match; loaded after the rows."""
    own = scope_with(request, Right.READ_INVENTORY)
    state = ListState(request, OAUTH_APP_FILTERS, "oauth_app")
    return render(request, "lists/_count.html", {"count": queries.count_oauth_apps(own, state.conditions)})


@require_GET
def oauth_app_export(request: HttpRequest) -> StreamingHttpResponse:
    """All that match, as CSV."""
    own = scope_with(request, Right.READ_INVENTORY)
    state = ListState(request, OAUTH_APP_FILTERS, "oauth_app")
    return csv_response(request, "oauth-apps", HEAD, _cells(own, queries.export_oauth_apps(own, state.conditions)))


@require_GET
def oauth_app_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One app, as a page or, to htmx, as a drawer."""
    own = scope(request)
    try:
        oauth_app = queries.oauth_app(own, pk)
    except OAuthApp.DoesNotExist:
        raise Http404("There is no such app, or it is not yours to see.") from None
    instance = instance_or_404(request, oauth_app.instance_id)
    grants = queries.accounts_of(oauth_app, queries.grants_of(oauth_app))
    context = {
        "oauth_app": oauth_app,
        "app": app_names.label(instance),
        "instance": instance,
        "scopes": explained(instance.app_id, oauth_app.scopes),
        "grants": with_offers(own, instance, [((grant, account), grant) for grant, account in grants]),
        "offers": offers(own, instance, oauth_app),
        "history": governance_queries.for_target(instance.pk, "oauth_app", oauth_app.vendor_id),
    }
    return render(request, "oauth_apps/_drawer.html" if is_fragment(request) else "oauth_apps/detail.html", context)


def _cells(own: Scope, apps: Iterator[OAuthApp]) -> Iterator[tuple[Any, ...]]:
    labels = app_names.labels(own)
    for each in apps:
        app = labels.get(each.instance_id)
        yield (
            app.app_name if app else "", app.name if app else "", each.name, each.publisher, each.is_verified,
            each.is_banned, each.risk, " ".join(each.scopes), each.created_at, each.last_used_at, each.first_seen_at,
            each.seen_at, each.gone_at, each.url, each.vendor_id,
        )


urlpatterns: list[URLPattern] = [
    path("oauth-apps/", oauth_app_list, name="oauth_app_list"),
    path("oauth-apps/count/", oauth_app_count, name="oauth_app_count"),
    path("oauth-apps/export.csv", oauth_app_export, name="oauth_app_export"),
    path("oauth-apps/<int:pk>/", oauth_app_detail, name="oauth_app_detail"),
]

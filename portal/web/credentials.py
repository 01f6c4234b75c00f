"""What was issued rather than consented to: tokens, keys, webhooks. The list, one of them with its scopes in words."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET

from portal.governance import queries as governance_queries
from portal.inventory import permission_queries as queries
from portal.inventory.models import Credential
from portal.inventory.permission_filters import CREDENTIAL_FILTERS
from portal.people.roles import Right
from portal.people.scope import Scope
from portal.web import app_names
from portal.web.access import instance_or_404, scope
from portal.web.export import csv_response
from portal.web.lists import BY_NAME, ListState, Row, is_fragment, list_page, scope_with
from portal.web.offers import offers
from portal.web.scopes import explained
from portal.web.selection import select_url

SORTS = ("risk", "name")
HEAD = (
    "App", "Instance", "Name", "Kind", "Account", "File", "Risk", "Scopes", "Active", "Sends to", "Created at",
    "Expires at", "Last used at", "First read at", "Last read at", "Gone since", "Id",
)


@require_GET
def credential_list(request: HttpRequest) -> HttpResponse:
    """The highest risk first, or by name; the address holds the filters."""
    own = scope_with(request, Right.READ_INVENTORY)
    labels = app_names.labels(own)
    state = ListState(request, CREDENTIAL_FILTERS, "credential", app_names.choices(labels), SORTS)
    added = state.added()
    if added:
        return added
    listing = queries.credentials(own, state.conditions, older=state.older, newer=state.newer, sort=state.sort)
    rows = [
        Row(item, labels.get(item.instance_id), reverse("credential_detail", args=[item.pk])) for item in listing.rows
    ]
    more = {"tab": "credentials", "select_url": select_url(own, "credential"), **BY_NAME}
    return list_page(request, "credentials/list.html", state, listing, rows, labels, own, **more)


@require_GET
def credential_count(request: HttpRequest) -> HttpResponse:
    """How many match; loaded after the rows."""
    own = scope_with(request, Right.READ_INVENTORY)
    state = ListState(request, CREDENTIAL_FILTERS, "credential")
    return render(request, "lists/_count.html", {"count": queries.count_credentials(own, state.conditions)})


@require_GET
def credential_export(request: HttpRequest) -> StreamingHttpResponse:
    """All that match, as CSV."""
    own = scope_with(request, Right.READ_INVENTORY)
    state = ListState(request, CREDENTIAL_FILTERS, "credential")
    return csv_response(request, "credentials", HEAD, _cells(own, queries.export_credentials(own, state.conditions)))


@require_GET
def credential_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One credential, as a page or, to htmx, as a drawer."""
    own = scope(request)
    try:
        credential = queries.credential(own, pk)
    except Credential.DoesNotExist:
        raise Http404("There is no such credential, or it is not yours to see.") from None
    instance = instance_or_404(request, credential.instance_id)
    context = {
        "credential": credential,
        "app": app_names.label(instance),
        "instance": instance,
        "scopes": explained(instance.app_id, credential.scopes),
        "account": queries.account_of(credential),
        "file": queries.file_of(credential),
        "offers": offers(own, instance, credential),
        "history": governance_queries.for_target(instance.pk, "credential", credential.vendor_id),
    }
    return render(request, "credentials/_drawer.html" if is_fragment(request) else "credentials/detail.html", context)


def _cells(own: Scope, credentials: Iterator[Credential]) -> Iterator[tuple[Any, ...]]:
    labels = app_names.labels(own)
    for each in credentials:
        app = labels.get(each.instance_id)
        yield (
            app.app_name if app else "", app.name if app else "", each.name, each.kind,
            each.account_name or each.account_id, each.file_name or each.file_id, each.risk, " ".join(each.scopes),
            each.is_active, each.url, each.created_at, each.expires_at, each.last_used_at, each.first_seen_at,
            each.seen_at, each.gone_at, each.vendor_id,
        )


urlpatterns: list[URLPattern] = [
    path("credentials/", credential_list, name="credential_list"),
    path("credentials/count/", credential_count, name="credential_count"),
    path("credentials/export.csv", credential_export, name="credential_export"),
    path("credentials/<int:pk>/", credential_detail, name="credential_detail"),
]

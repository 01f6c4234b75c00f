"""Accounts of all apps: the list, one account as a drawer or a page."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET

from portal.governance import queries as governance_queries
from portal.inventory import actors, file_queries, permission_queries, queries, session_queries
from portal.inventory.filters import ACCOUNT_FILTERS
from portal.inventory.models import Account, Grant, OAuthApp
from portal.people.roles import Right
from portal.people.scope import Scope
from portal.web import app_names
from portal.web.access import instance_or_404, scope
from portal.web.activities import around, rows_of
from portal.web.export import csv_response
from portal.web.lists import BY_NAME, ListState, Row, is_fragment, list_page, scope_with
from portal.web.offers import offers
from portal.web.selection import select_url

HEAD = (
    "App", "Instance", "Name", "User name", "E-mail", "Kind", "Status", "External", "Admin", "MFA", "Created at",
    "Last seen at", "First read at", "Last read at", "Gone since", "Id",
)


@require_GET
def account_list(request: HttpRequest) -> HttpResponse:
    """Accounts by name; the address holds the filters."""
    own = scope_with(request, Right.READ_INVENTORY)
    labels = app_names.labels(own)
    state = ListState(request, ACCOUNT_FILTERS, "account", app_names.choices(labels))
    state.name_values("group", queries.group_names(own, state.values_of("group")))
    added = state.added()
    if added:
        return added
    listing = queries.accounts(own, state.conditions, older=state.older, newer=state.newer, sort=state.sort)
    rows = [Row(item, labels.get(item.instance_id), reverse("account_detail", args=[item.pk])) for item in listing.rows]
    more = {"select_url": select_url(own, "account"), **BY_NAME}
    return list_page(request, "accounts/list.html", state, listing, rows, labels, own, **more)


@require_GET
def account_count(request: HttpRequest) -> HttpResponse:
    """How many match; loaded after the rows."""
    own = scope_with(request, Right.READ_INVENTORY)
    state = ListState(request, ACCOUNT_FILTERS, "account")
    return render(request, "lists/_count.html", {"count": queries.count_accounts(own, state.conditions)})


@require_GET
def account_export(request: HttpRequest) -> StreamingHttpResponse:
    """All that match, as CSV."""
    own = scope_with(request, Right.READ_INVENTORY)
    state = ListState(request, ACCOUNT_FILTERS, "account")
    return csv_response(request, "accounts", HEAD, _cells(own, queries.export_accounts(own, state.conditions)))


@require_GET
def account_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One account, as a page or, to htmx, as a drawer."""
    own = scope(request)
    try:
        account = queries.account(own, pk)
    except Account.DoesNotExist:
        raise Http404("There is no such account, or it is not yours to see.") from None
    instance = instance_or_404(request, account.instance_id)
    labels = {instance.pk: app_names.label(instance)}
    context = {
        "account": account,
        "app": labels[instance.pk],
        "instance": instance,
        "groups": queries.groups_of(account),
        "privileges": queries.privileges_of(account),
        "activities": rows_of(actors.activities_of(account), labels),
        "addresses": actors.addresses_of(account),
        "around": around(account.last_seen_at) if account.last_seen_at else "",
        "files_owned": file_queries.files_owned_by(account),
        "files_shared": file_queries.files_shared_with(account),
        "may_end_shares": own.can(Right.ACT_FILE, instance_id=instance.pk, app_id=instance.app_id),
        "oauth_grants": _grants(account),
        "credentials": permission_queries.credentials_of(account),
        "sessions": session_queries.sessions_of(account),
        "devices": session_queries.devices_of(account),
        "offers": offers(own, instance, account),
        "history": governance_queries.for_target(instance.pk, "account", account.vendor_id),
    }
    return render(request, "accounts/_drawer.html" if is_fragment(request) else "accounts/detail.html", context)


def _grants(account: Account) -> list[tuple[Grant, OAuthApp | None]]:
    """What the account consented to, each with its app where the inventory knows it."""
    grants = permission_queries.grants_of_account(account)
    apps = permission_queries.apps_of(grants)
    return [(each, apps.get(each.pk)) for each in grants]


def _cells(own: Scope, accounts: Iterator[Account]) -> Iterator[tuple[Any, ...]]:
    labels = app_names.labels(own)
    for each in accounts:
        app = labels.get(each.instance_id)
        yield (
            app.app_name if app else "", app.name if app else "", each.name, each.username, each.email, each.kind,
            each.status, each.is_external, each.is_admin, each.has_mfa, each.created_at, each.last_seen_at,
            each.first_seen_at, each.seen_at, each.gone_at, each.vendor_id,
        )


urlpatterns: list[URLPattern] = [
    path("accounts/", account_list, name="account_list"),
    path("accounts/count/", account_count, name="account_count"),
    path("accounts/export.csv", account_export, name="account_export"),
    path("accounts/<int:pk>/", account_detail, name="account_detail"),
]

"""The activity log of all apps: the list, one activity, and the ways on from it."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET

from portal.inventory import actors, queries
from portal.inventory.filters import ACTIVITY_FILTERS
from portal.inventory.models import Activity, ActivityRaw
from portal.people.roles import Right
from portal.people.scope import Scope
from portal.web import app_names
from portal.web.access import instance_or_404, scope
from portal.web.export import csv_response
from portal.web.lists import ListState, Row, is_fragment, list_page, scope_with

AROUND = timedelta(hours=24)
"""Before and after: 48 hours in all."""
HEAD = (
    "Time", "App", "Instance", "Action", "Category", "Outcome", "Description", "User", "User e-mail", "User id",
    "Targets", "IP address", "Country", "User agent", "Id", "Part of the app",
)


@require_GET
def activity_list(request: HttpRequest) -> HttpResponse:
    """Activities, newest first; the address holds the filters."""
    own = scope_with(request, Right.READ_INVENTORY)
    labels = app_names.labels(own)
    known = {**app_names.choices(labels), "component": app_names.components(labels)}
    state = ListState(request, ACTIVITY_FILTERS, "activity", known)
    added = state.added()
    if added:
        return added
    listing = queries.activities(own, state.conditions, older=state.older, newer=state.newer)
    return list_page(request, "activities/list.html", state, listing, rows_of(listing.rows, labels), labels, own)


@require_GET
def activity_count(request: HttpRequest) -> HttpResponse:
    """How many match; loaded after the rows."""
    own = scope_with(request, Right.READ_INVENTORY)
    state = ListState(request, ACTIVITY_FILTERS, "activity")
    return render(request, "lists/_count.html", {"count": queries.count_activities(own, state.conditions)})


@require_GET
def activity_export(request: HttpRequest) -> StreamingHttpResponse:
    """All that match, as CSV."""
    own = scope_with(request, Right.READ_INVENTORY)
    state = ListState(request, ACTIVITY_FILTERS, "activity")
    return csv_response(request, "activities", HEAD, _cells(own, queries.export_activities(own, state.conditions)))


@require_GET
def activity_detail(request: HttpRequest, instance_id: int, moment: str, key: str) -> HttpResponse:
    """One activity, as a page or, to htmx, as a drawer."""
    own = scope(request)
    try:
        occurred_at, vendor_id = datetime.fromisoformat(moment), _vendor_id(key)
        activity = queries.activity(own, instance_id, occurred_at, vendor_id)
        raw = queries.activity_raw(own, instance_id, occurred_at, vendor_id)
    except (ValueError, Activity.DoesNotExist, ActivityRaw.DoesNotExist):
        raise Http404("There is no such activity, or it is not yours to see.") from None
    context = {
        "activity": activity,
        "app": app_names.label(instance_or_404(request, instance_id)),
        "raw": raw,
        "actor": actors.account_of_actor(activity),
        "pivots": pivots(activity),
    }
    return render(request, "activities/_drawer.html" if is_fragment(request) else "activities/detail.html", context)


def address(activity: Activity) -> str:
    """The page of one activity: instance, time, and the vendor's id in a form that any address can hold."""
    key = urlsafe_b64encode(activity.vendor_id.encode()).decode()
    occurred_at = activity.occurred_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return reverse("activity_detail", args=[activity.instance_id, occurred_at, key])


def rows_of(activities: Iterable[Activity], labels: Mapping[int, app_names.Label]) -> list[Row]:
    return [Row(item, labels.get(item.instance_id), address(item)) for item in activities]


def around(moment: datetime) -> str:
    """The activity log for the 48 hours around a moment."""
    limits = {name: f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for name, when in _limits(moment)}
    return f"{reverse('activity_list')}?{urlencode(limits)}"


def pivots(activity: Activity) -> list[tuple[str, str]]:
    """(words, address) of the questions an analyst asks next."""
    base = reverse("activity_list")
    links = []
    actor = activity.actor_id or activity.actor_name
    if actor:
        links.append(("Same user", f"{base}?{urlencode({'actor': actor, 'instance': activity.instance_id})}"))
    if activity.ip_address:
        links.append(("Same IP address", f"{base}?{urlencode({'ip': activity.ip_address})}"))
    links.append(("48 hours around", around(activity.occurred_at)))
    links.append(("Same action", f"{base}?{urlencode({'action': activity.action})}"))
    return links


def _limits(moment: datetime) -> Iterator[tuple[str, datetime]]:
    yield "from", moment - AROUND
    yield "to", moment + AROUND


def _vendor_id(key: str) -> str:
    """Raises ValueError."""
    try:
        vendor_id = urlsafe_b64decode(key).decode()
    except binascii.Error as error:
        raise ValueError(key) from error
    if "\x00" in vendor_id:
        raise ValueError("PostgreSQL takes no NUL in text.")
    return vendor_id


def _cells(own: Scope, activities: Iterator[Activity]) -> Iterator[tuple[Any, ...]]:
    labels = app_names.labels(own)
    for each in activities:
        app = labels.get(each.instance_id)
        targets = "; ".join(f"{target['kind']} {target['name'] or target['id']}" for target in each.targets)
        yield (
            each.occurred_at, app.app_name if app else "", app.name if app else "", each.action, each.category,
            each.outcome, each.description, each.actor_name, each.actor_email, each.actor_id, targets, each.ip_address,
            each.country_code, each.user_agent, each.vendor_id, each.component,
        )


urlpatterns: list[URLPattern] = [
    path("activities/", activity_list, name="activity_list"),
    path("activities/count/", activity_count, name="activity_count"),
    path("activities/export.csv", activity_export, name="activity_export"),
    path("activities/<int:instance_id>/<str:moment>/<str:key>/", activity_detail, name="activity_detail"),
]

"""Settings > Connected apps > App connectors: what is connected, and how it stands."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET

from connectors.catalogue import catalogue
from portal.instances import queries
from portal.instances.models import AppInstance, State
from portal.people.roles import Right
from portal.people.scope import Scope
from portal.scans.queries import FeedHealth, health
from portal.web import problems
from portal.web.access import require_somewhere, scope
from portal.web.instance_facts import Standing, as_of, standing


@dataclass(frozen=True, slots=True)
class Line:
    """One connected app of the list."""

    instance: AppInstance
    app_name: str
    standing: Standing
    as_of: datetime | None
    reading: list[FeedHealth]
    """Feeds that run at this moment."""
    may_connect: bool


@require_GET
def connected_apps(request: HttpRequest) -> HttpResponse:
    """The list; drafts of the wizard above it."""
    require_somewhere(request, Right.READ_INVENTORY)
    own_scope = scope(request)
    may_connect = any(own_scope.can(Right.CONNECT, app_id=app_id) for app_id in catalogue())
    drafts = [draft for draft in queries.drafts(own_scope) if draft.app_id in catalogue()]
    context = {
        **_lines(own_scope),
        "drafts": [(draft, catalogue()[draft.app_id].name) for draft in drafts if _may_connect(own_scope, draft)],
        "may_connect": may_connect,
        "notice": problems.take(request),
    }
    return render(request, "connected_apps/list.html", context)


@require_GET
def connected_apps_live(request: HttpRequest) -> HttpResponse:
    """The rows alone, fetched again while the page is open."""
    return render(request, "connected_apps/_rows.html", _lines(scope(request)))


def _lines(own_scope: Scope) -> dict[str, object]:
    lines = [_line(own_scope, instance) for instance in queries.instances(own_scope)]
    gone = [line for line in lines if line.instance.state == State.DISCONNECTED]
    return {
        "lines": [line for line in lines if line not in gone],
        "gone": gone,
        "is_busy": any(line.reading or line.instance.state == State.DISCONNECTING for line in lines),
    }


def _line(own_scope: Scope, instance: AppInstance) -> Line:
    feeds = health(instance) if instance.app_id in catalogue() else []
    connector = catalogue().get(instance.app_id)
    return Line(
        instance,
        connector.name if connector else instance.app_id,
        standing(instance, feeds),
        as_of(feeds),
        [feed for feed in feeds if feed.is_running],
        _may_connect(own_scope, instance),
    )


def _may_connect(own_scope: Scope, instance: AppInstance) -> bool:
    return own_scope.can(Right.CONNECT, instance_id=instance.pk, app_id=instance.app_id)


urlpatterns: list[URLPattern] = [
    path("settings/connected-apps/", connected_apps, name="connected_apps"),
    path("settings/connected-apps/live/", connected_apps_live, name="connected_apps_live"),
]

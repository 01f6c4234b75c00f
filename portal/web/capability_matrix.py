"""Settings > Connected apps > Capabilities: apps by capabilities, each offered or with the reason why not."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET

from connectors.catalogue import ANNOUNCED, catalogue
from portal.inventory.capabilities import Section, matrix
from portal.people.roles import Right
from portal.web.access import require_somewhere
from portal.web.app_names import app_name
from portal.web.export import csv_response

HEAD = ("Group", "Capability", "App", "Offered", "By", "Reason")


@require_GET
def capability_matrix(request: HttpRequest) -> HttpResponse:
    """All apps, or with `?app=` those named; reasons unfold, and stand open where one app is shown."""
    require_somewhere(request, Right.READ_INVENTORY)
    known, shown = _apps(), _chosen(request)
    context = {
        "apps": [(app_id, app_name(app_id), app_id in catalogue()) for app_id in shown],
        "choices": [(app_id, app_name(app_id), app_id in shown and len(shown) < len(known)) for app_id in known],
        "sections": matrix(shown, catalogue()),
        "is_open": len(shown) == 1,
        "is_chosen": len(shown) < len(known),
        "query": request.GET.urlencode(),
    }
    return render(request, "connected_apps/capabilities.html", context)


@require_GET
def capability_export(request: HttpRequest) -> StreamingHttpResponse:
    """One line for each cell."""
    require_somewhere(request, Right.READ_INVENTORY)
    return csv_response(request, "capabilities", HEAD, _cells(matrix(_chosen(request), catalogue())))


def _apps() -> list[str]:
    """Apps with a connector first, each part by name."""
    every = {*catalogue(), *(app.id for app in ANNOUNCED)}
    return sorted(every, key=lambda app_id: (app_id not in catalogue(), app_name(app_id).lower()))


def _chosen(request: HttpRequest) -> list[str]:
    """The apps that the address names, all where it names none that there is."""
    named = set(request.GET.getlist("app"))
    return [app_id for app_id in _apps() if app_id in named] or _apps()


def _cells(sections: Sequence[Section]) -> Iterator[tuple[Any, ...]]:
    for section in sections:
        for line in section.lines:
            for cell in line.cells:
                yield (
                    section.title, line.label, app_name(cell.app_id), cell.is_offered, "; ".join(cell.how), cell.reason
                )


urlpatterns: list[URLPattern] = [
    path("settings/connected-apps/capabilities/", capability_matrix, name="capability_matrix"),
    path("settings/connected-apps/capabilities/export.csv", capability_export, name="capability_export"),
]

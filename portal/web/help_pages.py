"""Help: the keys, the set-up guides of the connectors, and what docs/ tells those who run the portal."""

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET

from connectors.catalogue import catalogue
from portal.web import guide

DOCUMENTS = {
    "operations": ("Operating Gatehouse", "Settings, processes, backup, keys, upgrades."),
    "threat-model": ("Threat model", "What is protected, against whom, and where that ends."),
}
"""Files of docs/: title and what is in them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of help. `app_id`: whose guide it is, '' for a document."""

    title: str
    sentence: str
    url: str
    app_id: str = ""


@require_GET
def help_home(request: HttpRequest) -> HttpResponse:
    """Everything there is to read."""
    guides = [
        Entry(each.name, each.summary, reverse("help_guide", args=[app_id]), app_id)
        for app_id, each in catalogue().items()
        if guide.guide(app_id)
    ]
    documents = [
        Entry(title, sentence, reverse("help_document", args=[name])) for name, (title, sentence) in DOCUMENTS.items()
    ]
    guides.sort(key=lambda entry: entry.title.lower())
    return render(request, "help/home.html", {"guides": guides, "documents": documents})


@require_GET
def help_guide(request: HttpRequest, app_id: str) -> HttpResponse:
    """How to set up one app."""
    connector, blocks = catalogue().get(app_id), guide.guide(app_id)
    if connector is None or not blocks:
        raise Http404("There is no set-up guide for this app.")
    return render(request, "help/page.html", {"title": f"Set-up guide for {connector.name}", "guide": blocks})


@require_GET
def help_document(request: HttpRequest, name: str) -> HttpResponse:
    """One page of docs/."""
    blocks = guide.document(settings.BASE_DIR / "docs" / f"{name}.md") if name in DOCUMENTS else []
    if not blocks:
        raise Http404("There is no such page of help.")
    return render(request, "help/page.html", {"title": DOCUMENTS[name][0], "guide": blocks})


urlpatterns: list[URLPattern] = [
    path("help/", help_home, name="help_home"),
    path("help/apps/<slug:app_id>/", help_guide, name="help_guide"),
    path("help/<slug:name>/", help_document, name="help_document"),
]

"""Suggest more apps: anybody may suggest; admins read and export what was suggested."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_http_methods

from portal.people import settings_service
from portal.people.roles import Right
from portal.preferences import suggestions
from portal.preferences.forms import SuggestionForm
from portal.web.access import scope, signed_in
from portal.web.export import csv_response

SHOWN = 200


@require_http_methods(["GET", "POST"])
def suggest(request: HttpRequest) -> HttpResponse:
    """The form at the end of the list of apps."""
    form = SuggestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        settings_service.suggest(signed_in(request), wanted["app_name"], wanted["web_address"], wanted["why"])
        messages.success(request, f"Thank you: the suggestion of {wanted['app_name']} was kept for the admins.")
        return redirect("suggest_app")
    context = {"form": form, "may_connect": scope(request).has(Right.CONNECT)}
    return render(request, "settings/suggest.html", context, status=422 if form.errors else 200)


@require_GET
def suggestion_list(request: HttpRequest) -> HttpResponse:
    """The newest; the download has them all."""
    found = list(settings_service.suggested(signed_in(request))[: SHOWN + 1])
    context = {"suggestions": found[:SHOWN], "has_more": len(found) > SHOWN, "shown": SHOWN}
    return render(request, "settings/suggestions.html", context)


@require_GET
def suggestion_csv(request: HttpRequest) -> StreamingHttpResponse:
    """All of them."""
    found = settings_service.suggested(signed_in(request))
    return csv_response(request, "suggestions", suggestions.HEAD, suggestions.rows(found.iterator()))


urlpatterns: list[URLPattern] = [
    path("settings/suggest/", suggest, name="suggest_app"),
    path("settings/suggestions/", suggestion_list, name="suggestion_list"),
    path("settings/suggestions.csv", suggestion_csv, name="suggestion_csv"),
]

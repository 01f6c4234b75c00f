"""The front door: to where the person's work is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path

from portal.instances import queries
from portal.people.roles import Right
from portal.web.access import scope


def home(request: HttpRequest) -> HttpResponse:
    """Accounts once something is connected, before that the connected apps; Support to its own pages."""
    own = scope(request)
    if not own.has(Right.READ_INVENTORY):
        return redirect("support:index" if own.has(Right.SUPPORT) else "settings_home")
    return redirect("account_list" if queries.instances(own).exists() else "connected_apps")


urlpatterns: list[URLPattern] = [path("", home, name="home")]

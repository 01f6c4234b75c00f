"""All addresses. Each module of portal.web lists its own; this joins them."""

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from portal.web import errors

MODULES = (
    "home",
    "health",
    "shell",
    "accounts",
    "groups",
    "activities",
    "governance",
    "settings_pages",
    "connected_apps",
    "wizard",
    "consent",
    "instances",
    "suggestions",
    "people",
    "audit",
)

urlpatterns: list[URLPattern | URLResolver] = [path("auth/", include("allauth.urls"))]
for name in MODULES:
    if find_spec(f"portal.web.{name}"):
        urlpatterns += getattr(import_module(f"portal.web.{name}"), "urlpatterns", [])
if find_spec("portal.people.admin_site"):
    urlpatterns.append(path("support/", import_module("portal.people.admin_site").support_site.urls))

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error

"""The support pages: Django admin, behind the portal's own sign-in, with an allow-list of models.

Other parts register what support staff may read in their own admin.py: `support_site.register(Model, ModelAdmin)` with
a subclass of `ReadOnlyAdmin`. Never what was read from apps, never governance, never secrets, and never django-q's
tables: an editable schedule names any function to run.
"""

from importlib import import_module
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.module_loading import module_has_submodule

from portal.people.roles import Right
from portal.people.scope import REFUSAL, scope_of


def may_support(request: HttpRequest) -> bool:
    return scope_of(request.user).can(Right.SUPPORT)


class SupportSite(admin.AdminSite):
    site_header = "Gatehouse support"
    site_title = "Gatehouse support"
    index_title = "Runs, deliveries, connections"
    enable_nav_sidebar = False
    final_catch_all_view = False

    def has_permission(self, request: HttpRequest) -> bool:
        return may_support(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Django's own form knows neither second factors nor rate limits, so it is never shown."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied(REFUSAL)
        wanted = request.GET.get(REDIRECT_FIELD_NAME) or reverse("support:index")
        return redirect_to_login(wanted, reverse("account_login"))

    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_logout")

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    """Rows to look at. Actions such as a retry are added by the subclass, each with its own check."""

    actions = None
    list_per_page = 50
    show_full_result_count = False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only what a filter beside the list (a column, by its name) asks. Django lets an address ask about every
        column, those left out of the pages too: with `?body__startswith=` a hidden text could be guessed letter by
        letter."""
        return lookup in {f"{column}{kind}" for column in self.list_filter for kind in ("__exact", "__isnull", "")}

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_support(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return may_support(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


support_site = SupportSite(name="support")


def discover() -> None:
    """Import the admin modules of the portal's own parts; those of installed packages would register on a site that
    nobody mounts."""
    for app in apps.get_app_configs():
        if app.name.startswith("portal.") and module_has_submodule(app.module, "admin"):
            import_module(f"{app.name}.admin")

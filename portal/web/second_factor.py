"""While a second factor is required, whoever has none sees how to set one up, and nothing else."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET

from portal.web.access import signed_in

OPEN = frozenset(
    {
        "second_factor_owed", "mfa_activate_totp", "mfa_add_webauthn",
        # Proving who one is, which setting up asks for; leaving; another password.
        "account_reauthenticate", "single_sign_on", "single_sign_on_go", "openid_connect_login",
        "openid_connect_callback", "socialaccount_login_cancelled", "socialaccount_login_error", "account_logout",
        "account_change_password", "account_set_password", "account_reset_password", "account_reset_password_done",
        "account_reset_password_from_key", "account_reset_password_from_key_done",
        # Coming in as somebody else, with a link for it.
        "setup_link", "accept_invitation",
        # For machines, whoever's browser it is.
        "health_live", "health_ready", "metrics", "webhook",
    }
)  # fmt: skip
"""The only views for people who owe a second factor; every new view is closed to them."""


class SecondFactorMiddleware:
    """Stands behind the sign-in, before every view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is not None and match.view_name in OPEN:
            return None
        if not request.user.is_authenticated or not request.user.owes_second_factor:
            return None
        address = reverse("second_factor_owed")
        if request.headers.get("HX-Request"):
            # A redirect would be followed inside the page.
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return redirect(address)


@require_GET
def second_factor_owed(request: HttpRequest) -> HttpResponse:
    """The way on: an authenticator app or a passkey."""
    if not signed_in(request).owes_second_factor:
        return redirect("home")
    return render(request, "people/second_factor_owed.html")


urlpatterns: list[URLPattern] = [path("sign-in/second-factor/", second_factor_owed, name="second_factor_owed")]

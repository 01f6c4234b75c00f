"""The ways in that are our own: first set-up, invitation, single sign-on. The rest of signing in is allauth's."""

import secrets

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.account.views import password_set
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base import AuthProcess
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from portal.people import first_admin, invitations
from portal.people import single_sign_on as proofs
from portal.people.forms import PasswordForm, SetupForm
from portal.people.models import User
from portal.people.problems import PeopleProblem
from portal.people.recent import recent_sign_in_required

KEY = "single_sign_on_key"


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest, token: str) -> HttpResponse:
    """The first Global Admin chooses name and password."""
    try:
        first_admin.find(token)
    except PeopleProblem as problem:
        return _closed(request, "This set-up link is not good", problem)
    form = SetupForm(data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            person = first_admin.accept(token, typed["email"], typed["name"], typed["password"])
        except PeopleProblem as problem:
            form.add_error(None, str(problem))
        else:
            return _enter(request, person)
    return render(request, "people/set_up.html", {"form": form}, status=422 if form.errors else 200)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The invited person chooses name and password."""
    try:
        invitation = invitations.find(token)
    except PeopleProblem as problem:
        return _closed(request, "This invitation is not good", problem)
    form = PasswordForm(invitation.email, initial={"name": invitation.name}, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = invitations.accept(token, form.cleaned_data["name"], form.cleaned_data["password"])
        except PeopleProblem as problem:
            return _closed(request, "This invitation is not good", problem)
        return _enter(request, person)
    context = {"form": form, "invitation": invitation, "sso_name": settings.OIDC.get("name", "")}
    return render(request, "people/accept.html", context, status=422 if form.errors else 200)


@login_not_required
@never_cache
@require_GET
def single_sign_on(request: HttpRequest) -> HttpResponse:
    """The page before the provider's: a link, since our content security policy lets no form lead to another origin.

    The link carries a key that this browser's session alone knows. Without it another site could begin a sign-in here
    unasked, and leave the person signed in as somebody they did not choose.
    """
    if not settings.OIDC:
        raise Http404("Single sign-on is not set up here.")
    key = request.session.setdefault(KEY, secrets.token_urlsafe(16))
    query = urlencode({"key": key, REDIRECT_FIELD_NAME: _next(request)})
    context = {"provider": settings.OIDC.get("name"), "address": f"{reverse('single_sign_on_go')}?{query}"}
    return render(request, "people/single_sign_on.html", context)


@login_not_required
@never_cache
@require_GET
def single_sign_on_go(request: HttpRequest) -> HttpResponse:
    """To the provider; a link without the session's key leads back to the page that has it."""
    if not settings.OIDC or not _has_key(request):
        return redirect("single_sign_on")
    # Whoever is signed in comes to prove it again: the provider is to ask, not to wave the browser through.
    again = request.user.is_authenticated
    try:
        provider = get_adapter().get_provider(request, "sso")
        answer: HttpResponse = provider.redirect(
            request, process=AuthProcess.LOGIN, next_url=_next(request),
            data=proofs.asked_now() if again else None, auth_params=dict(proofs.ASK_AGAIN) if again else None,
        )
    except (OSError, KeyError):  # its description is not to be had, or lacks an address
        return render(request, "socialaccount/authentication_error.html", {"is_unreachable": True}, status=502)
    return answer


def _has_key(request: HttpRequest) -> bool:
    known = request.session.get(KEY, "")
    return bool(known) and constant_time_compare(request.GET.get("key", ""), known)


def _next(request: HttpRequest) -> str:
    """Where to go afterwards; only within the portal."""
    address = request.GET.get(REDIRECT_FIELD_NAME, "")
    return address if url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}) else "/"


def _enter(request: HttpRequest, person: User) -> HttpResponse:
    """Sign the new person in and show the way to a second factor."""
    if request.user.is_authenticated:
        logout(request)
    record_authentication(request, person, method="password")
    answer: HttpResponse = perform_login(request, person, redirect_url=f"{reverse('mfa_index')}?new=1")
    return answer


def _closed(request: HttpRequest, title: str, problem: PeopleProblem) -> HttpResponse:
    return render(request, "people/closed.html", {"title": title, "sentence": str(problem)}, status=410)


urlpatterns: list[URLPattern] = [
    path("set-up/<str:token>/", set_up, name="setup_link"),
    path("invitation/<str:token>/", accept_invitation, name="accept_invitation"),
    path("sign-in/single-sign-on/", single_sign_on, name="single_sign_on"),
    path("sign-in/single-sign-on/go/", single_sign_on_go, name="single_sign_on_go"),
    # allauth's page, which does not ask for a recent sign-in: a first password is a new way in.
    path("auth/password/set/", recent_sign_in_required(password_set), name="account_set_password"),
]

"""A recent sign-in, before verbs that would hurt most in the hands of somebody at an unlocked screen.

allauth's own decorator is not used for our views: it keeps a refused POST, with whatever secrets were typed, readable
in the session to play it again later, and it does not count the sign-in itself as recent. Here the form is opened
again after signing in.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from portal.people.models import User

View = Callable[..., HttpResponseBase]
AGAIN = "It is a while since you signed in, so nothing was changed yet. Please do it once more."


def is_recent(request: HttpRequest) -> bool:
    """Whether this person signed in, or proved again who they are, within ACCOUNT_REAUTHENTICATION_TIMEOUT seconds."""
    if not isinstance(request.user, User):
        return False
    records = get_authentication_records(request, request.user)
    latest = max((record["at"] for record in records), default=0.0)
    return bool(time.time() - latest < app_settings.REAUTHENTICATION_TIMEOUT)


def recent_sign_in_required(view: View) -> View:
    """Sends a person whose sign-in is not recent to prove it, then back to the page they came from.

    Put it on the page with the form as well as on what the form is sent to, then the question comes before the typing.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_recent(request):
            return view(request, *args, **kwargs)
        return _ask(request)

    return guarded


def _ask(request: HttpRequest) -> HttpResponse:
    if request.method != "GET":
        messages.info(request, AGAIN)
    address = f"{_proof_url(request)}?{urlencode({REDIRECT_FIELD_NAME: _way_back(request)})}"
    if request.headers.get("HX-Request"):
        # A redirect would be followed inside the page, and the sign-in form land in a corner of it.
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def _proof_url(request: HttpRequest) -> str:
    """The first way this person has to prove who they are; people of single sign-on go there again."""
    methods: list[dict[str, Any]] = get_adapter().get_reauthentication_methods(request.user)
    return str(methods[0]["url"]) if methods else reverse("single_sign_on")


def _way_back(request: HttpRequest) -> str:
    """The page itself for a GET; for a sent form the page that held it."""
    here = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if request.method == "GET" and not request.headers.get("HX-Request"):
        return request.get_full_path()
    is_ours = url_has_allowed_host_and_scheme(here, allowed_hosts={request.get_host()})
    return here if here and is_ours else "/"

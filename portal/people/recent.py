"""A recent sign-in, before verbs that would hurt most in the hands of somebody at an unlocked screen.

allauth's own decorator is not used for our views: it keeps a refused POST, with whatever secrets were typed, readable
in the session to play it again later, and it does not count the sign-in itself as recent. Here the form is opened
again after signing in, with what the page names as no secret: that waits in the session, sealed.
"""

import json
import time
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from portal.people.models import User
from portal.vault import seal

View = Callable[..., HttpResponseBase]
AGAIN = "It is a while since you signed in, so nothing was changed yet. Please do it once more."
STILL_HERE = (
    "It is a while since you signed in, so nothing was changed yet. What you typed is here again; only secrets must be "
    "typed anew. Look it over and send it once more."
)
TYPED = "typed_before"
"""In the session: {"path": of the form, "sealed": {name: [value]}}."""


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
    return recent_sign_in_keeping()(view)


def recent_sign_in_keeping(*names: str) -> Callable[[View], View]:
    """The same, and `typed_before` then has what was typed into these fields. Never name a secret."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return view(request, *args, **kwargs) if is_recent(request) else prove_again(request, names)

        return guarded

    return guard


def prove_again(request: HttpRequest, names: Iterable[str] = ()) -> HttpResponse:
    """To the question whether it is still the same person; what was typed into these fields waits meanwhile."""
    typed = {name: request.POST.getlist(name) for name in names if name in request.POST}
    if typed:
        sealed = seal.seal_text(json.dumps(typed), _place(request))
        request.session[TYPED] = {"path": request.path, "sealed": sealed}
    if request.method != "GET":
        messages.info(request, STILL_HERE if typed else AGAIN)
    address = f"{_proof_url(request)}?{urlencode({REDIRECT_FIELD_NAME: _way_back(request)})}"
    if request.headers.get("HX-Request"):
        # A redirect would be followed inside the page, and the sign-in form land in a corner of it.
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def typed_before(request: HttpRequest) -> QueryDict | None:
    """What was typed into the form of this address before the question, once; None where nothing waits."""
    kept = request.session.get(TYPED)
    if request.method != "GET" or not kept or kept["path"] != request.path:
        return None
    del request.session[TYPED]
    try:
        fields: dict[str, list[str]] = json.loads(seal.open_text(kept["sealed"], _place(request)))
    except seal.VaultError:
        return None
    typed = QueryDict(mutable=True)
    for name, values in fields.items():
        typed.setlist(name, values)
    return typed


def _place(request: HttpRequest) -> str:
    return f"people.User/{request.user.pk}/{TYPED}"


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

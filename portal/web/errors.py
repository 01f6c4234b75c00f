"""Pages for what went wrong: what happened, why as far as known, what to do, and a reference for support."""

import logging
import secrets
import sys

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import requires_csrf_token

from portal import patience

logger = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(
        request, 400, "The request could not be understood",
        "The address or the form held something that this page does not take.",
        "Go back, reload the page and try again.",
    )


def permission_denied(request: HttpRequest, exception: PermissionDenied) -> HttpResponse:
    return _page(
        request, 403, "This is not open to you",
        _words(exception) or "Your role does not include this page or this action, or not for this connected app.",
        "Ask a Global Admin of this portal if your work needs it.",
    )


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(
        request, 404, "There is no such page",
        _words(exception) or "It was removed, the address is wrong, or it is not yours to see.",
        "Check the address, or begin from the start page.",
    )


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    if patience.was_too_short(sys.exc_info()[1]):
        return _page(
            request, 503, "The database is busy",
            "Something else kept it occupied for longer than a page waits, so nothing was changed.",
            "Try again in a moment.",
        )
    return _page(
        request, 500, "Something went wrong on our side",
        "The portal met an error it did not expect. It was written to the log.",
        "Try again. If it stays, give the reference below to whoever runs this portal.",
    )


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    logger.warning("A form was refused: %s", reason)
    return _page(
        request, 403, "The form is too old",
        "It was opened before you signed in again, in another browser, or cookies are blocked. Nothing was changed.",
        "Go back, reload the page and send the form again.",
    )


def _words(exception: Exception) -> str:
    """What a view said to the person; nothing where the exception holds no sentence (the resolver's does not)."""
    said = exception.args[0] if exception.args else ""
    return said if isinstance(said, str) and said.endswith(".") else ""


def _page(request: HttpRequest, status: int, what: str, why: str, remedy: str) -> HttpResponse:
    reference = secrets.token_hex(4)
    logger.log(logging.ERROR if status == 500 else logging.INFO, "%s %s: reference %s", status, request.path, reference)
    if request.headers.get("HX-Request") == "true":
        words = f"{what}. {why} {remedy} Reference {reference}."
        return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
    context = {"what": what, "why": why, "remedy": remedy, "reference": reference, "status": status}
    return render(request, "errors/error.html", context, status=status)

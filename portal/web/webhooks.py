"""Where vendors push to: one address for each instance, open to the world, proven by what the vendor signs with."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from connectors.base import Delivery
from portal.scans import deliveries

LARGEST_BODY = 26 * 1024 * 1024
"""Bytes. GitHub's are the largest, with 25 MB; what is larger is no delivery."""


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "POST"])
def webhook(request: HttpRequest, token: str) -> HttpResponse:
    """Verified and kept at once; what it means is worked out later. Nothing is read from who does not know the
    address."""
    inbox = deliveries.find(token)
    if inbox is None:
        return HttpResponse(status=404)
    body = request.read(LARGEST_BODY + 1)
    if len(body) > LARGEST_BODY:
        return HttpResponse(status=413)
    sent = Delivery(
        method=str(request.method),
        headers={name.lower(): value for name, value in request.headers.items()},
        query={name: request.GET[name] for name in request.GET},
        body=body,
        received_at=timezone.now(),
    )
    reply = deliveries.accept(inbox, sent)
    return HttpResponse(reply.body, status=reply.status, content_type=reply.content_type, headers=dict(reply.headers))


urlpatterns: list[URLPattern] = [path("hooks/<str:token>/", webhook, name="webhook")]

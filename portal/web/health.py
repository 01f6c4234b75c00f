"""For load balancers and service managers: does the process answer, can it serve."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 where the database answers, else 503; no details, as it is public."""
    try:
        connection.ensure_connection()
        is_usable = connection.is_usable()
    except DatabaseError:
        is_usable = False
    if is_usable:
        return JsonResponse({"status": "ok", "database": "ok"})
    return JsonResponse({"status": "unavailable", "database": "unavailable"}, status=503)


urlpatterns: list[URLPattern] = [
    path("health/live/", live, name="health_live"),
    path("health/ready/", ready, name="health_ready"),
]

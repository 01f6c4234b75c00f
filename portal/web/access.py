"""Who asks, and which connected app they ask about."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from connectors.catalogue import catalogue
from portal.instances import queries
from portal.instances.models import AppInstance
from portal.people.models import User
from portal.people.roles import Right
from portal.people.scope import REFUSAL, Scope, scope_of


def signed_in(request: HttpRequest) -> User:
    """The person; every view but those marked public is behind the sign-in."""
    return cast(User, request.user)


def scope(request: HttpRequest) -> Scope:
    """What the person may see and do."""
    return scope_of(signed_in(request))


def require_somewhere(request: HttpRequest, right: Right) -> None:
    """For pages that list what a person may use. Raises PermissionDenied where that is nothing at all."""
    if not scope(request).has(right):
        raise PermissionDenied(REFUSAL)


def instance_or_404(request: HttpRequest, pk: int) -> AppInstance:
    """Raises Http404 where the person may not see it or its connector is not installed."""
    try:
        instance = queries.get(scope(request), pk)
    except AppInstance.DoesNotExist:
        raise Http404("There is no such connected app, or it is not yours to see.") from None
    if instance.app_id not in catalogue():
        raise Http404("The connector of this app is not installed.")
    return instance

"""The page of one connected app's quarantine: where it keeps what it holds, the notice, and the test of the place."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from portal.instances import holding
from portal.instances.clients import connector_of
from portal.instances.models import AppInstance
from portal.instances.problems import Problem
from portal.instances.service import require_connect
from portal.people.recent import is_recent, prove_again, typed_before
from portal.web.access import instance_or_404, signed_in


@require_http_methods(["GET", "POST"])
def quarantine_place(request: HttpRequest, pk: int) -> HttpResponse:
    """Saved, and tried where the other button was pressed; what the app says is shown above the form."""
    instance = instance_or_404(request, pk)
    require_connect(signed_in(request), instance)
    if holding.holding_of(instance) is None:
        raise Http404("This app's quarantine leaves nothing to choose.")
    names = [holding.NOTICE, *(field.name for field in holding.choices(instance))]
    if not is_recent(request):
        return prove_again(request, names)
    if request.method == "GET":
        before = typed_before(request)
        return _page(request, instance, _typed(before, names) if before else holding.values(instance))
    try:
        holding.save(signed_in(request), instance, request.POST)
        said = holding.test(signed_in(request), instance) if request.POST.get("then") == "test" else ("Saved.",)
    except Problem as problem:
        return _page(request, instance, _typed(request.POST, names), problem)
    for sentence in said:
        messages.success(request, sentence)
    return redirect("instance_quarantine", instance.pk)


def _typed(data: QueryDict, names: Iterable[str]) -> dict[str, str]:
    return {name: data.get(name, "") for name in names}


def _page(
    request: HttpRequest, instance: AppInstance, typed: dict[str, str], problem: Problem | None = None
) -> HttpResponse:
    connector = connector_of(instance)
    context = {
        "instance": instance,
        "connector": connector,
        "is_tested": connector.holding is not None and connector.holding.test is not None,
        "inputs": [(field, typed.get(field.name, "")) for field in holding.choices(instance)],
        "notice": typed.get(holding.NOTICE, ""),
        "reference": holding.REFERENCE,
        "problem": problem,
    }
    return render(request, "instances/quarantine.html", context, status=422 if problem else 200)


urlpatterns: list[URLPattern] = [
    path("settings/connected-apps/<int:pk>/quarantine/", quarantine_place, name="instance_quarantine"),
]

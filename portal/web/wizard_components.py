"""The wizard's page for apps that come in components: which of them are to be read."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods

from connectors.base import Connector
from connectors.catalogue import catalogue
from portal.instances import components, service
from portal.instances.clients import connector_of
from portal.instances.models import AppInstance, State
from portal.instances.problems import Problem
from portal.people.roles import Right
from portal.web import setup_form
from portal.web.access import instance_or_404, scope, signed_in
from portal.web.wizard_steps import Stage, steps


@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, app_id: str) -> HttpResponse:
    """Before there is a draft: what is chosen goes along to the next page in its address."""
    connector = catalogue().get(app_id)
    if connector is None or not connector.components:
        raise Http404
    scope(request).require(Right.CONNECT, app_id=app_id)
    if request.method == "GET":
        return _page(request, connector, None, request.GET.getlist("components"))
    chosen = request.POST.getlist("components")
    try:
        wanted = components.selection(connector, chosen)
    except Problem as problem:
        return _page(request, connector, None, chosen, problem)
    return redirect(f"{reverse('wizard_name', args=[app_id])}?{urlencode([('components', each) for each in wanted])}")


@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Of a draft."""
    draft = instance_or_404(request, pk)
    service.require_connect(signed_in(request), draft)
    connector = connector_of(draft)
    if draft.state != State.CONNECTING or not connector.components:
        return redirect("instance_detail", draft.pk)
    if request.method == "GET":
        return _page(request, connector, draft, draft.components)
    chosen = request.POST.getlist("components")
    try:
        components.choose(signed_in(request), draft, chosen)
    except Problem as problem:
        return _page(request, connector, draft, chosen, problem)
    return redirect("wizard_rename", draft.pk)


def _page(
    request: HttpRequest,
    connector: Connector,
    draft: AppInstance | None,
    chosen: Iterable[str],
    problem: Problem | None = None,
) -> HttpResponse:
    context = {
        "connector": connector,
        "instance": draft,
        "is_draft": draft is not None,
        "components": setup_form.component_choices(connector, chosen),
        "components_error": problem.sentence if problem else "",
        "steps": steps(Stage.COMPONENTS, connector, draft),
    }
    return render(request, "wizard/components.html", context, status=422 if problem else 200)


urlpatterns: list[URLPattern] = [
    path("settings/connected-apps/add/<slug:app_id>/components/", begin, name="wizard_components"),
    path("settings/connected-apps/<int:pk>/connect/components/", choose, name="wizard_choose_components"),
]

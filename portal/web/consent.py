"""The wizard from the vendor's door on: the link to the consent page, the way back, and the result."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET, require_http_methods

from connectors.base import ConnectorError
from connectors.catalogue import catalogue
from portal.instances import connecting, fields, service, staging
from portal.instances.clients import method_of, wanted_scopes
from portal.instances.models import AppInstance, State
from portal.instances.problems import ConnectProblem, Problem
from portal.inventory.queries import instance_totals
from portal.people.recent import recent_sign_in_required
from portal.scans import queries as scan_queries
from portal.scans import service as scans
from portal.web import problems, setup_form
from portal.web.access import instance_or_404, signed_in
from portal.web.instance_facts import missing_permissions
from portal.web.scopes import explained
from portal.web.wizard_steps import Stage, steps


@recent_sign_in_required
@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest, pk: int) -> HttpResponse:
    """The last page before the vendor: a link to its consent page. Methods without consent connect by a POST."""
    instance = instance_or_404(request, pk)
    service.require_connect(signed_in(request), instance)
    if instance.state in staging.ENDED:
        return redirect("instance_detail", instance.pk)
    if not _has_details(instance):
        return redirect("wizard_details", instance.pk)
    if request.method == "POST" and not connecting.needs_consent(instance):
        return _connect(request, instance)
    return _consent_page(request, instance)


@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    """Where every vendor sends the browser back to. Always answered by a redirect, so that refreshing is harmless."""
    try:
        instance = connecting.finish_consent(
            signed_in(request), request.session.session_key or "", request.GET.dict()
        )
    except ConnectProblem as problem:
        return _stay(request, problem)
    return _connected(request, instance)


@require_GET
def done(request: HttpRequest, pk: int) -> HttpResponse:
    """Great, it is connected: what is being read, what is missing, what to do next."""
    instance = instance_or_404(request, pk)
    if instance.state == State.CONNECTING:
        return redirect("wizard_details", instance.pk)
    connector = catalogue()[instance.app_id]
    context = {
        "connector": connector,
        "instance": instance,
        "steps": steps(Stage.DONE, connector, None if "again" not in request.GET else instance),
        "missing": missing_permissions(instance),
        "may_consent": connecting.needs_consent(instance),
        **_live(instance),
    }
    return render(request, "wizard/done.html", context)


@require_GET
def done_live(request: HttpRequest, pk: int) -> HttpResponse:
    """The counts of the result page, fetched again while something is read."""
    instance = instance_or_404(request, pk)
    return render(request, "wizard/_live.html", {"instance": instance, "is_fragment": True, **_live(instance)})


def _live(instance: AppInstance) -> dict[str, object]:
    return {
        "totals": instance_totals(instance.pk),
        "feeds": scan_queries.health(instance),
        "is_scanning": scan_queries.is_scanning(instance),
    }


def _has_details(instance: AppInstance) -> bool:
    """Whether every required field was filled in: a link to this page may be older than the draft."""
    try:
        stored = service.stored_secrets(instance) | setup_form.staged_secrets(instance)
    except ConnectorError:
        return True  # the page itself says that the vault cannot be read
    return not fields.problems(method_of(instance), setup_form.form_values(instance), stored)


def _connect(request: HttpRequest, instance: AppInstance) -> HttpResponse:
    try:
        connected = connecting.connect(signed_in(request), instance)
    except ConnectProblem as problem:
        return _stay(request, problem)
    return _connected(request, connected)


def _connected(request: HttpRequest, instance: AppInstance) -> HttpResponse:
    problems.forget(request, instance.pk)
    is_again = bool(scan_queries.health(instance))
    scans.begin(instance)
    address = reverse("wizard_done", args=[instance.pk])
    return redirect(f"{address}?again=1" if is_again else address)


def _stay(request: HttpRequest, problem: ConnectProblem) -> HttpResponse:
    """To the page where it can be mended: nothing typed is lost, the draft stays as it is."""
    if problem.instance is None:
        problems.keep(request, problem)
        return redirect("connected_apps")
    problems.keep(request, problems.for_a_person(problem, "Connect again"), problem.instance.pk)
    return redirect("wizard_consent", problem.instance.pk)


def _consent_page(request: HttpRequest, instance: AppInstance) -> HttpResponse:
    connector = catalogue()[instance.app_id]
    notice, url = problems.kept(request, instance.pk), ""
    if connecting.needs_consent(instance):
        try:
            url = connecting.consent_url(signed_in(request), instance, request.session.session_key or "")
        except Problem as problem:
            notice = problems.notice(problem)
    context = {
        "connector": connector,
        "instance": instance,
        "is_draft": instance.state == State.CONNECTING,
        "is_staged": staging.staged(instance) is not None,
        "needs_consent": connecting.needs_consent(instance),
        "consent_url": url,
        "scopes": explained(instance.app_id, wanted_scopes(instance)),
        "notice": notice,
        "steps": steps(Stage.CONSENT, connector, instance),
    }
    return render(request, "wizard/consent.html", context)


urlpatterns: list[URLPattern] = [
    path("settings/connected-apps/<int:pk>/connect/consent/", consent, name="wizard_consent"),
    path("settings/connected-apps/<int:pk>/connect/done/", done, name="wizard_done"),
    path("settings/connected-apps/<int:pk>/connect/done/live/", done_live, name="wizard_done_live"),
    path("connect/callback/", callback, name="consent_callback"),
]

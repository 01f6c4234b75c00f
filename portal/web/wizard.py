"""The wizard up to the vendor's door: choose the app, name the instance, fill in its details. The rest: consent.py."""

import re
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import escape
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from connectors.base import Connector, ConnectorError
from connectors.catalogue import ANNOUNCED, catalogue
from portal.instances import components, fields, queries, service, staging
from portal.instances.clients import method_of
from portal.instances.models import AppInstance, State
from portal.instances.problems import ConnectProblem, Problem
from portal.people.recent import is_recent, prove_again, typed_before
from portal.people.roles import Right
from portal.web import problems, setup_form
from portal.web.access import instance_or_404, require_somewhere, scope, signed_in
from portal.web.vendor_side import vendor_steps
from portal.web.wizard_steps import Stage, components_address, steps

NOT_BUILT = "Not built yet"
NUMBER = re.compile("[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class AppChoice:
    """One line of the list of apps. `obstacle`: why it cannot be chosen, '' where it can. `url`: where it begins."""

    app_id: str
    name: str
    summary: str
    obstacle: str
    url: str = ""


@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """All apps, those not built yet marked so."""
    require_somewhere(request, Right.CONNECT)
    return render(request, "wizard/choose.html", {"apps": _choices(request), "steps": steps(Stage.APP)})


@require_http_methods(["GET", "POST"])
def name(request: HttpRequest, app_id: str) -> HttpResponse:
    """Name a new instance; where the app knows several ways to connect, choose one. The components that were chosen
    on the page before stand in the address."""
    connector = _connector(app_id)
    user = signed_in(request)
    scope(request).require(Right.CONNECT, app_id=app_id)
    if request.method == "GET":
        return _name_page(request, connector, _proposed_name(connector), connector.methods[0].id)
    wanted, method_id = request.POST.get("name", ""), _method_id(request, connector)
    try:
        draft = _own_draft(request, app_id, wanted) or service.start(user, app_id, wanted)
        if "components" in request.GET:
            components.choose(user, draft, request.GET.getlist("components"))
        service.choose_method(user, draft, method_id)
    except Problem as problem:
        return _name_page(request, connector, wanted, method_id, problem)
    return redirect("wizard_details", draft.pk)


@require_http_methods(["GET", "POST"])
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Back at the name of a draft."""
    draft = instance_or_404(request, pk)
    service.require_connect(signed_in(request), draft)
    connector = _connector(draft.app_id)
    if draft.state != State.CONNECTING:
        return redirect("instance_detail", draft.pk)
    if request.method == "GET":
        return _name_page(request, connector, draft.name, draft.method_id, instance=draft)
    wanted, method_id = request.POST.get("name", ""), _method_id(request, connector)
    try:
        service.rename(signed_in(request), draft, wanted)
        service.choose_method(signed_in(request), draft, method_id)
    except Problem as problem:
        return _name_page(request, connector, wanted, method_id, problem, draft)
    return redirect("wizard_details", draft.pk)


@require_POST
def validate_name(request: HttpRequest, app_id: str) -> HttpResponse:
    """The complaint under the name of a new instance, or of the draft `instance`; for who may see that page."""
    _connector(app_id)
    named = request.GET.get("instance", "")
    if named:
        service.require_connect(signed_in(request), _draft_of(request, app_id, named))
    else:
        scope(request).require(Right.CONNECT, app_id=app_id)
    error = service.name_problem(app_id, request.POST.get("name", ""), int(named or 0))
    return HttpResponse(escape(error))


@require_http_methods(["GET", "POST"])
def details(request: HttpRequest, pk: int) -> HttpResponse:
    """The required details. Those of a connected app wait for the vendor's word, and are for a recent sign-in."""
    instance = instance_or_404(request, pk)
    if instance.state in staging.ENDED:
        return redirect("instance_detail", instance.pk)
    if instance.state != State.CONNECTING and not is_recent(request):
        return prove_again(request, setup_form.plain_names(method_of(instance)))
    return _details(request, instance)


def _details(request: HttpRequest, instance: AppInstance) -> HttpResponse:
    """What was typed survives every error, except secrets, which never come back."""
    user = signed_in(request)
    service.require_connect(user, instance)
    method = method_of(instance)
    if request.method == "GET":
        before = typed_before(request)
        values = setup_form.typed(method, before) if before else setup_form.form_values(instance)
        return _details_page(request, instance, values, {})
    values = setup_form.typed(method, request.POST)
    try:
        errors = staging.save(user, instance, values)
    except ConnectorError as error:
        unreadable = ConnectProblem.of(error, instance)
        return _details_page(request, instance, values, {}, unreadable, status=422)
    if errors:
        return _details_page(request, instance, values, errors, status=422)
    problems.forget(request, instance.pk)
    return redirect("wizard_consent", instance.pk)


@require_POST
def validate_field(request: HttpRequest, pk: int, field_name: str) -> HttpResponse:
    """The complaint under one field, or nothing."""
    instance = instance_or_404(request, pk)
    service.require_connect(signed_in(request), instance)
    field = next((each for each in method_of(instance).fields if each.name == field_name), None)
    if field is None:
        raise Http404
    value = fields.cleaned(field, request.POST.get(field.name, ""))
    is_kept = not value and field.is_secret and field.name in setup_form.stored_secrets(instance)
    error = "" if is_kept else fields.problem(field, value)
    return HttpResponse(escape(error))


@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Drop a draft, after saying what that loses. Of a connected app only the details that wait are dropped."""
    instance = instance_or_404(request, pk)
    service.require_connect(signed_in(request), instance)
    if instance.state != State.CONNECTING:
        return _drop_details(request, instance)
    if request.method == "GET":
        return render(request, "wizard/cancel.html", {"instance": instance})
    service.cancel(signed_in(request), instance)
    problems.forget(request, pk)
    messages.success(request, f"{instance.name} was discarded. Nothing of it is kept.")
    return redirect("connected_apps")


def _drop_details(request: HttpRequest, instance: AppInstance) -> HttpResponse:
    if request.method == "POST" and staging.drop(signed_in(request), instance):
        problems.forget(request, instance.pk)
        messages.success(request, f"The new details were dropped. {instance.name} is connected as before.")
    return redirect("instance_detail", instance.pk)


def _choices(request: HttpRequest) -> list[AppChoice]:
    own_scope, taken = scope(request), queries.begun_or_connected()
    choices = {}
    for app_id, connector in catalogue().items():
        obstacle = ""
        if not own_scope.can(Right.CONNECT, app_id=app_id):
            obstacle = "Not open to your role"
        elif not connector.is_multi_instance and app_id in taken:
            obstacle = "Begun already" if taken[app_id] == State.CONNECTING else "Connected already"
        choices[app_id] = AppChoice(app_id, connector.name, connector.summary, obstacle, _first_page(connector))
    for app in ANNOUNCED:
        choices.setdefault(app.id, AppChoice(app.id, app.name, app.summary, NOT_BUILT))
    return sorted(choices.values(), key=lambda choice: choice.name.lower())


def _first_page(connector: Connector) -> str:
    return components_address(connector, None) if connector.components else reverse("wizard_name", args=[connector.id])


def _proposed_name(connector: Connector) -> str:
    """What is connected once needs no name to tell it from others."""
    return "" if connector.is_multi_instance else connector.name


def _connector(app_id: str) -> Connector:
    connector = catalogue().get(app_id)
    if connector is None:
        raise Http404("There is no connector for this app yet.")
    return connector


def _method_id(request: HttpRequest, connector: Connector) -> str:
    return request.POST.get("method") or connector.methods[0].id


def _own_draft(request: HttpRequest, app_id: str, wanted: str) -> AppInstance | None:
    """The form sent twice (back button, double click) goes on with the draft it made the first time."""
    user = signed_in(request)
    drafts = queries.drafts(scope(request)).filter(app_id=app_id, created_by_id=user.pk)
    return drafts.filter(name__iexact=" ".join(wanted.split())).first()


def _draft_of(request: HttpRequest, app_id: str, number: str) -> AppInstance:
    draft = instance_or_404(request, int(number)) if NUMBER.fullmatch(number) else None
    if draft is None or draft.app_id != app_id:
        raise Http404
    return draft


def _name_page(
    request: HttpRequest,
    connector: Connector,
    value: str,
    method_id: str,
    problem: Problem | None = None,
    instance: AppInstance | None = None,
) -> HttpResponse:
    error = problem if problem and problem.field == "name" else None
    chosen = request.GET.getlist("components")
    context = {
        "connector": connector,
        "instance": instance,
        "is_draft": instance is not None,
        "back": components_address(connector, instance, chosen) if connector.components else reverse("wizard_choose"),
        "value": value,
        "method_id": method_id,
        "error": f"{error.message} {error.remedy}" if error else "",
        "notice": problems.notice(problem) if problem and not error else None,
        "steps": steps(Stage.NAME, connector, instance, chosen),
    }
    return render(request, "wizard/name.html", context, status=422 if problem else 200)


def _details_page(
    request: HttpRequest,
    instance: AppInstance,
    values: dict[str, str],
    errors: dict[str, str],
    problem: Problem | None = None,
    status: int = 200,
) -> HttpResponse:
    connector, method = catalogue()[instance.app_id], method_of(instance)
    is_draft = instance.state == State.CONNECTING
    context = {
        "connector": connector,
        "method": method,
        "instance": instance,
        "is_draft": is_draft,
        "is_staged": staging.staged(instance) is not None,
        "inputs": setup_form.inputs(instance, method, values, errors),
        "notice": problems.on_the_form(problems.notice(problem) if problem else problems.kept(request, instance.pk)),
        "vendor_steps": vendor_steps(method, instance),
        "steps": steps(Stage.DETAILS, connector, instance),
    }
    return render(request, "wizard/details.html", context, status=status)


urlpatterns: list[URLPattern] = [
    path("settings/connected-apps/add/", choose, name="wizard_choose"),
    path("settings/connected-apps/add/<slug:app_id>/", name, name="wizard_name"),
    path("settings/connected-apps/add/<slug:app_id>/validate/", validate_name, name="wizard_validate_name"),
    path("settings/connected-apps/<int:pk>/connect/name/", rename, name="wizard_rename"),
    path("settings/connected-apps/<int:pk>/connect/details/", details, name="wizard_details"),
    path(
        "settings/connected-apps/<int:pk>/connect/details/validate/<slug:field_name>/", validate_field,
        name="wizard_validate_field",
    ),
    path("settings/connected-apps/<int:pk>/connect/cancel/", cancel, name="wizard_cancel"),
]

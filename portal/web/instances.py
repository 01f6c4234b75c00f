"""The page of one connected app: its health, its scans, what it may do, and the buttons that change it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from connectors.base import ConnectorError, Tenant
from connectors.catalogue import catalogue
from portal.audit.words import words
from portal.instances import components, connecting, holding, queries, service, staging
from portal.instances.clients import method_of
from portal.instances.models import AppInstance, State
from portal.instances.problems import ConnectProblem, Problem
from portal.people.models import User
from portal.people.recent import is_recent, prove_again, recent_sign_in_required, typed_before
from portal.people.roles import Right
from portal.scans import queries as scan_queries
from portal.scans import service as scans
from portal.scans.push_words import push_state
from portal.web import guide, problems, setup_form
from portal.web.access import instance_or_404, scope, signed_in
from portal.web.app_names import app_name
from portal.web.export import csv_response
from portal.web.instance_facts import as_of, missing_permissions, not_offered, standing
from portal.web.scopes import explained
from portal.web.vendor_side import egress_addresses, vendor_steps

SHOWN_RUNS = 20
RUNS_HEAD = ("Feed", "Outcome", "Read", "New", "Gone", "Pages", "Started", "Ended", "Problem")
CADENCES = (1, 2, 3, 4, 6, 8, 12, 24)

OWN_FIELDS = ("name", "scan_hours", "components")
"""Of the page of the details, besides those of the way to connect."""

Change = Callable[[HttpRequest, AppInstance], str]


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one connected app."""
    instance = instance_or_404(request, pk)
    if instance.state == State.CONNECTING:
        return redirect("wizard_details", instance.pk)
    connector, method = catalogue()[instance.app_id], method_of(instance)
    context = {
        "connector": connector,
        "method": method,
        "plain_fields": setup_form.plain_fields(method, instance),
        "secret_fields": setup_form.secret_fields(method, instance),
        "has_ended": instance.state in staging.ENDED,
        "missing": missing_permissions(instance),
        "may_consent": connecting.needs_consent(instance) and _may_connect(request, instance),
        "key_pairs": [] if instance.state in staging.ENDED else list(setup_form.key_pairs_of(instance).values()),
        "components": setup_form.component_choices(connector, instance.components),
        "granted": explained(instance.app_id, instance.granted),
        "unavailable": not_offered(instance),
        "egress_addresses": egress_addresses(),
        "push": push_state(instance),
        "holding": connector.holding,
        "notice_text": instance.notice_text or holding.DEFAULT_NOTICE,
        "held_at": [(field, instance.holding.get(field.name, "")) for field in holding.choices(instance)],
        "staged": staging.staged(instance),
        "guide": guide.guide(instance.app_id),
        "changes": [(entry, words(entry.verb)) for entry in queries.changes(scope(request), instance)],
        **_live(request, instance),
    }
    return render(request, "instances/detail.html", context)


@require_GET
def runs_export(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """All runs that are kept, as CSV."""
    instance = instance_or_404(request, pk)
    rows = (
        (run.title, run.word, run.records, run.new_rows, run.gone_rows, run.pages, run.started_at, run.ended_at,
         run.error)
        for run in scan_queries.every_run(instance)
    )
    return csv_response(request, f"runs-{instance.pk}", RUNS_HEAD, rows)


@require_GET
def live(request: HttpRequest, pk: int) -> HttpResponse:
    """State, health and runs, fetched again while the page is open."""
    instance = instance_or_404(request, pk)
    return render(request, "instances/_live.html", _live(request, instance))


def _live(request: HttpRequest, instance: AppInstance) -> dict[str, object]:
    feeds = scan_queries.health(instance)
    is_leaving = instance.state == State.DISCONNECTING
    is_gone = instance.state == State.DISCONNECTED
    return {
        "instance": instance,
        "feeds": feeds,
        "runs": scan_queries.recent_runs(instance, SHOWN_RUNS),
        "standing": standing(instance, feeds),
        "as_of": as_of(feeds),
        "leaving": scans.disconnect_progress(instance) if is_leaving or is_gone else None,
        "is_busy": is_leaving or scan_queries.is_scanning(instance),
        "may_connect": _may_connect(request, instance),
    }


def _may_connect(request: HttpRequest, instance: AppInstance) -> bool:
    return scope(request).can(Right.CONNECT, instance_id=instance.pk, app_id=instance.app_id)


def _acting(change: Change) -> Callable[[HttpRequest, int], HttpResponse]:
    """A button of the page: does it, says so, and shows the page again."""

    @require_POST
    @wraps(change)
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        instance = instance_or_404(request, pk)
        try:
            messages.success(request, change(request, instance))
        except Problem as problem:
            messages.error(request, sentence(problem))
        return redirect("instance_detail", instance.pk)

    return view


def sentence(problem: Problem) -> str:
    """The three parts in one line, for a message that is shown once."""
    return " ".join(part for part in (problem.message, problem.why, problem.remedy) if part)


def _test(request: HttpRequest, instance: AppInstance) -> str:
    tenant = _tested(request, instance)
    _mended(request, instance)
    who = f" as {tenant.connected_as}" if tenant.connected_as else ""
    return f"The connection works: Gatehouse reads {tenant.name}{who}."


def _tested(request: HttpRequest, instance: AppInstance) -> Tenant:
    try:
        return connecting.test_now(signed_in(request), instance)
    except ConnectProblem as problem:
        raise problems.for_a_person(problem, "Test now") from None


def _mended(request: HttpRequest, instance: AppInstance) -> None:
    """The connection works: what was blocked is read, and no earlier problem is shown any more."""
    problems.forget(request, instance.pk)
    scans.after_reconnect(instance)


def _scan(request: HttpRequest, instance: AppInstance) -> str:
    started = scans.scan_now(signed_in(request), instance)
    if not (started.started or started.reading or started.next):
        raise Problem(started.sentence)
    return started.sentence


def _pause(request: HttpRequest, instance: AppInstance) -> str:
    service.pause(signed_in(request), instance)
    scans.stop(instance)
    return f"{instance.name} is paused. What was read stays; nothing new is read until you resume it."


def _resume(request: HttpRequest, instance: AppInstance) -> str:
    service.resume(signed_in(request), instance)
    scans.resume(instance)
    return f"{instance.name} is read again."


def _go_on(request: HttpRequest, instance: AppInstance) -> str:
    scans.go_on_disconnecting(signed_in(request), instance)
    return "Disconnecting goes on."


@dataclass(frozen=True, slots=True)
class Form:
    """What the page of the details holds. `values`: the fields of the way to connect."""

    name: str
    hours: int
    components: list[str]
    values: dict[str, str]


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, cadence, non-secret details; secrets can be replaced, never seen."""
    instance = instance_or_404(request, pk)
    service.require_connect(signed_in(request), instance)
    if not is_recent(request):
        return prove_again(request, [*OWN_FIELDS, *setup_form.plain_names(method_of(instance))])
    if instance.state == State.CONNECTING or instance.state in staging.ENDED:
        return redirect("instance_detail", instance.pk)
    if request.method == "GET":
        before = typed_before(request)
        return _edit_page(request, instance, _typed(instance, before) if before else _in_use(instance), {})
    return _save_and_try(request, instance, _typed(instance, request.POST))


def _typed(instance: AppInstance, data: QueryDict) -> Form:
    hours = data.get("scan_hours", "")
    return Form(
        data.get("name", ""), int(hours) if hours.isdecimal() else 0, data.getlist("components"),
        setup_form.typed(method_of(instance), data),
    )


def _in_use(instance: AppInstance) -> Form:
    return Form(instance.name, instance.scan_hours, list(instance.components), setup_form.form_values(instance))


def _save_and_try(request: HttpRequest, instance: AppInstance, form: Form) -> HttpResponse:
    user = signed_in(request)
    try:
        errors = _save(user, instance, form)
    except ConnectorError as error:
        return _edit_page(request, instance, form, {}, ConnectProblem.of(error, instance))
    if errors:
        return _edit_page(request, instance, form, errors)
    if staging.staged(instance) is None:
        return _after_edit(request, instance)
    if connecting.needs_consent(instance):
        messages.info(request, f"Saved, but for the details: {app_name(instance.app_id)} has to confirm them.")
        return redirect("wizard_consent", instance.pk)
    try:
        connecting.confirm(user, instance)
    except ConnectProblem as problem:
        return _edit_page(request, instance, form, {}, problems.for_a_person(problem, "Save and test"))
    return _said(request, instance)


def _save(user: User, instance: AppInstance, form: Form) -> dict[str, str]:
    """Errors by field; what could be saved is saved."""
    errors = {
        **_error_of(lambda: service.rename(user, instance, form.name)),
        **_error_of(lambda: service.set_scan_hours(user, instance, form.hours)),
        **_error_of(lambda: components.choose(user, instance, form.components)),
    }
    return {**errors, **staging.save(user, instance, form.values)}


def _error_of(change: Callable[[], None]) -> dict[str, str]:
    try:
        change()
    except Problem as problem:
        return {problem.field: problem.sentence}
    return {}


def _after_edit(request: HttpRequest, instance: AppInstance) -> HttpResponse:
    """No detail differs. The connection is tried all the same, for whoever looks for the reason of some trouble."""
    if instance.state not in (State.CONNECTED, State.ATTENTION):
        messages.success(request, "Saved.")
        return redirect("instance_detail", instance.pk)
    try:
        _tested(request, instance)
    except Problem as problem:
        messages.error(request, f"Saved, but the connection does not work: {sentence(problem)}")
        return redirect("instance_detail", instance.pk)
    return _said(request, instance)


def _said(request: HttpRequest, instance: AppInstance) -> HttpResponse:
    _mended(request, instance)
    messages.success(request, "Saved, and the connection works.")
    return redirect("instance_detail", instance.pk)


def _edit_page(
    request: HttpRequest, instance: AppInstance, form: Form, errors: dict[str, str], problem: Problem | None = None
) -> HttpResponse:
    connector, method = catalogue()[instance.app_id], method_of(instance)
    context = {
        "instance": instance,
        "connector": connector,
        "name": form.name,
        "name_error": errors.get("name", ""),
        "scan_hours": form.hours,
        "cadences": CADENCES,
        "hours_error": errors.get("scan_hours", ""),
        "inputs": setup_form.inputs(instance, method, form.values, errors),
        "components": setup_form.component_choices(connector, form.components),
        "components_error": errors.get("components", ""),
        "notice": problems.on_the_form(problems.notice(problem)) if problem else None,
        "is_staged": staging.staged(instance) is not None,
        "vendor_steps": vendor_steps(method, instance),
    }
    return render(request, "instances/edit.html", context, status=422 if errors or problem else 200)


@require_GET
def reconnect(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign in at the vendor anew; name, details and what was read stay."""
    instance = instance_or_404(request, pk)
    service.require_connect(signed_in(request), instance)
    problems.forget(request, instance.pk)
    return redirect("wizard_consent", instance.pk)


@require_http_methods(["GET", "POST"])
@recent_sign_in_required
def disconnect(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first: what it does at the vendor, and whether what was read is kept."""
    instance = instance_or_404(request, pk)
    user = signed_in(request)
    service.require_connect(user, instance)
    if instance.state in (State.CONNECTING, State.DISCONNECTING, State.DISCONNECTED):
        return redirect("instance_detail", instance.pk)
    choice, is_sent = request.POST.get("data", ""), request.method == "POST"
    if choice not in ("keep", "delete"):
        context = {"instance": instance, "connector": catalogue()[instance.app_id], "is_unanswered": is_sent}
        return render(request, "instances/disconnect.html", context, status=422 if is_sent else 200)
    scans.disconnect(user, instance, delete_data=choice == "delete")
    return redirect("instance_detail", instance.pk)


urlpatterns: list[URLPattern] = [
    path("settings/connected-apps/<int:pk>/", detail, name="instance_detail"),
    path("settings/connected-apps/<int:pk>/runs.csv", runs_export, name="instance_runs_export"),
    path("settings/connected-apps/<int:pk>/live/", live, name="instance_live"),
    path("settings/connected-apps/<int:pk>/test/", _acting(_test), name="instance_test"),
    path("settings/connected-apps/<int:pk>/scan/", _acting(_scan), name="instance_scan"),
    path("settings/connected-apps/<int:pk>/pause/", _acting(_pause), name="instance_pause"),
    path("settings/connected-apps/<int:pk>/resume/", _acting(_resume), name="instance_resume"),
    path("settings/connected-apps/<int:pk>/edit/", edit, name="instance_edit"),
    path("settings/connected-apps/<int:pk>/reconnect/", reconnect, name="instance_reconnect"),
    path("settings/connected-apps/<int:pk>/disconnect/", disconnect, name="instance_disconnect"),
    path("settings/connected-apps/<int:pk>/go-on/", _acting(_go_on), name="instance_go_on"),
]

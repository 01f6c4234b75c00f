"""Acting in apps: the confirmation, the request, the log, and taking back or trying again."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from connectors.base import Action, ActionKind
from portal.governance import catalogue, choices, deleting, quarantine_queries, queries, service
from portal.governance.models import ActionState, GovernanceAction
from portal.governance.queries import GOVERNANCE_FILTERS
from portal.governance.targets import TargetRow, name_of, row_of
from portal.instances.clients import connector_of
from portal.instances.models import AppInstance
from portal.instances.problems import Problem
from portal.inventory import file_queries, permission_queries
from portal.inventory import queries as inventory
from portal.people.recent import (
    is_recent,
    prove_again,
    recent_sign_in_keeping,
    recent_sign_in_required,
    typed_before,
)
from portal.people.roles import Right
from portal.people.scope import Scope
from portal.web import app_names
from portal.web.access import instance_or_404, scope, signed_in
from portal.web.addresses import page_of
from portal.web.export import csv_response
from portal.web.lists import ListState, Row, is_fragment, list_page, scope_with
from portal.web.templatetags.rows import action_label

HEAD = (
    "Id", "Asked at", "Asked by", "App", "Instance", "Action", "Action name", "Undoes", "Target kind", "Target",
    "Target id", "State", "Reason", "Problem", "Ended at",
)
TARGETS: Mapping[str, Callable[[Scope, int], TargetRow]] = {
    "account": inventory.account,
    "group": inventory.group,
    "file": file_queries.file,
    "collaborator": file_queries.collaborator,
    "oauth_app": permission_queries.oauth_app,
    "grant": permission_queries.grant,
    "credential": permission_queries.credential,
}


@dataclass(frozen=True, slots=True)
class Ways:
    """What may be done with a row of the log. The obstacle says why an undo is not offered, '' where it is."""

    may_act: bool
    may_cancel: bool
    may_retry: bool
    may_revert: bool
    revert_obstacle: str


@require_GET
def governance_list(request: HttpRequest) -> HttpResponse:
    """Actions, newest first. While one of them is open, htmx asks for the rows again."""
    own = scope_with(request, Right.READ_GOVERNANCE_LOG)
    labels = app_names.labels(own)
    state = ListState(request, GOVERNANCE_FILTERS, "governance", app_names.choices(labels))
    added = state.added()
    if added:
        return added
    listing = queries.actions(own, state.conditions, older=state.older, newer=state.newer)
    rows = _rows(listing.rows, labels)
    if is_fragment(request):
        return render(request, "governance/_rows.html", {"state": state, "rows": rows, "is_open": _is_open(rows)})
    return list_page(request, "governance/list.html", state, listing, rows, labels, own, is_open=_is_open(rows))


@require_GET
def governance_count(request: HttpRequest) -> HttpResponse:
    """How many match; loaded after the rows."""
    own = scope_with(request, Right.READ_GOVERNANCE_LOG)
    state = ListState(request, GOVERNANCE_FILTERS, "governance")
    return render(request, "lists/_count.html", {"count": queries.count_actions(own, state.conditions)})


@require_GET
def governance_export(request: HttpRequest) -> StreamingHttpResponse:
    """All that match, as CSV."""
    own = scope_with(request, Right.READ_GOVERNANCE_LOG)
    state = ListState(request, GOVERNANCE_FILTERS, "governance")
    return csv_response(request, "governance-log", HEAD, _cells(own, queries.export_actions(own, state.conditions)))


@require_GET
def governance_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One action, as a page or, to htmx, as a drawer."""
    return render(
        request, "governance/_drawer.html" if is_fragment(request) else "governance/detail.html", _context(request, pk)
    )


@require_GET
def governance_live(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is; asks again until it has ended."""
    return render(request, "governance/_live.html", _context(request, pk))


@require_http_methods(["GET", "POST"])
def governance_request(request: HttpRequest, kind: str, pk: int, action_name: str) -> HttpResponse:
    """The confirmation, and on POST the request."""
    target = _target(request, kind, pk)
    instance = instance_or_404(request, target.instance_id)
    offer = _offer(scope(request), instance, target, action_name)
    names = ["reason", *(field.name for field in offer.action.fields)]
    if not is_recent(request):
        return prove_again(request, names)
    data = typed_before(request) or request.POST
    typed = {name: data.get(name, "") for name in names}
    problem: Problem | None = None
    if request.method == "POST":
        try:
            row = service.request(signed_in(request), target, action_name, typed["reason"], typed)
        except Problem as refusal:
            problem = refusal
        else:
            messages.success(request, f"{offer.action.label}: asked for. This page shows how it goes.")
            return redirect("governance_detail", row.pk)
    effect, undo = service.effect_words(offer.action, instance, target)
    context = {
        "kind": kind, "target": target, "offer": offer, "app": app_names.label(instance), "instance": instance,
        "effect": effect, "undo": undo, "reason": typed["reason"], "problem": problem,
        "inputs": [(field, typed[field.name]) for field in offer.action.fields], "name": name_of(target),
        "back_url": page_of(target), "consequence": service.consequence(offer.action, instance),
    }
    return render(request, "governance/confirm.html", context, status=422 if problem else 200)


@require_GET
def governance_preview(request: HttpRequest, kind: str, pk: int, action_name: str) -> HttpResponse:
    """What exactly would change, as the app says now; loaded after the confirmation."""
    target = _target(request, kind, pk)
    try:
        preview = service.preview(signed_in(request), target, action_name)
    except Problem as problem:
        return render(request, "governance/_preview.html", {"trouble": problem})
    return render(request, "governance/_preview.html", {"preview": preview})


@recent_sign_in_required
@require_http_methods(["GET", "POST"])
def governance_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask before trying again, then try again."""
    context = _context(request, pk)
    if not context["ways"].may_act:
        raise PermissionDenied("Your role does not allow acting in this app.")
    if request.method == "POST":
        try:
            service.retry(signed_in(request), context["row"])
        except Problem as problem:
            return render(request, "governance/retry.html", {**context, "problem": problem}, status=422)
        return redirect("governance_detail", pk)
    return render(request, "governance/retry.html", context)


@recent_sign_in_keeping("reason")
@require_http_methods(["GET", "POST"])
def governance_revert(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask before taking back, then take back: a new row in the log."""
    context = _context(request, pk)
    if not context["ways"].may_act:
        raise PermissionDenied("Your role does not allow acting in this app.")
    context["reason"] = _typed_reason(request)
    if request.method == "POST":
        try:
            undo = service.revert(signed_in(request), context["row"], context["reason"])
        except Problem as problem:
            return render(request, "governance/revert.html", {**context, "problem": problem}, status=422)
        return redirect("governance_detail", undo.pk)
    return render(request, "governance/revert.html", context)


@require_POST
def governance_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """End an action that waits; the page of it says so."""
    try:
        service.cancel(signed_in(request), _row(scope(request), pk))
    except Problem as problem:
        messages.error(request, problem.sentence)
    return redirect("governance_detail", pk)


@require_POST
def governance_try_now(request: HttpRequest, pk: int) -> HttpResponse:
    """What waits for its time is tried now; the page of it shows how it goes."""
    try:
        service.try_now(signed_in(request), _row(scope(request), pk))
    except Problem as problem:
        messages.error(request, problem.sentence)
    return redirect("governance_detail", pk)


def _typed_reason(request: HttpRequest) -> str:
    return (typed_before(request) or request.POST).get("reason", "")


def _target(request: HttpRequest, kind: str, pk: int) -> TargetRow:
    try:
        return TARGETS[kind](scope(request), pk)
    except (KeyError, ObjectDoesNotExist):
        raise Http404("There is no such target, or it is not yours to see.") from None


def _offer(own: Scope, instance: AppInstance, target: TargetRow, action_name: str) -> catalogue.Offer:
    for offer in catalogue.offers(own, instance, target):
        if offer.action.name == action_name:
            return offer
    raise PermissionDenied("This action is not offered here, or your role does not allow it.")


def _row(own: Scope, pk: int) -> GovernanceAction:
    try:
        return queries.action(own, pk)
    except GovernanceAction.DoesNotExist:
        raise Http404("There is no such action, or it is not yours to see.") from None


def _context(request: HttpRequest, pk: int) -> dict[str, Any]:
    own = scope(request)
    row = _row(own, pk)
    action = _action(row)
    target, record = row_of(row), quarantine_queries.record_of(row)
    return {
        "row": row,
        "app": app_names.label(row.instance),
        "label": action.label if action else row.action_name,
        "undo_effect": service.effect_words(action, row.instance, target)[1] if action and target else "",
        "steps": [(_step_label(action, step["name"]), step) for step in row.steps],
        "is_open": row.state in service.OPEN,
        "decided": choices.in_words(action, row.params) if action else [],
        "ways": ways(own, row, action),
        "target_url": page_of(target) if target else "",
        "record": record,
        "undo_word": "Release" if record else "Undo",
        "deletion": deleting.pending(record) if record else None,
        "deletion_obstacle": deleting.obstacle(record) if record else "",
    }


def ways(own: Scope, row: GovernanceAction, action: Action | None) -> Ways:
    """What this person may do with this row now."""
    may_act = action is not None and own.can(
        catalogue.right_for(ActionKind(row.kind)), instance_id=row.instance_id, app_id=row.instance.app_id
    )
    obstacle = service.revert_obstacle(row) if row.state == ActionState.DONE else ""
    return Ways(
        may_act=may_act,
        may_cancel=may_act and row.state == ActionState.QUEUED,
        may_retry=may_act and row.state in service.ENDED_BADLY,
        may_revert=may_act and row.state == ActionState.DONE and not obstacle,
        revert_obstacle=obstacle,
    )


def _action(row: GovernanceAction) -> Action | None:
    """None where the connector is installed no more."""
    try:
        return connector_of(row.instance).action(row.action_name)
    except KeyError:
        return None


def _step_label(action: Action | None, name: str) -> str:
    return {step.name: step.label for step in action.steps}.get(name, name) if action else name


def _rows(actions: list[GovernanceAction], labels: Mapping[int, app_names.Label]) -> list[Row]:
    return [Row(each, labels.get(each.instance_id), reverse("governance_detail", args=[each.pk])) for each in actions]


def _is_open(rows: list[Row]) -> bool:
    return any(row.item.state in service.OPEN for row in rows)


def _cells(own: Scope, actions: Iterator[GovernanceAction]) -> Iterator[tuple[Any, ...]]:
    labels = app_names.labels(own)
    for each in actions:
        app = labels.get(each.instance_id)
        yield (
            each.pk, each.requested_at, each.requested_by_email, app.app_name if app else "", app.name if app else "",
            action_label(each), each.action_name, each.reverts_id, each.target_kind, each.target_name, each.target_id,
            each.state, each.reason, each.problem, each.ended_at,
        )


urlpatterns: list[URLPattern] = [
    path("governance/", governance_list, name="governance_list"),
    path("governance/count/", governance_count, name="governance_count"),
    path("governance/export.csv", governance_export, name="governance_export"),
    path("governance/request/<str:kind>/<int:pk>/<str:action_name>/", governance_request, name="governance_request"),
    path(
        "governance/request/<str:kind>/<int:pk>/<str:action_name>/preview/", governance_preview,
        name="governance_preview",
    ),
    path("governance/<int:pk>/", governance_detail, name="governance_detail"),
    path("governance/<int:pk>/live/", governance_live, name="governance_live"),
    path("governance/<int:pk>/cancel/", governance_cancel, name="governance_cancel"),
    path("governance/<int:pk>/try-now/", governance_try_now, name="governance_try_now"),
    path("governance/<int:pk>/retry/", governance_retry, name="governance_retry"),
    path("governance/<int:pk>/revert/", governance_revert, name="governance_revert"),
]

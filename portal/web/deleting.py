"""Deleting for good what quarantine holds: asking for it, and the second person's yes or no."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_http_methods

from portal.governance import deleting, quarantine_queries, service
from portal.governance.models import DeletionRequest, GovernanceAction, QuarantineRecord
from portal.instances.problems import Problem
from portal.people.recent import recent_sign_in_keeping, recent_sign_in_required, typed_before
from portal.web import app_names
from portal.web.access import scope, signed_in


@recent_sign_in_keeping("reason")
@require_http_methods(["GET", "POST"])
def deletion_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """What will be gone, and the reason for it."""
    record = _record(request, pk)
    typed = (typed_before(request) or request.POST).get("reason", "")
    problem = None
    if request.method == "POST":
        try:
            made = deleting.ask(signed_in(request), record, typed)
        except Problem as refusal:
            problem = refusal
        else:
            return _done(request, made, record)
    context = {**_words(record), "reason": typed, "problem": problem, "needs_second": deleting.needs_second_person()}
    return render(request, "quarantine/delete.html", context, status=422 if problem else 200)


@require_GET
def deletion_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What exactly would be deleted, as the app says now; loaded after the page."""
    preview = deleting.preview(signed_in(request), _record(request, pk))
    return render(request, "governance/_preview.html", {"preview": preview})


@recent_sign_in_required
@require_http_methods(["GET", "POST"])
def deletion_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person reads what will be gone and why, then approves or declines."""
    try:
        asked = quarantine_queries.deletion_request(scope(request), pk)
    except DeletionRequest.DoesNotExist:
        raise Http404("Nobody asked for that, or it is not yours to see.") from None
    _require(request, asked.record)
    problem = None
    if request.method == "POST":
        try:
            return _decided(request, asked)
        except Problem as refusal:
            problem = refusal
    own = asked.requested_by_id == signed_in(request).pk
    context = {
        **_words(asked.record), "asked": asked, "is_own": own, "is_open": deleting.is_open(asked), "problem": problem,
    }
    return render(request, "quarantine/decide.html", context, status=422 if problem else 200)


def _decided(request: HttpRequest, asked: DeletionRequest) -> HttpResponse:
    if request.POST.get("decision") == "approve":
        return redirect("governance_detail", deleting.approve(signed_in(request), asked).pk)
    deleting.decline(signed_in(request), asked)
    messages.success(request, "It stays in quarantine.")
    return redirect("governance_detail", asked.record.action_id)


def _done(
    request: HttpRequest, made: GovernanceAction | DeletionRequest, record: QuarantineRecord
) -> HttpResponse:
    if isinstance(made, GovernanceAction):
        return redirect("governance_detail", made.pk)
    messages.success(request, "Asked for. Somebody else has to approve before it is deleted.")
    return redirect("governance_detail", record.action_id)


def _words(record: QuarantineRecord) -> dict[str, object]:
    action = deleting.action_for(record.instance)
    effect, undo = deleting.effect_words(action, record) if action else ("", "")
    return {
        "record": record, "app": app_names.label(record.instance), "effect": effect, "undo": undo,
        "obstacle": deleting.obstacle(record),
        "consequence": service.consequence(action, record.instance) if action else None,
    }


def _record(request: HttpRequest, pk: int) -> QuarantineRecord:
    try:
        record = quarantine_queries.record(scope(request), pk)
    except QuarantineRecord.DoesNotExist:
        raise Http404("Nothing is held there, or it is not yours to see.") from None
    _require(request, record)
    return record


def _require(request: HttpRequest, record: QuarantineRecord) -> None:
    if not deleting.may_delete(scope(request), record):
        raise PermissionDenied("Your role does not allow acting on files in this app.")


urlpatterns: list[URLPattern] = [
    path("quarantine/<int:pk>/delete/", deletion_ask, name="deletion_ask"),
    path("quarantine/<int:pk>/delete/preview/", deletion_preview, name="deletion_preview"),
    path("quarantine/deletions/<int:pk>/", deletion_decide, name="deletion_decide"),
]

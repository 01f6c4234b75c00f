"""What was asked for of many targets at once: how far it is, and calling off the rest."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_POST

from portal.governance import bulk_cancelling, queries, service
from portal.governance.models import ActionBatch
from portal.instances.problems import Problem
from portal.web.access import scope, signed_in
from portal.web.lists import is_fragment
from portal.web.templatetags.rows import action_label


@require_GET
def batch_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How many of its actions stand where; to htmx only that part, which asks again until all have ended."""
    own, batch = scope(request), _batch(request, pk)
    progress = queries.progress(own, batch)
    context = {
        "batch": batch,
        "label": action_label(queries.first_of(own, batch)),
        "number": sum(progress.values()),
        "ended": sum(number for state, number in progress.items() if state not in service.OPEN),
        "progress": [(state, number) for state, number in progress.items() if number],
        "is_open": any(progress[state] for state in service.OPEN),
        "may_cancel": bulk_cancelling.cancellable(own, batch).exists(),
    }
    return render(request, "governance/_batch.html" if is_fragment(request) else "governance/batch.html", context)


@require_POST
def batch_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """End those that wait; the page of the batch says how many."""
    try:
        number = bulk_cancelling.cancel_batch(signed_in(request), _batch(request, pk))
    except Problem as problem:
        messages.error(request, problem.sentence)
    else:
        messages.success(request, f"Called off: {number:,}. What was done stays done.")
    return redirect("batch_detail", pk)


def _batch(request: HttpRequest, pk: int) -> ActionBatch:
    try:
        return queries.batch(scope(request), pk)
    except ActionBatch.DoesNotExist:
        raise Http404("Nothing was asked for together under this number, or it is not yours to see.") from None


urlpatterns: list[URLPattern] = [
    path("governance/batches/<int:pk>/", batch_detail, name="batch_detail"),
    path("governance/batches/<int:pk>/cancel/", batch_cancel, name="batch_cancel"),
]

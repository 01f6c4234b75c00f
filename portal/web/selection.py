"""Acting on several rows of a list at once: what can be done to them, the confirmation, and on to the batch."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from portal.governance import bulk
from portal.governance.selection import MOST_ROWS, Choice, choices, selected
from portal.governance.targets import TargetRow, name_of
from portal.instances.problems import Problem
from portal.inventory import file_queries
from portal.inventory import queries as inventory
from portal.inventory.models import Account, Collaborator
from portal.people.recent import is_recent, prove_again, typed_before
from portal.people.roles import Right
from portal.people.scope import Scope
from portal.web import app_names
from portal.web.access import scope, signed_in

LISTS = {
    "account": ("account_list", "Accounts", Right.ACT_ACCOUNT),
    "file": ("file_list", "Files", Right.ACT_FILE),
    "collaborator": ("file_list", "Files", Right.ACT_FILE),
    "credential": ("credential_list", "Credentials", Right.ACT_APP_PERMISSION),
}
"""Kind of target -> the list it is selected in, what that is called, and the right to act."""
EACH = "each of them"
"""What stands for the name in sentences about many."""
NAMED = 10
"""So many are named, the others counted."""


@dataclass(frozen=True, slots=True)
class Part:
    """What will happen in one instance."""

    app: app_names.Label
    effect: str
    undo: str
    number: int
    names: Sequence[str]
    more: int


def select_url(own: Scope, kind: str) -> str:
    """Where the selection of a list is sent; '' for who may act nowhere."""
    return reverse("selection", args=[kind]) if own.has(LISTS[kind][2]) else ""


@require_GET
def shares_of_account(request: HttpRequest, pk: int) -> HttpResponse:
    """All that lets one account into files of others, as a selection: what can be done to each is done to all."""
    try:
        account = inventory.account(scope(request), pk)
    except Account.DoesNotExist:
        raise Http404("There is no such account, or it is not yours to see.") from None
    query = urlencode([("row", share) for share in file_queries.shares_of(account, MOST_ROWS)])
    return redirect(f"{reverse('selection', args=['collaborator'])}?{query}")


@require_GET
def selection(request: HttpRequest, kind: str) -> HttpResponse:
    """What can be done to the selected rows."""
    own, rows = scope(request), _rows(request, kind)
    offered = [(each, _address("selection_request", kind, rows, each.name)) for each in choices(own, rows)]
    return render(request, "governance/selection.html", {**_of_list(kind), "rows": rows, "offered": offered})


@require_http_methods(["GET", "POST"])
def selection_request(request: HttpRequest, kind: str, action_name: str) -> HttpResponse:
    """The confirmation for all of them, and on POST the request."""
    rows = _rows(request, kind)
    choice = next((each for each in choices(scope(request), rows) if each.name == action_name), None)
    if choice is None:
        raise PermissionDenied("This action is not offered for any of them, or your role does not allow it.")
    names = ["reason", "number", *(field.name for field in choice.fields)]
    if not is_recent(request):
        return prove_again(request, names)
    data = typed_before(request) or request.POST
    typed = {name: data.get(name, "") for name in names}
    problem: Problem | None = None
    if request.method == "POST":
        try:
            _confirm_number(choice, typed["number"])
            asked = bulk.request_many(signed_in(request), choice.rows, action_name, typed["reason"], typed)
        except Problem as refusal:
            problem = refusal
        else:
            return redirect("batch_detail", asked.batch.pk)
    context = {
        **_of_list(kind), "choice": choice, "parts": [_part(choice, pk) for pk in choice.groups],
        "left_out": [(name_of(row), reason) for row, reason in choice.left_out], "problem": problem,
        "reason": typed["reason"], "number": typed["number"],
        "inputs": [(field, typed[field.name]) for field in choice.fields],
        "back_url": _address("selection", kind, rows),
    }
    return render(request, "governance/selection_confirm.html", context, status=422 if problem else 200)


def _confirm_number(choice: Choice, typed: str) -> None:
    """What cannot be undone is asked for by typing how many it is done to. Raises Problem."""
    number = len(choice.rows)
    if not choice.is_reversible and typed.strip() != str(number):
        raise Problem(f"Type {number} here, as it cannot be undone.", field="number")


def _rows(request: HttpRequest, kind: str) -> list[TargetRow]:
    """Those of the address. Raises Http404 where there are none to see."""
    pks = [int(value) for value in request.GET.getlist("row") if value.isdecimal() and len(value) < 19]
    found = selected(scope(request), kind, pks) if kind in LISTS else []
    if kind not in LISTS or (pks and not found):
        raise Http404("These rows are no longer there, or they are not yours to see.")
    return found


def _part(choice: Choice, instance_id: int) -> Part:
    group = choice.groups[instance_id]
    words = {"name": EACH, "tenant": group.instance.tenant_name or group.instance.name}
    names = _names(group.rows)
    return Part(
        app_names.label(group.instance), sentence(group.action.effect.format(**words)),
        sentence(group.action.undo_effect.format(**words)), len(names), names[:NAMED], len(names[NAMED:]),
    )


def _names(rows: Sequence[TargetRow]) -> list[str]:
    """A collaborator is named with the file: the same person may be in many."""
    shares = [row for row in rows if isinstance(row, Collaborator)]
    if not shares:
        return [name_of(row) for row in rows]
    files = file_queries.names_of_files(shares[0].instance_id, (share.file_id for share in shares))
    return [f"{name_of(share)} in {files.get(share.file_id, share.file_id)}" for share in shares]


def sentence(words: str) -> str:
    """With a capital letter."""
    return words[:1].upper() + words[1:]


def _of_list(kind: str) -> dict[str, str]:
    name, title, _ = LISTS[kind]
    return {"kind": kind, "list_url": reverse(name), "list_title": title}


def _address(view: str, kind: str, rows: Sequence[TargetRow], *more: str) -> str:
    return f"{reverse(view, args=[kind, *more])}?{urlencode([('row', row.pk) for row in rows])}"


urlpatterns: list[URLPattern] = [
    path("governance/shares/<int:pk>/", shares_of_account, name="shares_of_account"),
    path("governance/selection/<str:kind>/", selection, name="selection"),
    path("governance/selection/<str:kind>/<str:action_name>/", selection_request, name="selection_request"),
]

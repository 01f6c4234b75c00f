"""Acting on all files that match the filters of the list: what can be done, the confirmation, and on to the batch."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET, require_http_methods

from portal.governance import bulk, matching, service
from portal.instances.problems import Problem
from portal.inventory import file_queries
from portal.inventory.file_filters import FILE_FILTERS
from portal.people.recent import is_recent, prove_again, typed_before
from portal.people.roles import Right
from portal.web import app_names
from portal.web.access import signed_in
from portal.web.lists import ListState, scope_with
from portal.web.selection import EACH, sentence

KIND = "file"
UNCLEAR = "The address names filters that do not exist, so it is not clear which files are meant."


@dataclass(frozen=True, slots=True)
class Matching:
    """The files that the filters of an address name. `more`: there are, or may be, others that match."""

    state: ListState
    keys: list[int]
    more: bool

    def address(self, view: str, *more: str) -> str:
        query = self.state.query.urlencode()
        return reverse(view, args=more) + (f"?{query}" if query else "")


@require_GET
def matching_files(request: HttpRequest) -> HttpResponse:
    """What can be done to the files that match."""
    own, found = scope_with(request, Right.ACT_FILE), _matching(request)
    offered = [
        (each, found.address("matching_request", each.name)) for each in matching.offered(own, KIND, found.keys)
    ]
    return render(request, "governance/matching.html", {**_of(found), "offered": offered})


@require_http_methods(["GET", "POST"])
def matching_request(request: HttpRequest, action_name: str) -> HttpResponse:
    """The confirmation for all of them, and on POST the request. What is confirmed are the files that were counted: if
    others match by then, the page counts anew and asks again."""
    own, found = scope_with(request, Right.ACT_FILE), _matching(request)
    survey = matching.survey(own, KIND, found.keys, action_name)
    if survey is None:
        raise PermissionDenied("This action is not offered for any of them, or your role does not allow it.")
    names = ["reason", "number", "seen", *(field.name for field in survey.fields)]
    if not is_recent(request):
        return prove_again(request, names)
    data = typed_before(request) or request.POST
    typed = {name: data.get(name, "") for name in names}
    problem: Problem | None = None
    if request.method == "POST":
        try:
            _confirm(survey, typed)
            asked = bulk.request_by_key(signed_in(request), survey.keys, action_name, typed["reason"], typed)
        except Problem as refusal:
            problem = refusal
        else:
            return redirect("batch_detail", asked.batch.pk)
    context = {
        **_of(found), "survey": survey, "parts": [_part(each) for each in survey.parts], "problem": problem,
        "left_out": survey.left_out.most_common(), "inputs": [(field, typed[field.name]) for field in survey.fields],
        "reason": typed["reason"], "number": typed["number"], "back_url": found.address("matching_files"),
    }
    return render(request, "governance/matching_confirm.html", context, status=422 if problem else 200)


def _matching(request: HttpRequest) -> Matching:
    """Raises PermissionDenied for filters that are not understood: without them more files would match."""
    own, state = scope_with(request, Right.READ_INVENTORY), ListState(request, FILE_FILTERS, KIND)
    if state.problems:
        raise PermissionDenied(UNCLEAR)
    keys, more = file_queries.first_keys_of_files(own, state.conditions, bulk.MOST_TARGETS)
    return Matching(state, keys, more)


def _confirm(survey: matching.Survey, typed: dict[str, str]) -> None:
    """Raises Problem where other files match than were shown, or the number was not typed that must be."""
    if typed["seen"] != survey.digest:
        raise Problem(
            "Other files match than when this was counted.", remedy="Look at the new numbers, then confirm again."
        )
    if not survey.is_reversible and typed["number"].strip() != str(survey.number):
        raise Problem(f"Type {survey.number} here, as it cannot be undone.", field="number")


def _part(part: matching.Part) -> dict[str, object]:
    words = {"name": EACH, "tenant": part.instance.tenant_name or part.instance.name}
    owners = part.owners.most_common(matching.NAMED)
    return {
        "app": app_names.label(part.instance), "number": len(part.keys), "names": part.names,
        "more": len(part.keys) - len(part.names), "owners": owners, "other_owners": len(part.owners) - len(owners),
        "effect": sentence(part.action.effect.format(**words)),
        "undo": sentence(part.action.undo_effect.format(**words)),
        "consequence": service.consequence(part.action, part.instance),
    }


def _of(found: Matching) -> dict[str, object]:
    chips = [chip.sentence for chip in found.state.chips] + [f"Search “{found.state.text}”"] * bool(found.state.text)
    return {
        "matching": len(found.keys), "more": found.more, "chips": chips, "list_url": found.address("file_list"),
    }


urlpatterns: list[URLPattern] = [
    path("governance/matching/file/", matching_files, name="matching_files"),
    path("governance/matching/file/<str:action_name>/", matching_request, name="matching_request"),
]

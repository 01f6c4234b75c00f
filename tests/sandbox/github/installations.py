"""Which GitHub Apps are installed on an organisation, and how its enterprise throws one out."""

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.github import app_shapes
from tests.sandbox.github.announcement import Subject
from tests.sandbox.github.app import Installation
from tests.sandbox.github.call import Call, answer_list, no_content
from tests.sandbox.github.organisation import Organisation
from tests.sandbox.github.refusal import Refusal, not_found
from tests.sandbox.github.router import NOT_FOR_APPS, Route, route


def list_installations(call: Call) -> Answer:
    call.need_owner("You must be an organization owner to list the installed GitHub Apps.")
    held = list(call.organisation.installations.values())
    shown, headers = call.page(list(held))
    rows = [app_shapes.installation(call.request, each) for each in shown]
    return Answer.of_json({"total_count": len(held), "installations": rows}, headers=headers)


def list_of_enterprise(call: Call) -> Answer:
    organisation = _owned_organisation(call)
    rows = [app_shapes.enterprise_installation(call.request, each) for each in organisation.installations.values()]
    return answer_list(call, rows)


def uninstall(call: Call) -> Answer:
    organisation = _owned_organisation(call)
    number = call.parameters["installation_id"]
    found: Installation | None = organisation.installations.get(int(number)) if number.isdigit() else None
    if found is None:
        raise not_found()
    call.state.uninstall(found)
    details: dict[str, Json] = {"name": found.app.name, "integration": found.app.name}
    subject = Subject(installation=found)
    action = "integration_installation.destroy"
    organisation.record(action, call.actor, subject=subject, operation_type="remove", **details)
    return no_content()


def _owned_organisation(call: Call) -> Organisation:
    """Only for a GitHub App that is installed on the very enterprise that owns the organisation."""
    token = call.installation_token
    if token is None or token.installation.enterprise is None:
        raise Refusal(403, NOT_FOR_APPS)
    enterprise, organisation = call.enterprise, call.organisation
    if token.installation.enterprise is not enterprise or organisation not in enterprise.organisations:
        raise not_found()
    return organisation


OWNED = "/enterprises/{enterprise}/apps/organizations/{org}/installations"
NEEDED = "enterprise_organization_installations"
ROUTES: list[Route] = [
    route(
        "GET",
        "/orgs/{org}/installations",
        list_installations,
        "admin:org",
        "read:org",
        permissions="organization_administration=read",
    ),
    route("GET", OWNED, list_of_enterprise, permissions=f"{NEEDED}=read"),
    route("DELETE", f"{OWNED}/{{installation_id}}", uninstall, permissions=f"{NEEDED}=write"),
]

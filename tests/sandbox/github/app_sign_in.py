"""A GitHub App by itself: who it is, where it is installed, tokens for its installations."""

from tests.sandbox.clock import iso
from tests.sandbox.exchange import Answer, Json
from tests.sandbox.github import app_shapes, repository_shapes
from tests.sandbox.github.announcement import Subject
from tests.sandbox.github.app import App, Installation
from tests.sandbox.github.call import Call, answer_list, no_content
from tests.sandbox.github.refusal import Refusal, not_found
from tests.sandbox.github.router import ANY, Route, route
from tests.sandbox.github.tokens import LEVELS


def get_app(call: Call) -> Answer:
    app = _app(call)
    return Answer.of_json(app_shapes.app(call.request, app, len(_installations(call))))


def list_installations(call: Call) -> Answer:
    return answer_list(call, [app_shapes.installation(call.request, each) for each in _installations(call)])


def get_installation(call: Call) -> Answer:
    return Answer.of_json(app_shapes.installation(call.request, _installation(call)))


def find_on_organisation(call: Call) -> Answer:
    return _found(call, [each for each in _installations(call) if each.organisation is call.organisation])


def find_on_enterprise(call: Call) -> Answer:
    return _found(call, [each for each in _installations(call) if each.enterprise is call.enterprise])


def _found(call: Call, installations: list[Installation]) -> Answer:
    if not installations:
        raise not_found()
    return Answer.of_json(app_shapes.installation(call.request, installations[0]))


def create_token(call: Call) -> Answer:
    """For an hour; with fewer permissions and for fewer repositories than the installation has, if so wished."""
    installation = _installation(call)
    if installation.suspended_at is not None:
        raise Refusal(403, "This installation has been suspended")
    body = call.body()
    repositories = _wanted_repositories(installation, body)
    permissions = _wanted_permissions(installation, body.get("permissions"))
    token = call.state.issue_installation_token(installation, permissions, repositories)
    shape: dict[str, Json] = {
        "token": token.text,
        "expires_at": iso(token.expires_at),
        "permissions": token.permissions,
        "repository_selection": installation.selection if repositories is None else "selected",
    }
    if repositories is not None and installation.organisation:
        held = installation.organisation.repositories
        shape["repositories"] = [
            repository_shapes.full_repository(call.request, held[number], None) for number in sorted(repositories)
        ]
    return Answer.of_json(shape, 201)


def _wanted_permissions(installation: Installation, wanted: Json) -> dict[str, str]:
    """An empty object asks for everything, as nothing does."""
    if not wanted:
        return dict(installation.permissions)
    for name, level in wanted.items():
        if level not in LEVELS or LEVELS.index(level) > LEVELS.index(installation.permissions.get(name, "")):
            message = "The permissions requested are not granted to this installation."
            raise Refusal(422, message, errors=[])
    return {"metadata": "read", **wanted}


def _wanted_repositories(installation: Installation, body: dict[str, Json]) -> frozenset[int] | None:
    names, ids = body.get("repositories"), body.get("repository_ids")
    if names is None and ids is None:
        return None
    held = installation.organisation.repositories if installation.organisation else {}
    by_name = {each.name: number for number, each in held.items()}
    chosen = {by_name.get(name, 0) for name in names or ()} | set(ids or ())
    if not all(installation.reaches(number) for number in chosen):
        message = (
            "There is at least one repository that does not exist or is not accessible to the parent installation."
        )
        raise Refusal(422, message, errors=[])
    return frozenset(chosen)


def suspend(call: Call) -> Answer:
    installation = _installation(call)
    if installation.suspended_at is None:
        installation.suspended_at = call.state.clock.now()
        _record(call, installation, "integration_installation.suspend", "modify")
    return no_content()


def unsuspend(call: Call) -> Answer:
    installation = _installation(call)
    if installation.suspended_at is not None:
        installation.suspended_at = installation.suspended_by = None
        _record(call, installation, "integration_installation.unsuspend", "modify")
    return no_content()


def uninstall(call: Call) -> Answer:
    installation = _installation(call)
    call.state.uninstall(installation)
    _record(call, installation, "integration_installation.destroy", "remove")
    return no_content()


def _record(call: Call, installation: Installation, action: str, operation: str) -> None:
    if installation.organisation is not None:
        details: dict[str, Json] = {"name": installation.app.name, "integration": installation.app.name}
        subject = Subject(installation=installation)
        installation.organisation.record(action, call.actor, subject=subject, operation_type=operation, **details)


def list_repositories(call: Call) -> Answer:
    token = call.installation_token
    if token is None:
        message = "You must authenticate with an installation access token in order to list repositories."
        raise Refusal(403, message)
    organisation = token.installation.organisation
    held = organisation.repositories.values() if organisation else ()
    reached = [each for each in held if token.reaches(each.id)]
    rows = [repository_shapes.full_repository(call.request, each, None) for each in reached]
    shown, headers = call.page(rows)
    selection = token.installation.selection if token.repositories is None else "selected"
    shape = {"total_count": len(rows), "repository_selection": selection, "repositories": shown}
    return Answer.of_json(shape, headers=headers)


def revoke_token(call: Call) -> Answer:
    token = call.installation_token
    if token is None:
        raise Refusal(403, "You must authenticate with an installation access token to revoke it.")
    del call.state.installation_tokens[token.text]
    return no_content()


def _app(call: Call) -> App:
    assert call.app is not None
    return call.app


def _installations(call: Call) -> list[Installation]:
    return [each for each in call.state.installations() if each.app is _app(call)]


def _installation(call: Call) -> Installation:
    number = call.parameters["installation_id"]
    found = next((each for each in _installations(call) if str(each.id) == number), None)
    if found is None:
        raise not_found()
    return found


ONE = "/app/installations/{installation_id}"
ROUTES: list[Route] = [
    route("GET", "/app", get_app, is_for_apps=True),
    route("GET", "/app/installations", list_installations, is_for_apps=True),
    route("GET", ONE, get_installation, is_for_apps=True),
    route("DELETE", ONE, uninstall, is_for_apps=True),
    route("POST", f"{ONE}/access_tokens", create_token, is_for_apps=True),
    route("PUT", f"{ONE}/suspended", suspend, is_for_apps=True),
    route("DELETE", f"{ONE}/suspended", unsuspend, is_for_apps=True),
    route("GET", "/orgs/{org}/installation", find_on_organisation, is_for_apps=True),
    route("GET", "/enterprises/{enterprise}/installation", find_on_enterprise, is_for_apps=True),
    route("GET", "/installation/repositories", list_repositories, permissions=ANY),
    route("DELETE", "/installation/token", revoke_token, permissions=ANY),
]

"""Webhooks of an organisation and of a repository: made, changed, pinged, their deliveries looked at."""

from urllib.parse import urlsplit

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.github import access, hook_deliveries
from tests.sandbox.github.announcement import Subject
from tests.sandbox.github.call import Call, answer_list, no_content
from tests.sandbox.github.hook import EVENTS, HOOKS_PER_EVENT, Hook
from tests.sandbox.github.hook_shapes import hook_shape
from tests.sandbox.github.refusal import invalid, not_found
from tests.sandbox.github.repository import Repository
from tests.sandbox.github.router import Route, route


def list_hooks(call: Call) -> Answer:
    """An OAuth App sees the hooks that it made, nobody else's."""
    _need_owner(call)
    return answer_list(call, [_shape(call, each) for each in call.organisation.hooks.values() if _is_ours(call, each)])


def create_hook(call: Call) -> Answer:
    _need_owner(call)
    body = call.body()
    if body.get("name") != "web":
        raise invalid("Hook", "name", "name must be web", "custom")
    hook = Hook(call.organisation.next_id(), "", ["push"], client_id=call.client_id)
    _change(call, hook, body)
    hook.created_at = hook.updated_at
    call.organisation.add_hook(hook, call.actor)
    call.organisation.ping(hook, call.actor)
    shape = _shape(call, hook)
    return Answer.of_json(shape, 201, {"Location": shape["url"]})


def get_hook(call: Call) -> Answer:
    _need_owner(call)
    return Answer.of_json(_shape(call, _hook(call)))


def change_hook(call: Call) -> Answer:
    _need_owner(call)
    hook = _hook(call)
    _change(call, hook, call.body())
    call.organisation.record("hook.config_changed", call.actor, operation_type="modify", hook_id=hook.id)
    return Answer.of_json(_shape(call, hook))


def delete_hook(call: Call) -> Answer:
    _need_owner(call)
    call.organisation.remove_hook(_hook(call), call.actor)
    return no_content()


def ping_hook(call: Call) -> Answer:
    _need_owner(call)
    call.organisation.ping(_hook(call), call.actor)
    return no_content()


def list_deliveries(call: Call) -> Answer:
    _need_owner(call)
    return hook_deliveries.listed(call, _hook(call))


def get_delivery(call: Call) -> Answer:
    _need_owner(call)
    return hook_deliveries.shown(call, _hook(call))


def redeliver(call: Call) -> Answer:
    _need_owner(call)
    hook = _hook(call)
    call.organisation.redeliver(hook, hook_deliveries.to_repeat(call, hook), call.actor)
    return Answer.of_json({}, 202)


def list_repository_hooks(call: Call) -> Answer:
    repository = access.repository(call, "admin")
    return answer_list(call, [_repository_shape(call, repository, hook) for hook in repository.hooks.values()])


def get_repository_hook(call: Call) -> Answer:
    repository = access.repository(call, "admin")
    return Answer.of_json(_repository_shape(call, repository, _repository_hook(call, repository)))


def change_repository_hook(call: Call) -> Answer:
    """Switched on or off. Its address and events are changed on the web page alone, here."""
    repository = access.repository(call, "admin")
    hook = _repository_hook(call, repository)
    hook.is_active = call.body().get("active", hook.is_active)
    hook.updated_at = call.state.clock.now()
    repository.record("hook.active_changed", call.actor, "modify", hook_id=hook.id, active=hook.is_active)
    return Answer.of_json(_repository_shape(call, repository, hook))


def delete_repository_hook(call: Call) -> Answer:
    repository = access.repository(call, "admin")
    hook = _repository_hook(call, repository)
    del repository.hooks[hook.id]
    subject = Subject(hook=hook, repository=repository)
    repository.record("hook.destroy", call.actor, "remove", subject=subject, hook_id=hook.id)
    return no_content()


def _repository_shape(call: Call, repository: Repository, hook: Hook) -> dict[str, Json]:
    base = f"/repos/{repository.full_name}/hooks"
    return hook_shape(call.request, hook, base) | {
        "type": "Repository",
        "test_url": call.request.url(f"{base}/{hook.id}/test"),
        "last_response": {"code": None, "status": "unused", "message": None},
    }


def _repository_hook(call: Call, repository: Repository) -> Hook:
    number = call.parameters["hook_id"]
    found = repository.hooks.get(int(number)) if number.isdigit() else None
    if found is None:
        raise not_found()
    return found


def _change(call: Call, hook: Hook, body: dict[str, Json]) -> None:
    """Everything is looked at before anything is changed. A config replaces the former one, its secret, too."""
    config = body.get("config")
    if config is None and not hook.url:
        raise invalid("Hook", "config", "config is missing", "missing_field")
    if config is not None and urlsplit(str(config.get("url", ""))).scheme not in ("http", "https"):
        raise invalid("Hook", "url", "url is missing a scheme", "custom")
    events = body.get("events", hook.events)
    _check_events(call, hook, events)
    hook.events = list(events)
    hook.is_active = body.get("active", hook.is_active)
    hook.updated_at = call.state.clock.now()
    if config is not None:
        configure(hook, config)


def configure(hook: Hook, config: dict[str, Json]) -> None:
    hook.url = config["url"]
    hook.secret = config.get("secret")
    hook.content_type = config.get("content_type", "form")
    hook.insecure_ssl = str(config.get("insecure_ssl", "0"))


def _check_events(call: Call, hook: Hook, events: Json) -> None:
    unknown = [each for each in events if each not in EVENTS]
    if unknown or not events:
        raise invalid("Hook", "events", f"{', '.join(unknown) or 'events'} is not an event of a hook", "custom")
    others = [each for each in call.organisation.hooks.values() if each is not hook]
    for event in events:
        if sum(event in each.events for each in others) >= HOOKS_PER_EVENT:
            message = f'The "{event}" event cannot have more than {HOOKS_PER_EVENT} hooks'
            raise invalid("Hook", "base", message, "custom")


def _shape(call: Call, hook: Hook) -> dict[str, Json]:
    return hook_shape(call.request, hook, f"/orgs/{call.organisation.login}/hooks")


def _hook(call: Call) -> Hook:
    number = call.parameters["hook_id"]
    found = call.organisation.hooks.get(int(number)) if number.isdigit() else None
    if found is None or not _is_ours(call, found):
        raise not_found()
    return found


def _is_ours(call: Call, hook: Hook) -> bool:
    return hook.client_id == call.client_id


def _need_owner(call: Call) -> None:
    if not call.is_member or not call.is_owner:
        raise not_found()


BASE = "/orgs/{org}/hooks"
ONE = f"{BASE}/{{hook_id}}"
SENT = f"{ONE}/deliveries"
OF_REPOSITORY = "/repos/{owner}/{repo}/hooks"
SCOPE = "admin:org_hook"
ROUTES: list[Route] = [
    route("GET", BASE, list_hooks, SCOPE, permissions="organization_hooks=read"),
    route("POST", BASE, create_hook, SCOPE, permissions="organization_hooks=write"),
    route("GET", ONE, get_hook, SCOPE, permissions="organization_hooks=read"),
    route("PATCH", ONE, change_hook, SCOPE, permissions="organization_hooks=write"),
    route("DELETE", ONE, delete_hook, SCOPE, permissions="organization_hooks=write"),
    route("POST", f"{ONE}/pings", ping_hook, SCOPE, permissions="organization_hooks=write"),
    route("GET", SENT, list_deliveries, SCOPE, permissions="organization_hooks=read"),
    route("GET", f"{SENT}/{{delivery_id}}", get_delivery, SCOPE, permissions="organization_hooks=read"),
    route("POST", f"{SENT}/{{delivery_id}}/attempts", redeliver, SCOPE, permissions="organization_hooks=write"),
    route(
        "GET",
        OF_REPOSITORY,
        list_repository_hooks,
        "read:repo_hook",
        "repo",
        is_soft=True,
        permissions="repository_hooks=read",
    ),
    route(
        "GET",
        f"{OF_REPOSITORY}/{{hook_id}}",
        get_repository_hook,
        "read:repo_hook",
        "repo",
        is_soft=True,
        permissions="repository_hooks=read",
    ),
    route(
        "PATCH",
        f"{OF_REPOSITORY}/{{hook_id}}",
        change_repository_hook,
        "write:repo_hook",
        "repo",
        is_soft=True,
        permissions="repository_hooks=write",
    ),
    route(
        "DELETE",
        f"{OF_REPOSITORY}/{{hook_id}}",
        delete_repository_hook,
        "admin:repo_hook",
        "repo",
        is_soft=True,
        permissions="repository_hooks=write",
    ),
]

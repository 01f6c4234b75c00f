"""The webhook of a GitHub App: one for all its installations, set up by the app itself."""

from urllib.parse import urlsplit

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.github import hook_deliveries
from tests.sandbox.github.call import Call
from tests.sandbox.github.hook import Hook
from tests.sandbox.github.hook_shapes import HIDDEN
from tests.sandbox.github.refusal import invalid
from tests.sandbox.github.router import Route, route


def get_config(call: Call) -> Answer:
    return Answer.of_json(_config(_hook(call)))


def change_config(call: Call) -> Answer:
    """What is not named stays as it was."""
    hook, body = _hook(call), call.body()
    url = body.get("url", hook.url)
    if urlsplit(str(url)).scheme not in ("http", "https"):
        raise invalid("Hook", "url", "url is missing a scheme", "custom")
    hook.url = url
    hook.content_type = body.get("content_type", hook.content_type)
    hook.secret = body.get("secret", hook.secret)
    hook.insecure_ssl = str(body.get("insecure_ssl", hook.insecure_ssl))
    return Answer.of_json(_config(hook))


def list_deliveries(call: Call) -> Answer:
    return hook_deliveries.listed(call, _hook(call))


def get_delivery(call: Call) -> Answer:
    return hook_deliveries.shown(call, _hook(call))


def redeliver(call: Call) -> Answer:
    """It belongs to an installation, whose organisation announces it again."""
    hook = _hook(call)
    delivery = hook_deliveries.to_repeat(call, hook)
    organisation = next(
        each for each in call.state.organisations.values() if each.id == delivery.payload["organization"]["id"]
    )
    organisation.redeliver(hook, delivery, call.actor)
    return Answer.of_json({}, 202)


def _hook(call: Call) -> Hook:
    assert call.app is not None
    return call.app.hook


def _config(hook: Hook) -> dict[str, Json]:
    config: dict[str, Json] = {"content_type": hook.content_type, "insecure_ssl": hook.insecure_ssl}
    if hook.url:
        config["url"] = hook.url
    return config | ({"secret": HIDDEN} if hook.secret else {})


SENT = "/app/hook/deliveries"
ROUTES: list[Route] = [
    route("GET", "/app/hook/config", get_config, is_for_apps=True),
    route("PATCH", "/app/hook/config", change_config, is_for_apps=True),
    route("GET", SENT, list_deliveries, is_for_apps=True),
    route("GET", f"{SENT}/{{delivery_id}}", get_delivery, is_for_apps=True),
    route("POST", f"{SENT}/{{delivery_id}}/attempts", redeliver, is_for_apps=True),
]

"""Where paths begin: the header Dropbox-API-Path-Root."""

from tests.sandbox.dropbox import access
from tests.sandbox.dropbox.arguments import Arguments, parse
from tests.sandbox.dropbox.call import Call
from tests.sandbox.dropbox.refusal import WrongRoot
from tests.sandbox.dropbox.unions import chain, nested, tagged

CHOICES = ("home", "root", "namespace_id")


def of(call: Call) -> str:
    """The id of the namespace; the member's home without the header."""
    text = call.request.headers.get("dropbox-api-path-root", "")
    member = call.actor
    if not text:
        return member.home_id
    value = parse(call.arguments.route, 'HTTP header "Dropbox-API-Path-Root"', text)
    asked = Arguments(call.arguments.route, {"path_root": value})
    tag = asked.tag("path_root", CHOICES)
    if tag == "home":
        return member.home_id
    _, namespace_id = asked.tagged_text("path_root", CHOICES)
    if tag == "root":
        return _root(call, namespace_id)
    namespace = call.state.namespaces.get(namespace_id)
    if namespace is None or not access.may_read(call, namespace):
        raise WrongRoot(chain("no_permission"))
    return namespace_id


def _root(call: Call, namespace_id: str) -> str:
    """The root as the caller knows it: after a move to a team space it is another one."""
    member = call.actor
    if namespace_id == member.root_id:
        return namespace_id
    kind = "team" if member.root_id == call.state.team_root_id else "user"
    known = {"root_namespace_id": member.root_id, "home_namespace_id": member.home_id}
    if kind == "team":
        known["home_path"] = f"/{member.display_name}"
    raise WrongRoot(nested("invalid_root", tagged(kind, **known)))

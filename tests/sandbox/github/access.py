"""Which repository a call names, and whether the caller may do there what is asked."""

from tests.sandbox.github.call import Call
from tests.sandbox.github.doors import admit_to_organisation
from tests.sandbox.github.refusal import Refusal, moved, not_found
from tests.sandbox.github.repository import Repository

MESSAGES = {
    "write": "Must have push access to repository.",
    "admin": "Must have admin rights to Repository.",
}


def repository(call: Call, role: str = "read", message: str = "") -> Repository:
    """What the caller may not see does not exist; what they see and may not touch is forbidden."""
    organisation = call.state.owner_of_repositories(call.parameters["owner"])
    found = organisation.repository(call.parameters["repo"]) if organisation else None
    if found is None or not sees(call, found):
        raise not_found()
    if call.request.method != "GET" and not call.allows("public_repo"):
        raise not_found()
    _lead_to_new_name(call, found)
    if call.token is not None and found.visibility != "public":
        admit_to_organisation(call.request, call.state, call.token, found.organisation)
    if role != "read" and not has(call, found, role):
        raise Refusal(403, message or MESSAGES[role])
    return found


def sees(call: Call, found: Repository) -> bool:
    """Repositories that are not public need a role in them and a token with the scope `repo`."""
    if found.visibility == "public":
        return True
    return call.allows("repo") and has(call, found, "read")


def has(call: Call, found: Repository, role: str) -> bool:
    """An installed app has in the repositories that it reaches what its permissions say, and they were asked before."""
    token = call.installation_token
    if token is not None and token.reaches(found.id):
        return True
    return call.token is not None and found.level(found.role_of(call.user)) >= found.level(role)


def _lead_to_new_name(call: Call, found: Repository) -> None:
    asked = f"{call.parameters['owner']}/{call.parameters['repo']}"
    if asked.lower() == found.full_name.lower():
        return
    rest = call.request.path.split("/", 4)[4:]
    path = "/".join([f"/repositories/{found.id}", *rest])
    raise moved(call.request.method, call.request.url(path) + call.query_string())

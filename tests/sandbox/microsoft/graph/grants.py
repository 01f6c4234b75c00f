"""Delegated permissions: what applications may do for all users, or for one."""

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.directory.audit_log import target
from tests.sandbox.microsoft.directory.changes import What
from tests.sandbox.microsoft.directory.objects import SERVICE_PRINCIPAL, USER
from tests.sandbox.microsoft.directory.store import GRANT
from tests.sandbox.microsoft.graph import delta
from tests.sandbox.microsoft.graph.bodies import body_of, text_of
from tests.sandbox.microsoft.graph.collections import ROOT, collection, entity
from tests.sandbox.microsoft.graph.filtering import condition
from tests.sandbox.microsoft.graph.refusals import bad, missing
from tests.sandbox.microsoft.graph.service_principals import CATEGORY
from tests.sandbox.microsoft.graph.service_principals import named as named_principal
from tests.sandbox.microsoft.graph.users import named as named_user
from tests.sandbox.microsoft.router import route

FILTERS = {"clientId": "eq", "consentType": "eq", "principalId": "eq", "resourceId": "eq", "scope": "eq"}
ALL = "AllPrincipals"
ONE = "Principal"
CONTEXT = "oauth2PermissionGrants"
TRACKED = delta.Tracked(
    context=CONTEXT,
    kind=GRANT,
    properties=None,
    rows=lambda call: list(call.state.directory.grants.values()),
    get=lambda call, name: call.state.directory.grants.get(name),
    shape=dict,
)


def listed(call: Call) -> Answer:
    return _rows(call, list(call.state.directory.grants.values()))


def of_principal(call: Call) -> Answer:
    found = named_principal(call)
    return _rows(call, [each for each in call.state.directory.grants.values() if each["clientId"] == found.id])


def of_user(call: Call) -> Answer:
    found = named_user(call)
    return _rows(call, [each for each in call.state.directory.grants.values() if each["principalId"] == found.id])


def _rows(call: Call, rows: list[Json]) -> Answer:
    wanted = condition(call.request.parameter("$filter"), FILTERS)
    return collection(call, CONTEXT, [each for each in rows if wanted(each)])


def shown(call: Call) -> Answer:
    return entity(call, CONTEXT, _named(call))


def _named(call: Call) -> Json:
    found = call.state.directory.grants.get(call.parameters["grant_id"])
    if found is None:
        raise missing(call.parameters["grant_id"])
    return found


def made(call: Call) -> Answer:
    body, directory = body_of(call), call.state.directory
    client_id, resource_id = text_of(body, "clientId"), text_of(body, "resourceId")
    principal_id = body.get("principalId")
    for name in (client_id, resource_id):
        if directory.find(SERVICE_PRINCIPAL, name) is None:
            raise missing(name)
    if body.get("consentType") not in (ALL, ONE) or (body["consentType"] == ONE) != bool(principal_id):
        raise bad("Invalid value specified for property 'consentType' of resource 'OAuth2PermissionGrant'.")
    if principal_id and directory.find(USER, principal_id) is None:
        raise missing(principal_id)
    asked = (client_id, resource_id, principal_id)
    if any((each["clientId"], each["resourceId"], each["principalId"]) == asked for each in directory.grants.values()):
        raise bad("Permission entry already exists.")
    grant = {
        "id": call.state.login.text(43),
        "clientId": client_id,
        "consentType": body["consentType"],
        "principalId": principal_id,
        "resourceId": resource_id,
        "scope": str(body.get("scope") or ""),
    }
    directory.add_grant(grant)
    call.record("Add delegated permission grant", CATEGORY, "Assign", *_targets(call, grant, None, grant["scope"]))
    return Answer.of_json({"@odata.context": f"{ROOT}{CONTEXT}/$entity", **grant}, 201)


def changed(call: Call) -> Answer:
    """The scope alone; the list that is sent takes the place of the old one."""
    grant, body = _named(call), body_of(call)
    if not isinstance(body.get("scope"), str) or set(body) - {"scope"}:
        raise bad("Only the property 'scope' of an OAuth2PermissionGrant can be changed.")
    before = grant["scope"]
    grant["scope"] = body["scope"]
    call.state.directory.changes.add(GRANT, grant["id"], What.UPDATED, ("scope",))
    targets = _targets(call, grant, before, grant["scope"])
    call.record("Update delegated permission grant", CATEGORY, "Update", *targets)
    return Answer(204)


def deleted(call: Call) -> Answer:
    grant = _named(call)
    call.state.directory.remove_grant(grant["id"])
    call.record("Remove delegated permission grant", CATEGORY, "Unassign", *_targets(call, grant, grant["scope"], None))
    return Answer(204)


def _targets(call: Call, grant: Json, before: str | None, after: str | None) -> list[Json]:
    """The service whose permission it is, and the application that has it."""
    told = {"DelegatedPermissionGrant.Scope": (before, after)}
    found = [call.state.directory.objects.get(grant[name]) for name in ("resourceId", "clientId")]
    return [target(each, told if number == 0 else None) for number, each in enumerate(found) if each is not None]


def changes(call: Call) -> Answer:
    return delta.answer(call, TRACKED)


READERS = (
    "Directory.Read.All", "Directory.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All",
)  # fmt: skip
WRITERS = ("DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All")
ITEM = "/oauth2PermissionGrants/{grant_id}"
ROUTES = [
    route("GET", "/oauth2PermissionGrants", listed, *READERS),
    route("GET", "/oauth2PermissionGrants/delta()", changes, *READERS),
    route("GET", ITEM, shown, *READERS),
    route("GET", "/servicePrincipals/{principal_id}/oauth2PermissionGrants", of_principal, *READERS),
    route("GET", "/users/{user_id}/oauth2PermissionGrants", of_user, *READERS),
    route("POST", "/oauth2PermissionGrants", made, *WRITERS),
    route("PATCH", ITEM, changed, *WRITERS),
    route("DELETE", ITEM, deleted, *WRITERS),
]

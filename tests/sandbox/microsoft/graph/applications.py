"""The tenant's own app registrations, and their credentials."""

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.directory.audit_log import target
from tests.sandbox.microsoft.directory.objects import APPLICATION, DirectoryObject
from tests.sandbox.microsoft.graph.bodies import body_of, text_of
from tests.sandbox.microsoft.graph.collections import collection, entity
from tests.sandbox.microsoft.graph.filtering import condition
from tests.sandbox.microsoft.graph.kinds import APPLICATIONS
from tests.sandbox.microsoft.graph.refusals import bad, missing
from tests.sandbox.microsoft.graph.service_principals import CATEGORY, WRITERS
from tests.sandbox.microsoft.graph.shapes import READERS, brief, shape
from tests.sandbox.microsoft.router import route

FILTERS = {"id": "eq in", "appId": "eq in", "displayName": "eq startswith"}


def listed(call: Call) -> Answer:
    wanted = condition(call.request.parameter("$filter"), FILTERS)
    rows = [each for each in call.state.directory.of_kind(APPLICATION) if wanted(shape(each))]
    return collection(call, "applications", rows, shape, APPLICATIONS)


def shown(call: Call) -> Answer:
    return entity(call, "applications", shape(_named(call)), APPLICATIONS)


def owners(call: Call) -> Answer:
    directory = call.state.directory
    rows = [directory.objects[each] for each in directory.owners.get(_named(call).id, {}) if each in directory.objects]
    return collection(call, "directoryObjects", rows, lambda each: brief(call, each))


def _named(call: Call) -> DirectoryObject:
    if "app_id" in call.parameters:
        found = call.state.directory.application_of(call.parameters["app_id"])
    else:
        found = call.state.directory.find(APPLICATION, call.parameters["object_id"])
    if found is None:
        raise missing(call.parameters.get("app_id") or call.parameters["object_id"])
    return found


def password_removed(call: Call) -> Answer:
    return _removed(call, "passwordCredentials")


def key_removed(call: Call) -> Answer:
    """The proof that the application holds the key is asked for; what stands in it is not looked at."""
    text_of(body_of(call), "proof")
    return _removed(call, "keyCredentials")


def _removed(call: Call, name: str) -> Answer:
    found, key_id = _named(call), text_of(body_of(call), "keyId")
    rows: list[Json] = found.properties[name]
    if key_id not in [each["keyId"] for each in rows]:
        raise bad(f"No credentials found to be removed with keyId '{key_id}'.")
    return _keep(call, found, name, [each for each in rows if each["keyId"] != key_id])


def changed(call: Call) -> Answer:
    """The list of keys alone: those that are not named any more are removed, new ones are not taken."""
    found, body = _named(call), body_of(call)
    rows: list[Json] = found.properties["keyCredentials"]
    sent = body.get("keyCredentials")
    if set(body) != {"keyCredentials"} or not isinstance(sent, list):
        raise bad("Of an application only the property 'keyCredentials' is changed here.")
    wanted = [each.get("keyId") for each in sent]
    if not set(wanted) <= {each["keyId"] for each in rows}:
        raise bad("A key credential without a known keyId cannot be added here.")
    return _keep(call, found, "keyCredentials", [each for each in rows if each["keyId"] in wanted])


def _keep(call: Call, found: DirectoryObject, name: str, kept: list[Json]) -> Answer:
    rows: list[Json] = found.properties[name]
    call.state.directory.update(found, {name: kept})
    told = {"KeyDescription": (_told(rows), _told(kept))}
    activity = "Update application – Certificates and secrets management "
    call.record(activity, CATEGORY, "Update", target(found, told))
    return Answer(204)


def _told(rows: list[Json]) -> list[str]:
    return [f"[KeyIdentifier={each['keyId']},DisplayName={each['displayName']}]" for each in rows]


def deleted(call: Call) -> Answer:
    found = _named(call)
    call.state.directory.delete(found, call.state.now())
    call.record("Delete application", CATEGORY, "Delete", target(found))
    return Answer(204)


ITEM = "/applications/{object_id}"
BY_APP = "/applications(appId='{app_id}')"
ROUTES = [
    route("GET", "/applications", listed, *READERS[APPLICATION]),
    *(route("GET", each, shown, *READERS[APPLICATION]) for each in (ITEM, BY_APP)),
    route("GET", f"{ITEM}/owners", owners, *READERS[APPLICATION]),
    *(route("POST", f"{each}/removePassword", password_removed, *WRITERS) for each in (ITEM, BY_APP)),
    *(route("POST", f"{each}/removeKey", key_removed, *WRITERS) for each in (ITEM, BY_APP)),
    *(route("PATCH", each, changed, *WRITERS) for each in (ITEM, BY_APP)),
    route("DELETE", ITEM, deleted, *WRITERS),
]

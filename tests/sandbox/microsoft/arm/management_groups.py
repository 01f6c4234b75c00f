"""The tree above the subscriptions."""

from collections.abc import Iterator

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.microsoft.arm import rights, scopes
from tests.sandbox.microsoft.arm.asking import Asked, arm, listed
from tests.sandbox.microsoft.arm.azure import ManagementGroup
from tests.sandbox.microsoft.arm.refusals import missing

VERSIONS = ("2023-04-01", "2020-05-01")
READ = "Microsoft.Management/managementGroups/read"
TYPE = "Microsoft.Management/managementGroups"


def all_listed(asked: Asked) -> Answer:
    """Those that the caller may read."""
    azure, whose = asked.azure, asked.whose
    found = [each for each in azure.groups.values() if rights.may(azure, whose, READ, _id(each))]
    return listed(asked, [_shape(asked, each) for each in found])


def shown(asked: Asked) -> Answer:
    return Answer.of_json(_shape(asked, _named(asked)))


def _id(found: ManagementGroup) -> str:
    return f"{scopes.GROUPS}{found.name}"


def _shape(asked: Asked, found: ManagementGroup) -> Json:
    properties = {"tenantId": asked.call.state.tenant.id, "displayName": found.title}
    return {"id": _id(found), "type": TYPE, "name": found.name, "properties": properties}


def _named(asked: Asked) -> ManagementGroup:
    found = asked.azure.groups.get(scopes.group_name(asked.scope))
    if found is None:
        raise missing(asked.scope)
    return found


def descendants(asked: Asked) -> Answer:
    """Groups and subscriptions below, at any depth."""
    rows = list(_below(asked, _named(asked)))
    asks = asked.call.request.parameter("$top")
    return listed(asked, rows, size=int(asks) if asks.isdigit() and int(asks) else 0)


def _below(asked: Asked, found: ManagementGroup) -> Iterator[Json]:
    parent = {"id": _id(found)}
    for child in asked.azure.children(found.name):
        properties = {"displayName": child.title, "parent": parent}
        yield {"id": _id(child), "type": f"/providers/{TYPE}", "name": child.name, "properties": properties}
        yield from _below(asked, child)
    for each in asked.azure.subscriptions.values():
        if each.group == found.name:
            own_id, properties = f"/subscriptions/{each.id}", {"displayName": each.name, "parent": parent}
            yield {"id": own_id, "type": "/subscriptions", "name": each.id, "properties": properties}


GROUP = "/providers/Microsoft.Management/managementGroups/{group_name}"
ROUTES = [
    arm("GET", "/providers/Microsoft.Management/managementGroups", all_listed, "", *VERSIONS),
    arm("GET", GROUP, shown, READ, *VERSIONS),
    arm("GET", f"{GROUP}/descendants", descendants, READ, *VERSIONS),
]

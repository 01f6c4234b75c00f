"""Who holds which role where: reading, giving and taking it."""

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.microsoft.arm import scopes
from tests.sandbox.microsoft.arm.asking import Asked, arm, listed
from tests.sandbox.microsoft.arm.azure import Assignment, id_of
from tests.sandbox.microsoft.arm.filters import chosen, role_definition_id
from tests.sandbox.microsoft.arm.refusals import ArmRefusal, bad, locked
from tests.sandbox.microsoft.directory.objects import GROUP, SERVICE_PRINCIPAL, USER
from tests.sandbox.microsoft.moments import precise

VERSIONS = ("2022-04-01", "2018-09-01-preview", "2015-07-01")
ACTION = "Microsoft.Authorization/roleAssignments"
KINDS = {USER: "User", GROUP: "Group", SERVICE_PRINCIPAL: "ServicePrincipal"}


def all_listed(asked: Asked) -> Answer:
    """At the scope, above and below it; what a service provider was given is not listed."""
    holds = chosen(asked)
    held = asked.azure.assignments.values()
    rows = [_shape(asked, each) for each in held if not each.is_foreign and holds(each.scope, each.principal_id)]
    return listed(asked, rows, token="$skipToken")


def _shape(asked: Asked, found: Assignment) -> Json:
    base = "" if found.scope == scopes.ROOT else found.scope
    created = precise(found.created_at)
    return {
        "properties": {
            "roleDefinitionId": role_definition_id(asked, found.role_id),
            "principalId": found.principal_id,
            "principalType": found.kind,
            "scope": found.scope,
            "condition": found.condition,
            "conditionVersion": "2.0" if found.condition else None,
            "createdOn": created,
            "updatedOn": created,
            "createdBy": found.created_by,
            "updatedBy": found.created_by,
            "delegatedManagedIdentityResourceId": None,
            "description": found.description,
        },
        "id": f"{base}/providers/Microsoft.Authorization/roleAssignments/{found.name}",
        "type": "Microsoft.Authorization/roleAssignments",
        "name": found.name,
    }


def _id(asked: Asked) -> str:
    base = "" if asked.scope == scopes.ROOT else asked.scope
    return f"{base}/providers/Microsoft.Authorization/roleAssignments/{asked.call.parameters['name']}".lower()


def shown(asked: Asked) -> Answer:
    found = asked.azure.assignments.get(_id(asked))
    if found is None:
        raise ArmRefusal(404, "RoleAssignmentNotFound", "The role assignment is not found.")
    return Answer.of_json(_shape(asked, found))


def given(asked: Asked) -> Answer:
    """201; 200 when this one is there just so; 409 when the same is given under another name."""
    body, azure = asked.body(), asked.azure
    role_id = str(body.get("roleDefinitionId", "")).rpartition("/")[2].lower()
    principal_id = str(body.get("principalId", "")).lower()
    if not role_id or not principal_id:
        raise bad("The request is missing roleDefinitionId or principalId.", "InvalidCreateRoleAssignmentRequest")
    if role_id not in azure.roles:
        raise bad("The specified role definition does not exist.", "RoleDefinitionDoesNotExist")
    principal = asked.call.state.directory.objects.get(principal_id)
    if principal is None:
        raise bad(f"Principal {principal_id} does not exist in the directory.", "PrincipalNotFound")
    held = azure.assignments.get(_id(asked))
    wanted = (role_id, principal_id, scopes.key(asked.scope))
    same = [each for each in azure.assignments.values() if _says(each) == wanted]
    if held is not None and _says(held) != wanted:
        message = "Tenant ID, application ID, principal ID, and scope are not allowed to be updated."
        raise ArmRefusal(409, "RoleAssignmentUpdateNotPermitted", message)
    if same and held is None:
        raise ArmRefusal(409, "RoleAssignmentExists", "The role assignment already exists.")
    found = held or Assignment(
        asked.call.parameters["name"], asked.scope, role_id, principal_id, KINDS[principal.kind], asked.now
    )
    found.created_by = found.created_by or asked.call.token.principal_id
    found.condition = body.get("condition") or None
    found.description = body.get("description") or None
    azure.assignments[id_of(found)] = found
    asked.record(f"{ACTION}/write", id_of(found), ("requestbody", f'{{"PrincipalId":"{principal_id}"}}'))
    return Answer.of_json(_shape(asked, found), 201 if held is None else 200)


def _says(found: Assignment) -> tuple[str, str, str]:
    return found.role_id, found.principal_id, scopes.key(found.scope)


def taken(asked: Asked) -> Answer:
    """200 with what is gone, 204 when it was gone already. What is inherited is taken at its own scope."""
    found = asked.azure.assignments.get(_id(asked))
    if found is None:
        return Answer(204)
    holding = asked.azure.locks_on(found.scope)
    if holding:
        raise locked(found.scope, str(holding[0]["id"]))
    del asked.azure.assignments[_id(asked)]
    asked.record(f"{ACTION}/delete", _id(asked))
    return Answer.of_json(_shape(asked, found))


END = "/providers/Microsoft.Authorization/roleAssignments"
ROUTES = [
    made
    for way in ("", "/{scope*}")
    for made in (
        arm("GET", f"{way}{END}", all_listed, f"{ACTION}/read", *VERSIONS),
        arm("GET", f"{way}{END}/{{name}}", shown, f"{ACTION}/read", *VERSIONS),
        arm("PUT", f"{way}{END}/{{name}}", given, f"{ACTION}/write", *VERSIONS),
        arm("DELETE", f"{way}{END}/{{name}}", taken, f"{ACTION}/delete", *VERSIONS),
    )
]

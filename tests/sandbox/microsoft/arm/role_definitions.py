"""What roles allow; and assignments that deny."""

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.microsoft.arm.asking import Asked, arm, listed
from tests.sandbox.microsoft.arm.azure import Role
from tests.sandbox.microsoft.arm.filters import role_definition_id
from tests.sandbox.microsoft.arm.refusals import ArmRefusal

VERSIONS = ("2022-04-01", "2018-01-01-preview", "2015-07-01")


def all_listed(asked: Asked) -> Answer:
    """Those that can be assigned at the scope."""
    text = asked.call.request.parameter("$filter")
    wanted = {"type eq 'CustomRole'": False, "type eq 'BuiltInRole'": True}.get(text)
    found = [each for each in asked.azure.roles.values() if _is_for(asked, each) and wanted in (None, each.is_builtin)]
    return listed(asked, [_shape(asked, each) for each in found], size=1000)


def _is_for(asked: Asked, role: Role) -> bool:
    return any(asked.azure.is_at_or_above(each, asked.scope) for each in role.scopes)


def shown(asked: Asked) -> Answer:
    found = asked.azure.roles.get(asked.call.parameters["name"].lower())
    if found is None:
        raise ArmRefusal(404, "RoleDefinitionDoesNotExist", "The specified role definition does not exist.")
    return Answer.of_json(_shape(asked, found))


def _shape(asked: Asked, role: Role) -> Json:
    return {
        "properties": {
            "roleName": role.name,
            "type": "BuiltInRole" if role.is_builtin else "CustomRole",
            "description": f"The role {role.name}.",
            "assignableScopes": list(role.scopes),
            "permissions": [
                {
                    "actions": list(role.actions),
                    "notActions": list(role.not_actions),
                    "dataActions": [],
                    "notDataActions": [],
                }
            ],
            "createdOn": "2015-02-02T21:55:09.8806423Z",
            "updatedOn": "2021-11-11T20:13:28.6061853Z",
            "createdBy": None,
            "updatedBy": None,
        },
        "id": role_definition_id(asked, role.id),
        "type": "Microsoft.Authorization/roleDefinitions",
        "name": role.id,
    }


def denials(asked: Asked) -> Answer:
    found = [each for each in asked.azure.denials if _is_near(asked, str(each["properties"]["scope"]))]
    return listed(asked, list(found))


def _is_near(asked: Asked, scope: str) -> bool:
    azure = asked.azure
    return azure.is_at_or_above(scope, asked.scope) or azure.is_at_or_above(asked.scope, scope)


ROLES = "/providers/Microsoft.Authorization/roleDefinitions"
READ = "Microsoft.Authorization/roleDefinitions/read"
DENY = "/providers/Microsoft.Authorization/denyAssignments"
ROUTES = [
    made
    for way in ("", "/{scope*}")
    for made in (
        arm("GET", f"{way}{ROLES}", all_listed, READ, *VERSIONS),
        arm("GET", f"{way}{ROLES}/{{name}}", shown, READ, *VERSIONS),
        arm("GET", f"{way}{DENY}", denials, "Microsoft.Authorization/denyAssignments/read", *VERSIONS),
    )
]

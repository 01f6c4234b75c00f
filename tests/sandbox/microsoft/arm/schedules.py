"""Privileged Identity Management: roles that somebody may activate, and those that are active for a time."""

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.microsoft.arm import scopes
from tests.sandbox.microsoft.arm.asking import Asked, arm, listed
from tests.sandbox.microsoft.arm.azure import Scheduled
from tests.sandbox.microsoft.arm.filters import chosen, role_definition_id
from tests.sandbox.microsoft.arm.refusals import ArmRefusal, bad
from tests.sandbox.microsoft.moments import iso, precise

VERSION = "2020-10-01"
ACTIVE, ELIGIBLE = "roleAssignmentScheduleInstances", "roleEligibilityScheduleInstances"
REQUESTS = "/providers/Microsoft.Authorization/roleAssignmentScheduleRequests"


def active(asked: Asked) -> Answer:
    return _listed(asked, asked.azure.active, ACTIVE)


def eligible(asked: Asked) -> Answer:
    return _listed(asked, asked.azure.eligible, ELIGIBLE)


def _listed(asked: Asked, held: list[Scheduled], kind: str) -> Answer:
    holds = chosen(asked)
    rows = [each for each in held if holds(each.scope, each.principal_id) and not _has_ended(asked, each)]
    return listed(asked, [_shape(asked, each, kind) for each in rows])


def _has_ended(asked: Asked, found: Scheduled) -> bool:
    return found.ends_at is not None and found.ends_at <= asked.now


def _shape(asked: Asked, found: Scheduled, kind: str) -> Json:
    properties: dict[str, Json] = {
        "scope": found.scope,
        "roleDefinitionId": role_definition_id(asked, found.role_id),
        "principalId": found.principal_id,
        "principalType": found.kind,
        "status": "Provisioned",
        "startDateTime": iso(found.begins_at),
        "memberType": found.member_type,
        "createdOn": precise(found.begins_at),
    }
    if found.ends_at is not None:
        properties["endDateTime"] = iso(found.ends_at)
    if kind == ACTIVE:
        properties["assignmentType"] = found.assignment_type
    base = "" if found.scope == scopes.ROOT else found.scope
    return {
        "id": f"{base}/providers/Microsoft.Authorization/{kind}/{found.name}",
        "type": f"Microsoft.Authorization/{kind}",
        "name": found.name,
        "properties": properties,
    }


def requested(asked: Asked) -> Answer:
    """Taking a role away at once, or giving it for a time; the policy may ask why."""
    body, azure = asked.body(), asked.azure
    kind, name = body.get("requestType"), asked.call.parameters["name"]
    principal_id = str(body.get("principalId", "")).lower()
    role_id = str(body.get("roleDefinitionId", "")).rpartition("/")[2].lower()
    if kind not in ("AdminRemove", "AdminAssign") or not principal_id or role_id not in azure.roles:
        raise bad("The request type, the principal or the role is missing or not supported.", "InvalidRequest")
    if azure.needs_justification and not body.get("justification"):
        message = "The following policy rules failed: [\"JustificationRule\"]"
        raise bad(message, "RoleAssignmentRequestPolicyValidationFailed")
    if name in azure.requests:
        raise ArmRefusal(409, "RoleAssignmentRequestExists", "The role assignment request already exists.")
    held = [each for each in azure.active if _is(each, asked, principal_id, role_id) and not _has_ended(asked, each)]
    if kind == "AdminRemove" and not held:
        raise bad("The Role assignment does not exist.", "RoleAssignmentDoesNotExist")
    if kind == "AdminRemove":
        azure.active = [each for each in azure.active if each not in held]
    else:
        azure.active.append(Scheduled(azure.guid(), asked.scope, role_id, principal_id, "User", asked.now, None))
    row: dict[str, Json] = {
        "id": f"{asked.scope}{REQUESTS}/{name}",
        "type": "Microsoft.Authorization/RoleAssignmentScheduleRequests",
        "name": name,
        "properties": {
            "scope": asked.scope,
            "roleDefinitionId": role_definition_id(asked, role_id),
            "principalId": principal_id,
            "requestType": kind,
            "status": "Revoked" if kind == "AdminRemove" else "Provisioned",
            "requestorId": asked.call.token.principal_id,
            "createdOn": precise(asked.now),
        },
    }
    azure.requests[name] = row
    asked.record("Microsoft.Authorization/roleAssignmentScheduleRequests/write", str(row["id"]))
    return Answer.of_json(row, 201)


def _is(found: Scheduled, asked: Asked, principal_id: str, role_id: str) -> bool:
    wanted = (principal_id, role_id, scopes.key(asked.scope))
    return (found.principal_id, found.role_id, scopes.key(found.scope)) == wanted


def request_shown(asked: Asked) -> Answer:
    found = asked.azure.requests.get(asked.call.parameters["name"])
    if found is None:
        raise ArmRefusal(404, "RoleAssignmentRequestNotFound", "The request does not exist.")
    return Answer.of_json(found)


READ = "Microsoft.Authorization/roleAssignments/read"
WRITE = "Microsoft.Authorization/roleAssignments/write"
ROUTES = [
    made
    for way in ("", "/{scope*}")
    for made in (
        arm("GET", f"{way}/providers/Microsoft.Authorization/{ACTIVE}", active, READ, VERSION),
        arm("GET", f"{way}/providers/Microsoft.Authorization/{ELIGIBLE}", eligible, READ, VERSION),
        arm("PUT", f"{way}{REQUESTS}/{{name}}", requested, WRITE, VERSION),
        arm("GET", f"{way}{REQUESTS}/{{name}}", request_shown, READ, VERSION),
    )
]

"""Two weeks of the activity log, with the awkward records among them."""

from dataclasses import replace

from tests.sandbox import company
from tests.sandbox.microsoft.arm.azure import Azure
from tests.sandbox.microsoft.arm.events import Event
from tests.sandbox.microsoft.arm.people import PLATFORM, Caller
from tests.sandbox.microsoft.arm.seed_ids import DEVELOPMENT, PRODUCTION
from tests.sandbox.microsoft.state import State

HOUR = 3600.0
DAYS = 14
PEOPLE = ("dokafor", "asingh", "bschmidt", "rferreira")
MACHINE = "rg-shop/providers/Microsoft.Compute/virtualMachines/web-1"
STORE = "rg-shop/providers/Microsoft.Storage/storageAccounts/contososhop"
OPERATIONS = (
    ("Microsoft.Compute/virtualMachines/write", MACHINE),
    ("Microsoft.Network/networkSecurityGroups/write", "RG-Network/providers/Microsoft.Network/networkSecurityGroups/n"),
    ("Microsoft.Storage/storageAccounts/listKeys/action", STORE),
    ("Microsoft.KeyVault/vaults/write", "rg-shop/providers/Microsoft.KeyVault/vaults/kv-contoso"),
    ("Microsoft.Compute/virtualMachines/runCommand/action", MACHINE),
    ("Microsoft.Authorization/roleAssignments/write", "rg-shop/providers/Microsoft.Authorization/roleAssignments/a"),
)
AUDIT = "Microsoft.Authorization/policies/audit/action"
UNLOCK = "Microsoft.Authorization/locks/delete"
STEPS = ("Started", "Accepted", "Succeeded")


def person(state: State, handle: str) -> Caller:
    user, known = state.directory.user(handle), company.BY_HANDLE[handle]
    return Caller(str(user.properties["userPrincipalName"]), user.id, known.name, known.address)


def pipeline(state: State) -> Caller:
    """A service principal of the company's own."""
    own = (each for each in state.directory.service_principals() if _is_own(state, each.properties))
    found = next(each for each in own if each.id != state.principal.id)
    return Caller(found.id, found.id, app_id=str(found.properties["appId"]))


def _is_own(state: State, properties: dict[str, object]) -> bool:
    return properties.get("appOwnerOrganizationId") == state.tenant.id


def plant(state: State) -> None:
    azure, now = state.azure, state.now()
    callers = [*(person(state, each) for each in PEOPLE), pipeline(state), pipeline(state)]
    for hour in range(DAYS * 24, 0, -2):
        number, at = DAYS * 24 - hour, now - hour * HOUR + 600
        operation, resource = OPERATIONS[number // 2 % len(OPERATIONS)]
        subscription_id = (PRODUCTION, DEVELOPMENT)[number // 2 % 5 == 4]
        caller = callers[number // 2 % len(callers)]
        target = f"/subscriptions/{subscription_id}/{'resourcegroups' if number % 4 else 'resourceGroups'}/{resource}"
        _operation(azure, at, operation, target, caller, number)
    _awkward(state, now)


def _operation(azure: Azure, at: float, operation: str, target: str, caller: Caller, number: int) -> None:
    """Long ones leave three records. Every sixth fails, every fifth names no address, some show an hour late."""
    steps = STEPS if operation.endswith("write") else STEPS[-1:]
    address = caller.address if number % 5 else ""
    for step, status in enumerate(steps):
        if status == "Succeeded" and number % 12 == 6:
            status = "Failed"
        late = HOUR if number % 20 == 10 else 30 + 40 * (number % 5)
        _add(azure, at + 10 * step, operation, target, caller, status, address=address, late=late, of=number)


def _add(
    azure: Azure,
    at: float,
    operation: str,
    target: str,
    caller: Caller,
    status: str,
    *,
    address: str = "",
    late: float = 60.0,
    of: int = -1,
) -> Event:
    number = len(azure.events)
    subscription_id = target.split("/")[2] if target.startswith("/subscriptions/") else ""
    level = "Error" if status == "Failed" else "Informational"
    made = Event(
        number,
        at,
        at + late,
        subscription_id,
        operation,
        target,
        caller,
        status,
        of if of >= 0 else -number - 1,
        level=level,
        address=address,
    )
    azure.events.append(made)
    return made


def _awkward(state: State, now: float) -> None:
    azure, admin = state.azure, person(state, "dokafor")
    production = f"/subscriptions/{PRODUCTION}"
    health = _add(azure, now - 30 * HOUR, "Microsoft.ServiceHealth/incident/action", production, PLATFORM, "Active")
    azure.events[-1] = replace(health, category="ServiceHealth", is_bare=True, resource_id="")
    policy = _add(azure, now - 20 * HOUR, AUDIT, production, PLATFORM, "Succeeded")
    azure.events[-1] = replace(policy, category="Policy", level="Warning", is_bare=True)
    given = _add(
        azure,
        now - 10 * HOUR,
        "Microsoft.Authorization/roleAssignments/write",
        f"{production}/providers/Microsoft.Authorization/roleAssignments/5d0c1b2a-3f4e-4a5b-8c6d-7e8f9a0b1c2d",
        admin,
        "Succeeded",
        address=admin.address,
    )
    cut = '{"Id":"5d0c1b2a","Properties":{"PrincipalId":"'
    azure.events[-1] = replace(given, properties=(("requestbody", cut), ("responseBody", "")))
    _add(azure, now - 0.5 * HOUR, UNLOCK, production, admin, "Succeeded", late=HOUR)
    _add(azure, now - 89 * 24 * HOUR, "Microsoft.Insights/diagnosticSettings/delete", production, admin, "Succeeded")
    _add(azure, now - 120 * 24 * HOUR, "Microsoft.Insights/diagnosticSettings/write", production, admin, "Succeeded")
    elevated = "/providers/Microsoft.Authorization"
    _add(azure, now - 50 * HOUR, "Microsoft.Authorization/elevateAccess/action", elevated, admin, "Succeeded")
    group = "/providers/Microsoft.Management/managementGroups/sandboxes"
    _add(azure, now - 49 * HOUR, "Microsoft.Management/managementGroups/write", group, admin, "Succeeded")

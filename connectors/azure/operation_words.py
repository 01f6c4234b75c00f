"""Operations of Azure's activity log: of what sort they are, and a sentence for people."""

from connectors.base import ActivityCategory, Outcome

API_ACTIVITY, USER_ACCESS, AUTHENTICATION = 6003, 3005, 3002
"""Classes of OCSF."""

WAITING = frozenset({"started", "start", "accepted", "accept", "in progress"})
"""Statuses of an operation that goes on; in the exported form some have other names."""
OUTCOMES = {
    "succeeded": Outcome.SUCCESS, "success": Outcome.SUCCESS, "resolved": Outcome.SUCCESS,
    "failed": Outcome.FAILURE, "failure": Outcome.FAILURE,
}  # fmt: skip
ADMIN_BEGINNINGS = (
    "microsoft.authorization/", "microsoft.management/", "microsoft.subscription/", "microsoft.billing/",
    "microsoft.managedservices/", "microsoft.insights/diagnosticsettings/", "microsoft.insights/logprofiles/",
    "microsoft.insights/actiongroups/", "microsoft.insights/activitylogalerts/", "microsoft.security/",
    "microsoft.resources/subscriptions/resourcegroups/", "microsoft.keyvault/", "microsoft.policyinsights/",
    "microsoft.network/networksecuritygroups/", "microsoft.network/azurefirewalls/", "microsoft.managedidentity/",
)  # fmt: skip
ADMIN_ENDINGS = ("/listkeys/action", "/regeneratekey/action", "/runcommand/action")
"""Who may do what, who is watched, what is open to the network, keys. All else people do in their own resources."""
BY_PLATFORM = frozenset({
    "servicehealth", "resourcehealth", "alert", "autoscale", "recommendation", "policy", "security",
})  # fmt: skip
"""Categories that no caller stands behind."""

SENTENCES = {
    "microsoft.authorization/roleassignments/write": "{actor} assigned a role in Azure",
    "microsoft.authorization/roleassignments/delete": "{actor} removed a role assignment in Azure",
    "microsoft.authorization/roledefinitions/write": "{actor} changed a custom role",
    "microsoft.authorization/roledefinitions/delete": "{actor} deleted a custom role",
    "microsoft.authorization/elevateaccess/action": "{actor} took the right to manage all of Azure's subscriptions",
    "microsoft.authorization/policyassignments/write": "{actor} assigned the policy {target}",
    "microsoft.authorization/policyassignments/delete": "{actor} removed the policy {target}",
    "microsoft.authorization/locks/write": "{actor} locked {target}",
    "microsoft.authorization/locks/delete": "{actor} removed the lock {target}",
    "microsoft.compute/virtualmachines/write": "{actor} created or changed the virtual machine {target}",
    "microsoft.compute/virtualmachines/delete": "{actor} deleted the virtual machine {target}",
    "microsoft.compute/virtualmachines/runcommand/action": "{actor} ran a command in the virtual machine {target}",
    "microsoft.storage/storageaccounts/listkeys/action": "{actor} had the keys of the storage account {target} shown",
    "microsoft.storage/storageaccounts/write": "{actor} created or changed the storage account {target}",
    "microsoft.storage/storageaccounts/delete": "{actor} deleted the storage account {target}",
    "microsoft.keyvault/vaults/write": "{actor} created or changed the key vault {target}",
    "microsoft.keyvault/vaults/delete": "{actor} deleted the key vault {target}",
    "microsoft.insights/diagnosticsettings/delete": "{actor} stopped an export of logs ({target})",
    "microsoft.resources/subscriptions/resourcegroups/write": "{actor} created or changed the resource group {target}",
    "microsoft.resources/subscriptions/resourcegroups/delete": "{actor} deleted the resource group {target}",
}
FAILED, BEGUN = "{sentence}, which failed", "{sentence}, which has begun"


def outcome(status: str) -> Outcome:
    return OUTCOMES.get(status.lower(), Outcome.UNKNOWN)


def is_waiting(status: str) -> bool:
    return status.lower() in WAITING


def category(operation: str, log_category: str) -> ActivityCategory:
    name = operation.lower()
    is_admin = name.startswith(ADMIN_BEGINNINGS) or name.endswith(ADMIN_ENDINGS)
    if is_admin or log_category.lower() in BY_PLATFORM:
        return ActivityCategory.ADMIN
    return ActivityCategory.USER


def ocsf_class(operation: str) -> int:
    return USER_ACCESS if operation.lower().startswith("microsoft.authorization/role") else API_ACTIVITY


def sentence(operation: str, actor: str, target: str, status: str) -> str:
    """One line; for operations without words of their own Azure's name of it."""
    who = actor or "Azure"
    known = SENTENCES.get(operation.lower())
    said = known.format(actor=who, target=target or "a resource") if known else f"{who}: {operation}" + (
        f" ({target})" if target else ""
    )
    if outcome(status) is Outcome.FAILURE:
        return FAILED.format(sentence=said)
    return BEGUN.format(sentence=said) if is_waiting(status) else said

"""What the connection must have been given: application permissions of Microsoft Graph, and roles or rights in Azure.

Azure Resource Manager knows no application permissions: there the app's service principal is given a role, like anybody
else. The words for rights are ARM's own names of operations, as its refusals and custom roles have them.
"""

from collections.abc import Mapping

DIRECTORY = "Directory.Read.All"
"""The one permission that is documented for looking up many ids at once."""
SIGN_INS = "AuditLog.Read.All"
READER = "Reader"
"""The built-in role, best at the root management group: Monitoring Reader may read no less."""
LOG_READER = "Reader at /providers/Microsoft.Insights"
"""For what happens above all subscriptions."""

REMOVE_ROLES = "Microsoft.Authorization/roleAssignments/delete"
GIVE_ROLES = "Microsoft.Authorization/roleAssignments/write"
LOCK = "Microsoft.Authorization/locks/write"
UNLOCK = "Microsoft.Authorization/locks/delete"
CHANGE_STORAGE = "Microsoft.Storage/storageAccounts/write"
SUBSCRIBE = "Microsoft.EventGrid/eventSubscriptions/write"
UNSUBSCRIBE = "Microsoft.EventGrid/eventSubscriptions/delete"

GRAPH = (DIRECTORY, SIGN_INS)
READING = (*GRAPH, READER, LOG_READER)
ACTING = (REMOVE_ROLES, GIVE_ROLES, LOCK, UNLOCK, CHANGE_STORAGE)
PUSHING = (SUBSCRIBE, UNSUBSCRIBE)

ACT, READ_ONLY = "act", "read"
PUSH, NO_PUSH = "push", "poll"


def wanted(config: Mapping[str, str]) -> tuple[str, ...]:
    """Beyond reading, what was chosen in the form."""
    acting = ACTING if config.get("access") == ACT else ()
    return (*acting, *(PUSHING if config.get("events") == PUSH else ()))

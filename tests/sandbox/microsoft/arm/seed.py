"""Contoso's subscriptions and who holds which role in them."""

from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.arm import seed_log
from tests.sandbox.microsoft.arm.azure import Azure, ManagementGroup, Role, Scheduled, Subscription
from tests.sandbox.microsoft.arm.scopes import GROUPS
from tests.sandbox.microsoft.arm.seed_ids import (
    ACCESS_ADMINISTRATOR,
    CONTRIBUTOR,
    DEVELOPMENT,
    GOVERNANCE,
    GROUP_READER,
    OPERATOR,
    OWNER,
    PARTNER,
    PRODUCTION,
    RBAC_ADMINISTRATOR,
    READER,
    RESEARCH,
)
from tests.sandbox.microsoft.directory.objects import GROUP
from tests.sandbox.microsoft.state import State

DAY = 86_400
CONTAINERS = (("$web", "Blob"), ("exports", "Container"), ("backups", "None"))
GONE_PRINCIPAL = "e0f1a2b3-c4d5-4e6f-8a9b-0c1d2e3f4a5b"

NOT_CONTRIBUTED = (
    "Microsoft.Authorization/*/Delete",
    "Microsoft.Authorization/*/Write",
    "Microsoft.Authorization/elevateAccess/Action",
)
ROLES = (
    Role(OWNER, "Owner", ("*",)),
    Role(CONTRIBUTOR, "Contributor", ("*",), NOT_CONTRIBUTED),
    Role(READER, "Reader", ("*/read",)),
    Role(ACCESS_ADMINISTRATOR, "User Access Administrator", ("*/read", "Microsoft.Authorization/*")),
    Role(
        RBAC_ADMINISTRATOR,
        "Role Based Access Control Administrator",
        (
            "*/read",
            "Microsoft.Authorization/roleAssignments/write",
            "Microsoft.Authorization/roleAssignments/delete",
        ),
    ),
    Role(GROUP_READER, "Management Group Reader", ("Microsoft.Management/managementGroups/read",)),
)
GOVERNED = (
    "*/read",
    "Microsoft.Authorization/roleAssignments/write",
    "Microsoft.Authorization/roleAssignments/delete",
    "Microsoft.Authorization/locks/*",
    "Microsoft.Storage/storageAccounts/write",
    "Microsoft.EventGrid/eventSubscriptions/*",
)


def plant(state: State) -> None:
    azure, root = state.azure, state.tenant.id
    for group in (
        ManagementGroup(root, "Tenant Root Group", ""),
        ManagementGroup("platform", "Platform", root),
        ManagementGroup("sandboxes", "Sandboxes", "platform"),
    ):
        azure.groups[group.name] = group
    for subscription in (
        Subscription(PRODUCTION, "Contoso Production", "platform"),
        Subscription(DEVELOPMENT, "Contoso Development", "sandboxes"),
        Subscription(RESEARCH, "Contoso Research", root, state="Disabled"),
        Subscription(PARTNER, "Contoso Shop (run by Fabrikam)", "platform", managers=(azure.guid(),)),
    ):
        azure.subscriptions[subscription.id] = subscription
    azure.roles |= {each.id: each for each in ROLES}
    everywhere = (f"{GROUPS}{root}",)
    azure.roles[GOVERNANCE] = Role(GOVERNANCE, "Gatehouse Governance", GOVERNED, (), False, everywhere)
    machines = ("Microsoft.Compute/virtualMachines/*/action", "Microsoft.Compute/*/read")
    own = (f"/subscriptions/{DEVELOPMENT}",)
    azure.roles[OPERATOR] = Role(OPERATOR, "Machine Operator", machines, (), False, own)
    _resources(azure)
    _people(state)
    _others(state)
    seed_log.plant(state)


def _people(state: State) -> None:
    azure, at = state.azure, state.now() - 100 * DAY
    root = f"{GROUPS}{state.tenant.id}"
    for handle, role_id, scope in (
        ("dokafor", ACCESS_ADMINISTRATOR, "/"),
        ("dokafor", OWNER, root),
        ("mhartmann", READER, root),
        ("asingh", CONTRIBUTOR, f"/subscriptions/{PRODUCTION}"),
        ("bschmidt", OWNER, f"/subscriptions/{DEVELOPMENT}"),
        ("rferreira", OPERATOR, f"/subscriptions/{DEVELOPMENT}/resourceGroups/rg-build"),
        ("psmith", READER, f"/subscriptions/{RESEARCH}"),
        ("fab-omar", CONTRIBUTOR, f"/subscriptions/{PARTNER}"),
    ):
        azure.assign(scope, role_id, state.directory.user(handle).id, "User", at, created_by=_id(state, "dokafor"))
    made = azure.assign(f"{GROUPS}sandboxes", READER, _id(state, "rferreira"), "User", at)
    made.condition = "((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})))"
    made.description = "With a condition"
    for handle, ends in (("asingh", 8 * 3600.0), ("rferreira", None)):
        ends_at = None if ends is None else state.now() + ends
        scheduled = Scheduled(
            azure.guid(), f"/subscriptions/{PRODUCTION}", OWNER, _id(state, handle), "User", state.now() - 3600, ends_at
        )
        azure.eligible.append(scheduled)
    activated = Scheduled(
        azure.guid(),
        f"/subscriptions/{PRODUCTION}",
        OWNER,
        _id(state, "asingh"),
        "User",
        state.now() - 1800,
        state.now() + 6 * 3600,
        "Activated",
    )
    azure.active.append(activated)


def _id(state: State, handle: str) -> str:
    return state.directory.user(handle).id


def _others(state: State) -> None:
    """A group, a pipeline, the portal, somebody who was deleted, a group of elsewhere, a service provider."""
    azure, at = state.azure, state.now() - 100 * DAY
    root = f"{GROUPS}{state.tenant.id}"
    engineering = state.directory.named(GROUP, "Engineering")
    azure.assign(f"/subscriptions/{DEVELOPMENT}", CONTRIBUTOR, engineering.id, "Group", at)
    azure.assign(f"/subscriptions/{PRODUCTION}", OWNER, GONE_PRINCIPAL, "User", at, created_by="")
    azure.assign(f"/subscriptions/{PARTNER}", READER, azure.guid(), "ForeignGroup", at)
    azure.assign(f"/subscriptions/{PARTNER}", CONTRIBUTOR, azure.guid(), "Group", at, is_foreign=True)
    pipeline = seed_log.pipeline(state)
    azure.assign(f"/subscriptions/{PRODUCTION}", CONTRIBUTOR, pipeline.object_id, "ServicePrincipal", at)
    for role_id, scope in ((READER, "/"), (READER, root), (GOVERNANCE, root)):
        azure.assign(scope, role_id, state.principal.id, "ServicePrincipal", at)
    deny: dict[str, Json] = {
        "id": f"/subscriptions/{PRODUCTION}/providers/Microsoft.Authorization/denyAssignments/{azure.guid()}",
        "type": "Microsoft.Authorization/denyAssignments",
        "name": azure.guid(),
        "properties": {
            "denyAssignmentName": "Deny assignment of a managed application",
            "scope": f"/subscriptions/{PRODUCTION}/resourceGroups/rg-managed",
            "permissions": [{"actions": ["*/delete"], "notActions": [], "dataActions": [], "notDataActions": []}],
            "principals": [{"id": "00000000-0000-0000-0000-000000000000", "type": "SystemDefined"}],
            "excludePrincipals": [],
            "isSystemProtected": True,
        },
    }
    azure.denials.append(deny)


def _resources(azure: Azure) -> None:
    """Ids in the case in which the services write them, which differs."""
    for subscription_id, names in (
        (PRODUCTION, ("rg-shop", "rg-managed", "RG-Network")),
        (DEVELOPMENT, ("rg-build", "rg-ключи")),
        (RESEARCH, ("rg-paper",)),
    ):
        for name in names:
            resource_id = f"/subscriptions/{subscription_id}/resourceGroups/{name}"
            azure.resource_groups[resource_id.lower()] = {
                "id": resource_id,
                "name": name,
                "type": "Microsoft.Resources/resourceGroups",
                "location": "westeurope",
                "tags": {"Kostenstelle": "Büro 7"},
                "properties": {"provisioningState": "Succeeded"},
            }
    for group, name, is_public in (
        (f"/subscriptions/{PRODUCTION}/resourcegroups/rg-shop", "contososhop", True),
        (f"/subscriptions/{PRODUCTION}/resourceGroups/RG-Network", "contosologs", False),
        (f"/subscriptions/{DEVELOPMENT}/resourceGroups/rg-build", "contosobuilds", True),
    ):
        resource_id = f"{group}/providers/Microsoft.Storage/storageAccounts/{name}"
        azure.storage[resource_id.lower()] = {
            "id": resource_id,
            "name": name,
            "type": "Microsoft.Storage/storageAccounts",
            "location": "westeurope",
            "kind": "StorageV2",
            "sku": {"name": "Standard_LRS", "tier": "Standard"},
            "tags": {},
            "properties": {
                "allowBlobPublicAccess": is_public,
                "minimumTlsVersion": "TLS1_2",
                "publicNetworkAccess": "Enabled",
                "supportsHttpsTrafficOnly": True,
                "provisioningState": "Succeeded",
                "creationTime": "2024-03-02T10:11:12.1234567Z",
                "primaryEndpoints": {"blob": f"https://{name}.blob.core.windows.net/"},
            },
        }
        for title, access in CONTAINERS:
            container_id = f"{resource_id}/blobServices/default/containers/{title}"
            azure.containers[container_id.lower()] = {
                "id": container_id,
                "name": title,
                "type": "Microsoft.Storage/storageAccounts/blobServices/containers",
                "etag": '"0x8DD0F1E2D3C4B5A"',
                "properties": {
                    "publicAccess": access,
                    "leaseStatus": "Unlocked",
                    "leaseState": "Available",
                    "hasImmutabilityPolicy": False,
                    "hasLegalHold": False,
                    "lastModifiedTime": "2025-06-11T08:09:10.0000000Z",
                },
            }

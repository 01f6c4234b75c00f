"""A connected tenant in front of a vendor that says what a test tells it to."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from connectors.azure import connector
from connectors.base import Client, Feed, MemorySecrets, Network, Page, Record
from tests.connectors.base.vendor import Clock, Says, Seen, Vendor, says

TENANT, APP = "11111111-aaaa-4aaa-8aaa-000000000001", "22222222-bbbb-4bbb-8bbb-000000000002"
CLIENT_SECRET = "cs-S3CRET-of-the-app-0001"
ONE, TWO = "aaaaaaaa-0000-4000-8000-000000000001", "aaaaaaaa-0000-4000-8000-000000000002"
ADA, BO, GROUP = (f"bbbbbbbb-0000-4000-8000-00000000000{number}" for number in (1, 2, 3))
OWNER_ID, READER_ID = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "acdd72a7-3385-48ef-bd42-f606fba81ae7"
GRAPH = "graph.microsoft.com"
TOKEN = f"/{TENANT}/oauth2/v2.0/token"
ROLES = "/providers/Microsoft.Authorization"
LOG = "/providers/Microsoft.Insights/eventtypes/management/values"

Json = dict[str, Any]
Answers = Json | Says | Callable[[Seen], Json | Says]


@dataclass
class Talk:
    """`says[method, path]` is answered to calls of that path, all else with an empty list or 404."""

    vendor: Vendor
    clock: Clock = field(default_factory=Clock)
    says: dict[tuple[str, str], Answers] = field(default_factory=dict)
    secrets: MemorySecrets = field(
        default_factory=lambda: MemorySecrets({"client_secret": CLIENT_SECRET}, signed_in())
    )

    def __post_init__(self) -> None:
        self.vendor.answer = self.answer
        self.says["GET", "/subscriptions"] = listed(subscription(ONE, "Production"), subscription(TWO, "Lab"))
        tenant = {"id": f"/tenants/{TENANT}", "tenantId": TENANT, "displayName": "Contoso"}
        self.says["GET", "/tenants"] = listed(tenant)
        self.says["GET", "/providers/Microsoft.Management/managementGroups"] = listed(
            {"id": "/providers/Microsoft.Management/managementGroups/root", "name": "root"}
        )
        self.says["POST", "/v1.0/directoryObjects/getByIds"] = listed()
        self.says["POST", TOKEN] = {"access_token": "at-S3CRET-new", "expires_in": 3599, "token_type": "Bearer"}

    def answer(self, seen: Seen) -> Says:
        said = self.says.get((seen.method, seen.path))
        if said is None:
            return says(listed()) if seen.method == "GET" and is_list(seen.path) else refused(404, "NotFound")
        found = said(seen) if callable(said) else said
        return found if isinstance(found, Says) else says(found)

    def client(self, method_id: str = "client_secret", **config: str) -> Client:
        known = {"client_id": APP, "tenant_id": TENANT, **config}
        network = Network({host: self.vendor.base_url for host in connector.hosts(known)})
        return Client(
            connector, connector.method(method_id), config=known, secrets=self.secrets, network=network, now=self.clock
        )

    def pages(self, feed: str, partition: str = "", cursor: Any = None) -> list[Page]:
        return list(connector.feed(feed).pages(self.client(), cursor, partition))

    def records(self, feed: str, partition: str = "") -> list[Record]:
        return [each for page in self.pages(feed, partition) for each in page.records]

    def asked(self, path: str) -> list[Seen]:
        return [each for each in self.vendor.seen if each.path == path]

    def feed(self, name: str) -> Feed:
        return connector.feed(name)


LISTS = (
    "roleAssignments", "denyAssignments", "roleDefinitions", "roleEligibilityScheduleInstances", "locks",
    "roleAssignmentScheduleInstances", "resourceGroups", "storageAccounts", "containers", "values", "signIns",
    "transitiveMembers", "members", "servicePrincipals",
)  # fmt: skip


def is_list(path: str) -> bool:
    return path.rpartition("/")[2] in LISTS


def listed(*rows: Json, next_link: str = "") -> Json:
    return {"value": list(rows), **({"nextLink": next_link} if next_link else {})}


def refused(status: int, code: str, message: str = "No.", **headers: str) -> Says:
    return says({"error": {"code": code, "message": message}}, status, **headers)


def signed_in() -> dict[str, Any]:
    """The tokens document with a token for each API that lasts."""
    token: Json = {"value": "at-S3CRET-1", "renew_at": None, "scopes": [], "kind": "Bearer", "proof_key": ""}
    hosts = ("https://management.azure.com/.default", f"https://{GRAPH}/.default")
    return {"access": {host: {**token, "value": f"at-S3CRET-{number}"} for number, host in enumerate(hosts)}}


def subscription(number: str, name: str, state: str = "Enabled") -> Json:
    return {
        "id": f"/subscriptions/{number}", "subscriptionId": number, "displayName": name, "state": state,
        "tenantId": TENANT,
    }  # fmt: skip


def assignment(scope: str, holder: str, role: str = OWNER_ID, name: str = "", **more: Any) -> Json:
    """At a scope, '/' for the root."""
    name = name or f"{len(scope):08d}-0000-4000-8000-{holder[-12:]}"
    below = "" if scope == "/" else scope
    return {
        "id": f"{below}{ROLES}/roleAssignments/{name}",
        "name": name,
        "properties": {
            "scope": scope, "principalId": holder, "principalType": "User",
            "roleDefinitionId": f"/subscriptions/{ONE}{ROLES}/roleDefinitions/{role}", **more,
        },
    }  # fmt: skip


def definition(guid: str, name: str, *actions: str, sort: str = "BuiltInRole") -> Json:
    permissions = [{"actions": list(actions), "notActions": [], "dataActions": [], "notDataActions": []}]
    return {
        "id": f"/subscriptions/{ONE}{ROLES}/roleDefinitions/{guid}",
        "name": guid,
        "properties": {"roleName": name, "type": sort, "permissions": permissions, "assignableScopes": ["/"]},
    }


DEFINITIONS = (definition(OWNER_ID, "Owner", "*"), definition(READER_ID, "Reader", "*/read"))


def person(number: str, name: str, **more: Any) -> Json:
    return {
        "@odata.type": "#microsoft.graph.user", "id": number, "displayName": name,
        "userPrincipalName": f"{name.split()[0].lower()}@contoso.example", **more,
    }  # fmt: skip


def event(number: int, at: datetime, status: str = "Succeeded", **more: Any) -> Json:
    """An event of the activity log; those of the same number belong to the same operation."""
    path = f"/subscriptions/{ONE}/resourceGroups/web/providers/Microsoft.Compute/virtualMachines/vm{number}"
    name = f"{status}-{number}"
    return {
        "eventDataId": name,
        "id": f"{path}/events/{name}/ticks/1",
        "eventTimestamp": written(at),
        "submissionTimestamp": written(at + timedelta(minutes=1)),
        "correlationId": f"operation-{number}",
        "operationName": {"value": "Microsoft.Compute/virtualMachines/write", "localizedValue": ""},
        "category": {"value": "Administrative"},
        "status": {"value": status},
        "caller": "ada@contoso.example",
        "claims": {"http://schemas.microsoft.com/identity/claims/objectidentifier": ADA, "ipaddr": "198.51.100.7"},
        "resourceId": path,
        "subscriptionId": ONE,
        **more,
    }


def written(moment: datetime) -> str:
    """With Azure's seven digits."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f0Z")


def ids_of(records: Iterable[Record]) -> list[str]:
    return [each.id for each in records]

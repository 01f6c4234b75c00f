"""Azure's bench: Contoso's subscriptions, connected by an app with a secret that holds all the roles it asks for."""

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from connectors.base import Account, File, Group, MemorySecrets, entra
from connectors.base.secret_store import SecretDocument
from tests.connectors.conformance import azure_recorded, bench
from tests.connectors.conformance.bench import Trial
from tests.connectors.corpus import Recording, Refused
from tests.sandbox.exchange import Answer, Exchange, Json
from tests.sandbox.microsoft import Microsoft
from tests.sandbox.microsoft.arm import scopes
from tests.sandbox.microsoft.arm.azure import Azure, Role
from tests.sandbox.microsoft.arm.people import Caller
from tests.sandbox.microsoft.arm.seed_ids import DEVELOPMENT, OWNER, PRODUCTION
from tests.sandbox.microsoft.limits import Limit
from tests.sandbox.microsoft.login.consenting import consent
from tests.sandbox.microsoft.login.issuing import issue_token
from tests.sandbox.microsoft.moments import iso
from tests.sandbox.microsoft.seed import CLIENT_ID, TENANT_ID
from tests.sandbox.microsoft.seed_apps import CLIENT_SECRET
from tests.sandbox.microsoft.seed_people import user_id
from tests.sandbox.microsoft.state import State
from tests.sandbox.microsoft.tenant import RESOURCE_MANAGER

ARM, GRAPH = "management.azure.com", "graph.microsoft.com"
ENDLESS = 1_000_000
HOUR, DAY = 3600.0, 86_400.0
WITH_ROLES, ACTIVATED, CONDITIONAL = (user_id(each) for each in ("C1012", "C1003", "C1020"))
SHOP = f"/subscriptions/{PRODUCTION}/resourcegroups/rg-shop"
STORE = f"{SHOP}/providers/microsoft.storage/storageaccounts/contososhop"
TEAM = "Engineering"


def tokens(state: State) -> SecretDocument:
    """The tokens document after the first call of each API."""
    values = {host: issue_token(state, f"https://{host}") for host in (ARM, GRAPH)}
    return {"access": {entra.audience(host): _token(state, value) for host, value in values.items()}}


def _token(state: State, value: str) -> Json:
    scopes = sorted(state.login.tokens[value].roles)
    return {"value": value, "renew_at": None, "scopes": scopes, "kind": "Bearer", "proof_key": ""}


class Bench(bench.Bench):
    """Two subscriptions are kept: the others are read in the same way. The vendor's descriptions are files of one part
    each, with scopes of one step: tests/connectors/azure/test_descriptions.py holds the calls against them."""

    connector_id = "azure"
    method_id = "client_secret"
    closable = frozenset({"/providers/Microsoft.Management/managementGroups"})
    unhurried = frozenset({"/v1.0/auditLogs/signIns"})
    trials: ClassVar[tuple[Trial, ...]] = (
        Trial("remove_roles", Account, WITH_ROLES),
        Trial("remove_roles", Account, CONDITIONAL, {"scope": SHOP}, is_struck=False),
        Trial("end_activations", Account, ACTIVATED, is_undone=False),
        Trial("remove_group_roles", Group, user_id(f"group {TEAM}"), is_struck=False),
        Trial("lock_resource_group", File, SHOP, {"level": "ReadOnly"}),
        Trial("close_storage_account", File, STORE),
    )

    @property
    def simulator(self) -> Microsoft:
        return self.sandbox.microsoft

    @property
    def held(self) -> State:
        return self.sandbox.microsoft.state

    @property
    def azure(self) -> Azure:
        return self.held.azure

    def only_reads(self, call: Exchange) -> bool:
        return call.method == "GET" or call.path.endswith(("/oauth2/v2.0/token", "/getByIds"))

    def connect(self) -> tuple[dict[str, str], MemorySecrets]:
        consent(self.held)
        # Time stands still here, and so would the limits.
        self.held.limits = {name: Limit(ENDLESS, each.seconds) for name, each in self.held.limits.items()}
        self.azure.reads = self.azure.writes = ENDLESS
        self._keep_subscriptions()
        self._stock()
        config = {"tenant_id": TENANT_ID, "client_id": CLIENT_ID, "access": "act", "events": "push"}
        return config, MemorySecrets({"client_secret": CLIENT_SECRET}, tokens(self.held))

    def _keep_subscriptions(self) -> None:
        azure, kept = self.azure, ("", PRODUCTION, DEVELOPMENT)
        azure.subscriptions = {name: each for name, each in azure.subscriptions.items() if name in kept}
        azure.assignments = {
            name: each for name, each in azure.assignments.items() if scopes.subscription_id(each.scope) in kept
        }
        azure.events = [each for each in azure.events if each.subscription_id in kept]

    def _stock(self) -> None:
        """What trials are about, and sign-ins to Azure."""
        azure, now = self.azure, self.held.now()
        azure.assign(f"/subscriptions/{DEVELOPMENT}", OWNER, WITH_ROLES, "User", now - DAY)
        conditional = azure.assign(SHOP, OWNER, CONDITIONAL, "User", now - DAY)
        conditional.condition = "((@Resource[Microsoft.Storage/storageAccounts:name] StringEquals 'x'))"
        for number in range(3):
            at = now - number * DAY - HOUR
            self.held.audits.sign_ins.append((at, self._sign_in(f"azure-sign-in-{number}", at)))

    def _sign_in(self, number: str, at: float) -> Json:
        return {
            "id": number, "createdDateTime": iso(at), "userId": WITH_ROLES, "userDisplayName": "Somebody",
            "userPrincipalName": "somebody@contoso.example", "appDisplayName": "Azure Portal", "appId": "c44b4083",
            "ipAddress": "203.0.113.9", "resourceId": RESOURCE_MANAGER, "status": {"errorCode": 0},
            "resourceDisplayName": "Windows Azure Service Management API",
        }  # fmt: skip

    def forbidden(self) -> Answer:
        message = "The client does not have authorization to perform action 'x/read' over scope '/' or it is invalid."
        return Answer.of_json({"error": {"code": "AuthorizationFailed", "message": message}}, 403)

    def grow(self) -> None:
        """Few rows to a page."""
        self.azure.list_size = 2
        self.held.largest_page = 2

    def shorten(self) -> None:
        azure = self.azure
        azure.events = [*azure.events[-6:], *(each for each in azure.events if not each.subscription_id)]
        self.held.audits.sign_ins = self.held.audits.sign_ins[-2:]

    def plant(self, text: str) -> None:
        azure, now = self.azure, self.held.now()
        role = f"f0000000-0000-4000-8000-{len(azure.roles):012d}"
        azure.roles[role] = Role(role, text, ("*/read",), is_builtin=False)
        azure.assign(SHOP, role, WITH_ROLES, "User", now - DAY)
        azure.assign("/", role, WITH_ROLES, "User", now - DAY)
        user = self.held.directory.objects[WITH_ROLES]
        user.properties |= {"displayName": text}
        caller = Caller("somebody@contoso.example", WITH_ROLES, text, "203.0.113.9")
        azure.record(caller, "Microsoft.Compute/virtualMachines/write", SHOP, now - HOUR)
        azure.record(caller, "Microsoft.Authorization/elevateAccess/action", "/", now - HOUR)
        at = now - 2 * HOUR
        odd = {**self._sign_in(f"odd-{len(self.held.audits.sign_ins)}", at), "userDisplayName": text}
        self.held.audits.sign_ins.append((at, odd))
        azure.resource_groups[SHOP] |= {"name": text}

    def state(self) -> Json:
        """Who holds which role where, what is locked and what is open. Who gave it and when does not count."""
        azure = self.azure
        held = sorted(
            str([each.scope.lower(), each.role_id, each.principal_id, each.condition, each.description])
            for each in azure.assignments.values()
        )
        active = sorted(each.name for each in azure.active)
        storage = {name: row["properties"]["allowBlobPublicAccess"] for name, row in azure.storage.items()}
        return [held, active, sorted(azure.locks), str(storage), sorted(azure.grid)]

    def recordings(self, folder: Path) -> Iterable[Recording]:
        return azure_recorded.recordings(folder)

    def refusals(self, folder: Path) -> Iterable[Refused]:
        return azure_recorded.refusals(folder)

    def settle(self, trial: Trial) -> None:
        """Nobody has to do anything."""

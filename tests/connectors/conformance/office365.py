"""Office 365's bench: Contoso's tenant, connected by an app with a secret that was granted all it asks for."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from connectors.base import Account, Credential, Feed, Grant, MemorySecrets, OAuthApp, certificates, entra
from connectors.base.secret_store import SecretDocument
from connectors.office365.methods import BY_MADE_CERTIFICATE
from tests.connectors.conformance import bench, office365_files, office365_recorded
from tests.connectors.conformance.bench import Trial
from tests.connectors.corpus import Recording, Refused
from tests.sandbox.exchange import Answer, Exchange, Json
from tests.sandbox.microsoft import Microsoft
from tests.sandbox.microsoft.activity_feed.feed import CONTENT_TYPES, DAY, Subscription
from tests.sandbox.microsoft.directory.objects import APPLICATION, SERVICE_PRINCIPAL, DirectoryObject
from tests.sandbox.microsoft.limits import Limit
from tests.sandbox.microsoft.login.certificates import register
from tests.sandbox.microsoft.login.consenting import consent
from tests.sandbox.microsoft.login.issuing import issue_token
from tests.sandbox.microsoft.permissions import role_id
from tests.sandbox.microsoft.seed import CLIENT_ID, TENANT_ID
from tests.sandbox.microsoft.seed_apps import CLIENT_SECRET
from tests.sandbox.microsoft.seed_people import user_id
from tests.sandbox.microsoft.state import State
from tests.sandbox.microsoft.tenant import GRAPH

GRAPH_HOST, ACTIVITY_HOST = "graph.microsoft.com", "manage.office.com"
SHAREPOINT_HOSTS = ("contoso.sharepoint.com", "contoso-my.sharepoint.com")
VALID_FROM = "signInSessionsValidFromDateTime"
ENDLESS = 1_000_000
KEPT_ENTRIES, KEPT_BLOBS = 5, 2
MINUTE = 60
MEMBER, GUEST, PLAIN, IN_GROUPS, ADMIN, SUSPENDED = (
    user_id(each) for each in ("C1023", "X2002", "C1020", "C1021", "C1012", "C1032")
)
KEPT_PEOPLE = frozenset({MEMBER, GUEST, PLAIN, IN_GROUPS, ADMIN, SUSPENDED, user_id("C1001"), user_id("C1028"),
                         user_id("C1003")})  # fmt: skip
KEPT_GROUPS = ("All Company", "People staff", "All members", "Office staff", "Tier 0 administrators")
KEPT_APPS = (
    "Microsoft Graph", "Microsoft Internal Service 001", "Calendar Companion", "Mail Merge Assistant", "Chart Maker",
    "Backup for Microsoft 365", "Contoso Identity Automation", "Contoso HR Sync", "Gatehouse",
)  # fmt: skip
FOR_ALL, BANNED, SERVING = (
    user_id(f"service principal {name}") for name in ("Calendar Companion", "Chart Maker", "Backup for Microsoft 365")
)
GRANT, APP_ROLE = "trial-grant", "5b6f0f2e-2b4c-4a9e-8f6d-0c6a4f1f9d11"
SECRET = f"{user_id('application Contoso HR Sync')}/{user_id('secret 1')}"
CERTIFICATE = f"{user_id('application Contoso HR Sync')}/{user_id('key 1')}"


def tokens(state: State, *roles: str) -> SecretDocument:
    """The tokens document after the first call of Graph; `roles` in place of those that were granted."""
    value = issue_token(state, roles=roles or None)
    granted = sorted(state.login.tokens[value].roles)
    renew_at = datetime.fromtimestamp(state.now() + 55 * MINUTE, UTC).isoformat()
    token: Json = {"value": value, "renew_at": renew_at, "scopes": granted, "kind": "Bearer", "proof_key": ""}
    activity = {**token, "value": issue_token(state, f"https://{ACTIVITY_HOST}"), "scopes": ["ActivityFeed.Read"]}
    return {"access": {entra.audience(GRAPH_HOST): token, entra.audience(ACTIVITY_HOST): activity}}


class Bench(bench.Bench):
    connector_id = "office365"
    method_id = "client_secret"
    descriptions = ("graph-v1-from-csdl.json",)
    wordless = frozenset({"grants"})
    unhurried = frozenset({"/v1.0/auditLogs/signIns"})
    ends_by_being_told = False
    unavailable = frozenset({"trash", "restore_file", "quarantine_trashed_file"})
    trials: ClassVar[tuple[Trial, ...]] = (
        Trial("require_sign_in", Account, MEMBER, is_undone=False),
        Trial("suspend_account", Account, MEMBER),
        Trial("unsuspend_account", Account, SUSPENDED),
        Trial("confirm_compromised", Account, PLAIN),
        Trial("expire_password", Account, PLAIN, is_undone=False),
        Trial("reset_password", Account, PLAIN, is_undone=False),
        Trial("remove_from_groups", Account, IN_GROUPS),
        Trial("remove_from_groups", Account, IN_GROUPS, {"group": "People staff"}, is_struck=False),
        Trial("revoke_admin", Account, ADMIN),
        Trial("revoke_app", OAuthApp, FOR_ALL),
        Trial("ban_app", OAuthApp, SERVING),
        Trial("unban_app", OAuthApp, BANNED, is_struck=False),
        Trial("revoke_grant", Grant, GRANT),
        Trial("drop_scope", Grant, GRANT, {"scope": "Mail.Send"}),
        Trial("remove_app_permission", Grant, APP_ROLE),
        Trial("remove_secret", Credential, SECRET, is_undone=False),
        *office365_files.trials(),
    )

    @property
    def simulator(self) -> Microsoft:
        return self.sandbox.microsoft

    @property
    def held(self) -> State:
        return self.sandbox.microsoft.state

    @property
    def feeds(self) -> tuple[Feed, ...]:
        """Of all components: this tenant has them all switched on."""
        return tuple(feed for feed in self.connector.feeds if feed.name not in self.unavailable)

    def feeds_of(self, action: str) -> tuple[Feed, ...]:
        return self.feeds

    def only_reads(self, call: Exchange) -> bool:
        """A download begins with an address that is made for it."""
        makes_address = call.path.endswith("/content")
        return (call.method == "GET" and not makes_address) or call.path.endswith("/oauth2/v2.0/token")

    def connect(self) -> tuple[dict[str, str], MemorySecrets]:
        consent(self.held)
        self._stock()
        self._keep_logs()
        office365_files.keep_few(self.held.files)
        # Time stands still here, and so would the limits.
        self.held.limits = {name: Limit(ENDLESS, each.seconds) for name, each in self.held.limits.items()}
        self.held.files.units.a_minute = ENDLESS
        self.held.files.copy_polls = 0
        config = {"tenant_id": TENANT_ID, "client_id": CLIENT_ID, "cloud": "global", "access": "act"}
        config["quarantine_site"] = office365_files.COPIES
        return config, MemorySecrets({"client_secret": CLIENT_SECRET}, tokens(self.held))

    def forbidden(self) -> Answer:
        error = {"code": "Authorization_RequestDenied", "message": "Insufficient privileges to complete the operation."}
        return Answer.of_json({"error": error}, 403)

    def _stock(self) -> None:
        """What trials are about: a grant and a permission with ids of their own, an app that is banned."""
        directory, graph = self.held.directory, self._named("Microsoft Graph")
        directory.grants[GRANT] = {
            "id": GRANT, "clientId": self._named("Mail Merge Assistant").id, "consentType": "Principal",
            "principalId": MEMBER, "resourceId": graph.id, "scope": " Mail.ReadWrite Mail.Send offline_access",
        }  # fmt: skip
        backup = self._named("Backup for Microsoft 365")
        directory.app_roles[APP_ROLE] = {
            "id": APP_ROLE, "appRoleId": role_id(GRAPH, "Sites.Read.All"), "createdDateTime": "2026-01-02T03:04:05Z",
            "deletedDateTime": None, "principalDisplayName": backup.name, "principalId": backup.id,
            "principalType": "ServicePrincipal", "resourceDisplayName": graph.name, "resourceId": graph.id,
        }  # fmt: skip
        self._named("Chart Maker").properties["accountEnabled"] = False

    def _keep_logs(self) -> None:
        """A few entries of each log, of the last hours: windows without any are read just so. All content types are
        on."""
        held = self.held
        held.audits.audits = held.audits.audits[-KEPT_ENTRIES:]
        held.audits.sign_ins = held.audits.sign_ins[-KEPT_ENTRIES:]
        for content_type in CONTENT_TYPES:
            held.feed.keep(content_type, KEPT_BLOBS)
            held.feed.subscriptions[content_type] = Subscription(content_type, held.now() - 8 * DAY)

    def _named(self, name: str) -> DirectoryObject:
        return self.held.directory.named(SERVICE_PRINCIPAL, name)

    def grow(self) -> None:
        """The seed fills several pages of few rows."""
        self.held.largest_page = self.held.delta_page = 2
        self.held.feed.blobs_per_page = 1
        self.held.files.largest_page = 1
        for name in [each.name for each in self.held.directory.service_principals()]:
            if name not in KEPT_APPS:
                self._drop(self._named(name))

    def shorten(self) -> None:
        directory = self.held.directory
        for person in directory.users():
            if person.id not in KEPT_PEOPLE:
                self._drop(person)
        for group in directory.groups():
            if group.name not in KEPT_GROUPS:
                self._drop(group)
        for app in directory.service_principals():
            if app.name not in KEPT_APPS:
                self._drop(app)
        directory.changes.all.clear()
        office365_files.shorten(self.held)

    def _drop(self, found: DirectoryObject) -> None:
        """With all that is about it."""
        directory = self.held.directory
        directory.delete(found, self.held.now())
        directory.purge(found)
        directory.members.pop(found.id, None)
        rows = (directory.grants, directory.app_roles, directory.role_assignments, directory.eligibilities)
        for table in rows:
            for key in [key for key, row in table.items() if found.id in row.values()]:
                del table[key]

    def plant(self, text: str) -> None:
        directory = self.held.directory
        for each in directory.users()[:2]:
            each.properties |= {"displayName": text, "jobTitle": text}
        directory.groups()[0].properties |= {"displayName": text, "description": text}
        directory.objects[FOR_ALL].properties |= {"displayName": text, "publisherName": text}
        application = directory.objects[SECRET.partition("/")[0]]
        application.properties["displayName"] = text
        application.properties["passwordCredentials"][0]["displayName"] = text
        for _, entry in (*self.held.audits.audits, *self.held.audits.sign_ins):
            entry |= {"activityDisplayName": text, "appDisplayName": text, "userAgent": text}
        for content_type in CONTENT_TYPES:
            self.held.feed.put(content_type, [_hostile(text, content_type)], self.held.now() - MINUTE)
        office365_files.plant(self.held.files, text)
        directory.objects[user_id("service principal Contoso Identity Automation")].properties["displayName"] = text

    def state(self) -> Json:
        """People, groups, roles, apps and what they were granted. Ids that are given anew do not count, nor does by
        what a risk was dismissed."""
        held, directory = self.held, self.held.directory
        kept = ("accountEnabled", VALID_FROM, "lastPasswordChangeDateTime", "passwordProfile")
        people = {each.id: {name: each.properties.get(name) for name in kept} for each in directory.users()}
        members = {each: sorted(found) for each, found in directory.members.items()}
        roles = sorted(str(_without_id(each)) for each in directory.role_assignments.values())
        scoped = ({**each, "scope": each["scope"].split()} for each in directory.grants.values())
        grants = sorted(str(_without_id(each)) for each in scoped)
        app_roles = sorted(
            str([each[name] for name in ("principalId", "resourceId", "appRoleId")])
            for each in directory.app_roles.values()
        )
        apps = {each.id: each.properties["accountEnabled"] for each in directory.service_principals()}
        secrets = {each.id: each.properties["passwordCredentials"] for each in directory.of_kind(APPLICATION)}
        risks = sorted(each for each, risk in held.risks.items() if risk.state == "confirmedCompromised")
        found = (people, members, roles, grants, app_roles, apps, secrets, risks)
        return [*(str(each) for each in found), *office365_files.state_of(held.files), *sorted(self.store.kept)]

    def recordings(self, folder: Path) -> Iterable[Recording]:
        return office365_recorded.recordings(folder)

    def refusals(self, folder: Path) -> Iterable[Refused]:
        return office365_recorded.refusals(folder)

    def settle(self, trial: Trial) -> None:
        """Whose sessions were ended signs in again: since when they count means nothing more."""
        people = self.held.directory.objects
        people[MEMBER].properties[VALID_FROM] = people[GUEST].properties[VALID_FROM]


class Certified(Bench):
    """By a certificate, to which SharePoint opens its recycle bins. What is in those their own tests read."""

    method_id = BY_MADE_CERTIFICATE
    like = Bench
    unavailable = frozenset()
    trials: ClassVar[tuple[Trial, ...]] = office365_files.trash_trials()

    @property
    def feeds(self) -> tuple[Feed, ...]:
        return tuple(feed for feed in super().feeds if feed.name != "trash")

    def feeds_of(self, action: str) -> tuple[Feed, ...]:
        return tuple(self.connector.feed(name) for name in ("files", "trash"))

    def connect(self) -> tuple[dict[str, str], MemorySecrets]:
        config, secrets = super().connect()
        pair = certificates.new_pair(self.now())
        register(self.held, self.held.directory.named(APPLICATION, "Gatehouse"), certificates.public_part(pair).pem)
        access = secrets.read()["tokens"]["access"]
        for host in SHAREPOINT_HOSTS:
            token = issue_token(self.held, f"https://{host}", is_by_certificate=True)
            graph = access[entra.audience(GRAPH_HOST)]
            access[entra.audience(host)] = {**graph, "value": token, "scopes": ["Sites.FullControl.All"]}
        return config, MemorySecrets({"key_pair": pair}, {"access": access})


BENCHES = (Bench, Certified)


def _hostile(text: str, content_type: str) -> Json:
    told = dict.fromkeys(("Operation", "Workload", "UserId", "ObjectId", "ClientIP", "UserAgent", "TeamName"), text)
    return {"Id": f"hostile {content_type}", "CreationTime": "2026-01-02T03:04:05", "RecordType": 25, **told}


def _without_id(row: Json) -> Json:
    return {name: value for name, value in row.items() if name != "id"}

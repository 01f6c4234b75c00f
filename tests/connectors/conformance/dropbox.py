"""Dropbox's bench: Contoso's team, connected by a service account that is a team admin."""

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from connectors.base import Account, Grant, MemorySecrets
from connectors.base.secret_store import SecretDocument
from tests.connectors.conformance import bench, dropbox_recorded
from tests.connectors.conformance.bench import Trial
from tests.connectors.corpus import Recording, Refused
from tests.sandbox.dropbox import ADMIN, APP_KEY, APP_SECRET, events, idents
from tests.sandbox.dropbox.namespace import Namespace
from tests.sandbox.dropbox.people import Group
from tests.sandbox.dropbox.planting import plant_file
from tests.sandbox.dropbox.refusal import Forbidden
from tests.sandbox.dropbox.state import State
from tests.sandbox.dropbox.tokens import AccessToken
from tests.sandbox.dropbox.unions import nested, tagged
from tests.sandbox.exchange import Answer, Exchange, Json

CHANGING = ("suspend", "unsuspend", "set_admin_permissions_v2", "revoke", "revoke_linked_app",
            "revoke_device_session_batch", "oauth2/token")  # fmt: skip
"""Ends of the paths of calls that change something."""
KEPT_EVENTS = 12
DAY = 86_400.0
MEMBER, SIGNED_OUT, SUSPENDED, SUPPORT = (
    idents.member_id(handle) for handle in ("rferreira", "wjones", "psmith2", "psmith")
)
FOLDERS = ("Deals 2026", "Projects", "Fabrikam delivery", "Photo Backup")
KEPT_FILES = ("/passwords.csv", "/data.json", "/keys", "/keys/id_rsa", "/secret plan.txt")
LINK = f"{idents.app_id('Zapier')}/{MEMBER}"


def tokens(token: AccessToken) -> SecretDocument:
    """The tokens document after consent."""
    access: Json = {
        "value": token.text, "renew_at": None, "scopes": list(token.grant.scopes), "kind": "Bearer", "proof_key": "",
    }  # fmt: skip
    return {"refresh_token": token.grant.refresh_token, "access": {"": access}}


class Bench(bench.Bench):
    connector_id = "dropbox"
    method_id = "team_admin"
    trials: ClassVar[tuple[Trial, ...]] = (
        Trial("suspend_account", Account, SIGNED_OUT),
        Trial("unsuspend_account", Account, SUSPENDED, is_struck=False),
        Trial("end_sessions", Account, MEMBER, is_undone=False),
        Trial("revoke_admin", Account, SUPPORT),
        Trial("revoke_app", Grant, LINK, is_undone=False),
    )

    @property
    def held(self) -> State:
        return self.sandbox.dropbox.state

    def only_reads(self, call: Exchange) -> bool:
        """Dropbox's calls are all POST."""
        return not call.path.endswith(CHANGING)

    def connect(self) -> tuple[dict[str, str], MemorySecrets]:
        asked = self.connector.method(self.method_id).scopes
        token = self.held.add_token(self.held.issue_grant(ADMIN, asked))
        token.expires_at += 400 * DAY
        self._keep_namespaces()
        return {"client_id": APP_KEY}, MemorySecrets({"client_secret": APP_SECRET}, tokens(token))

    def forbidden(self) -> Answer:
        return Forbidden(tagged("team_access_denied")).answer("")

    def _keep_namespaces(self) -> None:
        """Of each sort one: the others are there, and not listed."""
        homes = {self.held.members[each].home_id for each in (SIGNED_OUT, SUSPENDED)}
        for each in self.held.namespaces.values():
            each.status = "active" if each.id in homes or each.name in FOLDERS else "archived"

    def grow(self) -> None:
        """The seed fills several pages of four rows, but of the smallest namespaces."""
        self.held.largest_page = 4
        del self.held.log.entries[40:]
        for namespace in self.held.namespaces.values():
            if namespace.status == "active" and len(namespace.entries) < 9:
                for number in range(9):
                    plant_file(self.held, namespace, f"/Grown {number}.txt", b"x", self.held.clock.now())

    def shorten(self) -> None:
        """One or two of each sort."""
        state = self.held
        for group_id in list(state.groups)[2:]:
            del state.groups[group_id]
        del state.log.entries[KEPT_EVENTS:]
        for namespace in state.namespaces.values():
            self._keep_files(namespace)

    def _keep_files(self, namespace: Namespace) -> None:
        """What trials are about; one file of each other namespace."""
        left = KEPT_FILES if namespace.id == self.held.members[SIGNED_OUT].home_id else [*namespace.entries][:2]
        namespace.entries = {path: each for path, each in namespace.entries.items() if path in left}
        kept = {path: past for path, past in namespace.past.items() if path in left or path in KEPT_FILES}
        namespace.past, namespace.journal = kept, [path for path in namespace.journal if path in kept]

    def plant(self, text: str) -> None:
        state = self.held
        for member in list(state.members.values())[:4]:
            member.given_name, member.surname, member.secondary_emails = text, "", [text]
        first, *_ = state.groups.values()
        state.groups[first.id] = Group(first.id, text, first.kind, first.external_id, first.members)
        for member in state.members.values():
            for session in member.sessions[:1]:
                session.facts = {**session.facts, "host_name": text, "user_agent": text}
            for app in member.linked_apps:
                app.name = app.publisher = text
        for namespace in state.namespaces.values():
            is_planted = namespace.get(f"/{text}") is not None
            for file in [] if is_planted else list(namespace.files())[:1]:
                namespace.remove(file.path)
                file.path = f"/{text}"
                namespace.put(file)
        self._plant_events(text)

    def _plant_events(self, text: str) -> None:
        state = self.held
        guest = events.outsider(text, text)
        planted = events.event("file_edit", state.clock.now(), actor=nested("user", guest), context=guest)
        planted["event_type"] = tagged(text, description=text)
        planted["origin"] = events.origin(text, text, tagged("api"))
        state.log.add(planted)

    def state(self) -> Json:
        state = self.held
        return {
            each.id: (
                each.status, each.role_id, [session.id for session in each.sessions],
                [app.id for app in each.linked_apps], each.was_wiped,
            )
            for each in state.members.values()
        }  # fmt: skip

    def recordings(self, folder: Path) -> Iterable[Recording]:
        return dropbox_recorded.recordings(folder)

    def refusals(self, folder: Path) -> Iterable[Refused]:
        return dropbox_recorded.refusals(folder)

    def settle(self, trial: Trial) -> None:
        """Nobody has to do anything."""

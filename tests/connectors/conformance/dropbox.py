"""Dropbox's bench: Contoso's team, connected by a service account that is a team admin."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import ClassVar

from connectors.base import Account, Collaborator, File, Grant, MemorySecrets
from connectors.base.secret_store import SecretDocument
from connectors.dropbox.holding_place import NAME as QUARANTINE
from tests.connectors.conformance import bench, dropbox_recorded
from tests.connectors.conformance.bench import Trial
from tests.connectors.corpus import Recording, Refused
from tests.sandbox.dropbox import ADMIN, APP_KEY, APP_SECRET, events, idents
from tests.sandbox.dropbox.entries import File as EntryFile
from tests.sandbox.dropbox.entries import Folder, Revision
from tests.sandbox.dropbox.namespace import Namespace
from tests.sandbox.dropbox.people import Group
from tests.sandbox.dropbox.planting import plant_file
from tests.sandbox.dropbox.refusal import Forbidden
from tests.sandbox.dropbox.seed_content import FREELANCER, OUTSIDER_ACCOUNT, add_link
from tests.sandbox.dropbox.state import State
from tests.sandbox.dropbox.tokens import AccessToken
from tests.sandbox.dropbox.unions import nested, tagged
from tests.sandbox.exchange import Answer, Exchange, Json

CHANGING = ("suspend", "unsuspend", "set_admin_permissions_v2", "revoke", "revoke_linked_app",
            "revoke_device_session_batch", "oauth2/token", "delete_v2", "files/restore", "move_v2", "create_folder_v2",
            "files/upload", "permanently_delete", "team_folder/create", "revoke_shared_link",
            "modify_shared_link_settings", "create_shared_link_with_settings", "remove_file_member_2",
            "add_file_member", "remove_folder_member", "add_folder_member", "members/remove",
            "members/add")  # fmt: skip
"""Ends of the paths of calls that change something."""
KEPT_EVENTS = 12
DAY = 86_400.0
MEMBER, SIGNED_OUT, SUSPENDED, SUPPORT = (
    idents.member_id(handle) for handle in ("rferreira", "wjones", "psmith2", "psmith")
)
FOLDERS = ("Deals 2026", "Projects", "Trial deals", "Fabrikam delivery", "Photo Backup")
KEPT_FILES = ("/plans", "/plans/shared.csv", "/data.json", "/keys", "/keys/id_rsa", "/trashed.txt", "/to go",
              "/to go/inside.txt")  # fmt: skip
LATE = 4_000_000_000.0
GROUPED = idents.member_id("fmartin")
"""In Sales, beside the group of everybody."""
LINK = f"{idents.app_id('Zapier')}/{MEMBER}"


SHARED, TRASHED, IN_TEAM, DEALS = "id:trial-shared", "id:trial-trashed", "id:trial-in-team", "ns:770001"
FOLDER = "id:trial-folder"
RESTRICTION = {"level": "no_one", "until": "2099-01-31"}


def account(handle: str) -> str:
    return idents.account_id(handle)


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
        Trial("remove_from_groups", Account, GROUPED),
        Trial("revoke_app", Grant, LINK, is_undone=False),
        Trial("remove_link", File, SHARED),
        Trial("restrict_link", File, SHARED, RESTRICTION, is_struck=False),
        Trial("remove_external_collaborators", File, SHARED, is_struck=False),
        Trial("remove_external_collaborators", File, DEALS),
        Trial("remove_collaborator", Collaborator, f"{SHARED}/{OUTSIDER_ACCOUNT}", is_struck=False),
        Trial("make_private", File, SHARED, is_struck=False),
        Trial("quarantine_file", File, SHARED),
        Trial("quarantine_folder", File, FOLDER, is_struck=False),
        Trial("quarantine_with_admin", File, SHARED),
        Trial("quarantine_with_portal", File, SHARED, is_struck=False),
        Trial("overwrite_file", File, SHARED, {"text": "Ask the security team: größe 7"}),
        Trial("trash_file", File, SHARED, is_struck=False),
        Trial("trash_file", File, IN_TEAM, is_struck=False),
        Trial("restore_file", File, TRASHED, is_struck=False),
        Trial("quarantine_trashed_file", File, TRASHED),
        Trial("delete_file", File, SHARED, is_undone=False),
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
        self._stock()
        self._keep_namespaces()
        return {"client_id": APP_KEY}, MemorySecrets({"client_secret": APP_SECRET}, tokens(token))

    def forbidden(self) -> Answer:
        return Forbidden(tagged("team_access_denied")).answer("")

    def _stock(self) -> None:
        """What trials are about: a file with a link and people of its own, one in a team folder, one that was deleted,
        and a shared folder."""
        held, now = self.held, self.held.clock.now() - DAY
        home, owner = held.home_of(held.members[SIGNED_OUT]), held.members[SIGNED_OUT].account_id or ""
        team = next(each for each in held.namespaces.values() if each.name == "Projects")
        for file_id, where, path in ((SHARED, home, "/Plans/shared.csv"), (TRASHED, home, "/trashed.txt"),
                                     (IN_TEAM, team, "/in team.txt")):  # fmt: skip
            where.make_folders(path, held.next_file_id())
            saved = Revision(held.next_rev(), file_id, f"The bytes of {path}.".encode(), now, now, owner)
            where.put(EntryFile(file_id, path, saved), now)
        shared = home.get("/Plans/shared.csv")
        assert isinstance(shared, EntryFile)
        shared.members = {OUTSIDER_ACCOUNT: "viewer", FREELANCER: "editor", account("kchen"): "viewer"}
        shared.groups = {idents.group_id("Sales"): "viewer"}
        link = add_link(held, "wjones", "/Plans/shared.csv")
        link.expires_at, link.allow_download = LATE, False
        home.remove("/trashed.txt", now)
        home.put(Folder(FOLDER, "/To go"), now)
        plant_file(held, home, "/To go/inside.txt", b"inside", now)
        add_link(held, "wjones", "/To go")
        self._stock_folder(owner)

    def _stock_folder(self, owner: str) -> None:
        held = self.held
        deals = Namespace(DEALS[3:], "shared_folder", "Trial deals", held.clock, held.team_id)
        held.namespaces[deals.id] = deals
        deals.members = {owner: "owner", OUTSIDER_ACCOUNT: "editor", FREELANCER: "viewer", account("kchen"): "viewer"}
        deals.groups = {idents.group_id("Sales"): "viewer"}
        plant_file(held, deals, "/offer.txt", b"offer", held.clock.now() - DAY)

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
        left = KEPT_FILES if namespace.id == self.held.members[SIGNED_OUT].home_id else [*namespace.entries][-2:]
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
        """People, files, who has them, links. What Gatehouse made and threw away again and its quarantine folders are
        left out; revisions and addresses that Dropbox gives anew do not count."""
        state = self.held
        people = {
            each.id: (
                each.status, each.role_id, [session.id for session in each.sessions],
                [app.id for app in each.linked_apps], each.was_wiped,
            )
            for each in state.members.values()
        }  # fmt: skip
        shared = (each for each in state.namespaces.values() if each.members or each.groups)
        folders = {each.id: (dict(each.members), dict(each.groups)) for each in shared}
        links = sorted(
            (each.entry_id, each.owner_id, each.audience, each.password, each.allow_download, str(each.expires_at))
            for each in state.links.values()
        )
        files = sorted({str(row) for each in state.namespaces.values() for row in self._files(each)})
        groups = {each.id: dict(each.members) for each in state.groups.values()}
        return {"people": people, "groups": groups, "folders": folders, "links": links, "files": files}

    def _files(self, namespace: Namespace) -> Iterator[Json]:
        for path, each in namespace.entries.items():
            if isinstance(each, EntryFile):
                given = (sorted(each.members.items()), sorted(each.groups.items()))
                file_id = "new" if self._is_new(each.id) else each.id
                where = "quarantine" if namespace.name == QUARANTINE else namespace.id
                yield where, path, file_id, each.revision.content_hash, given
        for path, history in namespace.past.items():
            last = next((each.revision for each in reversed(history) if each.revision), None)
            is_known = last is not None and not self._is_new(last.file_id)
            if last is not None and is_known and path not in namespace.entries and not namespace.by_id(last.file_id):
                yield "deleted", last.file_id, last.content_hash

    def _is_new(self, file_id: str) -> bool:
        """Made by a call, and not by the seed or for trials: time stands still since the bench began."""
        pasts = (past for where in self.held.namespaces.values() for past in where.past.values())
        saved = (each.revision for past in pasts for each in past if each.revision)
        return min(each.server_modified for each in saved if each.file_id == file_id) >= self.held.clock.now()

    def recordings(self, folder: Path) -> Iterable[Recording]:
        return dropbox_recorded.recordings(folder)

    def refusals(self, folder: Path) -> Iterable[Refused]:
        return dropbox_recorded.refusals(folder)

    def settle(self, trial: Trial) -> None:
        """Nobody has to do anything."""

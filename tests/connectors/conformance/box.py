"""Box's benches: Contoso's enterprise, connected by its primary admin, and by server apps."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import ClassVar

from connectors.base import Account, Collaborator, Feed, File, MemorySecrets
from connectors.base.secret_store import SecretDocument
from tests.connectors.conformance import bench, box_recorded
from tests.connectors.conformance.bench import Trial
from tests.connectors.corpus import Recording, Refused
from tests.sandbox.box.items import Collaboration, Folder, Item, SharedLink
from tests.sandbox.box.items import File as BoxFile
from tests.sandbox.box.people import DevicePin, Group, Membership, User
from tests.sandbox.box.refusal import insufficient_scope
from tests.sandbox.box.state import State
from tests.sandbox.exchange import Answer, Json

OWNER, CO_ADMIN, SUSPENDED, GUEST = "700101", "700102", "700103", "700104"
FOLDER, SHARED, TRASHED, BY_FOLDER = "700001", "700002", "700003", "700004"
SHARE, INVITATION, COLLEAGUE, INHERITED = "700201", "700202", "700203", "700204"
GROUP, PIN = "700301", "700401"
QUARANTINES = ("Quarantine", "Gatehouse quarantine")
MINUTE, DAY = 60.0, 86_400.0
LATE = 4_000_000_000.0
RESTRICTION = {"level": "collaborators", "until": "2099-01-31"}


def tokens(access: str, refresh: str) -> SecretDocument:
    """The tokens document after consent."""
    token: Json = {"value": access, "renew_at": None, "scopes": [], "kind": "Bearer", "proof_key": ""}
    return {"refresh_token": refresh, "access": {"": token}}


class Bench(bench.Bench):
    """Connected by the primary admin. Beside what the seed holds there is a person whose things trials are about."""

    connector_id = "box"
    method_id = "primary_admin"
    descriptions = ("box-2024.0.json",)
    trials: ClassVar[tuple[Trial, ...]] = (
        Trial("suspend_account", Account, OWNER),
        Trial("unsuspend_account", Account, SUSPENDED, is_struck=False),
        Trial("end_sessions", Account, OWNER, is_undone=False),
        Trial("require_new_password", Account, OWNER, is_undone=False, is_struck=False),
        Trial("revoke_admin", Account, CO_ADMIN, is_struck=False),
        Trial("remove_from_groups", Account, OWNER),
        Trial("remove_link", File, f"file:{SHARED}"),
        Trial("restrict_link", File, f"file:{SHARED}", RESTRICTION, is_struck=False),
        Trial("remove_external_collaborators", File, f"file:{SHARED}", is_struck=False),
        Trial("remove_collaborator", Collaborator, f"file:{SHARED}/{COLLEAGUE}", is_struck=False),
        Trial("make_private", File, f"file:{SHARED}", is_struck=False),
        Trial("transfer_folder", File, f"folder:{FOLDER}", {"new_owner": "trial.admin@contoso.example"}),
        Trial("quarantine_file", File, f"file:{SHARED}"),
        Trial("quarantine_with_admin", File, f"file:{SHARED}", is_struck=False),
        Trial("quarantine_with_portal", File, f"file:{SHARED}", is_struck=False),
        Trial("overwrite_file", File, f"file:{SHARED}", {"text": "Ask the security team: größe 7"}),
        Trial("trash_file", File, f"file:{SHARED}", is_struck=False),
        Trial("restore_file", File, f"file:{TRASHED}"),
        Trial("quarantine_trashed_file", File, f"file:{TRASHED}", is_struck=False),
        Trial("delete_file", File, f"file:{SHARED}", is_undone=False),
    )

    @property
    def held(self) -> State:
        return self.sandbox.box.state

    def connect(self) -> tuple[dict[str, str], MemorySecrets]:
        self._stock()
        self._keep_people(2)
        application = next(each for each in self.held.applications.values() if not each.is_server)
        wanted = self.connector.method(self.method_id).scopes
        grant = self.held.issue_grant(application, self.held.primary_admin, wanted)
        token = self.held.add_token(application, self.held.primary_admin, wanted, grant)
        token.expires_at += 400 * DAY
        secrets = {"client_secret": application.client_secret}
        return {"client_id": application.client_id}, MemorySecrets(secrets, tokens(token.text, grant.refresh_token))

    def forbidden(self) -> Answer:
        return insufficient_scope().answer()

    # -- what trials are about

    def _stock(self) -> None:
        held, now = self.held, self.now().timestamp()
        held.calls_per_minute = held.uploads_per_minute = None
        for number, name, role, status in (
            (OWNER, "Trial Owner", "user", "cannot_delete_edit"),
            (CO_ADMIN, "Trial Admin", "coadmin", "active"),
            (SUSPENDED, "Trial Leaver", "user", "inactive"),
        ):
            login = f"{name.lower().replace(' ', '.')}@contoso.example"
            held.add_user(User(number, login, name, now - DAY, held.enterprise, role=role, status=status))
        held.add_user(User(GUEST, "trial.guest@fabrikam.example", "Trial Guest", now - DAY, None))
        held.groups[GROUP] = Group(GROUP, "Trial group", now - DAY, now - DAY)
        held.memberships["700302"] = Membership("700302", OWNER, GROUP, "admin", now - DAY, now - DAY)
        held.pins[PIN] = DevicePin(PIN, OWNER, "iPad")
        self._stock_items()

    def _stock_items(self) -> None:
        held, now = self.held, self.now().timestamp()
        root = held.tree.root(OWNER)
        folder = Folder(FOLDER, "Trial folder", root.id, now - DAY, now - DAY, OWNER, OWNER)
        held.tree.add(folder)
        places = ((SHARED, "shared.pdf", root), (TRASHED, "trashed.txt", root), (BY_FOLDER, "in.txt", folder))
        for number, name, place in places:
            file = BoxFile(number, name, place.id, now - DAY, now - DAY, OWNER, OWNER)
            file.current = held.version(name, f"The bytes of {name}.".encode(), OWNER, now - DAY)
            held.tree.add(file)
        held.tree.items[SHARED].link = SharedLink("trialtoken", "open", unshared_at=LATE)
        for number, item, who in (
            (SHARE, SHARED, GUEST),
            (COLLEAGUE, SHARED, CO_ADMIN),
            (INVITATION, SHARED, "nobody.yet@fabrikam.example"),
            (INHERITED, FOLDER, GUEST),
            ("700205", FOLDER, GROUP),
        ):
            self._share(number, item, who)
        held.tree.trash(held.tree.items[TRASHED], now - DAY / 2, OWNER)

    def _share(self, number: str, item_id: str, who: str) -> None:
        at = self.now().timestamp() - DAY
        made = Collaboration(number, item_id, "viewer", "accepted", OWNER, at, at)
        if "@" in who:
            made.invite_email, made.status = who, "pending"
        elif who in self.held.groups:
            made.group_id = who
        else:
            made.user_id = who
        self.held.collaborations[number] = made

    # -- what the rules ask for

    def grow(self) -> None:
        """Pages of three rows; a folder more for each user, whose things fill a page of their own."""
        held, now = self.held, self.now().timestamp()
        held.largest_page = 3
        for user in held.managed():
            held.add_folder(held.tree.root(user.id), "Grown", user)
        owner = held.users[OWNER]
        for number in range(9):
            held.pins[str(700_410 + number)] = DevicePin(str(700_410 + number), OWNER, "Pixel 9")
            file = held.add_file(held.tree.folder(FOLDER), f"grown {number}.txt", b"x", owner)
            source = {"item_type": "file", "item_id": file.id, "item_name": file.name, "owned_by": {"id": OWNER}}
            held.record("EDIT", owner, source, at=now - 10 * MINUTE - number)

    def shorten(self) -> None:
        """The people of trials and whom Gatehouse is connected with; of their things only those of trials."""
        self._keep_people(0)
        held = self.held
        kept = {FOLDER, SHARED, TRASHED, BY_FOLDER}
        for item in list(held.tree.items.values()):
            if item.parent_id and item.id not in kept:
                held.tree.items.pop(item.id, None)
        for root in [each for each in held.tree.items.values() if isinstance(each, Folder)]:
            root.children = {name: number for name, number in root.children.items() if number in held.tree.items}
        for number in [each.id for each in held.collaborations.values() if each.item_id not in held.tree.items]:
            del held.collaborations[number]
        now = self.now().timestamp()
        held.log.history.clear()
        held.log.stream.clear()
        source = {"item_type": "file", "item_id": SHARED, "item_name": "shared.pdf", "owned_by": {"id": OWNER}}
        held.record("EDIT", held.users[OWNER], source, at=now - 10 * MINUTE)

    def _keep_people(self, some: int) -> None:
        """Those of trials, admins, and `some` of the others."""
        held = self.held
        needed = {OWNER, CO_ADMIN, SUSPENDED, GUEST, held.primary_admin.id}
        services = [each.id for each in held.users.values() if each.service_of is not None]
        others = [each.id for each in held.managed() if each.id not in needed]
        kept = needed | set(services) | set(others[:some])
        for user in [each for each in held.managed() if each.id not in kept]:
            held.delete_user(user)
        for number in list(held.groups)[some:]:
            if number != GROUP:
                del held.groups[number]
        for number in [each.id for each in held.memberships.values() if each.group_id not in held.groups]:
            del held.memberships[number]
        for number in [each.id for each in held.pins.values() if each.user_id not in held.users]:
            del held.pins[number]

    def plant(self, text: str) -> None:
        held, now = self.held, self.now().timestamp()
        for user in held.users.values():
            user.name = user.job_title = text
        for group in held.groups.values():
            group.name = group.description = text
        for pin in held.pins.values():
            pin.product_name = text
        for item in held.tree.items.values():
            item.name = text if item.parent_id else item.name
        for collaboration in held.collaborations.values():
            collaboration.invite_email = text if collaboration.invite_email else None
        source = {"item_type": "file", "item_id": SHARED, "item_name": text, "owned_by": {"id": OWNER}}
        details: Json = {"service_id": text, "service_name": text, text: text}
        held.record(text, held.users[OWNER], source, address=text, details=details, at=now - 10 * MINUTE)
        held.record("EDIT", held.users[OWNER], source, details=details, at=now - 10 * MINUTE)

    def state(self) -> Json:
        """People, groups, and what is shared with whom. What Gatehouse made and threw away again and its quarantine
        folders are left out; numbers and addresses that Box gives anew do not count."""
        held = self.held
        return {
            "people": {
                number: (each.status, each.role, each.is_password_reset_required, each.sessions_ended_at is not None)
                for number, each in held.users.items()
            },
            "groups": sorted((each.user_id, each.group_id, each.role) for each in held.memberships.values()),
            "items": sorted(map(str, self._items())),
            "collaborations": sorted(
                (each.item_id, each.role, each.status, str(each.user_id or each.group_id or each.invite_email))
                for each in held.collaborations.values()
            ),
        }

    def _items(self) -> Iterator[Json]:
        tree = self.held.tree
        for item in tree.items.values():
            is_ours = self._is_new(item) and (item.trashed_at is not None or item.name in QUARANTINES)
            if is_ours or not item.parent_id:
                continue
            link, parent = item.link, tree.items[item.parent_id]
            yield (
                item.name if self._is_new(item) else item.id,
                item.name,
                parent.name if self._is_new(parent) else parent.id,
                item.trashed_at is not None,
                item.current.sha1 if isinstance(item, BoxFile) else "",
                (link.access, link.unshared_at, link.can_download, link.password) if link else None,
            )

    def _is_new(self, item: Item) -> bool:
        """Made by a call, and not by the seed or for trials: time stands still since the bench began."""
        return item.created_at >= self.now().timestamp()

    def recordings(self, folder: Path) -> Iterable[Recording]:
        return box_recorded.recordings(folder)

    def refusals(self, folder: Path) -> Iterable[Refused]:
        return box_recorded.refusals(folder)

    def settle(self, trial: Trial) -> None:
        """Who was invited again accepts; an address that nobody has goes on waiting."""
        for each in self.held.collaborations.values():
            if each.status == "pending" and each.user_id is not None:
                each.status = "accepted"


class ServerBench(Bench):
    """The same by a server app, whose service account acts for no admin: what differs are the drives that are read."""

    method_id = "client_credentials"
    like = Bench
    trials = ()

    @property
    def feeds(self) -> tuple[Feed, ...]:
        return (self.connector.feed("files"),)

    @property
    def struck_feeds(self) -> tuple[Feed, ...]:
        return ()

    def connect(self) -> tuple[dict[str, str], MemorySecrets]:
        super().connect()
        application = next(each for each in self.held.applications.values() if each.is_server)
        service = self.held.users[application.service_account_id or ""]
        token = self.held.add_token(application, service, self.connector.method(self.method_id).scopes)
        token.expires_at += 400 * DAY
        config = {"client_id": application.client_id, "enterprise_id": self.held.enterprise.id}
        return config, MemorySecrets({"client_secret": application.client_secret}, tokens(token.text, ""))


BENCHES = (Bench, ServerBench)

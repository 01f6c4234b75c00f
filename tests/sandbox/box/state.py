"""All that the simulated Box holds: one enterprise, the people outside it, items, tokens, events."""

import random
from collections.abc import Iterable

from tests.sandbox.box.event_log import Entry, Event, EventLog
from tests.sandbox.box.items import Collaboration, File, Folder, Item, Version
from tests.sandbox.box.minis import mini_user
from tests.sandbox.box.moments import told
from tests.sandbox.box.outbox import Outbox
from tests.sandbox.box.people import DevicePin, Enterprise, Group, Membership, User
from tests.sandbox.box.tokens import (
    ACCESS_LIFETIME,
    CODE_LIFETIME,
    REFRESH_LIFETIME,
    Application,
    Code,
    Grant,
    Token,
)
from tests.sandbox.box.tree import Place, Tree, sha1_of
from tests.sandbox.box.upload import UploadSession
from tests.sandbox.box.webhook import Sent, Webhook
from tests.sandbox.clock import Clock
from tests.sandbox.exchange import Json

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
Details = dict[str, Json]


class State:
    """Everything a test may look at or change directly.

    `calls_per_minute`, `uploads_per_minute`: of one user, None for any. `largest_page`: rows of a page at most.
    `stream_delay`, `history_delay`: seconds until an event shows in each admin feed. `has_trash`: off, what is deleted
    is gone at once. `direct_upload_limit`, `session_minimum`, `part_size`: bytes. `commits_not_ready`: how many more
    commits of upload sessions are answered with 202. `allows_open_links`: the policy for shared links.
    `has_classification`: whether the template exists. `is_down`: every call answers 503.
    `forbids_location`: the enterprise lets nobody in from where the caller is.
    `tells_positions_as_numbers`: those of event feeds, in place of text.
    """

    def __init__(self, clock: Clock, enterprise: Enterprise) -> None:
        self.clock = clock
        self.enterprise = enterprise
        self.users: dict[str, User] = {}
        self.groups: dict[str, Group] = {}
        self.memberships: dict[str, Membership] = {}
        self.tree = Tree()
        self.collaborations: dict[str, Collaboration] = {}
        self.pins: dict[str, DevicePin] = {}
        self.applications: dict[str, Application] = {}
        self.codes: dict[str, Code] = {}
        self.grants: list[Grant] = []
        self.tokens: dict[str, Token] = {}
        self.assertions: dict[str, float] = {}
        self.log = EventLog()
        self.outbox = Outbox()
        self.sent: list[Sent] = []
        self.sessions: dict[str, UploadSession] = {}
        self.tickets: dict[str, tuple[Version, float]] = {}
        self.calls: dict[tuple[str, str], tuple[float, int]] = {}
        self.calls_per_minute: int | None = 1000
        self.uploads_per_minute: int | None = 240
        self.largest_page = 1000
        self.stream_delay = 12.0
        self.history_delay = 60.0
        self.has_trash = True
        self.trash_days = 30
        self.direct_upload_limit = 50 * 1024 * 1024
        self.session_minimum = 20_000_000
        self.part_size = 8 * 1024 * 1024
        self.commits_not_ready = 0
        self.allows_open_links = True
        self.requires_second_factor = False
        self.tells_positions_as_numbers = False
        self.has_classification = True
        self.classifications = {"Public": "#4E9C4E", "Internal": "#3A7CC2", "Confidential": "#C2362B"}
        self.is_down = False
        self.forbids_location = False
        self.consented: User | None = None
        self._logins: dict[str, str] = {}
        self._random = random.Random("20261128/box")
        self._last_id = 1_204_400_000_000

    @property
    def webhooks(self) -> dict[str, Webhook]:
        return self.outbox.webhooks

    def now(self) -> float:
        return self.clock.now()

    def next_id(self) -> str:
        self._last_id += 7
        return str(self._last_id)

    def text(self, length: int) -> str:
        return "".join(self._random.choices(ALPHABET, k=length))

    # -- people

    def add_user(self, user: User) -> User:
        self.users[user.id] = user
        self._logins[user.login.lower()] = user.id
        return user

    def user(self, login: str) -> User | None:
        return self.users.get(self._logins.get(login.lower(), ""))

    def person(self, handle: str) -> User:
        """The user whose login begins with this handle of the company; KeyError when there is none."""
        found = next((each for each in self.users.values() if each.login.partition("@")[0] == handle), None)
        if found is None:
            raise KeyError(handle)
        return found

    def change_login(self, user: User, login: str) -> None:
        self._logins.pop(user.login.lower(), None)
        user.login = login
        self._logins[login.lower()] = user.id

    def is_managed(self, user: User) -> bool:
        return user.enterprise is not None and user.enterprise.id == self.enterprise.id

    def managed(self) -> list[User]:
        return [each for each in self.users.values() if self.is_managed(each)]

    @property
    def primary_admin(self) -> User:
        return next(each for each in self.managed() if each.role == "admin")

    def groups_of(self, user_id: str) -> set[str]:
        everybody = {each.id for each in self.groups.values() if each.group_type == "all_users_group"}
        own = {each.group_id for each in self.memberships.values() if each.user_id == user_id}
        return own | (everybody if self.is_managed(self.users[user_id]) else set())

    # -- items

    def add_file(self, folder: Folder, name: str, data: bytes, author: User, at: float | None = None) -> File:
        """A new file with these bytes; ValueError when the name is taken."""
        moment = self.now() if at is None else at
        file = File(self.next_id(), name, folder.id, moment, moment, author.id, author.id)
        file.current = self.version(name, data, author.id, moment)
        file.content_created_at = file.content_modified_at = moment
        self.tree.add(file)
        return file

    def add_folder(self, parent: Folder, name: str, author: User, at: float | None = None) -> Folder:
        moment = self.now() if at is None else at
        folder = Folder(self.next_id(), name, parent.id, moment, moment, author.id, author.id)
        self.tree.add(folder)
        return folder

    def version(self, name: str, data: bytes, author_id: str, at: float) -> Version:
        return Version(self.next_id(), sha1_of(data), len(data), data, name, at, author_id)

    def file(self, name: str) -> File:
        """The first file of this name anywhere, also in trash; KeyError when there is none."""
        return next(each for each in self._named(name) if isinstance(each, File))

    def folder(self, name: str) -> Folder:
        return next(each for each in self._named(name) if isinstance(each, Folder))

    def _named(self, name: str) -> Iterable[Item]:
        found = [each for each in self.tree.items.values() if each.name == name]
        if not found:
            raise KeyError(name)
        return found

    def owner(self, item: Item) -> User:
        return self.users[self.tree.owner_id(item)]

    def collaborations_on(self, item_id: str) -> list[Collaboration]:
        now = self.now()
        return [
            each
            for each in self.collaborations.values()
            if each.item_id == item_id and (each.expires_at is None or each.expires_at > now)
        ]

    # -- codes and tokens

    def issue_code(self, application: Application, user: User, scopes: tuple[str, ...], redirect_uri: str) -> str:
        text = self.text(32)
        self.codes[text] = Code(application, user, scopes, redirect_uri, self.now() + CODE_LIFETIME)
        return text

    def issue_grant(self, application: Application, user: User, scopes: tuple[str, ...]) -> Grant:
        grant = Grant(len(self.grants) + 1, application, user, scopes, "", 0.0)
        self.grants.append(grant)
        self.renew(grant)
        self.consented = user
        return grant

    def renew(self, grant: Grant) -> None:
        """Another refresh token; the old one must not be shown again."""
        if grant.refresh_token:
            grant.used.add(grant.refresh_token)
        grant.refresh_token = self.text(64)
        grant.refresh_expires_at = self.now() + REFRESH_LIFETIME

    def end_grant(self, grant: Grant) -> None:
        """Its tokens die with it."""
        self.grants.remove(grant)
        for text in [each.text for each in self.tokens.values() if each.grant is grant]:
            del self.tokens[text]

    def add_token(
        self, application: Application, user: User, scopes: tuple[str, ...], grant: Grant | None = None
    ) -> Token:
        token = Token(self.text(32), application, user, scopes, self.now() + ACCESS_LIFETIME, grant)
        self.tokens[token.text] = token
        return token

    def issue_token(self, handle: str, *scopes: str, client_id: str = "") -> str:
        """A working access token of somebody; without `scopes` all that the app may have."""
        application = self.applications[client_id] if client_id else next(iter(self.applications.values()))
        user = self.person(handle)
        wanted = scopes or application.scopes
        return self.add_token(application, user, tuple(wanted), self.issue_grant(application, user, wanted)).text

    def end_sessions(self, user: User) -> None:
        user.sessions_ended_at = self.now()
        for grant in [each for each in self.grants if each.user is user]:
            self.end_grant(grant)

    # -- events

    def record(
        self,
        event_type: str,
        actor: User | None,
        source: Json,
        *,
        address: str = "203.0.113.250",
        details: Details | None = None,
        at: float | None = None,
        more: Details | None = None,
    ) -> Entry:
        """Something happened. `actor` None: nobody is named. `at`: when, if not now."""
        moment = float(int(self.now() if at is None else at))
        named = None if actor is None else mini_user(actor)
        event: Event = {
            "type": "event",
            "event_id": "",
            "event_type": event_type,
            "created_at": told(moment),
            "created_by": named,
            "source": source,
            "session_id": None,
            "additional_details": details,
            "ip_address": address,
            "action_by": None,
            **(more or {}),
        }
        entry = self.log.add(event, moment, moment)
        self.outbox.offer(event, self.tree, self.now())
        return entry

    # -- where bytes are

    def fingerprints(self) -> set[str]:
        """SHA-1 of all bytes that can be read now, former versions and trash included."""
        return {version.sha1 for file in self.tree.files() for version in (file.current, *file.past)}

    def places_of(self, fingerprint: str) -> list[Place]:
        return self.tree.places(fingerprint)

    # -- what goes for good

    def purge(self, item: Item) -> None:
        """With all that lies in it, and with the collaborations and webhooks on it."""
        gone = {each.id for each in self.tree.purge(item)}
        for each in [each for each in self.collaborations.values() if each.item_id in gone]:
            del self.collaborations[each.id]
        for hook in [hook for hook in self.webhooks.values() if hook.item_id in gone]:
            del self.webhooks[hook.id]

    def delete_user(self, user: User) -> None:
        """The account is closed: what it owned is gone, events still name it."""
        root = self.tree.root(user.id)
        for item in [*self.tree.children(root), *self.tree.trash_of(user.id)]:
            if item.id in self.tree.items:
                self.purge(item)
        for held in (self.memberships, self.collaborations, self.pins):
            for key in [key for key, each in held.items() if each.user_id == user.id]:
                del held[key]
        self.end_sessions(user)
        self._logins.pop(user.login.lower(), None)
        del self.users[user.id]
        del self.tree.items[root.id]

"""All that the simulated Dropbox holds: one team, its people and content, the app, its tokens."""

import random
from collections.abc import Iterable
from dataclasses import dataclass

from tests.sandbox.clock import Clock
from tests.sandbox.dropbox.event_log import EventLog
from tests.sandbox.dropbox.idents import ident
from tests.sandbox.dropbox.jobs import Job
from tests.sandbox.dropbox.links import Link
from tests.sandbox.dropbox.namespace import Namespace
from tests.sandbox.dropbox.people import Group, Member, Role
from tests.sandbox.dropbox.scopes import TEAM_SCOPES
from tests.sandbox.dropbox.tokens import ACCESS_LIFETIME, CODE_LIFETIME, AccessToken, Application, Code, Grant
from tests.sandbox.dropbox.uploads import UploadSession
from tests.sandbox.exchange import Json

TEAM_ADMIN = "Team admin"


@dataclass(frozen=True, slots=True)
class Sent:
    """What left for a webhook."""

    url: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Bytes:
    """Where some bytes are readable. `kind`: "live" or "revision" (restorable)."""

    kind: str
    namespace_id: str
    path: str
    rev: str


class State:
    """Everything a test may look at or change directly.

    `outsiders`: account id -> e-mail and name, of people in no list of members. `features`: name -> value, of
    team/features/get_values. `recovery_days`: how long deleted files and old revisions can be restored.
    `calls_per_minute`: for the team and for each member, None for any; `limit_body`: how a 429 is said: json, text or
    empty. `generation`: cursors of an earlier one are answered with reset, see `expire_cursors`. `async_polls`: how
    often a job says in_progress before it is complete. `team_root_id`: the root namespace of a team with a team space.
    `largest_page`: of members, groups, folders and the log, whatever is asked for.
    `changed_members`: whom the next notification names. `sent`: what left for webhooks.
    """

    def __init__(self, clock: Clock, team_id: str, team_name: str, application: Application) -> None:
        self.clock = clock
        self.team_id = team_id
        self.team_name = team_name
        self.application = application
        self.licences = 30
        self.members: dict[str, Member] = {}
        self.outsiders: dict[str, tuple[str, str]] = {}
        self.groups: dict[str, Group] = {}
        self.roles: dict[str, Role] = {}
        self.namespaces: dict[str, Namespace] = {}
        self.links: dict[str, Link] = {}
        self.jobs: dict[str, Job] = {}
        self.uploads: dict[str, UploadSession] = {}
        self.grants: list[Grant] = []
        self.codes: dict[str, Code] = {}
        self.tokens: dict[str, AccessToken] = {}
        self.log = EventLog(clock)
        self.features: dict[str, Json] = {}
        self.recovery_days = 180
        self.calls_per_minute: int | None = None
        self.calls: dict[str, list[float]] = {}
        self.limit_body = "json"
        self.generation = 0
        self.async_polls = 1
        self.largest_page = 1000
        self.team_root_id = ""
        self.changed_members: set[str] = set()
        self.sent: list[Sent] = []
        self.is_down = False
        self._random = random.Random(20261124)
        self._revision = 0x16_0000_0000_0000
        self._namespace = 8_140_000_000

    # -- people

    def member(self, email: str) -> Member:
        """By e-mail, or the part before the @; KeyError when there is none."""
        found = next((m for m in self.members.values() if m.email == email or m.email.split("@")[0] == email), None)
        if found is None:
            raise KeyError(email)
        return found

    def member_of_account(self, account_id: str) -> Member | None:
        return next((each for each in self.members.values() if each.account_id == account_id), None)

    def role(self, name: str) -> Role:
        return next(each for each in self.roles.values() if each.name == name)

    def is_admin(self, member: Member) -> bool:
        return member.status == "active" and member.role_id == self.role(TEAM_ADMIN).id

    def admins(self) -> list[Member]:
        return [each for each in self.members.values() if self.is_admin(each)]

    def groups_of(self, member_id: str) -> list[Group]:
        return [each for each in self.groups.values() if member_id in each.members]

    def used_licences(self) -> int:
        return sum(each.is_licensed for each in self.members.values())

    # -- content

    def add_namespace(self, kind: str, name: str, **values: Json) -> Namespace:
        self._namespace += 37
        namespace = Namespace(str(self._namespace), kind, name, self.clock, self.team_id, **values)
        self.namespaces[namespace.id] = namespace
        return namespace

    def next_rev(self) -> str:
        self._revision += 0x1F
        return f"{self._revision:015x}"

    def next_file_id(self) -> str:
        return ident("id:", str(self._random.random()), 22)

    def secret(self, prefix: str, length: int) -> str:
        """Of tokens, codes, jobs and links; never the same twice."""
        return ident(prefix, str(self._random.random()), length)

    def home_of(self, member: Member) -> Namespace:
        return self.namespaces[member.home_id]

    def restorable_since(self) -> float:
        return self.clock.now() - self.recovery_days * 86_400

    def fingerprints(self) -> set[str]:
        """content_hash of all bytes that can be read now, or restored."""
        since = self.restorable_since()
        everywhere = (revision for each in self.namespaces.values() for _, revision in each.revisions(since))
        return {revision.content_hash for revision in everywhere}

    def places_of(self, content_hash: str) -> list[Bytes]:
        """Where bytes with this content_hash can be read now: live files, and revisions that can be restored."""
        return [place for each in self.namespaces.values() for place in self._places_in(each, content_hash)]

    def _places_in(self, namespace: Namespace, content_hash: str) -> Iterable[Bytes]:
        live = {entry.revision.rev for entry in namespace.files()}
        for path, revision in namespace.revisions(self.restorable_since()):
            if revision.content_hash == content_hash:
                yield Bytes("live" if revision.rev in live else "revision", namespace.id, path, revision.rev)

    def touch(self, namespace: Namespace) -> None:
        """Its content changed: everybody who has it is named by the next notification."""
        self.changed_members |= {
            each.id for each in self.members.values() if each.status == "active" and self.may_read(each, namespace)
        }

    def may_read(self, member: Member, namespace: Namespace) -> bool:
        if namespace.owner_id:
            return namespace.owner_id == member.id
        group_ids = {each.id for each in self.groups_of(member.id)}
        return bool(member.account_id in namespace.members or group_ids & namespace.groups.keys())

    def expire_cursors(self) -> None:
        """All cursors given so far are answered with reset from now on."""
        self.generation += 1

    # -- tokens

    def issue_code(
        self, email: str, scopes: Iterable[str], redirect_uri: str, challenge: str = "", *, is_offline: bool = True
    ) -> str:
        """What pressing Allow does."""
        text = self.secret("", 43)
        expires_at = self.clock.now() + CODE_LIFETIME
        member_id = self.member(email).id
        self.codes[text] = Code(member_id, tuple(sorted(scopes)), redirect_uri, challenge, is_offline, expires_at)
        return text

    def issue_grant(self, email: str, scopes: Iterable[str], *, is_offline: bool = True) -> Grant:
        """What exchanging a code does: somebody's consent, with a refresh token of its own."""
        asked = tuple(sorted(scopes))
        refresh_token = self.secret("", 64) if is_offline else ""
        grant = Grant(self.member(email).id, asked, bool(TEAM_SCOPES & set(asked)), refresh_token)
        self.grants.append(grant)
        return grant

    def issue_token(self, email: str, scopes: Iterable[str]) -> str:
        """A working access token of somebody's consent to these scopes."""
        return self.add_token(self.issue_grant(email, scopes)).text

    def add_token(self, grant: Grant) -> AccessToken:
        token = AccessToken(self.secret("sl.u.", 80), grant, self.clock.now() + ACCESS_LIFETIME)
        self.tokens[token.text] = token
        return token

    def revoke_tokens(self) -> None:
        """As if the team removed the app: no token works any more, none can be refreshed."""
        for grant in self.grants:
            grant.is_revoked = True

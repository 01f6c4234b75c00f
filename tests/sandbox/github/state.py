"""All that one GitHub holds: users, organisations, OAuth Apps, tokens."""

import hashlib
import random
from dataclasses import dataclass, field

from tests.sandbox.clock import Clock
from tests.sandbox.github import growth
from tests.sandbox.github.hook import Sent
from tests.sandbox.github.organisation import Organisation
from tests.sandbox.github.people import Actor, User
from tests.sandbox.github.repository import Repository

CLIENT_ID = "Ov23liGATEHOUSEDEMO1"
CLIENT_SECRET = "0123456789abcdef0123456789abcdef01234567"
CODE_LIFETIME = 600
TOKENS_PER_GRANT = 10

# Scope -> what it includes besides itself.
INCLUDED = {
    "admin:org": ("write:org", "read:org"),
    "write:org": ("read:org",),
    "user": ("read:user", "user:email", "user:follow"),
    "repo": ("repo:status", "repo_deployment", "public_repo", "repo:invite", "security_events"),
    "admin:enterprise": ("manage_billing:enterprise", "read:enterprise", "manage_runners:enterprise"),
    "audit_log": ("read:audit_log",),
    "admin:repo_hook": ("write:repo_hook", "read:repo_hook"),
    "write:repo_hook": ("read:repo_hook",),
}
PLAIN_SCOPES = ("admin:org_hook", "delete_repo", "gist", "notifications", "workflow", "read:project", "scim:enterprise")
KNOWN_SCOPES = frozenset({*INCLUDED, *(scope for below in INCLUDED.values() for scope in below), *PLAIN_SCOPES})


def normalized(scopes: list[str]) -> tuple[str, ...]:
    """As GitHub keeps them: known ones, sorted, without those that another one includes."""
    known = {scope for scope in scopes if scope in KNOWN_SCOPES}
    included = {below for scope in known for below in INCLUDED.get(scope, ())}
    return tuple(sorted(known - included))


def accepted(scopes: tuple[str, ...]) -> list[str]:
    """These scopes and those that include one of them."""
    return sorted({*scopes, *(above for above, below in INCLUDED.items() if set(below) & set(scopes))})


@dataclass(slots=True)
class Application:
    """An OAuth App. A redirect address must lie at or below `callback_url`."""

    id: int
    client_id: str
    client_secret: str
    name: str
    callback_url: str
    url: str = "https://portal.contoso.example"


@dataclass(slots=True)
class Code:
    application: Application
    user: User
    scopes: tuple[str, ...]
    redirect_uri: str
    challenge: str
    sso: frozenset[int]
    expires_at: float


@dataclass(slots=True)
class Token:
    """`sso`: ids of the organisations in which it has a single sign-on session.

    `spent`: resource -> calls in the hour that ends at `window`, epoch seconds.
    """

    id: int
    text: str
    application: Application
    user: User
    scopes: tuple[str, ...]
    created_at: float
    sso: set[int] = field(default_factory=set)
    window: int = 0
    spent: dict[str, int] = field(default_factory=dict)

    def allows(self, scope: str) -> bool:
        return any(scope == held or scope in INCLUDED.get(held, ()) for held in self.scopes)


class State:
    """Everything a test may look at or change directly.

    `tree_limit`: entries of a tree beyond which an answer is truncated. `events_delay`: seconds until the public sees
    what happened. `sent`: what left for webhooks.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.users: dict[int, User] = {}
        self.organisations: dict[int, Organisation] = {}
        self.applications: dict[str, Application] = {}
        self.tokens: dict[str, Token] = {}
        self.codes: dict[str, Code] = {}
        self.sent: list[Sent] = []
        self.sso_requests: dict[str, tuple[Token, Organisation]] = {}
        self.limits = {"core": 5000, "graphql": 5000, "audit_log": 1750}
        self.exhausted_until = 0
        self.tree_limit = 100_000
        self.events_delay = 30.0
        self.is_down = False
        self.consented: User | None = None
        self._logins: dict[str, User] = {}
        self._random = random.Random(20261124)
        self._token_id = 700_000_000

    # -- people and organisations

    def add_user(self, user: User) -> User:
        self.users[user.id] = user
        self._logins[user.login.lower()] = user
        return user

    def user(self, login: str) -> User | None:
        return self._logins.get(login.lower())

    def person(self, login: str) -> User:
        """The user of this login; KeyError when there is none."""
        return self._logins[login.lower()]

    def rename_user(self, user: User, login: str) -> None:
        del self._logins[user.login.lower()]
        user.login = login
        self._logins[login.lower()] = user

    def delete_user(self, user: User) -> None:
        """The account is closed: gone everywhere; events keep its login."""
        del self._logins[user.login.lower()]
        del self.users[user.id]
        for organisation in self.organisations.values():
            organisation.members.pop(user.id, None)
            organisation.outside_collaborators.discard(user.id)
            organisation.blocks.pop(user.id, None)
            for team in organisation.teams.values():
                team.members.pop(user.id, None)
            for repository in organisation.repositories.values():
                repository.collaborators.pop(user.id, None)
        for text in [token.text for token in self.tokens.values() if token.user is user]:
            del self.tokens[text]

    def add_organisation(self, organisation: Organisation) -> Organisation:
        self.organisations[organisation.id] = organisation
        return organisation

    def find_organisation(self, login: str) -> Organisation | None:
        wanted = login.lower()
        return next((each for each in self.organisations.values() if each.login.lower() == wanted), None)

    def organisation(self, login: str) -> Organisation:
        """The organisation of this login; KeyError when there is none."""
        found = self.find_organisation(login)
        if found is None:
            raise KeyError(login)
        return found

    def repository_by_id(self, repository_id: int) -> Repository | None:
        everywhere = (each.repositories.get(repository_id) for each in self.organisations.values())
        return next((each for each in everywhere if each), None)

    def grow(self, members: int = 0, events: int = 0, organisation: str = "contoso-dev", days: int = 30) -> None:
        """Bring an organisation up to `members` members; give it `events` more events, spread over the last `days`."""
        grown = self.organisation(organisation)
        for user in growth.add_members(grown, members):
            self.add_user(user)
        growth.add_events(grown, events, days)

    def actor(self, login: str) -> Actor:
        """Somebody at a browser, to make things happen outside the API."""
        user = self.person(login)
        return Actor(user, user.address)

    # -- codes and tokens

    def issue_code(
        self,
        login: str,
        scopes: list[str],
        redirect_uri: str,
        challenge: str = "",
        *,
        client_id: str = CLIENT_ID,
        sso: frozenset[int] = frozenset(),
    ) -> str:
        """What pressing Authorize does. Grants nothing at organisations: that is a button of its own."""
        text = self._text(20)
        user = self.person(login)
        expires_at = self.clock.now() + CODE_LIFETIME
        application = self.applications[client_id]
        self.codes[text] = Code(application, user, normalized(scopes), redirect_uri, challenge, sso, expires_at)
        return text

    def issue_token(self, login: str, scopes: list[str], *, client_id: str = CLIENT_ID, approve: bool = True) -> str:
        """A working token of somebody, the OAuth App approved (as by Grant) wherever that person is an owner."""
        user = self.person(login)
        for organisation in self.organisations.values():
            if approve and organisation.is_owner(user):
                organisation.approved_applications.add(client_id)
        return self.add_token(self.applications[client_id], user, normalized(scopes), frozenset()).text

    def add_token(self, application: Application, user: User, scopes: tuple[str, ...], sso: frozenset[int]) -> Token:
        """The eleventh token of the same user, app and scopes pushes the oldest out."""
        same = [t for t in self.tokens.values() if (t.application, t.user, t.scopes) == (application, user, scopes)]
        for old in same[: max(0, len(same) - TOKENS_PER_GRANT + 1)]:
            del self.tokens[old.text]
        self._token_id += 1
        token = Token(self._token_id, f"gho_{self._text(36)}", application, user, scopes, self.clock.now(), set(sso))
        self.tokens[token.text] = token
        self.consented = user
        return token

    def revoke_grant(self, application: Application, user: User) -> None:
        for token in list(self.tokens.values()):
            if token.application is application and token.user is user:
                del self.tokens[token.text]

    def ask_for_sso(self, token: Token, organisation: Organisation) -> str:
        """The id of a page on which the token's owner can sign in and so authorise it."""
        text = hashlib.sha256(f"{token.text}/{organisation.id}".encode()).hexdigest()[:32].upper()
        self.sso_requests[text] = (token, organisation)
        return text

    def _text(self, length: int) -> str:
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        return "".join(self._random.choices(alphabet, k=length))

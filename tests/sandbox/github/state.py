"""All that one GitHub holds: users, organisations, OAuth Apps, tokens."""

import hashlib
import random

from tests.sandbox.clock import Clock
from tests.sandbox.github import growth
from tests.sandbox.github.app import App, Installation
from tests.sandbox.github.enterprise import Enterprise
from tests.sandbox.github.hook import Sent
from tests.sandbox.github.lengthened import Lengthened
from tests.sandbox.github.organisation import Organisation
from tests.sandbox.github.people import Actor, User
from tests.sandbox.github.repository import Repository
from tests.sandbox.github.site import CLOUD, Site
from tests.sandbox.github.tokens import Application, Bearer, Code, InstallationToken, Token, normalized

CLIENT_ID = "Ov23liGATEHOUSEDEMO1"
CLIENT_SECRET = "0123456789abcdef0123456789abcdef01234567"
CODE_LIFETIME = 600
TOKENS_PER_GRANT = 10
INSTALLATION_TOKEN_LIFETIME = 3600


class State:
    """Everything a test may look at or change directly.

    `tree_limit`: entries of a tree beyond which an answer is truncated. `largest_page`: rows of a page at most,
    whatever is asked for. `events_delay`: seconds until the public sees what happened. `sent`: what left for webhooks.
    `revocation_delay`: seconds until a queued revocation takes effect. `points_per_minute`: what a person's calls may
    cost in a minute before the secondary limit strikes (reading one point, changing five), None for any.
    `directory_users`: ids of those whom a server's LDAP directory manages.
    """

    def __init__(self, clock: Clock, site: Site = CLOUD) -> None:
        self.clock = clock
        self.site = site
        self.users: Lengthened[User] = Lengthened()
        self.organisations: dict[int, Organisation] = {}
        self.applications: dict[str, Application] = {}
        self.tokens: dict[str, Token] = {}
        self.revoked_tokens: dict[str, Token] = {}
        self.apps: dict[int, App] = {}
        self.enterprises: dict[str, Enterprise] = {}
        self.installation_tokens: dict[str, InstallationToken] = {}
        self.revocation_delay = 5.0
        self.codes: dict[str, Code] = {}
        self.sent: list[Sent] = []
        self.sso_requests: dict[str, tuple[Token, Organisation]] = {}
        self.limits = {"core": 5000, "graphql": 5000, "audit_log": 1750}
        self.exhausted_until = 0
        self.directory_users: set[int] = set()
        self.points_per_minute: int | None = None
        self.points: dict[int, list[tuple[float, int]]] = {}
        self.revocations: dict[str, list[float]] = {}
        self.tree_limit = 100_000
        self.largest_page = 100
        self.events_delay = 30.0
        self.is_down = False
        self.consented: User | None = None
        self._logins: dict[str, User] = {}
        self._random = random.Random(f"20261124/{site.id}")
        self._token_id = 700_000_000

    # -- people and organisations

    def add_user(self, user: User) -> User:
        self.users[user.id] = user
        self._logins[user.login.lower()] = user
        return user

    def user(self, login: str) -> User | None:
        found = self._logins.get(login.lower())
        return found or self._grown_user(login.lower())

    def _grown_user(self, login: str) -> User | None:
        crowds = [growth.crowd_of(each) for each in self.organisations.values()]
        user = self.users.get(growth.id_of(login, crowds) or 0)
        return user if user is not None and user.login.lower() == login else None

    def settle(self, user: User) -> None:
        """From now on this very object is the user: somebody holds or changes it."""
        if self.users.get(user.id) is not user:
            self.users[user.id] = user

    def person(self, login: str) -> User:
        """The user of this login; KeyError when there is none."""
        found = self.user(login)
        if found is None:
            raise KeyError(login)
        return found

    def rename_user(self, user: User, login: str) -> None:
        self._logins.pop(user.login.lower(), None)
        self.settle(user)
        user.login = login
        self._logins[login.lower()] = user

    def delete_user(self, user: User) -> None:
        """The account is closed: gone everywhere; events keep its login."""
        self._logins.pop(user.login.lower(), None)
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

    def fingerprints(self) -> set[str]:
        """The names (sha) of all blobs that can be read now: a history loses none while its repository is there."""
        return {sha for repository in self._repositories() for sha in repository.history.blobs}

    def places_of(self, fingerprint: str) -> list[str]:
        """The repositories whose history has these bytes."""
        return [each.full_name for each in self._repositories() if fingerprint in each.history.blobs]

    def _repositories(self) -> list[Repository]:
        return [each for organisation in self.organisations.values() for each in organisation.repositories.values()]

    def owner_of_repositories(self, login: str) -> Organisation | None:
        """Also by a login that it had before: calls to its repositories are led on, those to itself are not."""
        wanted = login.lower()
        former = (each for each in self.organisations.values() if wanted in each.former_logins)
        return self.find_organisation(login) or next(former, None)

    def grow(self, members: int = 0, events: int = 0, organisation: str = "contoso-dev", days: int = 30) -> None:
        """Bring an organisation up to `members` members; give it `events` more events, spread over the last `days`."""
        grown = self.organisation(organisation)
        growth.add_members(grown, self.users, members)
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
        self.settle(user)
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
        self.settle(user)
        same = [t for t in self.tokens.values() if (t.application, t.user, t.scopes) == (application, user, scopes)]
        for old in same[: max(0, len(same) - TOKENS_PER_GRANT + 1)]:
            del self.tokens[old.text]
        self._token_id += 1
        token = Token(self._token_id, f"gho_{self._text(36)}", application, user, scopes, self.clock.now(), set(sso))
        self.tokens[token.text] = token
        self.consented = user
        return token

    def bearer(self, text: str) -> Bearer | None:
        """Whose token this is; None when it is unknown or its time is over."""
        issued = self.installation_tokens.get(text)
        if issued is not None and issued.expires_at <= self.clock.now():
            return None
        return issued or self.tokens.get(text)

    def issue_installation_token(
        self,
        installation: Installation,
        permissions: dict[str, str] | None = None,
        repositories: frozenset[int] | None = None,
    ) -> InstallationToken:
        """`permissions`: fewer than the installation has."""
        self._token_id += 1
        now = self.clock.now()
        allowed = dict(installation.permissions if permissions is None else permissions)
        token = InstallationToken(
            self._token_id,
            f"ghs_{self._text(36)}",
            installation,
            allowed,
            repositories,
            now,
            now + INSTALLATION_TOKEN_LIFETIME,
        )
        self.installation_tokens[token.text] = token
        return token

    def installations(self) -> list[Installation]:
        """Everywhere, on organisations and on enterprises."""
        on_organisations = [each for held in self.organisations.values() for each in held.installations.values()]
        return on_organisations + [each for held in self.enterprises.values() for each in held.installations.values()]

    def uninstall(self, installation: Installation) -> None:
        """Its tokens die with it."""
        holder = installation.organisation or installation.enterprise
        assert holder is not None
        del holder.installations[installation.id]
        for token in [each for each in self.installation_tokens.values() if each.installation is installation]:
            del self.installation_tokens[token.text]

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

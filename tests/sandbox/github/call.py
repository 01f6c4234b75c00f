"""One authenticated call of the REST API: what comes before an endpoint's own work."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlencode

from tests.sandbox.exchange import Answer, Json, Request
from tests.sandbox.github.app import App
from tests.sandbox.github.enterprise import Enterprise
from tests.sandbox.github.organisation import Organisation
from tests.sandbox.github.people import Actor, Team, User
from tests.sandbox.github.refusal import Refusal, invalid, not_found
from tests.sandbox.github.state import State
from tests.sandbox.github.tokens import Bearer, InstallationToken

Row = TypeVar("Row")
ADDRESS = "203.0.113.250"
# Where a scope guards a part of what an endpoint does: the permission that guards it for apps.
PERMISSION_OF = {"workflow": "workflows=write"}


@dataclass(slots=True)
class Call:
    """`parameters`: the variable parts of the path.

    `token` is None for anonymous calls, for Basic ones, and for those of a GitHub App that speaks for itself: then
    `app` is set.
    """

    request: Request
    state: State
    token: Bearer | None
    parameters: dict[str, str] = field(default_factory=dict)
    app: App | None = None

    @property
    def user(self) -> User:
        if self.token is None:
            raise Refusal(401, "Requires authentication")
        return self.token.user

    @property
    def organisation(self) -> Organisation:
        """The organisation in the path, or the one that owns the repository in the path."""
        found = self.state.find_organisation(self.parameters.get("org") or self.parameters["owner"])
        if found is None:
            raise not_found()
        return found

    @property
    def enterprise(self) -> Enterprise:
        found = self.state.enterprises.get(self.parameters["enterprise"])
        if found is None:
            raise not_found()
        return found

    @property
    def actor(self) -> Actor:
        agent = self.request.headers.get("user-agent", "")
        if self.app is not None:
            return Actor(self.app.bot, ADDRESS, agent)
        token = self.token
        assert token is not None
        if isinstance(token, InstallationToken):
            kind = "GitHub App server-to-server token"
            return Actor(token.user, ADDRESS, agent, token.text, token.id, token_kind=kind)
        return Actor(token.user, ADDRESS, agent, token.text, token.id, token.scopes, token.application.id)

    @property
    def client_id(self) -> str | None:
        """Of the OAuth App whose token this is; None for a GitHub App."""
        token = self.token
        return None if token is None or isinstance(token, InstallationToken) else token.application.client_id

    @property
    def installation_token(self) -> InstallationToken | None:
        return self.token if isinstance(self.token, InstallationToken) else None

    @property
    def is_installed(self) -> bool:
        """Is this the token of an app that is installed on the organisation of the path?"""
        token = self.installation_token
        return token is not None and token.installation.organisation is self.organisation

    def target(self) -> User:
        """The user whose login stands in the path."""
        found = self.state.user(self.parameters["username"])
        if found is None:
            raise not_found()
        if self.request.method != "GET":
            self.state.settle(found)
        return found

    def team(self) -> Team:
        """The team whose slug stands in the path, if the caller may see it."""
        team = self.organisation.team(self.parameters["team_slug"])
        if team is None or not self.sees(team):
            raise not_found()
        return team

    def sees(self, team: Team) -> bool:
        return team.privacy == "closed" or self.is_owner or self.user.id in team.members

    @property
    def is_owner(self) -> bool:
        """Or an app that is installed: what it may do, its permissions have said before."""
        return self.is_installed or self.organisation.is_owner(self.user)

    @property
    def is_member(self) -> bool:
        return self.token is not None and (self.is_installed or self.token.user.id in self.organisation.members)

    def allows(self, scope: str) -> bool:
        """Scopes are for tokens of people; an app's permissions were looked at when it called."""
        if isinstance(self.token, InstallationToken):
            return scope not in PERMISSION_OF or self.token.permits(PERMISSION_OF[scope])
        return self.token is not None and self.token.allows(scope)

    def need_member(self) -> None:
        if not self.is_member:
            raise not_found()

    def need_owner(self, message: str = "You must be an organization owner to do this.") -> None:
        self.need_member()
        if not self.is_owner:
            raise Refusal(403, message)

    def need_enterprise_owner(self) -> None:
        """To others the enterprise does not exist."""
        if self.token is None or not self.enterprise.is_owner(self.user):
            raise not_found()

    def body(self) -> dict[str, Json]:
        try:
            body = self.request.json()
        except ValueError:
            raise Refusal(400, "Problems parsing JSON") from None
        if not isinstance(body, dict):
            raise Refusal(400, "Body should be a JSON object")
        return body

    def chosen(self, name: str, choices: tuple[str, ...], default: str, resource: str) -> str:
        """A query parameter of a closed set."""
        value = self.request.parameter(name, default)
        if value not in choices:
            raise invalid(resource, name, f"{name} is not one of {', '.join(choices)}")
        return value

    def body_choice(self, name: str, choices: tuple[str, ...], default: str, resource: str) -> str:
        value = self.body().get(name, default)
        if value not in choices:
            raise invalid(resource, name, f"{name} is not included in the list")
        return str(value)

    # -- pages

    def per_page(self) -> int:
        return min(max(_number(self.request.parameter("per_page"), 30), 1), self.state.largest_page)

    def page(self, items: Sequence[Row]) -> tuple[list[Row], dict[str, str]]:
        """The items of the page asked for, and the Link header when there is more than one page."""
        size = self.per_page()
        last = max(1, -(-len(items) // size))
        number = max(1, _number(self.request.parameter("page"), 1))
        links = []
        if number > 1:
            links += [self._link(1, "first"), self._link(min(number - 1, last), "prev")]
        if number < last:
            links += [self._link(number + 1, "next"), self._link(last, "last")]
        headers = {"Link": ", ".join(links)} if links else {}
        return list(items[(number - 1) * size : number * size]), headers

    def link(self, parameters: dict[str, str], relation: str) -> str:
        """A Link entry: this call's own query with these parameters instead, on the path by ids that GitHub prefers."""
        kept = [(key, value) for key, value in self.request.query if key not in parameters]
        query = urlencode([*kept, *parameters.items()])
        return f'<{self.request.url(self._path_by_id())}?{query}>; rel="{relation}"'

    def query_string(self) -> str:
        return f"?{urlencode(self.request.query)}" if self.request.query else ""

    def _link(self, page: int, relation: str) -> str:
        return self.link({"page": str(page)}, relation)

    def _path_by_id(self) -> str:
        path = self.request.path
        if "repo" in self.parameters:
            repository = self.organisation.repository(self.parameters["repo"])
            below = path.split("/", 4)[4:]
            return "/".join([f"/repositories/{repository.id}", *below]) if repository else path
        if not path.startswith("/orgs/"):
            return path
        organisation = self.organisation
        rest = path.split("/", 3)[3] if path.count("/") > 2 else ""
        if "team_slug" in self.parameters:
            tail = rest.split("/", 2)[2:]
            rest = "/".join(["team", str(self.team().id), *tail])
        return f"/organizations/{organisation.id}/{rest}"


def answer_list(call: Call, items: list[Json]) -> Answer:
    shown, headers = call.page(items)
    return Answer.of_json(shown, headers=headers)


def no_content() -> Answer:
    return Answer(204)


def _number(text: str, default: int) -> int:
    return int(text) if text.isdigit() else default

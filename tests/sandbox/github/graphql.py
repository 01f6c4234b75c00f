"""POST /graphql: viewer, users, organisations and enterprises by name and id, who is in them, single sign-on, limits.

Errors come with status 200 and a list `errors`, as GitHub's do.
"""

from collections.abc import Callable

from tests.sandbox.clock import iso
from tests.sandbox.exchange import Answer, Json
from tests.sandbox.github import graphql_enterprise, graphql_identities, shapes
from tests.sandbox.github.addresses import web
from tests.sandbox.github.call import Call
from tests.sandbox.github.doors import admit_to_organisation
from tests.sandbox.github.graphql_reader import Field, GraphQLError, read_query
from tests.sandbox.github.graphql_schema import check, flattened
from tests.sandbox.github.graphql_values import Path, connection, nested, scalar, scalars
from tests.sandbox.github.organisation import Organisation
from tests.sandbox.github.people import User
from tests.sandbox.github.refusal import Refusal
from tests.sandbox.github.router import ANY, Route, route

MOST_NODES = 100


def answer(call: Call) -> Answer:
    body = call.body()
    errors: list[GraphQLError] = []
    try:
        fields = read_query(str(body.get("query", "")), body.get("variables") or {})
        check(fields, "Query", ())
        data = _Query(call, errors).run(fields)
    except GraphQLError as error:
        return Answer.of_json({"errors": [error.shape()]})
    shape: dict[str, Json] = {"data": data}
    if errors:
        shape["errors"] = [error.shape() for error in errors]
    return Answer.of_json(shape)


class _Query:
    """Looks up what the fields ask for; errors of single fields are collected and leave null behind."""

    def __init__(self, call: Call, errors: list[GraphQLError]) -> None:
        self.call = call
        self.errors = errors

    def run(self, fields: list[Field]) -> dict[str, Json]:
        looks: dict[str, Callable[[Field], Json]] = {
            "viewer": lambda each: self._user(each.fields, self.call.user, ("viewer",)),
            "user": self._named_user,
            "organization": self._organisation,
            "enterprise": lambda each: graphql_enterprise.answer(self.call, each, self._user),
            "node": self._node,
            "nodes": self._nodes,
            "rateLimit": self._rate_limit,
            "__typename": lambda each: "Query",
        }
        return {each.key: self._guarded(looks[each.name], each) for each in fields}

    def _guarded(self, look: Callable[[Field], Json], each: Field) -> Json:
        try:
            return look(each)
        except GraphQLError as error:
            self.errors.append(error)
            return None

    def _rate_limit(self, each: Field) -> Json:
        state = self.call.state
        limit = state.limits["graphql"]
        used = self.call.token.spent.get("graphql", 0) if self.call.token else 0
        now = int(state.clock.now())
        values = {
            "limit": limit,
            "cost": 1,
            "used": used,
            "remaining": limit - used,
            "resetAt": iso(now - now % 3600 + 3600),
        }
        return scalars(each.fields, values)

    # -- by id

    def _node(self, each: Field) -> Json:
        return self._by_id(each, str(each.arguments.get("id", "")), (each.key,))

    def _nodes(self, each: Field) -> Json:
        """In the order asked for; null with an error for what is not there."""
        ids = each.arguments.get("ids") or []
        if len(ids) > MOST_NODES:
            message = f"You may not provide more than {MOST_NODES} node ids; you provided {len(ids)}."
            raise GraphQLError(message, "ARGUMENT_LIMIT", (each.key,))
        return [self._one_node(each, str(text)) for text in ids]

    def _one_node(self, each: Field, text: str) -> Json:
        return self._guarded(lambda below: self._by_id(below, text, (below.key,)), each)

    def _by_id(self, each: Field, text: str, path: Path) -> Json:
        kind, number = shapes.number_of(text)
        user = self.call.state.users.get(number) if kind == "U" else None
        if user is not None:
            return self._user(each.fields, user, path)
        organisation = self.call.state.organisations.get(number) if kind == "O" else None
        if organisation is None:
            raise GraphQLError(f"Could not resolve to a node with the global id of '{text}'", "NOT_FOUND", path)
        return self._shown_organisation(each, organisation, path)

    # -- people

    def _named_user(self, each: Field) -> Json:
        login = str(each.arguments.get("login", ""))
        user = self.call.state.user(login)
        if user is None:
            message = f"Could not resolve to a User with the login of '{login}'."
            raise GraphQLError(message, "NOT_FOUND", (each.key,))
        return self._user(each.fields, user, (each.key,))

    def _user(self, fields: list[Field], user: User, path: Path) -> dict[str, Json]:
        values = {
            "id": shapes.node_id("U", user.id),
            "databaseId": user.id,
            "login": user.login,
            "name": user.name,
            "createdAt": iso(user.created_at),
            "updatedAt": iso(user.updated_at),
            "url": web(self.call.request, f"/{user.login}"),
            "avatarUrl": f"https://avatars.githubusercontent.com/u/{user.id}?v=4",
            "isSiteAdmin": user.is_site_admin,
        }
        special: dict[str, Callable[[Field], Json]] = {
            "email": lambda each: self._email(user, (*path, each.key)),
            "organizationVerifiedDomainEmails": lambda each: self._verified(each, user),
            "organization": lambda each: self._organisation_of(each, user),
        }
        return {
            each.key: special[each.name](each) if each.name in special else scalar(each, values, "User")
            for each in flattened(fields, "User")
        }

    def _email(self, user: User, path: Path) -> str:
        """An empty text, never null, when the profile shows none."""
        if not (self.call.allows("user:email") or self.call.allows("read:user")):
            raise self._lacks_scope("email", "'user:email', 'read:user'", path)
        return user.email or ""

    def _verified(self, each: Field, user: User) -> list[str]:
        organisation = self.call.state.find_organisation(str(each.arguments.get("login", "")))
        if organisation is None or not organisation.is_owner(self.call.user):
            return []
        domain = user.work_email.partition("@")[2]
        return [user.work_email] if domain in organisation.verified_domains else []

    def _organisation_of(self, each: Field, user: User) -> Json:
        """The named one, if the user belongs to it."""
        organisation = self.call.state.find_organisation(str(each.arguments.get("login", "")))
        if organisation is None or user.id not in organisation.members:
            return None
        return self._shown_organisation(each, organisation, (each.key,))

    # -- the organisation

    def _organisation(self, each: Field) -> Json:
        login = str(each.arguments.get("login", ""))
        organisation = self.call.state.find_organisation(login)
        path = (each.key,)
        if organisation is None:
            message = f"Could not resolve to an Organization with the login of '{login}'."
            raise GraphQLError(message, "NOT_FOUND", path)
        return self._shown_organisation(each, organisation, path)

    def _shown_organisation(self, each: Field, organisation: Organisation, path: Path) -> Json:
        self._admit(organisation, path)
        values = {
            "id": shapes.node_id("O", organisation.id),
            "databaseId": organisation.id,
            "login": organisation.login,
            "name": organisation.name,
        }
        special: dict[str, Callable[[Field], Json]] = {
            "membersWithRole": lambda below: self._members(below, organisation, (*path, below.key)),
            "samlIdentityProvider": lambda below: self._saml(below, organisation, (*path, below.key)),
        }
        return {
            below.key: self._guarded(special[below.name], below)
            if below.name in special
            else scalar(below, values, "Organization")
            for below in flattened(each.fields, "Organization")
        }

    def _admit(self, organisation: Organisation, path: Path) -> None:
        assert self.call.token is not None
        try:
            admit_to_organisation(self.call.request, self.call.state, self.call.token, organisation)
        except Refusal as refusal:
            raise GraphQLError(refusal.message, "FORBIDDEN", path) from None

    def _members(self, each: Field, organisation: Organisation, path: Path) -> Json:
        self._need_scope("membersWithRole", path)
        viewer = self.call.user
        is_owner = organisation.is_owner(viewer)
        token = self.call.installation_token
        is_installed = token is not None and token.installation.organisation is organisation
        sees_all = is_installed or viewer.id in organisation.members
        members = organisation.member_ids() if sees_all else organisation.public_member_ids()

        def edge(fields: list[Field], user_id: int, cursor: str) -> Json:
            user = self.call.state.users[user_id]
            two_factor = user.has_two_factor if is_owner else None
            role = _role(organisation.members[user_id].role)
            values = {"cursor": cursor, "role": role, "hasTwoFactorEnabled": two_factor}
            where = (*path, "edges")
            return nested(
                fields, values, "OrganizationMemberEdge", node=lambda below: self._user(below.fields, user, where)
            )

        def node(fields: list[Field], user_id: int) -> Json:
            return self._user(fields, self.call.state.users[user_id], (*path, "nodes"))

        return connection(each, members, edge, node, path, self.call.state.largest_page)

    def _saml(self, each: Field, organisation: Organisation, path: Path) -> Json:
        """null unless single sign-on is set up and an owner asks."""
        self._need_scope("samlIdentityProvider", path)
        if not organisation.has_saml or not self._sees_identities(organisation):
            return None
        return graphql_identities.of_organisation(self.call, each, organisation, path, self._user)

    def _sees_identities(self, organisation: Organisation) -> bool:
        """An owner, or an installed app that may look at the organisation's members."""
        token = self.call.installation_token
        if token is None:
            return organisation.is_owner(self.call.user)
        is_installed = token.installation.organisation is organisation
        return is_installed and token.permits("members=read")

    def _need_scope(self, name: str, path: Path) -> None:
        token = self.call.installation_token
        if token is not None and not token.permits("members=read"):
            raise GraphQLError("Resource not accessible by integration", "FORBIDDEN", path)
        if not self.call.allows("read:org"):
            raise self._lacks_scope(name, "'read:org'", path)

    def _lacks_scope(self, name: str, wanted: str, path: Path) -> GraphQLError:
        held = list(self.call.token.scopes) if self.call.token else []
        return GraphQLError(
            f"Your token has not been granted the required scopes to execute this query. The '{name}' field requires "
            f"one of the following scopes: [{wanted}], but your token has only been granted the: {held} scopes. Please "
            "modify your token's scopes at: https://github.com/settings/tokens.",
            "INSUFFICIENT_SCOPES",
            path,
        )


def _role(role: str) -> str:
    return "ADMIN" if role == "admin" else "MEMBER"


ROUTES: list[Route] = [route("POST", "/graphql", answer, resource="graphql", permissions=ANY)]

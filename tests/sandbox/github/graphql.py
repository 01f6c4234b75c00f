"""POST /graphql: viewer, rateLimit, and an organisation's membersWithRole and samlIdentityProvider.

Errors come with status 200 and a list `errors`, as GitHub's do.
"""

import base64
from collections.abc import Callable
from typing import Any

from tests.sandbox.clock import iso
from tests.sandbox.exchange import Answer, Json
from tests.sandbox.github.addresses import web
from tests.sandbox.github.call import Call
from tests.sandbox.github.doors import admit_to_organisation
from tests.sandbox.github.graphql_reader import Field, GraphQLError, read_query
from tests.sandbox.github.organisation import Organisation
from tests.sandbox.github.people import SamlIdentity, User
from tests.sandbox.github.refusal import Refusal
from tests.sandbox.github.router import ANY, Route, route

Path = tuple[str, ...]
# Type -> field -> (type of what it leads to, "" for a scalar).
FIELDS: dict[str, dict[str, str]] = {
    "Query": {"viewer": "User", "organization": "Organization", "rateLimit": "RateLimit"},
    "RateLimit": {"limit": "", "cost": "", "remaining": "", "used": "", "resetAt": ""},
    "User": {
        "id": "",
        "databaseId": "",
        "login": "",
        "name": "",
        "email": "",
        "createdAt": "",
        "updatedAt": "",
        "url": "",
        "avatarUrl": "",
        "isSiteAdmin": "",
        "organizationVerifiedDomainEmails": "",
    },
    "Organization": {
        "id": "",
        "databaseId": "",
        "login": "",
        "name": "",
        "membersWithRole": "MemberConnection",
        "samlIdentityProvider": "SamlProvider",
    },
    "MemberConnection": {"totalCount": "", "pageInfo": "PageInfo", "edges": "MemberEdge", "nodes": "User"},
    "MemberEdge": {"cursor": "", "role": "", "hasTwoFactorEnabled": "", "node": "User"},
    "PageInfo": {"hasNextPage": "", "hasPreviousPage": "", "endCursor": "", "startCursor": ""},
    "SamlProvider": {"id": "", "ssoUrl": "", "externalIdentities": "IdentityConnection"},
    "IdentityConnection": {"totalCount": "", "pageInfo": "PageInfo", "edges": "IdentityEdge", "nodes": "Identity"},
    "IdentityEdge": {"cursor": "", "node": "Identity"},
    "Identity": {"guid": "", "samlIdentity": "SamlIdentity", "scimIdentity": "ScimIdentity", "user": "User"},
    "SamlIdentity": {"nameId": "", "username": "", "emails": "Email"},
    "ScimIdentity": {"username": "", "emails": "Email"},
    "Email": {"value": "", "primary": "", "type": ""},
}


def answer(call: Call) -> Answer:
    body = call.body()
    errors: list[GraphQLError] = []
    try:
        fields = read_query(str(body.get("query", "")), body.get("variables") or {})
        _check(fields, "Query", ())
        data = _Query(call, errors).run(fields)
    except GraphQLError as error:
        return Answer.of_json({"errors": [error.shape()]})
    shape: dict[str, Json] = {"data": data}
    if errors:
        shape["errors"] = [error.shape() for error in errors]
    return Answer.of_json(shape)


def _check(fields: list[Field], kind: str, path: Path) -> None:
    """The query against the schema, before anything is looked up."""
    for each in fields:
        below = FIELDS[kind].get(each.name)
        where = (*path, each.key)
        if each.name == "__typename":
            continue
        if below is None:
            raise GraphQLError(f"Field '{each.name}' doesn't exist on type '{kind}'", None, where)
        if below and not each.fields:
            raise GraphQLError(
                f"Field must have selections (field '{each.name}' returns {below} but has no selections. "
                f"Did you mean '{each.name} {{ ... }}'?)",
                None,
                where,
            )
        if not below and each.fields:
            raise GraphQLError(f"Selections can't be made on scalars (field '{each.name}')", None, where)
        _check(each.fields, below, where)


class _Query:
    """Looks up what the fields ask for; errors of single fields are collected and leave null behind."""

    def __init__(self, call: Call, errors: list[GraphQLError]) -> None:
        self.call = call
        self.errors = errors

    def run(self, fields: list[Field]) -> dict[str, Json]:
        looks: dict[str, Callable[[Field], Json]] = {
            "viewer": lambda each: self._user(each.fields, self.call.user, ("viewer",)),
            "organization": self._organisation,
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
        return _scalars(each.fields, values)

    # -- people

    def _user(self, fields: list[Field], user: User, path: Path) -> dict[str, Json]:
        values = {
            "id": f"U_{user.id}",
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
        }
        return {
            each.key: special[each.name](each) if each.name in special else _scalar(each, values, "User")
            for each in fields
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

    # -- the organisation

    def _organisation(self, each: Field) -> Json:
        login = str(each.arguments.get("login", ""))
        organisation = self.call.state.find_organisation(login)
        path = (each.key,)
        if organisation is None:
            message = f"Could not resolve to an Organization with the login of '{login}'."
            raise GraphQLError(message, "NOT_FOUND", path)
        self._admit(organisation, path)
        values = {
            "id": f"O_{organisation.id}",
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
            else _scalar(below, values, "Organization")
            for below in each.fields
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
        members = [row for row in organisation.members.items() if sees_all or row[1].is_public]

        def edge(fields: list[Field], row: Any, cursor: str) -> Json:
            user = self.call.state.users[row[0]]
            two_factor = user.has_two_factor if is_owner else None
            values = {"cursor": cursor, "role": _role(row[1].role), "hasTwoFactorEnabled": two_factor}
            where = (*path, "edges")
            return _nested(fields, values, "MemberEdge", node=lambda below: self._user(below.fields, user, where))

        def node(fields: list[Field], row: Any) -> Json:
            return self._user(fields, self.call.state.users[row[0]], (*path, "nodes"))

        return _connection(each, members, edge, node, path)

    def _saml(self, each: Field, organisation: Organisation, path: Path) -> Json:
        """null unless single sign-on is set up and an owner asks."""
        self._need_scope("samlIdentityProvider", path)
        if not organisation.has_saml or not self._sees_identities(organisation):
            return None
        values = {"id": f"SIP_{organisation.id}", "ssoUrl": "https://login.contoso.example/sso/saml"}
        identities = organisation.identities

        def connect(below: Field) -> Json:
            where = (*path, below.key)
            return _connection(below, identities, self._identity_edge, self._identity, where)

        return _nested(each.fields, values, "SamlProvider", externalIdentities=connect)

    def _sees_identities(self, organisation: Organisation) -> bool:
        """An owner, or an installed app that may look at the organisation's settings."""
        token = self.call.installation_token
        if token is None:
            return organisation.is_owner(self.call.user)
        is_installed = token.installation.organisation is organisation
        return is_installed and token.permits("organization_administration=read")

    def _identity_edge(self, fields: list[Field], identity: SamlIdentity, cursor: str) -> Json:
        values = {"cursor": cursor}
        return _nested(fields, values, "IdentityEdge", node=lambda below: self._identity(below.fields, identity))

    def _identity(self, fields: list[Field], identity: SamlIdentity) -> Json:
        user = self.call.state.users.get(identity.user_id or 0)
        saml = {"nameId": identity.name_id, "username": identity.name_id}
        scim = {"username": identity.name_id}

        def emails(below: Field) -> Json:
            rows = [
                {"value": each, "primary": number == 0, "type": None} for number, each in enumerate(identity.emails)
            ]
            return [_scalars(below.fields, row) for row in rows]

        return _nested(
            fields,
            {"guid": identity.guid},
            "ExternalIdentity",
            samlIdentity=lambda below: _nested(below.fields, saml, "ExternalIdentitySamlAttributes", emails=emails),
            scimIdentity=lambda below: _nested(below.fields, scim, "ExternalIdentityScimAttributes", emails=emails),
            user=lambda below: self._user(below.fields, user, ("user",)) if user else None,
        )

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


def _connection(
    each: Field,
    rows: list[Any],
    edge: Callable[[list[Field], Any, str], Json],
    node: Callable[[list[Field], Any], Json],
    path: Path,
) -> Json:
    first = each.arguments.get("first")
    if not isinstance(first, int):
        message = f"You must provide a `first` or `last` value to properly paginate the `{each.name}` connection."
        raise GraphQLError(message, "MISSING_PAGINATION_BOUNDARIES", path)
    if not 0 < first <= 100:
        message = (
            f"Requesting {first} records on the `{each.name}` connection exceeds the `first` limit of 100 records."
        )
        raise GraphQLError(message, "EXCESSIVE_PAGINATION", path)
    start = _place(each.arguments.get("after"), path)
    shown = list(enumerate(rows))[start : start + first]
    info = {
        "hasNextPage": start + first < len(rows),
        "hasPreviousPage": start > 0,
        "startCursor": _cursor(shown[0][0]) if shown else None,
        "endCursor": _cursor(shown[-1][0]) if shown else None,
    }
    return _nested(
        each.fields,
        {"totalCount": len(rows)},
        "Connection",
        pageInfo=lambda below: _scalars(below.fields, info),
        edges=lambda below: [edge(below.fields, row, _cursor(number)) for number, row in shown],
        nodes=lambda below: [node(below.fields, row) for _, row in shown],
    )


def _cursor(number: int) -> str:
    return base64.b64encode(f"cursor:v2:{number}".encode()).decode()


def _place(cursor: Json, path: Path) -> int:
    if cursor is None:
        return 0
    try:
        return int(base64.b64decode(str(cursor)).decode().rpartition(":")[2]) + 1
    except ValueError:
        message = f"`{cursor}` does not appear to be a valid cursor."
        raise GraphQLError(message, "INVALID_CURSOR_ARGUMENTS", path) from None


def _nested(fields: list[Field], values: dict[str, Json], kind: str, **special: Callable[[Field], Json]) -> Json:
    return {
        each.key: special[each.name](each) if each.name in special else _scalar(each, values, kind) for each in fields
    }


def _scalars(fields: list[Field], values: dict[str, Json]) -> Json:
    return {each.key: _scalar(each, values, "") for each in fields}


def _scalar(each: Field, values: dict[str, Json], kind: str) -> Json:
    return kind if each.name == "__typename" else values[each.name]


def _role(role: str) -> str:
    return "ADMIN" if role == "admin" else "MEMBER"


ROUTES: list[Route] = [route("POST", "/graphql", answer, resource="graphql", permissions=ANY)]

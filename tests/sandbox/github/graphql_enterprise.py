"""GraphQL's enterprise(slug): to its owners with a scope of its own it shows who administers it, and single sign-on."""

from collections.abc import Callable

from tests.sandbox.exchange import Json
from tests.sandbox.github import graphql_identities
from tests.sandbox.github.call import Call
from tests.sandbox.github.enterprise import Enterprise
from tests.sandbox.github.graphql_reader import Field, GraphQLError
from tests.sandbox.github.graphql_values import Path, connection, nested
from tests.sandbox.github.people import User
from tests.sandbox.github.shapes import node_id

SCOPE = "read:enterprise"
ShowUser = Callable[[list[Field], User, Path], dict[str, Json]]


def answer(call: Call, each: Field, show: ShowUser) -> Json:
    """`show`: a user as the query asks for it."""
    slug, path = str(each.arguments.get("slug", "")), (each.key,)
    enterprise = call.state.enterprises.get(slug)
    if enterprise is None or call.installation_token is not None:
        raise GraphQLError(f"Could not resolve to a Business with the URL slug of '{slug}'.", "NOT_FOUND", path)
    if not call.allows(SCOPE):
        message = (
            "Your token has not been granted the required scopes to execute this query. The 'ownerInfo' field requires "
            f"one of the following scopes: ['admin:enterprise', '{SCOPE}']."
        )
        raise GraphQLError(message, "INSUFFICIENT_SCOPES", path)
    values = {
        "id": node_id("E", enterprise.id),
        "databaseId": enterprise.id,
        "slug": enterprise.slug,
        "name": enterprise.name,
    }
    return nested(each.fields, values, "Enterprise", ownerInfo=lambda below: _owner_info(call, below, enterprise, show))


def _owner_info(call: Call, each: Field, enterprise: Enterprise, show: ShowUser) -> Json:
    """null to whoever is no owner."""
    if not enterprise.is_owner(call.user):
        return None
    path = ("enterprise", each.key)

    def provider(below: Field) -> Json:
        return graphql_identities.of_enterprise(call, below, enterprise, (*path, below.key), show)

    return nested(
        each.fields,
        {},
        "EnterpriseOwnerInfo",
        admins=lambda below: _administrators(call, below, enterprise, show),
        samlIdentityProvider=provider,
        oidcProvider=provider,
    )


def _administrators(call: Call, each: Field, enterprise: Enterprise, show: ShowUser) -> Json:
    path = ("enterprise", "ownerInfo", each.key)
    people = sorted((call.state.users[number] for number in enterprise.administrators), key=lambda user: user.login)

    def edge(fields: list[Field], user: User, cursor: str) -> Json:
        role = "OWNER" if enterprise.is_owner(user) else "BILLING_MANAGER"
        values = {"cursor": cursor, "role": role}
        return nested(
            fields, values, "EnterpriseAdministratorEdge", node=lambda below: show(below.fields, user, path)
        )

    return connection(
        each, people, edge, lambda fields, user: show(fields, user, path), path, call.state.largest_page
    )

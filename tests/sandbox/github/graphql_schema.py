"""The part of GitHub's GraphQL schema that is answered, and a query held against it."""

from tests.sandbox.github.graphql_reader import Field, GraphQLError
from tests.sandbox.github.graphql_values import Path

# Type -> field -> (type of what it leads to, "" for a scalar).
FIELDS: dict[str, dict[str, str]] = {
    "Query": {
        "viewer": "User",
        "user": "User",
        "organization": "Organization",
        "enterprise": "Enterprise",
        "node": "Node",
        "nodes": "Node",
        "rateLimit": "RateLimit",
    },
    "Node": {"id": ""},
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
        "organization": "Organization",
    },
    "Enterprise": {"id": "", "databaseId": "", "slug": "", "name": "", "ownerInfo": "EnterpriseOwnerInfo"},
    "EnterpriseOwnerInfo": {
        "admins": "EnterpriseAdministratorConnection",
        "samlIdentityProvider": "EnterpriseIdentityProvider",
        "oidcProvider": "OIDCProvider",
    },
    "EnterpriseIdentityProvider": {
        "id": "",
        "issuer": "",
        "ssoUrl": "",
        "externalIdentities": "ExternalIdentityConnection",
    },
    "OIDCProvider": {
        "id": "",
        "providerType": "",
        "tenantId": "",
        "externalIdentities": "ExternalIdentityConnection",
    },
    "EnterpriseAdministratorConnection": {
        "totalCount": "",
        "pageInfo": "PageInfo",
        "edges": "EnterpriseAdministratorEdge",
        "nodes": "User",
    },
    "EnterpriseAdministratorEdge": {"cursor": "", "role": "", "node": "User"},
    "Organization": {
        "id": "",
        "databaseId": "",
        "login": "",
        "name": "",
        "membersWithRole": "OrganizationMemberConnection",
        "samlIdentityProvider": "OrganizationIdentityProvider",
    },
    "OrganizationMemberConnection": {
        "totalCount": "",
        "pageInfo": "PageInfo",
        "edges": "OrganizationMemberEdge",
        "nodes": "User",
    },
    "OrganizationMemberEdge": {"cursor": "", "role": "", "hasTwoFactorEnabled": "", "node": "User"},
    "PageInfo": {"hasNextPage": "", "hasPreviousPage": "", "endCursor": "", "startCursor": ""},
    "OrganizationIdentityProvider": {
        "id": "",
        "issuer": "",
        "ssoUrl": "",
        "externalIdentities": "ExternalIdentityConnection",
    },
    "ExternalIdentityConnection": {
        "totalCount": "",
        "pageInfo": "PageInfo",
        "edges": "ExternalIdentityEdge",
        "nodes": "ExternalIdentity",
    },
    "ExternalIdentityEdge": {"cursor": "", "node": "ExternalIdentity"},
    "ExternalIdentity": {
        "guid": "",
        "samlIdentity": "ExternalIdentitySamlAttributes",
        "scimIdentity": "ExternalIdentityScimAttributes",
        "user": "User",
        "organizationInvitation": "OrganizationInvitation",
    },
    "OrganizationInvitation": {"id": "", "email": ""},
    "ExternalIdentitySamlAttributes": {"nameId": "", "username": "", "emails": "UserEmailMetadata"},
    "ExternalIdentityScimAttributes": {
        "username": "",
        "givenName": "",
        "familyName": "",
        "emails": "UserEmailMetadata",
    },
    "UserEmailMetadata": {"value": "", "primary": "", "type": ""},
}
# What may stand where a node is asked for.
POSSIBLE = {"Node": ("User", "Organization")}


def check(fields: list[Field], kind: str, path: Path) -> None:
    """The query against the schema, before anything is looked up."""
    for each in fields:
        below = FIELDS[kind].get(each.name)
        where = (*path, each.key)
        if each.name == "__typename":
            continue
        if each.on:
            _check_fragment(each, kind, where)
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
        check(each.fields, below, where)


def _check_fragment(each: Field, kind: str, path: Path) -> None:
    if each.on not in FIELDS:
        raise GraphQLError(f"No such type {each.on}, so it can't be a fragment condition", None, path)
    if each.on not in (kind, *POSSIBLE.get(kind, ())):
        raise GraphQLError(f"Fragment on {each.on} can't be spread inside {kind}", None, path)
    check(each.fields, each.on, path)


def flattened(fields: list[Field], kind: str) -> list[Field]:
    """The fields for an object of this type, those of fitting fragments among them."""
    found: list[Field] = []
    for each in fields:
        if not each.on:
            found.append(each)
        elif each.on in (kind, "Node"):
            found += flattened(each.fields, kind)
    return found

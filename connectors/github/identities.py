"""What organisation and identity provider know of people: addresses at verified domains, SAML and SCIM identities.

Single sign-on is set up in the organisation (SAML), or for all organisations of an enterprise in the enterprise (SAML,
or OpenID Connect where it manages its users). The enterprise shows its own to its owners alone.

An identity, here and in the raw record of an account: {addresses: at verified domains, external: {guid, samlIdentity,
scimIdentity} or null, provider: its issuer, or ''}.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.base import Client
from connectors.github.graphql import QueryRefused, aliases, ask, ask_whole, user
from connectors.github.ownership import is_app
from connectors.github.products import Product, product_of

EXTERNAL_IDENTITY = (
    "guid samlIdentity { nameId } scimIdentity { username givenName familyName emails { value primary } }"
)
OF_ORGANISATION = """
query($organization: String!) {
  organization(login: $organization) { samlIdentityProvider { id externalIdentities(first: 1) { nodes { guid } } } }
}
"""
OF_ENTERPRISE = """
query($enterprise: String!) {
  enterprise(slug: $enterprise) {
    ownerInfo {
      samlIdentityProvider { id externalIdentities(first: 1) { nodes { guid } } }
      oidcProvider { id externalIdentities(first: 1) { nodes { guid } } }
    }
  }
}
"""
UNCLAIMED = """
query($organization: String!, $after: String) {
  organization(login: $organization) {
    samlIdentityProvider {
      issuer
      externalIdentities(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { %s user { login } organizationInvitation { id } }
      }
    }
  }
}
""" % EXTERNAL_IDENTITY  # noqa: UP031  braces are GraphQL's
SCIM = "scim"
"""The source of an invitation that provisioning has sent."""

Identities = dict[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class SingleSignOn:
    """Whether organisation and enterprise have it. None: GitHub does not tell this connection."""

    of_organisation: bool | None
    of_enterprise: bool | None


def single_sign_on(client: Client, organization: str, *, has_plan: bool) -> SingleSignOn:
    """`has_plan`: whether the organisation's plan may have it; the others are not asked."""
    return SingleSignOn(
        _of_organisation(client, organization) if has_plan else False,
        _of_enterprise(client) if sees_enterprise(client) else False,
    )


def sees_enterprise(client: Client) -> bool:
    """An enterprise is filled in, and its identity provider is one that GitHub shows: not an app, not on a server."""
    is_on_cloud = product_of(client.config) is not Product.SERVER
    return bool(client.config.get("enterprise")) and is_on_cloud and not is_app(client)


def of_members(client: Client, logins: Iterable[str]) -> Identities:
    """By login, of up to a hundred members in one call, or two where single sign-on is the enterprise's. Empty where
    GraphQL does not serve this token: the check tells that."""
    named = aliases(logins)
    if not named:
        return {}
    addresses = f"organizationVerifiedDomainEmails(login: {json.dumps(client.config['organization'])})"
    people = " ".join(f"{alias}: {user(login)} {{ {addresses} }}" for alias, login in named.items())
    linked = _linked({alias: f"login: {json.dumps(login)}" for alias, login in named.items()})
    found = _asked(client, f"query {{ {people} {_provider_of_organisation(client, linked)} }}")
    provider = (found.get("organization") or {}).get("samlIdentityProvider")
    if not provider and sees_enterprise(client):
        provider = _provider_of_enterprise(client, linked)
    return {
        login: {
            "addresses": (found.get(alias) or {}).get("organizationVerifiedDomainEmails") or [],
            **_external(provider or {}, alias),
        }
        for alias, login in named.items()
        if found or provider
    }


def of_invitations(client: Client, invitations: Sequence[Mapping[str, Any]]) -> Identities:
    """By the number of the invitation, for those that provisioning has sent; one call, none where there are none such.
    GitHub finds an identity by what the identity provider calls it, which is mostly the address."""
    sent = {str(each["id"]): str(each["email"]) for each in invitations if _is_provisioned(each)}
    if not sent:
        return {}
    named = {f"user{number}": each for number, each in enumerate(sent)}
    linked = _linked({alias: f"userName: {json.dumps(sent[each])}" for alias, each in named.items()})
    found = _asked(client, f"query {{ {_provider_of_organisation(client, linked)} }}")
    provider = (found.get("organization") or {}).get("samlIdentityProvider") or {}
    return {each: {"addresses": [], **_external(provider, alias)} for alias, each in named.items()}


def unclaimed(client: Client, after: str) -> Mapping[str, Any] | None:
    """A page of {issuer, pageInfo, nodes} of all identities, the claimed ones among them; None without single sign-on
    of the organisation itself. Raises QueryRefused."""
    variables = {"organization": client.config["organization"], "after": after or None}
    provider = ask_whole(client, UNCLAIMED, variables, _tells_of_organisation)["organization"]["samlIdentityProvider"]
    return None if provider is None else {"issuer": provider["issuer"], **provider["externalIdentities"]}


def _is_provisioned(invitation: Mapping[str, Any]) -> bool:
    return invitation.get("invitation_source") == SCIM and bool(invitation.get("email"))


def _linked(filters: Mapping[str, str]) -> str:
    return " ".join(
        f"{alias}: externalIdentities(first: 1, {narrowed}) {{ nodes {{ {EXTERNAL_IDENTITY} }} }}"
        for alias, narrowed in filters.items()
    )


def _provider_of_organisation(client: Client, linked: str) -> str:
    name = json.dumps(client.config["organization"])
    return f"organization(login: {name}) {{ samlIdentityProvider {{ issuer {linked} }} }}"


def _asked(client: Client, query: str) -> Mapping[str, Any]:
    try:
        return ask(client, query, {}, bool)
    except QueryRefused:
        return {}


def _provider_of_enterprise(client: Client, linked: str) -> Mapping[str, Any]:
    providers = f"samlIdentityProvider {{ issuer {linked} }} oidcProvider {{ providerType tenantId {linked} }}"
    slug = json.dumps(client.config["enterprise"])
    found = _asked(client, f"query {{ enterprise(slug: {slug}) {{ ownerInfo {{ {providers} }} }} }}")
    info = (found.get("enterprise") or {}).get("ownerInfo") or {}
    return info.get("samlIdentityProvider") or info.get("oidcProvider") or {}


def _external(provider: Mapping[str, Any], alias: str) -> dict[str, Any]:
    """The first identity under this alias, and where it is from; of OpenID Connect, kind and tenant."""
    by_oidc = f"{provider.get('providerType')} tenant {provider.get('tenantId')}" if provider.get("tenantId") else ""
    found = next(iter((provider.get(alias) or {}).get("nodes") or []), None)
    return {"external": found, "provider": (provider.get("issuer") or by_oidc) if found else ""}


def _of_organisation(client: Client, organization: str) -> bool | None:
    try:
        found = ask_whole(client, OF_ORGANISATION, {"organization": organization}, _tells_of_organisation)
    except QueryRefused:
        return None
    return found["organization"]["samlIdentityProvider"] is not None


def _of_enterprise(client: Client) -> bool | None:
    """To whoever is no owner of it, `ownerInfo` is null."""
    try:
        found = ask_whole(client, OF_ENTERPRISE, {"enterprise": client.config["enterprise"]}, _tells_of_enterprise)
    except QueryRefused:
        return None
    info = found["enterprise"]["ownerInfo"]
    return None if info is None else bool(info["samlIdentityProvider"] or info["oidcProvider"])


def _tells_of_organisation(data: Mapping[str, Any]) -> bool:
    provider = (data.get("organization") or {}).get("samlIdentityProvider", "")
    return provider is None or _tells_of_identities(provider)


def _tells_of_enterprise(data: Mapping[str, Any]) -> bool:
    info = (data.get("enterprise") or {}).get("ownerInfo", "")
    return info is None or (isinstance(info, Mapping) and {"samlIdentityProvider", "oidcProvider"} <= info.keys())


def _tells_of_identities(provider: Any) -> bool:
    identities = provider.get("externalIdentities") if isinstance(provider, Mapping) else None
    return isinstance(identities, Mapping) and isinstance(identities.get("nodes"), list)

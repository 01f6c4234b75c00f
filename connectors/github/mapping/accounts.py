"""People: members, outside collaborators, invitations, and who is an owner or holds a role."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from connectors.base import Account, AccountKind, AccountStatus, DirectoryId, HolderKind, Privilege
from connectors.github import ids
from connectors.github.mapping.values import moment, text

OWNER = "Organization owner"
ENTERPRISE_OWNER = "Enterprise owner"
ENTERPRISE_ROLES = {"OWNER": ENTERPRISE_OWNER, "BILLING_MANAGER": "Enterprise billing manager"}
REPOSITORY_ADMIN = "Repository admin"
IDENTITY = "identity"
"""In an account's raw record: what its organisation and identity provider know of it."""
TWO_FACTOR = "hasTwoFactorEnabled"
"""Its name in an account's raw record, however it was learned."""
TEXT_MESSAGES = "twoFactorInsecure"
"""In an account's raw record, in GitHub's word: whether text messages are among its second factors."""
Row = Mapping[str, Any]
NOTHING: Row = {}
USUAL_ROLES = ("", "read", "triage", "write", "maintain", "pull", "push")


def member(edge: Row, identity: Row = NOTHING, has_weak_mfa: bool | None = None) -> Account:
    """An edge of GraphQL's membersWithRole: {role, hasTwoFactorEnabled, node{databaseId login name email ...}}.

    `identity`: what the organisation and its identity provider know of the same user, as in identities.py.
    """
    node = edge["node"]
    return Account(
        id=str(node["databaseId"]),
        username=text(node.get("login")),
        name=text(node.get("name")),
        email=text(node.get("email")) or work_address(identity),
        kind=_kind(node),
        is_external=False,
        is_admin=edge.get("role") == "ADMIN",
        has_mfa=edge.get(TWO_FACTOR),
        has_weak_mfa=has_weak_mfa,
        directory_ids=directory_ids(identity),
        created_at=moment(node.get("createdAt")),
        url=text(node.get("url")),
        raw=_with_more(edge, identity=identity, has_weak_mfa=has_weak_mfa),
    )


def work_address(identity: Row) -> str:
    """The address at a domain that the organisation has proven to be its own, else the identity provider's."""
    external = identity.get("external") or {}
    provisioned = (external.get("scimIdentity") or {}).get("emails") or []
    primary = sorted(provisioned, key=lambda each: each.get("primary") is not True)
    name_id = text((external.get("samlIdentity") or {}).get("nameId"))
    addresses = [*(identity.get("addresses") or []), *(each.get("value") for each in primary)]
    found = [text(each) for each in addresses if each] + ([name_id] if "@" in name_id else [])
    return found[0] if found else ""


def directory_ids(identity: Row, scim: Row = NOTHING) -> tuple[DirectoryId, ...]:
    """What the identity provider calls somebody. `scim`: the same by REST, which alone has the provider's own id."""
    external, provider = identity.get("external") or {}, text(identity.get("provider"))
    saml, provisioned = external.get("samlIdentity") or {}, external.get("scimIdentity") or {}
    found = {
        "SAML name id": saml.get("nameId"),
        "SCIM user name": provisioned.get("username"),
        "SCIM external id": scim.get("externalId"),
        "SCIM id": external.get("guid") if provisioned else None,
    }
    values = {kind: text(value) for kind, value in found.items() if value}
    return tuple(DirectoryId(kind=kind, value=value, provider=provider) for kind, value in values.items())


def listed_user(
    user: Row,
    *,
    is_admin: bool,
    is_external: bool,
    has_mfa: bool | None = None,
    has_weak_mfa: bool | None = None,
    profile: Row = NOTHING,
    identity: Row = NOTHING,
) -> Account:
    """A user as REST has it: in lists id and login, by itself also name, e-mail and creation date.

    `profile`: what GraphQL shows of the same user, {name, email, createdAt}; `identity`: as for `member`.
    """
    return Account(
        id=str(user["id"]),
        username=text(user.get("login")),
        name=text(user.get("name")) or text(profile.get("name")),
        email=text(user.get("email")) or text(profile.get("email")) or work_address(identity),
        kind=_kind(user),
        is_external=is_external,
        is_admin=is_admin,
        has_mfa=has_mfa,
        has_weak_mfa=has_weak_mfa,
        directory_ids=directory_ids(identity),
        created_at=moment(user.get("created_at")) or moment(profile.get("createdAt")),
        url=text(user.get("html_url")),
        raw=_with_more(user, has_mfa=has_mfa, has_weak_mfa=has_weak_mfa, profile=profile, identity=identity),
    )


def invitation(invited: Row, identity: Row = NOTHING) -> Account:
    """An invitation, pending or failed: {id, login or null, email or null, role, created_at, failed_at}. `identity`: as
    for `member`, of whom provisioning has invited."""
    return Account(
        id=ids.invited(invited["id"]),
        username=text(invited.get("login")),
        email=text(invited.get("email")),
        status=AccountStatus.EXPIRED if invited.get("failed_at") else AccountStatus.PENDING,
        is_external=None,
        is_admin=invited.get("role") == "admin",
        directory_ids=directory_ids(identity),
        created_at=moment(invited.get("created_at")),
        raw=_with_more(invited, identity=identity),
    )


def unclaimed_identity(identity: Row, scim: Row) -> Account:
    """Somebody whom the identity provider has and who is nobody at GitHub yet. `scim`: the same by REST, {externalId,
    name, meta}; empty where that does not tell."""
    external = identity["external"]
    saml, provisioned = external.get("samlIdentity") or {}, external.get("scimIdentity") or {}
    names = (text(provisioned.get("givenName")), text(provisioned.get("familyName")))
    return Account(
        id=ids.unclaimed(external["guid"]),
        username=text(provisioned.get("username")) or text(saml.get("nameId")),
        name=" ".join(name for name in names if name),
        email=work_address(identity),
        status=AccountStatus.PENDING,
        directory_ids=directory_ids(identity, scim),
        created_at=moment((scim.get("meta") or {}).get("created")),
        raw={IDENTITY: dict(identity), **({"scim": dict(scim)} if scim else {})},
    )


def blocked_user(user: Row, profile: Row = NOTHING) -> Account:
    """Somebody the organisation has blocked, who is therefore not in it."""
    account = listed_user(user, is_admin=False, is_external=True, profile=profile)
    return replace(account, status=AccountStatus.BLOCKED)


def owner_privilege(account: Account) -> Privilege:
    return Privilege(holder_id=account.id, name=OWNER, is_admin=True, raw=account.raw)


def enterprise_privilege(edge: Row, enterprise: str) -> Privilege | None:
    """An edge of GraphQL's admins of an enterprise: {role, node{databaseId}}. None for who has no such role."""
    name = ENTERPRISE_ROLES.get(text(edge.get("role")))
    if name is None:
        return None
    holder = str(edge["node"]["databaseId"])
    return Privilege(holder_id=holder, name=name, scope=enterprise, is_admin=name == ENTERPRISE_OWNER, raw=dict(edge))


def enterprise_administrator(edge: Row, profile: Row) -> Account:
    """Of the same edge: somebody who is not in the organisation. `profile`: as for `listed_user`."""
    return replace(member(edge), email=text(profile.get("email")), is_admin=edge.get("role") == "OWNER")


def held_role(role: Row, holder: Row, kind: HolderKind) -> Privilege:
    """An organisation role {id, name, base_role} of a user or team, whose `assignment` is direct, indirect or mixed."""
    return Privilege(
        holder_id=str(holder["id"]),
        holder_kind=kind,
        name=text(role.get("name")) or str(role["id"]),
        is_admin=role.get("base_role") == "admin",
        raw={"role": dict(role), "holder": dict(holder)},
    )


def held_enterprise_role(role: Row, holder: Row, kind: HolderKind, enterprise: str) -> Privilege:
    """A role {id, name, permissions} of the enterprise, of a user or of one of its teams. GitHub does not say which of
    them make an administrator."""
    is_team = kind is HolderKind.GROUP
    return Privilege(
        holder_id=ids.enterprise_team(holder["id"]) if is_team else str(holder["id"]),
        holder_kind=kind,
        name=text(role.get("name")) or str(role["id"]),
        scope=enterprise,
        raw={"role": dict(role), "holder": dict(holder)},
    )


def repository_right(
    full_name: str, holder_id: str, kind: HolderKind, row: Row
) -> Privilege | None:
    """Of a user or team that was given a repository: the right to administer it, or a role that the organisation made.

    People have `role_name`, teams `permission`, in older words.
    """
    role = text(row.get("role_name")) or text(row.get("permission"))
    is_admin = role == "admin" or (row.get("permissions") or {}).get("admin") is True
    if not is_admin and role in USUAL_ROLES:
        return None
    name = REPOSITORY_ADMIN if is_admin else role
    return Privilege(
        holder_id=holder_id, holder_kind=kind, name=name, scope=full_name, is_admin=is_admin, raw=dict(row)
    )


def _kind(user: Row) -> AccountKind:
    is_bot = user.get("type") == "Bot" or text(user.get("login")).endswith("[bot]")
    return AccountKind.BOT if is_bot else AccountKind.USER


def _with_more(
    row: Row,
    *,
    has_mfa: bool | None = None,
    has_weak_mfa: bool | None = None,
    profile: Row = NOTHING,
    identity: Row = NOTHING,
) -> dict[str, Any]:
    """The record with what other answers said of the same user, in GitHub's words."""
    factors = {TWO_FACTOR: has_mfa, TEXT_MESSAGES: has_weak_mfa}
    told = {name: value for name, value in factors.items() if value is not None}
    known = {"profile": dict(profile), IDENTITY: dict(identity)}
    return {**row, **told, **{name: value for name, value in known.items() if value}}

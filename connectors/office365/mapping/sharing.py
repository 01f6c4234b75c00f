"""Who gets to an item by its permissions: links, people, groups and invitations; and how far that opens it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from connectors.base import Collaborator, Exposure
from connectors.office365.mapping.values import Row, moment, part, rows, text

ANYBODY, COMPANY, PEOPLE = "anonymous", "organization", "users"
OWNER = "owner"
USER, GROUP, SITE_USER, APPLICATION = "user", "group", "siteUser", "application"
SITE_GROUPS = ("siteGroup", "sharePointGroup")
GUEST_SIGNS = ("#ext#", "urn:spo:guest")
RANKS = (Exposure.PRIVATE, Exposure.INTERNAL, Exposure.EXTERNAL, Exposure.PUBLIC)
LONGEST_ROLE = 64
COMPANY_NAME = "Everybody in the organisation who has the link"


@dataclass(frozen=True, slots=True)
class Who:
    """One identity of a permission. `kind`: user, group, siteUser, application, or one of SITE_GROUPS."""

    kind: str
    id: str
    name: str
    email: str
    login: str

    @property
    def is_site_group(self) -> bool:
        return self.kind in SITE_GROUPS

    @property
    def key(self) -> str:
        """What tells it from others of the same permission."""
        return self.id if self.kind in (USER, GROUP, APPLICATION) and self.id else self.email or self.login or self.name


def people_of(permission: Row) -> list[Who]:
    """All that it names; where it is an invitation that nobody accepted, those are told without an address."""
    one = part(permission, "grantedToV2") or part(permission, "grantedTo")
    several = rows(permission, "grantedToIdentitiesV2") or rows(permission, "grantedToIdentities")
    return [who for who in map(_who, (one, *several)) if who is not None]


def invited(permission: Row) -> str:
    """The address of an invitation, '' where it is none."""
    return text(part(permission, "invitation").get("email"))


def scope_of(permission: Row) -> str:
    """Whom a link lets in, '' where it is no link."""
    return text(part(permission, "link").get("scope"))


def is_over(permission: Row, now: datetime) -> bool:
    end = moment(permission.get("expirationDateTime"))
    return end is not None and end <= now


def is_inherited(permission: Row) -> bool:
    """From a folder above, where alone it can be ended."""
    return bool(permission.get("inheritedFrom"))


def is_owners(permission: Row, owner_id: str, domains: Collection[str]) -> bool:
    """What an item's owner has by being its owner. A guest who made something stays a guest."""
    who = people_of(permission)
    is_by_name = bool(owner_id) and not scope_of(permission) and [each.id for each in who] == [owner_id]
    return is_by_name and is_outside(who[0], domains) is not True


def is_outside(who: Who, domains: Collection[str]) -> bool | None:
    """None where it cannot be told, as of somebody without an address. Groups and apps are the tenant's own."""
    if who.kind not in (USER, SITE_USER):
        return False
    if any(sign in unquote(who.login).lower() for sign in GUEST_SIGNS):
        return True
    domain = who.email.rpartition("@")[2].lower()
    return domain not in domains if domain else None


def exposure_of(permissions: Iterable[Row], owner_id: str, domains: Collection[str], now: datetime) -> Exposure:
    present = (each for each in permissions if not is_owners(each, owner_id, domains) and not is_over(each, now))
    return max((_opens(each, domains) for each in present), key=RANKS.index, default=Exposure.PRIVATE)


def collaborators(
    file_id: str, permissions: Iterable[Row], owner_id: str, domains: Collection[str], now: datetime
) -> Iterator[Collaborator]:
    """Who beside the owner gets to it. Groups of the site that its library lets in are not told at each item."""
    for permission in permissions:
        if not is_owners(permission, owner_id, domains) and not is_over(permission, now):
            yield from _of_permission(file_id, permission, owner_id, domains)


def role_of(permission: Row) -> str:
    """What it lets do, and what a link asks for."""
    link, end = part(permission, "link"), moment(permission.get("expirationDateTime"))
    words = [
        text(link.get("type")) or ", ".join(_roles(permission)),
        "with password" if permission.get("hasPassword") is True else "",
        f"until {end:%Y-%m-%d}" if end else "",
    ]
    return ", ".join(word for word in words if word)[:LONGEST_ROLE]


def _roles(permission: Row) -> list[str]:
    roles = permission.get("roles")
    return [each for each in roles if isinstance(each, str)] if isinstance(roles, list) else []


def _who(identities: Row) -> Who | None:
    """Of an identity set, which may name one twice: as the directory has it, and as the site does."""
    site = part(identities, SITE_USER)
    for kind in (USER, GROUP, *SITE_GROUPS, APPLICATION, SITE_USER):
        found = part(identities, kind)
        if found:
            login = text(found.get("loginName")) or text(site.get("loginName"))
            email = text(found.get("email")) or text(site.get("email")) or _address_in(login)
            return Who(kind, text(found.get("id")), text(found.get("displayName")) or email, email, login)
    return None


def _address_in(login: str) -> str:
    """`i:0#.f|membership|mail` of a member; of a stranger it ends in `urn:spo:guest#mail`."""
    last = unquote(login).rpartition("|")[2]
    name = last.rpartition("#")[2] if GUEST_SIGNS[1] in last.lower() else last
    return name if "@" in name and GUEST_SIGNS[0] not in name.lower() else ""


def _opens(permission: Row, domains: Collection[str]) -> Exposure:
    scope = scope_of(permission)
    if scope == ANYBODY:
        return Exposure.PUBLIC
    if any(is_outside(who, domains) for who in people_of(permission)) or _is_invited_outside(permission, domains):
        return Exposure.EXTERNAL
    is_empty = scope == PEOPLE and not people_of(permission)
    return Exposure.PRIVATE if is_empty else Exposure.INTERNAL


def _is_invited_outside(permission: Row, domains: Collection[str]) -> bool:
    address = invited(permission)
    return bool(address) and address.rpartition("@")[2].lower() not in domains


def _of_permission(
    file_id: str, permission: Row, owner_id: str, domains: Collection[str]
) -> Iterator[Collaborator]:
    number, role, raw = text(permission["id"]), role_of(permission), dict(permission)
    scope, address = scope_of(permission), invited(permission)
    if scope == ANYBODY:
        yield Collaborator(file_id=file_id, role=role, is_public=True, vendor_id=number, raw=raw)
    elif scope == COMPANY:
        yield Collaborator(
            file_id=file_id, name=COMPANY_NAME, role=role, is_external=False, vendor_id=number, raw=raw
        )  # fmt: skip
    elif address:
        is_external = _is_invited_outside(permission, domains)
        yield Collaborator(
            file_id=file_id, email=address, name=address, role=role, is_external=is_external, is_pending=True,
            vendor_id=number, raw=raw,
        )  # fmt: skip
    else:
        for who in people_of(permission):
            if not (who.is_site_group and is_inherited(permission)):
                yield _collaborator(file_id, who, number if not scope else f"{number}:{who.key}", role, domains, raw)


def _collaborator(
    file_id: str, who: Who, vendor_id: str, role: str, domains: Collection[str], raw: dict[str, Any]
) -> Collaborator:
    return Collaborator(
        file_id=file_id,
        account_id=who.id if who.kind in (USER, APPLICATION) else "",
        group_id=who.id if who.kind == GROUP else "",
        email=who.email,
        name=who.name,
        role=role,
        is_external=is_outside(who, domains),
        vendor_id=vendor_id,
        raw=raw,
    )

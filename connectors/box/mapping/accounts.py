"""People, service accounts and app users; who is an admin; groups and who is in them."""

import re
from collections.abc import Mapping
from typing import Any

from connectors.base import Account, AccountKind, AccountStatus, Device, Group, Membership, Privilege
from connectors.box.mapping.values import id_of, moment, part, text

Row = Mapping[str, Any]

PRIMARY, CO_ADMIN = "admin", "coadmin"
"""Values of `role`; everybody else is a `user`."""
ADMIN_ROLES = {PRIMARY: "Primary admin", CO_ADMIN: "Co-admin"}
GROUP_ADMIN = "Group admin"
ACTIVE, INACTIVE = "active", "inactive"
STATUSES = {
    ACTIVE: AccountStatus.ACTIVE,
    INACTIVE: AccountStatus.SUSPENDED,
    # These can sign in, and not delete or change some things.
    "cannot_delete_edit": AccountStatus.ACTIVE,
    "cannot_delete_edit_upload": AccountStatus.ACTIVE,
}
SERVICE_LOGIN = re.compile(r"AutomationUser_[^@]*@boxdevedition\.com", re.IGNORECASE)

USER_FIELDS = ",".join((
    "id", "type", "name", "login", "status", "role", "created_at", "modified_at", "language", "timezone",
    "space_amount", "space_used", "max_upload_size", "job_title", "phone", "address", "avatar_url", "enterprise",
    "is_platform_access_only", "is_external_collab_restricted", "is_exempt_from_device_limits",
    "is_exempt_from_login_verification",
))  # fmt: skip


def account(row: Row) -> Account:
    """A managed user, in the fields of USER_FIELDS."""
    login = text(row.get("login"))
    return Account(
        id=id_of(row["id"]),
        username=login,
        name=text(row.get("name")),
        email=login if "@" in login else "",
        kind=kind_of(row),
        status=STATUSES.get(text(row.get("status")), AccountStatus.UNKNOWN),
        is_external=False,
        is_admin=row.get("role") in ADMIN_ROLES,
        created_at=moment(row.get("created_at")),
        raw=dict(row),
    )


def kind_of(user: Row) -> AccountKind:
    """A service account is that of a server app; an app user is made by an app and never signs in itself."""
    if SERVICE_LOGIN.fullmatch(text(user.get("login"))):
        return AccountKind.SERVICE
    return AccountKind.BOT if user.get("is_platform_access_only") is True else AccountKind.USER


def admin_privilege(row: Row) -> Privilege | None:
    """None for who is no admin. What a co-admin may do in detail Box does not tell."""
    name = ADMIN_ROLES.get(text(row.get("role")))
    return Privilege(holder_id=id_of(row["id"]), name=name, is_admin=True, raw=dict(row)) if name else None


GROUP_FIELDS = ",".join((
    "id", "type", "name", "group_type", "provenance", "external_sync_identifier", "description", "invitability_level",
    "member_viewability_level", "created_at", "modified_at",
))  # fmt: skip


def group(row: Row) -> Group:
    return Group(
        id=id_of(row["id"]),
        name=text(row.get("name")) or id_of(row["id"]),
        description=text(row.get("description")),
        kind=text(row.get("group_type")),
        raw=dict(row),
    )


def membership(group_id: str, row: Row) -> Membership:
    """{id, user{id, name, login}, role: member or admin}."""
    return Membership(group_id=group_id, member_id=id_of(row["user"].get("id")), role=text(row.get("role")) or "member")


def group_privilege(group_id: str, row: Row) -> Privilege | None:
    """Of a membership: that of a group's admin, who manages its people and sees their reports."""
    if row.get("role") != "admin":
        return None
    scope = text(part(row, "group").get("name")) or group_id
    holder = id_of(row["user"].get("id"))
    return Privilege(holder_id=holder, name=GROUP_ADMIN, scope=scope, is_admin=True, raw=dict(row))


def device(row: Row) -> Device:
    """A device pin: {id, owned_by, product_name}."""
    product = text(row.get("product_name"))
    number = id_of(row["id"])
    return Device(
        id=number,
        name=product or number,
        account_id=id_of(part(row, "owned_by").get("id")),
        platform=product,
        raw=dict(row),
    )

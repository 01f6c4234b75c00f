"""Who holds roles: users, service principals and groups, as Graph's directory objects."""

from collections.abc import Mapping
from typing import Any

from connectors.azure.mapping.values import moment, text, texts
from connectors.base import Account, AccountKind, AccountStatus, DirectoryId, Group, HolderKind, Membership

USER, GROUP, SERVICE, FOREIGN_GROUP, DEVICE = "User", "Group", "ServicePrincipal", "ForeignGroup", "Device"
KINDS = {
    "#microsoft.graph.user": USER,
    "#microsoft.graph.group": GROUP,
    "#microsoft.graph.serviceprincipal": SERVICE,
}
NOBODY_KNOWN = "Deleted or foreign"
GUEST_MARK = "#EXT#"

Row = Mapping[str, Any]


def kind_of(row: Row) -> str:
    """Of a directory object; '' for what neither acts nor holds roles, such as contacts."""
    return KINDS.get(text(row.get("@odata.type")).lower(), "")


def is_bare(row: Row) -> bool:
    """Only its id and kind are told: the permission to read more is missing."""
    return not any(value is not None for name, value in row.items() if name not in ("@odata.type", "id"))


def holder_kind(principal_type: str) -> HolderKind:
    return HolderKind.GROUP if principal_type in (GROUP, FOREIGN_GROUP) else HolderKind.ACCOUNT


def principal(row: Row, tenant_id: str) -> Account | Group:
    kind = kind_of(row)
    if kind == GROUP:
        return group(row)
    return service(row, tenant_id) if kind == SERVICE else user(row)


def user(row: Row) -> Account:
    login = text(row.get("userPrincipalName"))
    return Account(
        id=text(row.get("id")).lower(),
        username=login,
        name=text(row.get("displayName")) or login,
        email=text(row.get("mail")) or ("" if GUEST_MARK in login else login),
        status=_status(row),
        is_external=text(row.get("userType")) == "Guest" or GUEST_MARK in login,
        directory_ids=_directory_ids(row),
        created_at=moment(row.get("createdDateTime")),
        raw=dict(row),
    )


def service(row: Row, tenant_id: str) -> Account:
    """An app's service principal or a managed identity; from outside where another tenant owns the app."""
    owner = text(row.get("appOwnerOrganizationId")).lower()
    return Account(
        id=text(row.get("id")).lower(),
        username=text(row.get("appId")),
        name=text(row.get("displayName")) or text(row.get("appId")),
        kind=AccountKind.SERVICE,
        status=_status(row),
        is_external=owner != tenant_id if owner else None,
        created_at=moment(row.get("createdDateTime")),
        raw=dict(row),
    )


def group(row: Row) -> Group:
    kinds = texts(row, "groupTypes")
    return Group(
        id=text(row.get("id")).lower(),
        name=text(row.get("displayName")) or text(row.get("id")),
        description=text(row.get("description")),
        kind="Microsoft 365" if "Unified" in kinds else "security",
        email=text(row.get("mail")),
        raw=dict(row),
    )


def unknown(principal_id: str, principal_type: str) -> Account | Group:
    """Whom the directory does not know: deleted, while the role assignment stayed, or of another tenant."""
    raw = {"id": principal_id, "principalType": principal_type}
    name = f"{NOBODY_KNOWN}: {principal_id}"
    if holder_kind(principal_type) is HolderKind.GROUP:
        return Group(id=principal_id, name=name, kind=NOBODY_KNOWN.lower(), raw=raw)
    kind = AccountKind.SERVICE if principal_type == SERVICE else AccountKind.USER
    return Account(id=principal_id, name=name, kind=kind, status=AccountStatus.UNKNOWN, raw=raw)


def membership(group_id: str, row: Row, is_inherited: bool) -> Membership:
    return Membership(
        group_id=group_id,
        member_id=text(row.get("id")).lower(),
        member_kind=holder_kind(kind_of(row)),
        is_inherited=is_inherited,
    )


def _status(row: Row) -> AccountStatus:
    is_enabled = row.get("accountEnabled")
    if is_enabled is None:
        return AccountStatus.UNKNOWN
    return AccountStatus.ACTIVE if is_enabled is True else AccountStatus.SUSPENDED


def _directory_ids(row: Row) -> tuple[DirectoryId, ...]:
    immutable = text(row.get("onPremisesImmutableId"))
    return (DirectoryId(kind="immutable id", value=immutable),) if immutable else ()

"""Groups of every kind, and who is in them."""

from connectors.base import Gone, Group, HolderKind, Membership
from connectors.office365.mapping.values import Row, rows, text

GROUP_FIELDS = (
    "id,displayName,description,mail,groupTypes,securityEnabled,mailEnabled,visibility,membershipRule,"
    "isAssignableToRole,onPremisesSyncEnabled,createdDateTime"
)
UNIFIED, DYNAMIC = "Unified", "DynamicMembership"
USER, GROUP, SERVICE_PRINCIPAL = "#microsoft.graph.user", "#microsoft.graph.group", "#microsoft.graph.servicePrincipal"
HOLDERS = {USER: HolderKind.ACCOUNT, GROUP: HolderKind.GROUP, SERVICE_PRINCIPAL: HolderKind.ACCOUNT}
"""Devices and contacts are members, too, and nobody who does anything."""
MEMBERS = "members@delta"
REMOVED = "@removed"
GROUP_PAGE = "https://entra.microsoft.com/#view/Microsoft_AAD_IAM/GroupDetailsMenuBlade/~/Overview/groupId/"


def group(row: Row) -> Group:
    group_id = text(row["id"])
    return Group(
        id=group_id,
        name=text(row.get("displayName")) or group_id,
        description=text(row.get("description")),
        kind=kind_of(row),
        email=text(row.get("mail")),
        url=GROUP_PAGE + group_id,
        raw={name: value for name, value in row.items() if name != MEMBERS},
    )


def kind_of(row: Row) -> str:
    """Such as "dynamic Microsoft 365", "role-assignable security"."""
    if UNIFIED in _types(row):
        kind = "Microsoft 365"
    elif row.get("securityEnabled"):
        kind = "mail-enabled security" if row.get("mailEnabled") else "security"
    else:
        kind = "distribution"
    marks = ["dynamic"] if is_dynamic(row) else []
    marks += ["role-assignable"] if row.get("isAssignableToRole") else []
    return " ".join([*marks, kind])


def is_dynamic(row: Row) -> bool:
    """Whether a rule says who is in it, so that nobody can be taken out."""
    return DYNAMIC in _types(row)


def memberships(row: Row) -> list[Membership | Gone]:
    """Of a group's row in a delta: who is in it, and who no longer is. A member of which Microsoft shows type and id
    alone is a member all the same."""
    group_id = text(row["id"])
    found: list[Membership | Gone] = []
    for member in rows(row, MEMBERS):
        if not text(member.get("id")):
            continue
        for kind in _holders(member):
            known = Membership(group_id=group_id, member_id=text(member["id"]), member_kind=kind)
            found.append(Gone(Membership, known.id) if REMOVED in member else known)
    return found


def _holders(member: Row) -> tuple[HolderKind, ...]:
    """Somebody who left and is gone may come without a type that says much, and is then in it in neither way."""
    kind = text(member.get("@odata.type"))
    if kind in HOLDERS:
        return (HOLDERS[kind],)
    return (HolderKind.ACCOUNT, HolderKind.GROUP) if REMOVED in member else ()


def _types(row: Row) -> list[str]:
    types = row.get("groupTypes")
    return [each for each in types if isinstance(each, str)] if isinstance(types, list) else []

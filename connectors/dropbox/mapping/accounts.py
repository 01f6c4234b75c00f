"""Members, the roles of admins, groups and who is in them."""

from collections.abc import Iterator

from connectors.base import Account, AccountStatus, DirectoryId, Group, Membership, Privilege
from connectors.dropbox.mapping.values import Row, moment, part, rows, tag, text

ACTIVE, SUSPENDED = "active", "suspended"
STATUSES = {
    ACTIVE: AccountStatus.ACTIVE,
    SUSPENDED: AccountStatus.SUSPENDED,
    "invited": AccountStatus.PENDING,
    "removed": AccountStatus.DELETED,
}


def account(row: Row) -> Account:
    """{profile, roles}. Who was only invited may have neither a name nor an account id."""
    profile = row["profile"]
    email = text(profile.get("email"))
    return Account(
        id=text(profile.get("team_member_id")) or email,
        username=email,
        name=text(part(profile, "name").get("display_name")),
        email=email,
        status=STATUSES.get(tag(profile.get("status")), AccountStatus.UNKNOWN),
        is_external=False,
        is_admin=bool(rows(row, "roles")),
        directory_ids=tuple(_directory_ids(profile)),
        created_at=moment(profile.get("joined_on")) or moment(profile.get("invited_on")),
        raw=dict(row),
    )


def is_status(row: Row, status: str) -> bool:
    return tag(row["profile"].get("status")) == status


def _directory_ids(profile: Row) -> Iterator[DirectoryId]:
    """What a directory calls the member, and the addresses that lead to the same account."""
    for name, kind in (("external_id", "external id"), ("persistent_id", "persistent id")):
        if text(profile.get(name)):
            yield DirectoryId(kind=kind, value=text(profile[name]))
    for each in rows(profile, "secondary_emails"):
        if text(each.get("email")):
            yield DirectoryId(kind="secondary e-mail", value=text(each["email"]))


def privileges(row: Row) -> Iterator[Privilege]:
    """Each role of an admin; Dropbox adds roles as it likes."""
    holder = account(row).id
    for role in rows(row, "roles"):
        name = text(role.get("name")) or text(role.get("role_id"))
        if name:
            yield Privilege(holder_id=holder, name=name, is_admin=True, raw=dict(role))


def group(row: Row) -> Group:
    group_id = text(row["group_id"])
    return Group(
        id=group_id,
        name=text(row.get("group_name")) or group_id,
        kind=tag(row.get("group_management_type")),
        raw=dict(row),
    )


def membership(group_id: str, row: Row) -> Membership | None:
    """{profile, access_type: member or owner}."""
    member_id = text(row["profile"].get("team_member_id"))
    if not member_id:
        return None
    return Membership(group_id=group_id, member_id=member_id, role=tag(row.get("access_type")) or "member")

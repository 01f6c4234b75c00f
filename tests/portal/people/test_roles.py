"""The table of roles, written out a second time."""

import pytest

from portal.people.roles import (
    FULL_APP_ADMIN_RIGHTS,
    INSTANCE_RIGHTS,
    LABELS,
    RIGHTS,
    SENTENCES,
    Right,
    Role,
    rights_of,
)

READ = {Right.READ_INVENTORY, Right.READ_GOVERNANCE_LOG}
TABLE = {
    Role.GLOBAL_ADMIN: READ | {
        Right.CONNECT, Right.SHARE_QUERIES, Right.ACT_ACCOUNT, Right.ACT_FILE, Right.ACT_APP_PERMISSION,
        Right.MANAGE_PEOPLE, Right.MANAGE_GLOBAL_ADMINS, Right.READ_SETTINGS, Right.CHANGE_SETTINGS, Right.READ_AUDIT,
        Right.SUPPORT,
    },
    Role.SECURITY_ADMIN: READ | {
        Right.CONNECT, Right.SHARE_QUERIES, Right.ACT_ACCOUNT, Right.ACT_FILE, Right.ACT_APP_PERMISSION,
        Right.MANAGE_PEOPLE, Right.READ_SETTINGS, Right.READ_AUDIT,
    },
    Role.COMPLIANCE_ADMIN: READ | {Right.SHARE_QUERIES, Right.ACT_FILE},
    Role.SECURITY_OPERATOR: READ | {Right.SHARE_QUERIES},
    Role.SECURITY_READER: READ,
    Role.APP_ADMIN: READ | {Right.SHARE_QUERIES},
    Role.SUPPORT: {Right.SUPPORT},
}  # fmt: skip


@pytest.mark.parametrize("right", Right)
@pytest.mark.parametrize("role", Role)
def test_a_role_gives_exactly_the_rights_of_its_column(role: Role, right: Right) -> None:
    assert (right in rights_of(role)) is (right in TABLE[role])


def test_full_control_adds_connecting_and_acting_to_an_app_admin_alone() -> None:
    added = rights_of(Role.APP_ADMIN, is_full=True) - rights_of(Role.APP_ADMIN)
    assert added == {Right.CONNECT, Right.ACT_ACCOUNT, Right.ACT_FILE, Right.ACT_APP_PERMISSION}
    assert all(rights_of(role, is_full=True) == RIGHTS[role] for role in Role if role is not Role.APP_ADMIN)


def test_an_app_admin_never_gets_a_right_over_the_portal() -> None:
    assert FULL_APP_ADMIN_RIGHTS <= INSTANCE_RIGHTS


def test_every_role_has_its_words() -> None:
    assert set(LABELS) == set(SENTENCES) == set(RIGHTS) == set(Role)

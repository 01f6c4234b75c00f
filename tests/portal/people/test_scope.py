"""What a person may do, and where."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from portal.people.models import RoleAssignment
from portal.people.roles import Right, Role
from portal.people.scope import Scope, scope_of
from tests.portal.people.persons import person

pytestmark = pytest.mark.django_db


def test_a_portal_wide_role_holds_for_every_instance() -> None:
    scope = scope_of(person(Role.SECURITY_READER))
    assert scope.can(Right.READ_INVENTORY)
    assert scope.can(Right.READ_INVENTORY, instance_id=7, app_id="github")
    assert not scope.can(Right.ACT_ACCOUNT, instance_id=7, app_id="github")
    assert scope.sees_everything


def test_an_app_admin_of_one_instance_sees_that_one_alone() -> None:
    scope = scope_of(person(Role.APP_ADMIN, instance_id=7))
    assert scope.can(Right.READ_INVENTORY, instance_id=7, app_id="github")
    assert not scope.can(Right.READ_INVENTORY, instance_id=8, app_id="github")
    assert not scope.can(Right.READ_INVENTORY)
    assert not scope.sees_everything
    assert (scope.instance_ids, scope.app_ids) == (frozenset({7}), frozenset())


def test_an_app_admin_of_an_app_has_all_its_instances_and_may_add_one_when_full() -> None:
    scope = scope_of(person(Role.APP_ADMIN, app_id="github", is_full=True))
    assert scope.can(Right.CONNECT, app_id="github")
    assert scope.can(Right.ACT_ACCOUNT, instance_id=8, app_id="github")
    assert not scope.can(Right.CONNECT, app_id="okta")
    assert not scope.can(Right.ACT_ACCOUNT, instance_id=9, app_id="okta")
    assert scope.app_ids == {"github"}


def test_an_app_admin_of_one_instance_cannot_connect_another_of_the_app() -> None:
    scope = scope_of(person(Role.APP_ADMIN, instance_id=7, is_full=True))
    assert scope.can(Right.CONNECT, instance_id=7, app_id="github")
    assert not scope.can(Right.CONNECT, app_id="github")


def test_without_full_control_an_app_admin_reads_and_does_not_act() -> None:
    scope = scope_of(person(Role.APP_ADMIN, instance_id=7))
    where = {"instance_id": 7, "app_id": "github"}
    assert scope.can(Right.READ_GOVERNANCE_LOG, **where)  # type: ignore[arg-type]
    assert not any(scope.can(right, **where) for right in (Right.CONNECT, Right.ACT_ACCOUNT, Right.ACT_FILE))  # type: ignore[arg-type]


def test_a_menu_shows_what_holds_somewhere_though_not_everywhere() -> None:
    scope = scope_of(person(Role.APP_ADMIN, instance_id=7))
    assert scope.has(Right.READ_INVENTORY)
    assert not scope.has(Right.CHANGE_SETTINGS)


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.GLOBAL_ADMIN, True),
        (Role.SECURITY_ADMIN, True),
        (Role.COMPLIANCE_ADMIN, False),
        (Role.SECURITY_READER, False),
    ],
)
def test_azure_is_connected_by_global_and_security_admins(role: Role, may: bool) -> None:
    assert scope_of(person(role)).can(Right.CONNECT, app_id="azure") is may


def test_azure_is_not_connected_by_its_app_admin_even_with_full_control() -> None:
    scope = scope_of(person(Role.APP_ADMIN, app_id="azure", is_full=True))
    assert not scope.can(Right.CONNECT, app_id="azure")
    assert scope.can(Right.ACT_ACCOUNT, instance_id=3, app_id="azure")


def test_two_roles_add_up() -> None:
    user = person(Role.SECURITY_READER)
    RoleAssignment.objects.create(user=user, role=Role.APP_ADMIN, instance_id=7, is_full=True)
    scope = scope_of(user)
    assert scope.can(Right.ACT_ACCOUNT, instance_id=7, app_id="github")
    assert not scope.can(Right.ACT_ACCOUNT, instance_id=8, app_id="github")
    assert scope.can(Right.READ_INVENTORY, instance_id=8, app_id="github")


def test_whoever_was_removed_or_is_not_signed_in_can_nothing() -> None:
    user = person(Role.GLOBAL_ADMIN)
    user.is_active = False
    assert scope_of(user) == scope_of(AnonymousUser()) == Scope()


def test_require_says_why_in_a_sentence() -> None:
    with pytest.raises(PermissionDenied, match="Your role does not allow this"):
        scope_of(person(Role.SECURITY_READER)).require(Right.CONNECT)


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": Role.SECURITY_READER, "app_id": "github"},
        {"role": Role.SECURITY_READER, "is_full": True},
        {"role": Role.APP_ADMIN},
        {"role": Role.APP_ADMIN, "app_id": "github", "instance_id": 7},
    ],
)
def test_the_database_refuses_roles_that_the_table_does_not_know(wrong: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleAssignment.objects.create(user=person(), **wrong)

"""Giving and taking roles, removing people: rights, the last Global Admin, the trail."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied

from portal.audit.models import AuditEntry
from portal.people import service
from portal.people.models import User
from portal.people.problems import PeopleProblem
from portal.people.roles import Right, Role
from portal.people.scope import Held, scope_of
from tests.portal.people.persons import holder, is_signed_in, person, signed_in

pytestmark = pytest.mark.django_db
READER = Held(Role.SECURITY_READER)


@pytest.fixture
def admin() -> User:
    return person(Role.GLOBAL_ADMIN, email="megan@contoso.example")


@pytest.fixture
def security_admin() -> User:
    return person(Role.SECURITY_ADMIN, email="alex@contoso.example")


def test_a_role_given_holds_at_once_and_is_in_the_trail(admin: User) -> None:
    adele = person()
    service.give_role(admin, adele, READER)
    assert scope_of(adele).can(Right.READ_INVENTORY)
    entry = AuditEntry.objects.get(verb="people.role_given")
    assert (entry.actor_email, entry.object_label) == (admin.email, adele.email)
    assert entry.after == {"role": "Security Reader"}


def test_giving_a_role_twice_changes_nothing_and_says_nothing_new(admin: User) -> None:
    adele = person()
    service.give_role(admin, adele, READER)
    service.give_role(admin, adele, READER)
    assert adele.role_assignments.count() == 1
    assert AuditEntry.objects.filter(verb="people.role_given").count() == 1


def test_giving_full_control_over_the_same_app_raises_the_role_held(admin: User) -> None:
    adele = person()
    service.give_role(admin, adele, Held(Role.APP_ADMIN, app_id="github"))
    service.give_role(admin, adele, Held(Role.APP_ADMIN, app_id="github", is_full=True))
    assert [each.is_full for each in adele.role_assignments.all()] == [True]
    latest = AuditEntry.objects.filter(verb="people.role_given").last()
    assert latest is not None
    assert latest.before == {"role": "App admin", "app_id": "github"}


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.GLOBAL_ADMIN, Role.SECURITY_ADMIN)])
def test_only_global_and_security_admins_manage_people(role: Role) -> None:
    actor, adele = holder(role, email="x@contoso.example"), person()
    with pytest.raises(PermissionDenied):
        service.give_role(actor, adele, READER)
    with pytest.raises(PermissionDenied):
        service.remove(actor, adele)
    with pytest.raises(PermissionDenied):
        service.reset_mfa(actor, adele)


def test_a_security_admin_neither_makes_nor_touches_global_admins(admin: User, security_admin: User) -> None:
    adele = person()
    with pytest.raises(PermissionDenied):
        service.give_role(security_admin, adele, Held(Role.GLOBAL_ADMIN))
    with pytest.raises(PermissionDenied):
        service.give_role(security_admin, admin, READER)
    with pytest.raises(PermissionDenied):
        service.take_role(security_admin, admin.role_assignments.get())
    with pytest.raises(PermissionDenied):
        service.remove(security_admin, admin)
    with pytest.raises(PermissionDenied):
        service.reset_mfa(security_admin, admin)
    service.give_role(security_admin, adele, Held(Role.SECURITY_ADMIN))
    assert scope_of(adele).can(Right.MANAGE_PEOPLE)


def test_the_last_global_admin_stays(admin: User) -> None:
    with pytest.raises(PeopleProblem, match="last Global Admin"):
        service.take_role(admin, admin.role_assignments.get())
    assert scope_of(admin).can(Right.CHANGE_SETTINGS)


def test_a_removed_global_admin_does_not_count_as_one(admin: User) -> None:
    other = person(Role.GLOBAL_ADMIN, email="other@contoso.example")
    service.remove(admin, other)
    with pytest.raises(PeopleProblem, match="last Global Admin"):
        service.take_role(admin, admin.role_assignments.get())


def test_one_of_two_global_admins_may_go(admin: User) -> None:
    other = person(Role.GLOBAL_ADMIN, email="other@contoso.example")
    service.take_role(other, admin.role_assignments.get())
    assert scope_of(admin).held == frozenset()
    with pytest.raises(PeopleProblem, match="last Global Admin"):
        service.take_role(other, other.role_assignments.get())


def test_nobody_removes_themselves(admin: User) -> None:
    person(Role.GLOBAL_ADMIN, email="other@contoso.example")
    with pytest.raises(PeopleProblem, match="yourself"):
        service.remove(admin, admin)


def test_a_removed_person_is_signed_out_and_cannot_come_back(admin: User) -> None:
    adele = person(Role.SECURITY_READER)
    browser = signed_in(adele)
    service.remove(admin, adele)
    assert not is_signed_in(browser)
    adele.refresh_from_db()
    assert not adele.is_active
    assert not adele.has_usable_password()
    assert not adele.role_assignments.exists()
    assert AuditEntry.objects.get(verb="people.removed").before == {"roles": [{"role": "Security Reader"}]}


def test_resetting_second_factors_removes_them_and_ends_sessions(admin: User) -> None:
    adele = person(Role.SECURITY_READER)
    browser = signed_in(adele)
    Authenticator.objects.create(user=adele, type=Authenticator.Type.TOTP, data={"secret": "sealed"})
    assert service.reset_mfa(admin, adele) == 1
    assert not Authenticator.objects.filter(user=adele).exists()
    assert not is_signed_in(browser)
    assert AuditEntry.objects.get(verb="mfa.reset").before == {"factors": ["totp"]}


def test_a_change_that_fails_leaves_no_entry(admin: User) -> None:
    before = AuditEntry.objects.count()
    with pytest.raises(PeopleProblem):
        service.take_role(admin, admin.role_assignments.get())
    assert AuditEntry.objects.count() == before

"""At the same time: one link and several visitors; two Global Admins who remove each other. With real threads and
database connections of their own."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from portal.people import first_admin, invitations, service
from portal.people.models import RoleAssignment, User
from portal.people.problems import PeopleProblem
from portal.people.roles import Role
from portal.people.scope import Held
from tests.portal.people.persons import PASSWORD, person

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What each returns, or what refused it."""
    start = threading.Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def run(number: int) -> None:
        start.wait()
        try:
            results[number] = works[number]()
        except (PeopleProblem, PermissionDenied) as refusal:
            results[number] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_one_invitation_lets_one_visitor_in() -> None:
    admin = person(Role.GLOBAL_ADMIN)
    _, token = invitations.invite(admin, "pradeep@contoso.example", Held(Role.SECURITY_READER))
    results = at_once(*(lambda name=name: invitations.accept(token, name, PASSWORD) for name in ("A", "B", "C")))
    assert [type(each) for each in results].count(User) == 1
    assert User.objects.filter(email="pradeep@contoso.example").count() == 1


def test_one_set_up_link_makes_one_admin() -> None:
    _, token = first_admin.make_link()
    results = at_once(
        *(lambda n=n: first_admin.accept(token, f"{n}@contoso.example", n, PASSWORD) for n in ("a", "b", "c"))
    )
    assert [type(each) for each in results].count(User) == 1
    assert User.objects.count() == 1


def test_two_global_admins_cannot_take_the_role_from_each_other() -> None:
    one, two = (person(Role.GLOBAL_ADMIN, email=f"{name}@contoso.example") for name in ("one", "two"))
    rows = [each.role_assignments.get() for each in (one, two)]
    results = at_once(lambda: service.take_role(one, rows[1]), lambda: service.take_role(two, rows[0]))
    assert len([each for each in results if each is not None]) == 1
    assert RoleAssignment.objects.filter(role=Role.GLOBAL_ADMIN).count() == 1


def test_two_global_admins_cannot_remove_each_other() -> None:
    one, two = (person(Role.GLOBAL_ADMIN, email=f"{name}@contoso.example") for name in ("one", "two"))
    results = at_once(lambda: service.remove(one, two), lambda: service.remove(two, one))
    assert len([each for each in results if each is not None]) == 1
    assert first_admin.exists()

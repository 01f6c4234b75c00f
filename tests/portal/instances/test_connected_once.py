"""Apps that are connected once at most: refused in words, and by the database whatever the code does."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from connectors.base import Connector
from portal.instances import service
from portal.instances.models import AppInstance, State
from portal.instances.problems import Problem
from portal.people.roles import Role
from tests.portal.scans import example
from tests.portal.web.visitor import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def once(declare: Callable[[Connector], None]) -> None:
    declare(example.connector(is_multi_instance=False))


def test_a_second_connection_is_refused_whatever_its_name(once: None) -> None:
    admin = person(Role.GLOBAL_ADMIN)
    first = service.start(admin, "example", "First")
    AppInstance.objects.filter(pk=first.pk).update(state=State.CONNECTED)
    with pytest.raises(Problem, match="Example is connected already, and one connection covers it all"):
        service.start(admin, "example", "Second")


def test_what_somebody_only_began_is_not_said_to_be_connected(once: None) -> None:
    service.start(person(Role.GLOBAL_ADMIN), "example", "First")
    with pytest.raises(Problem, match="Somebody has begun to connect Example already, as First") as raised:
        service.start(person(Role.GLOBAL_ADMIN, "other@contoso.example"), "example", "Second")
    assert "discard it there" in raised.value.remedy


def test_the_database_refuses_a_second_one_by_itself(once: None) -> None:
    first = service.start(person(Role.GLOBAL_ADMIN), "example", "First")
    with pytest.raises(IntegrityError), transaction.atomic():
        AppInstance.objects.create(app_id="example", sole_app_id=first.sole_app_id, name="Second", method_id="token")
    other = AppInstance.objects.create(app_id="other", sole_app_id="other", name="Other", method_id="token")
    assert other.pk


def test_who_begins_at_the_same_moment_is_told_so(once: None, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = service._name

    def while_another_begins(name: str) -> str:
        AppInstance.objects.create(app_id="example", sole_app_id="example", name="Another", method_id="token")
        return plain(name)

    monkeypatch.setattr(service, "_name", while_another_begins)
    with pytest.raises(Problem, match="Somebody has begun to connect Example already"):
        service.start(person(Role.GLOBAL_ADMIN), "example", "Mine")
    assert [each.name for each in AppInstance.objects.all()] == ["Another"]


def test_after_disconnecting_it_is_connected_anew_as_often_as_wanted(once: None) -> None:
    admin = person(Role.GLOBAL_ADMIN)
    for name in ("First", "Second", "Third"):
        instance = service.start(admin, "example", name)
        AppInstance.objects.filter(pk=instance.pk).update(state=State.DISCONNECTED)
    assert AppInstance.objects.filter(sole_app_id="example").count() == 3


def test_other_apps_are_connected_as_often_as_wanted(declare: Callable[[Connector], None]) -> None:
    declare(example.connector())
    admin = person(Role.GLOBAL_ADMIN)
    assert [service.start(admin, "example", name).sole_app_id for name in ("One", "Two")] == ["", ""]

"""How far files were shared, day by day: as counted last on the day, in the own instances, gone with the data."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.instances.models import AppInstance, State
from portal.inventory import exposure_days, store
from portal.inventory.filters import Condition
from portal.inventory.models import ExposureDay, File
from portal.inventory.roll_ups import day_of
from portal.people.roles import Role
from portal.people.scope import scope_of
from tests.portal.web import inventory_rows as rows
from tests.portal.web.visitor import person
from tests.tasks import run_tasks

pytestmark = pytest.mark.django_db


def series(role: Role = Role.SECURITY_READER, conditions: list[Condition] | None = None) -> list[dict[str, int]]:
    reader = person(role, f"{role}-{timezone.now().timestamp()}@contoso.example")
    found = exposure_days.days(scope_of(reader), conditions or [], day_of(timezone.now()), 3)
    return [each.numbers for each in found]


def test_a_day_keeps_what_was_counted_last_on_it() -> None:
    contoso = rows.instance()
    for name, exposure in (("a", "public"), ("b", "public"), ("c", "private")):
        rows.file(contoso, name, exposure=exposure)
    exposure_days.count(contoso.pk)
    ExposureDay.objects.update(day=day_of(timezone.now()) - timedelta(days=1))
    File.objects.filter(name="a").update(exposure="private")
    rows.file(contoso, "d", exposure="public", is_trashed=True)
    rows.file(contoso, "e", exposure="public", gone_at=timezone.now())
    exposure_days.look_after()
    run_tasks("scans")
    exposure_days.count(contoso.pk)
    assert series() == [{}, {"public": 2, "private": 1}, {"public": 1, "private": 2}]


def test_instances_add_up_within_what_a_person_may_read_and_asks_for() -> None:
    north, south = rows.instance("North"), rows.instance("South")
    for of in (north, south):
        rows.file(of, f"{of.name}.txt", exposure="external")
        exposure_days.count(of.pk)
    assert series()[-1] == {"external": 2}
    assert series(conditions=[Condition("instance", (str(north.pk),)), Condition("q", ("x",))])[-1] == {"external": 1}
    own = person(Role.APP_ADMIN, "own@contoso.example", instance_id=south.pk)
    assert exposure_days.days(scope_of(own), [], day_of(timezone.now()), 1)[0].numbers == {"external": 1}


def test_what_is_disconnected_is_counted_no_more_and_its_days_go_with_its_data() -> None:
    contoso = rows.instance()
    rows.file(contoso, "a", exposure="public")
    exposure_days.count(contoso.pk)
    AppInstance.objects.update(state=State.DISCONNECTING)
    while store.delete_some(contoso.pk, 100):
        pass
    exposure_days.look_after()
    run_tasks("scans")
    assert not ExposureDay.objects.exists()


def test_days_of_long_ago_are_not_kept() -> None:
    contoso = rows.instance()
    rows.file(contoso, "a", exposure="public")
    exposure_days.count(contoso.pk)
    ExposureDay.objects.update(day=day_of(timezone.now()) - exposure_days.KEPT - timedelta(days=1))
    exposure_days.count(contoso.pk)
    assert ExposureDay.objects.count() == 1

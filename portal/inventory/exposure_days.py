"""How far files are shared, day by day: counted each hour, so that a day keeps how it ended, and read for the chart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone

from portal.instances.models import AppInstance, State
from portal.inventory.filters import APP, INSTANCE, Condition, fields_of, narrow
from portal.inventory.models import ExposureDay, File
from portal.inventory.roll_ups import day_of
from portal.inventory.row_lists import within
from portal.people.scope import Scope
from portal.queue import enqueue

EVERY_MINUTES = 60
COUNTED = (State.CONNECTED, State.ATTENTION, State.PAUSED)
KEPT = timedelta(days=730)
FILTERS = fields_of(APP, INSTANCE)
"""Of the list of files, those that a past day can be narrowed by."""


@dataclass(frozen=True, slots=True)
class Day:
    """`numbers` by exposure; empty where nothing was counted on that day."""

    day: date
    numbers: dict[str, int]


def look_after() -> None:
    """Each hour: a task for each instance, so that a large one holds up no other."""
    for pk in AppInstance.objects.filter(state__in=COUNTED).order_by("pk").values_list("pk", flat=True):
        enqueue(count, pk)


def count(instance_id: int) -> None:
    """Today as it is now, in the place of how it was an hour ago."""
    today = day_of(timezone.now())
    present = File.objects.filter(instance_id=instance_id, gone_at=None, is_trashed=False).order_by()
    numbers = dict(present.values_list("exposure").annotate(number=Count("pk")))
    if not numbers and not ExposureDay.objects.filter(instance_id=instance_id).exists():
        return
    rows = [
        ExposureDay(instance_id=instance_id, day=today, exposure=exposure, number=number)
        for exposure, number in numbers.items()
    ]
    with transaction.atomic():
        AppInstance.objects.select_for_update().filter(pk=instance_id).first()
        days = ExposureDay.objects.filter(instance_id=instance_id)
        days.filter(day=today).delete()
        days.filter(day__lt=today - KEPT).delete()
        ExposureDay.objects.bulk_create(rows)


def forget(instance_id: int) -> None:
    """With the data of the instance."""
    ExposureDay.objects.filter(instance_id=instance_id).delete()


def days(scope: Scope, conditions: Sequence[Condition], until: date, number: int) -> list[Day]:
    """The last `number` days until then, oldest first, of the apps and instances that the conditions name; one query
    that reads five rows a day and instance."""
    since = until - timedelta(days=number - 1)
    rows = within(scope, ExposureDay.objects.filter(day__range=(since, until)))
    named = narrow(rows, FILTERS, [each for each in conditions if each.field in FILTERS])
    found: dict[date, dict[str, int]] = {}
    for day, exposure, total in named.order_by().values_list("day", "exposure").annotate(total=Sum("number")):
        found.setdefault(day, {})[exposure] = total
    return [Day(day, found.get(day, {})) for day in (since + timedelta(days=place) for place in range(number))]

"""Counters for whoever watches the portal: they only grow, whatever is forgotten of single runs."""

from collections.abc import Mapping
from datetime import timedelta

from django.db.models import F, Sum
from django.utils import timezone

from portal.scans.models import Meter, RunOutcome, ScanRun

COUNTED = ("calls", "pages", "records", "new_rows")
KEPT = timedelta(days=90)
FORGOTTEN_AT_ONCE = 2_000


def add(instance_id: int, values: Mapping[str, int]) -> None:
    """Count on."""
    for name, value in values.items():
        if not value:
            continue
        if not Meter.objects.filter(instance_id=instance_id, name=name).update(value=F("value") + value):
            meter, is_new = Meter.objects.get_or_create(
                instance_id=instance_id, name=name, defaults={"value": value}
            )
            if not is_new:
                Meter.objects.filter(pk=meter.pk).update(value=F("value") + value)


def add_run(run: ScanRun) -> None:
    """What a run did, now that it has ended."""
    ended = ScanRun.objects.filter(pk=run.pk).values(*COUNTED).first()
    if ended is not None:
        add(run.instance_id, dict(ended))


def totals() -> dict[tuple[int, str], int]:
    """By (instance, name), what runs do at this moment included."""
    found = {(row.instance_id, row.name): row.value for row in Meter.objects.all()}
    running = ScanRun.objects.filter(outcome=RunOutcome.RUNNING).order_by()
    sums = running.values_list("instance_id").annotate(*(Sum(name) for name in COUNTED))
    for instance_id, *values in sums:
        for name, value in zip(COUNTED, values, strict=True):
            found[instance_id, name] = found.get((instance_id, name), 0) + value
    return found


def forget_old_runs() -> None:
    """Runs that ended long ago; what they did stays in the meters."""
    old = ScanRun.objects.filter(ended_at__lt=timezone.now() - KEPT).order_by("ended_at")
    ScanRun.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE])).delete()

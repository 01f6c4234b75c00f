"""A large organisation, read to the end: memory stays flat, and a second pass costs next to nothing of the limits."""

import pytest

from portal.inventory.models import Account, Activity, Membership
from tests.bench.scanning import LARGE, SMALL, TEAM_SIZE, Scan, large

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.load]

MOST_MIB_MORE = 20


def test_a_million_events_take_no_more_memory_than_ten_thousand() -> None:
    with large(SMALL) as organisation:
        small = organisation.scan()
    with large(LARGE) as organisation:
        first, second = organisation.scan(), organisation.scan()
        instance_id = organisation.instance.pk

    assert first.records >= LARGE.records
    assert Activity.objects.filter(instance_id=instance_id).count() >= LARGE.events
    assert Account.objects.filter(instance_id=instance_id, gone_at=None).count() >= LARGE.members
    assert Membership.objects.filter(instance_id=instance_id, gone_at=None).count() >= LARGE.teams * TEAM_SIZE
    assert first.work.peak_mib - small.work.peak_mib < MOST_MIB_MORE
    assert second.work.peak_mib - small.work.peak_mib < MOST_MIB_MORE
    assert share(second, first, "core") < 0.05, "teams and their members have not changed"
    assert share(second, first, "audit_log") < 0.01
    assert second.calls < first.calls / 2


def share(second: Scan, first: Scan, limit: str) -> float:
    return second.units[limit] / first.units[limit]

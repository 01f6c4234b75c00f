"""The measurement of ingest runs, with few events, and both ways write the same."""

import pytest

from portal.inventory.models import Activity, ActivityRaw
from tests.bench import bench_ingest

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_portal_and_the_plain_loop_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_ingest, "COUNT", 250)
    written = []
    empty = bench_ingest.empty

    def looking() -> None:
        rows = Activity.objects.order_by("vendor_id").values()
        raws = ActivityRaw.objects.order_by("vendor_id").values("vendor_id", "raw")
        written.append(([{**row, "instance_id": 0} for row in rows], list(raws)))
        empty()

    monkeypatch.setattr(bench_ingest, "empty", looking)
    figures = list(bench_ingest.measure())
    assert [figure.unit for figure in figures] == ["events a second", "events a second", "of its speed"]
    by_portal, by_loop = written
    assert len(by_portal[0]) == 250
    assert by_portal == by_loop

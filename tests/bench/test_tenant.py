"""Keeping up with a tenant of Office 365 costs what has changed."""

from collections import Counter

import pytest

from tests.bench.bench_tenant import Size, passes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database]
GRAPH, FEED = "graph.microsoft.com/v1.0", "manage.office.com/api/v1.0"


def test_of_people_and_groups_only_changes_are_asked_for_and_no_record_is_fetched_twice() -> None:
    first, second = passes(Size(users=40, groups=6, records=700), changes=3)
    blobs = {path for path in first.calls if path.startswith(FEED) and "/audit/" in path}
    assert blobs
    assert max(first.calls[path] for path in blobs) == 1
    assert not blobs & second.calls.keys()
    people = Counter(path.removeprefix(f"{GRAPH}/").partition("/")[0] for path in second.calls.elements()
                     if path.startswith((f"{GRAPH}/users", f"{GRAPH}/groups")))  # fmt: skip
    assert people["users"] == 1 + 3, "one page of changes, and each changed user"
    assert second.calls[f"{GRAPH}/groups/delta"] == 1
    assert second.records == 3

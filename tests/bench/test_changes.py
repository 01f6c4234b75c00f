"""Keeping up with changes costs what has changed, however large the tenant is."""

import pytest

from tests.bench.bench_changes import passes

pytestmark = pytest.mark.django_db(transaction=True)


def test_only_what_has_changed_is_asked_for() -> None:
    first, after = passes(count=2_000, changes=110)
    assert first.calls == 22, "20 pages of files, and two lists that are empty"
    assert after.calls == 2, "two pages of changes"


@pytest.mark.load
def test_a_hundred_changes_among_many_files_take_less_than_a_fiftieth_of_the_calls() -> None:
    first, after = passes(count=100_000, changes=100)
    assert after.calls / first.calls < 0.02

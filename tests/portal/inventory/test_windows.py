"""Files under filters: what few meet is looked up by an index, all else is looked through a window at a time."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict

from connectors.base import Exposure, File, Gone
from portal.inventory import file_queries, statistics, windows
from portal.inventory.file_filters import FILE_FILTERS
from portal.inventory.filters import Condition, parse
from portal.inventory.row_lists import Count
from tests.portal.inventory.reading import EVERYWHERE, connected, fill, only, walk

MB = 1024 * 1024
EXPLAIN = {"postgresql": "EXPLAIN", "sqlite": "EXPLAIN QUERY PLAN"}


def conditions(query: str) -> list[Condition]:
    found, problems = parse(FILE_FILTERS, QueryDict(query))
    assert problems == []
    return found


def numbered(number: int, **more: Any) -> File:
    return File(id=f"{number:05}", name=f"{number:05}", content_type="text/plain", kind="file", size=MB, **more)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is few, and a window holds seven rows."""
    monkeypatch.setattr(windows, "LOOKED_UP", 0)
    monkeypatch.setattr(windows, "WINDOW", 7)
    monkeypatch.setattr(windows, "COUNTED", 7)


@pytest.mark.django_db
@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("sort", ["name", "-name", "modified", "-modified"])
def test_windows_show_what_matches_once_and_in_order_there_and_back(sort: str) -> None:
    wanted = {2, 3, 5, 6, 30, 31, 47}
    fill(connected("box", "Other"), [numbered(number, exposure=Exposure.INTERNAL) for number in range(50)])
    box = connected("box")
    fill(
        box,
        [
            numbered(
                number,
                exposure=Exposure.PUBLIC if number in wanted else Exposure.PRIVATE,
                modified_at=datetime(2026, 1, 1, 0, number, tzinfo=UTC),
            )
            for number in range(50)
        ],
    )
    asked = conditions("exposure=public")
    there, back = walk(lambda **at: file_queries.files(EVERYWHERE, asked, size=2, sort=sort, **at))
    order = [str(pk) for page in there for pk in page]
    expected = [str(row.pk) for row in file_queries.files(only(box), [], size=200, sort=sort).rows]
    names = {str(row.pk): int(row.vendor_id) for row in file_queries.files(only(box), [], size=200).rows}
    assert order == [pk for pk in expected if names[pk] in wanted]
    assert [pk for page in there if page for pk in page] == [pk for page in reversed(back) if page for pk in page]


@pytest.mark.django_db
@pytest.mark.usefixtures("small")
def test_a_page_that_ends_with_its_window_says_how_far_it_looked_and_a_count_so_too() -> None:
    fill(connected("box"), [numbered(number, is_trashed=number in (1, 20)) for number in range(30)])
    first = file_queries.files(EVERYWHERE, conditions("trashed=yes&type=text/"))
    assert ([row.vendor_id for row in first.rows], first.looked_through) == (["00001"], 7)
    second = file_queries.files(EVERYWHERE, conditions("trashed=yes&type=text/"), older=first.older)
    assert (second.rows, second.looked_through) == ([], 7)
    assert file_queries.count_files(EVERYWHERE, conditions("trashed=yes")) == Count(1, True, 7)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("type=image/", ["00040"]), ("larger=5", ["00041"]), ("kind=bucket", ["00042"]), ("presence=gone", ["00043"]),
        ("trashed=yes", ["00044"]), ("exposure=public", ["00045"]), ("larger=5&type=image/", []),
        ("exposure.not=private&kind=bucket", ["00042"]), ("to=2020-01-01", ["00046"]),
    ],
)  # fmt: skip
def test_what_few_meet_is_found_at_once_wherever_in_the_list_it_stands(
    query: str, found: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(windows, "LOOKED_UP", 5)
    monkeypatch.setattr(windows, "WINDOW", 7)
    box, old = connected("box"), datetime(2019, 1, 1, tzinfo=UTC)
    fill(box, [numbered(number, exposure=Exposure.PRIVATE) for number in range(40)])
    fill(
        box,
        [
            File(id="00040", name="00040", content_type="image/png"),
            File(id="00041", name="00041", size=6 * MB),
            File(id="00042", name="00042", kind="bucket"),
            numbered(43),
            numbered(44, is_trashed=True),
            numbered(45, exposure=Exposure.PUBLIC),
            numbered(46, modified_at=old),
        ],
    )
    fill(box, [Gone(File, "00043")])
    listing = file_queries.files(EVERYWHERE, conditions(query))
    assert ([row.vendor_id for row in listing.rows], listing.older, listing.looked_through) == (found, "", 0)
    assert file_queries.count_files(EVERYWHERE, conditions(query)) == Count(len(found), False)


@pytest.mark.django_db
def test_a_text_is_looked_up_by_postgresql_and_looked_through_by_sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "LOOKED_UP", 5)
    monkeypatch.setattr(windows, "WINDOW", 7)
    fill(connected("box"), [numbered(number) for number in range(20)] + [File(id="needle", name="needle")])
    listing = file_queries.files(EVERYWHERE, conditions("q=needle"))
    found = ([row.name for row in listing.rows], listing.looked_through)
    assert found == ((["needle"], 0) if connection.vendor == "postgresql" else ([], 7))


@pytest.fixture
def very_many(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """2,000 files of which the database knows how they are, and the plans of all that it is asked afterwards."""
    monkeypatch.setattr(windows, "LOOKED_UP", 50)
    monkeypatch.setattr(windows, "WINDOW", 100)
    monkeypatch.setattr(windows, "COUNTED", 100)
    monkeypatch.setattr(statistics, "LARGE", 1_000)
    fill(connected("box"), [numbered(number, modified_at=datetime(2026, 1, 1, tzinfo=UTC)) for number in range(2_000)])
    statistics.keep()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE inventory_file")
    plans: list[str] = []

    def explained(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.cursor.execute(f"{EXPLAIN[connection.vendor]} {sql}", params)
            plans.append("\n".join(str(row) for row in cursor.cursor.fetchall()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explained):
        yield plans


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("type=image/", "file_by_content_type"), ("larger=100", "file_by_size"), ("kind=bucket", "file_by_kind"),
        ("presence=gone", "file_gone"), ("exposure=public", "file_by_exposure"), ("trashed=yes", "file_trashed"),
        ("quarantined=yes", "file_quarantined"), ("external=yes", "file_shared_outside"), ("to=2020-01-01", "_time"),
    ],
)  # fmt: skip
def test_a_filter_without_a_match_asks_an_index_and_reads_no_files(
    query: str, index: str, very_many: list[str]
) -> None:
    assert file_queries.files(EVERYWHERE, conditions(query)).rows == []
    (plan,) = very_many
    assert index in plan
    assert "Seq Scan" not in plan


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sort", ["name", "-modified"])
@pytest.mark.parametrize(
    "query",
    ["type=text/&larger=0&trashed.not=no", "type.not=text/", "exposure.not=unknown", "external=no&kind.not=file"],
)
def test_what_no_index_finds_is_looked_through_between_two_places_of_the_list(
    query: str, sort: str, very_many: list[str]
) -> None:
    listing = file_queries.files(EVERYWHERE, conditions(query), sort=sort)
    assert (listing.rows, listing.looked_through) == ([], 100)
    *_, end, window = very_many
    index = "file_by_name" if sort == "name" else "file_by_time"
    assert index in end
    assert index in window
    # PostgreSQL may sort the rows of a window; what lies outside of it is not read.
    assert not [word for word in ("Seq Scan", "TEMP B-TREE") if word in window]

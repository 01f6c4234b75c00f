"""Files and who they are shared with: filters, orders, pages, details, never outside the scope."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from connectors.base import Account, Collaborator, Exposure, File, Gone, Group
from portal.instances.models import AppInstance
from portal.inventory import file_queries, models, queries, row_lists
from portal.inventory.file_filters import FILE_FILTERS, MB
from portal.inventory.filters import Condition, parse
from portal.inventory.row_lists import Count
from tests.portal.inventory.reading import EVERYWHERE, NOBODY, asked, connected, fill, only, walk

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def files(address: str = "", scope: Any = EVERYWHERE, **page: Any) -> list[str]:
    conditions, problems = parse(FILE_FILTERS, QueryDict(address))
    assert problems == []
    return [row.vendor_id for row in file_queries.files(scope, conditions, **page).rows]


@pytest.fixture
def box() -> AppInstance:
    instance = connected("box", "Contoso Box")
    fill(
        instance,
        [
            Account(id="u1", name="Ada"),
            Account(id="u2", name="Eve", is_external=True),
            Group(id="g1", name="Sales"),
            File(
                id="1", name="Budget.xlsx", path="/Finance", owner_id="u1", owner_name="Ada", modified_at=NOON,
                exposure=Exposure.PRIVATE, size=11 * MB, content_type="application/pdf", raw={"r": 1},
            ),
            File(
                id="2", name="Plan.docx", owner_id="u2", created_at=NOON - timedelta(days=9), is_trashed=True,
                exposure=Exposure.PUBLIC,
            ),
            File(
                id="3", name="photos", kind="folder", size=2 * MB, content_type="image/png",
                modified_at=NOON - timedelta(days=3),
            ),
            File(id="4", name="old"),
            Collaborator(file_id="1", account_id="u1", role="editor", is_external=False),
            Collaborator(file_id="1", group_id="g1", role="viewer"),
            Collaborator(file_id="1", email="Zoe@Elsewhere.example", is_external=True, is_pending=True),
            Collaborator(file_id="2", is_public=True),
            Collaborator(file_id="3", account_id="u2", role="viewer"),
            Collaborator(file_id="3", account_id="u1", role="owner"),
        ],
    )
    fill(instance, [Gone(File, "4"), Gone(Collaborator, "3/u1")])
    return instance


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", ["1", "3", "2"]),
        ("presence=gone", ["4"]),
        ("kind=folder", ["3"]),
        ("kind.not=folder", ["1", "2"]),
        ("exposure=public", ["2"]),
        ("exposure.not=public", ["1", "3"]),
        ("trashed=yes", ["2"]),
        ("trashed=no", ["1", "3"]),
        ("q=FINANCE", ["1"]),
        ("q=ada", ["1"]),
        ("from=2026-11-21T12:00:00Z", ["1", "3"]),
        ("from=2026-11-20&to=2026-11-22", ["3"]),
        ("to=2026-11-22&presence=all", ["3", "2"]),
        ("app=box&exposure=external&exposure=public", ["1", "3", "2"]),
        ("exposure=external", ["1", "3"]),
        ("external=yes", ["1", "3"]),
        ("external.not=yes", ["2"]),
        ("larger=2", ["1"]),
        ("larger=1&larger=50", ["1", "3"]),
        ("type=image/&type=video/", ["3"]),
        ("type=Application/PDF", ["1"]),
        ("type.not=image/", ["1", "2"]),
        ("domain=elsewhere.example", ["1"]),
        ("domain=@ELSEWHERE.example&domain=contoso.example", ["1"]),
        ("domain=where.example", []),
        ("domain=sub.elsewhere.example", []),
        ("domain.not=elsewhere.example", ["3", "2"]),
        ("app=github", []),
    ],
)
def test_files_are_narrowed_by_every_filter(box: AppInstance, address: str, expected: list[str]) -> None:
    assert files(address) == expected


def test_files_by_owner_and_by_who_they_are_shared_with(box: AppInstance) -> None:
    other = connected("box", "Fabrikam Box")
    fill(other, [File(id="9", name="x", owner_id="u1"), Collaborator(file_id="9", account_id="u2")])
    assert files(f"owner={box.pk}:u1") == ["1"]
    assert files(f"owner={other.pk}:u1&owner={box.pk}:u2") == ["2", "9"]
    assert files(f"collaborator={box.pk}:u1") == ["1"], "a sharing that is gone counts no more"
    assert files(f"collaborator={box.pk}:u2") == ["3"]
    assert parse(FILE_FILTERS, QueryDict("owner=Ada"))[1] == [
        "An owner is named by its instance's number, a colon and its id."
    ]


def test_files_are_listed_by_name_and_by_when_they_were_modified(box: AppInstance) -> None:
    assert files(sort="name") == ["1", "3", "2"]
    assert files(sort="-name") == ["2", "3", "1"]
    assert files(sort="-modified") == ["1", "3", "2"], "what was never modified stands where it was made"
    assert files(sort="modified") == ["2", "3", "1"]


@pytest.mark.parametrize("sort", ["name", "-name", "modified", "-modified"])
def test_pages_are_complete_where_many_files_are_alike(sort: str) -> None:
    for name in ("A", "B"):
        moments = [None, NOON, NOON - timedelta(days=1)]
        alike = [File(id=f"{each}", name="abc"[each % 2], modified_at=moments[each % 3]) for each in range(23)]
        fill(connected(name=name), alike)
    there, back = walk(lambda **token: file_queries.files(EVERYWHERE, [], size=7, sort=sort, **token))
    shown = [pk for page in there for pk in page]
    assert len(shown) == len(set(shown)) == 46
    assert back == there[::-1]


def test_who_a_file_is_shared_with_comes_by_how_far_it_reaches(box: AppInstance) -> None:
    budget, plan, photos = (models.File.objects.get(vendor_id=each) for each in "123")
    shared = file_queries.collaborators_of(budget)
    assert [(each.name, each.collaborator.role) for each in shared] == [
        ("Zoe@Elsewhere.example", ""), ("Ada", "editor"), ("Sales", "viewer"),
    ]
    assert [each.row.pk if each.row else None for each in shared[1:]] == [
        models.Account.objects.get(vendor_id="u1").pk, models.Group.objects.get().pk,
    ]
    assert [each.name for each in file_queries.collaborators_of(plan)] == ["Anyone with the link"]
    assert [each.name for each in file_queries.collaborators_of(photos)] == ["Eve"]
    assert file_queries.count_collaborators_of(budget) == Count(3, False)
    assert str(file_queries.owner_of(budget)) == "Ada"
    assert file_queries.owner_of(photos) is None


def test_the_files_of_an_account(box: AppInstance) -> None:
    ada, eve = (models.Account.objects.get(vendor_id=each) for each in ("u1", "u2"))
    assert [each.name for each in file_queries.files_owned_by(ada)] == ["Budget.xlsx"]
    assert [(each.file.name, each.role) for each in file_queries.files_shared_with(ada)] == [("Budget.xlsx", "editor")]
    assert [(each.file.name, each.role) for each in file_queries.files_shared_with(eve)] == [("photos", "viewer")]


def test_no_read_of_files_leaves_the_scope(box: AppInstance) -> None:
    other = connected("box", "Fabrikam Box")
    fill(other, [File(id="1", name="theirs")])
    mine, everything = only(other), [Condition("presence", ("all",))]
    assert [row.name for row in file_queries.files(mine, everything).rows] == ["theirs"]
    assert [row.name for row in file_queries.export_files(mine, everything)] == ["theirs"]
    assert file_queries.count_files(mine, everything) == Count(1, False)
    assert file_queries.files(NOBODY, everything).rows == []
    with pytest.raises(models.File.DoesNotExist):
        file_queries.file(mine, models.File.objects.filter(instance_id=box.pk)[0].pk)
    with pytest.raises(models.Collaborator.DoesNotExist):
        file_queries.collaborator(mine, models.Collaborator.objects.all()[0].pk)
    assert file_queries.file(EVERYWHERE, models.File.objects.get(vendor_id="1", instance_id=box.pk).pk).raw == {"r": 1}


def test_counts_exports_and_totals(box: AppInstance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_lists, "EXPORT_CHUNK", 2)
    assert [row.vendor_id for row in file_queries.export_files(EVERYWHERE, [])] == ["1", "3", "2"]
    assert file_queries.count_files(EVERYWHERE, [], cap=2) == Count(2, True)
    assert queries.instance_totals(box.pk)["files"] == Count(3, False)


def test_as_many_queries_for_300_files_as_for_3(box: AppInstance) -> None:
    conditions, _ = parse(FILE_FILTERS, QueryDict(f"app=box&q=bu&collaborator={box.pk}:u1&exposure=private"))
    budget, ada = models.File.objects.get(vendor_id="1"), models.Account.objects.get(vendor_id="u1")
    fill(box, [Collaborator(file_id="1", account_id="u1")])
    reads = [
        lambda: file_queries.files(EVERYWHERE, [], size=200),
        lambda: file_queries.files(only(box), conditions, size=200, sort="-modified"),
        lambda: file_queries.count_files(only(box), conditions),
        lambda: file_queries.collaborators_of(budget, limit=300),
        lambda: file_queries.files_owned_by(ada, limit=300),
        lambda: file_queries.files_shared_with(ada, limit=300),
    ]
    few = [asked(read) for read in reads]
    fill(box, [File(id=f"b{each}", name=f"bu{each}", owner_id="u1") for each in range(300)])
    fill(box, [Account(id=f"a{each}", name=f"{each}") for each in range(300)])
    fill(box, [Collaborator(file_id=f"b{each}", account_id="u1") for each in range(300)])
    fill(box, [Collaborator(file_id="1", account_id=f"a{each}") for each in range(300)])
    assert [asked(read) for read in reads] == few == [1, 4, 4, 3, 1, 2]


def test_lists_of_files_leave_the_large_columns_in_the_database(box: AppInstance) -> None:
    with CaptureQueriesContext(connection) as captured:
        file_queries.files(EVERYWHERE, [])
        file_queries.collaborators_of(models.File.objects.defer("raw").get(vendor_id="1"))
    for each in captured:
        assert '"raw"' not in each["sql"]

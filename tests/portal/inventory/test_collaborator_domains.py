"""Files by the domain of somebody they are shared with: few are looked up, many are met in the order of the list."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.http import QueryDict

from connectors.base import Collaborator, File, Gone
from portal.inventory import file_filters, file_queries, models, statistics, windows
from portal.inventory.filters import parse
from tests.portal.inventory.reading import EVERYWHERE, asked, connected, fill, only

MIGRATION = import_module("portal.inventory.migrations.0012_collaborator_domains")
EXPLAIN = {"postgresql": "EXPLAIN", "sqlite": "EXPLAIN QUERY PLAN"}


def found(domain: str, scope: Any = EVERYWHERE) -> list[str]:
    conditions, problems = parse(file_filters.FILE_FILTERS, QueryDict(f"domain={domain}"))
    assert problems == []
    return [row.vendor_id for row in file_queries.files(scope, conditions).rows]


def shared(number: int, email: str) -> list[File | Collaborator]:
    return [File(id=f"{number:05}", name=f"{number:05}"), Collaborator(file_id=f"{number:05}", email=email)]


@pytest.mark.django_db
@pytest.mark.parametrize("looked_up", [0, 100])
def test_the_same_files_are_found_where_many_are_shared_as_where_few_are(
    looked_up: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_filters, "LOOKED_UP", looked_up)
    contoso, fabrikam = connected("box", "Contoso"), connected("box", "Fabrikam")
    fill(contoso, [*shared(1, "eve@fabrikam.example"), *shared(2, "ada@contoso.example")])
    fill(contoso, [*shared(3, "old@fabrikam.example"), Gone(Collaborator, "00003/old@fabrikam.example")])
    fill(fabrikam, [*shared(2, "bob@fabrikam.example"), *shared(1, "ada@contoso.example")])
    assert found("fabrikam.example") == ["00001", "00002"], "an id means a file within its instance alone"
    assert found("fabrikam.example", only(contoso)) == ["00001"]
    assert asked(lambda: found("fabrikam.example")) == 3


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["ada@contoso.example", "contoso example"])
def test_what_is_no_domain_is_said(value: str) -> None:
    assert parse(file_filters.FILE_FILTERS, QueryDict(f"domain={value}"))[1] == [
        f"“{value}” is not a domain such as fabrikam.example."
    ]


@pytest.mark.django_db(transaction=True)
def test_neither_few_nor_many_make_a_database_read_or_sort_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_filters, "LOOKED_UP", 50)
    monkeypatch.setattr(windows, "LOOKED_UP", 50)
    monkeypatch.setattr(statistics, "LARGE", 1_000)
    rows = [each for number in range(2_000) for each in shared(number, f"p{number}@many.example")]
    rare = [f"{number:05}" for number in range(1_980, 2_000)]
    fill(connected("box"), [*rows, *(Collaborator(file_id=each, email="eve@rare.example") for each in rare)])
    statistics.keep()
    if connection.vendor == "postgresql":  # Rows of other tests left pages, so that nothing need seem to have grown.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE inventory_file, inventory_collaborator")
    plans: list[str] = []

    def explained(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.cursor.execute(f"{EXPLAIN[connection.vendor]} {sql}", params)
            plans.append("\n".join(str(row) for row in cursor.cursor.fetchall()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explained):
        assert found("rare.example") == rare
        assert len(found("many.example")) == 50
    few, files_of_few, page_of_few, *_, page_of_many = plans
    assert "collaborator_by_domain" in few
    assert "file_by" not in files_of_few + page_of_few
    assert "file_by_name" in page_of_many


@pytest.mark.django_db
def test_rows_from_before_get_their_domain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MIGRATION, "AT_ONCE", 2)
    emails = ["Eve@Fabrikam.example", "", "nobody", "ada@contoso.example", "bob@fabrikam.example"]
    fill(connected("box"), [Collaborator(file_id=f"{each}", email=email) for each, email in enumerate(emails)])
    kept = dict(models.Collaborator.objects.values_list("file_id", "email_domain"))
    assert kept == {"0": "fabrikam.example", "1": "", "2": "", "3": "contoso.example", "4": "fabrikam.example"}
    models.Collaborator.objects.update(email_domain="")
    MIGRATION.fill(apps, None)
    assert dict(models.Collaborator.objects.values_list("file_id", "email_domain")) == kept

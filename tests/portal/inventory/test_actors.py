"""From activities to accounts and back: by id, and by address where the log has no id."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from connectors.base import Account, Activity, ActivityCategory, Gone
from portal.instances.models import AppInstance
from portal.inventory import actors, models, statistics
from portal.people.roles import Role
from tests.portal.inventory.reading import connected, fill
from tests.portal.web.visitor import client_of, person, text_of

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
EXPLAIN = {"postgresql": "EXPLAIN", "sqlite": "EXPLAIN QUERY PLAN"}
ADA = Account(id="1", name="Ada", username="Ada@contoso.example", email="ada.lovelace@contoso.example")


def event(number: int, **values: Any) -> Activity:
    return Activity(
        id=f"e{number}", occurred_at=NOON + timedelta(minutes=number), action="FileAccessed",
        category=ActivityCategory.USER, **values,
    )  # fmt: skip


def did(account: models.Account, limit: int = 20) -> list[str]:
    return [row.vendor_id for row in actors.activities_of(account, limit)]


def who(instance: AppInstance, number: int) -> str | None:
    found = actors.account_of_actor(models.Activity.objects.get(instance_id=instance.pk, vendor_id=f"e{number}"))
    return found.vendor_id if found else None


@pytest.fixture
def office() -> AppInstance:
    instance, other = connected("office365"), connected("office365", "Other")
    fill(instance, [ADA, Account(id="2", name="Bo", email="bo@contoso.example")])
    fill(
        instance,
        [
            event(1, actor_id="1"),
            event(2, actor_email="ada@contoso.example", actor_name="ada@contoso.example"),
            event(3, actor_email="ada.lovelace@contoso.example"),
            event(4, actor_email="ada@contoso.example", actor_id="2"),
            event(5, actor_name="Ada"),
            event(6),
        ],
    )
    fill(other, [event(7, actor_email="ada@contoso.example")])
    return instance


@pytest.mark.django_db
def test_an_account_did_what_its_id_or_else_one_of_its_addresses_stands_at(office: AppInstance) -> None:
    ada = models.Account.objects.get(vendor_id="1")
    assert did(ada) == ["e3", "e2", "e1"]
    assert did(ada, limit=2) == ["e3", "e2"]


@pytest.mark.django_db
def test_an_actor_is_its_id_or_else_its_address_and_never_its_name(office: AppInstance) -> None:
    assert [who(office, number) for number in range(1, 7)] == ["1", "1", "1", "2", None, None]


@pytest.mark.django_db
def test_an_address_of_several_is_nobodys_and_one_that_is_gone_gives_way(office: AppInstance) -> None:
    fill(office, [Account(id="3", name="Ada too", email="ADA@contoso.example")])
    assert who(office, 2) is None
    fill(office, [Gone(Account, "1")])
    assert who(office, 2) == "3"
    fill(office, [Gone(Account, "3"), Account(id="3", username="ada3")])
    assert who(office, 2) == "1", "deleted, and nobody else's by now"


@pytest.mark.django_db
def test_the_pages_lead_from_one_to_the_other(office: AppInstance) -> None:
    reader = client_of(person(Role.SECURITY_READER))
    account = reader.get(reverse("account_detail", args=[models.Account.objects.get(vendor_id="1").pk]))
    assert text_of(account).count("FileAccessed") == 3
    named = ("1", "ada.lovelace%40contoso.example", "Ada%40contoso.example", "ada%40contoso.example")
    query = f"?{''.join(f'actor={each}&' for each in named)}instance={office.pk}"
    assert query.replace("&", "&amp;") in account.content.decode()
    assert text_of(reader.get(reverse("activity_list") + query)).count("FileAccessed") >= 3


@pytest.fixture
def plans() -> list[str]:
    """Many of one instance, few of the address; the plans of what is asked afterwards."""
    instance = connected("office365")
    fill(instance, [ADA, *(Account(id=f"x{number}", email=f"x{number}@contoso.example") for number in range(2_000))])
    many = (event(number, actor_email=f"x{number % 500}@contoso.example") for number in range(100, 3_000))
    fill(instance, [event(2, actor_email="ada@contoso.example"), *many])
    statistics.keep()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    found: list[str] = []

    def explained(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.cursor.execute(f"{EXPLAIN[connection.vendor]} {sql}", params)
            found.append("\n".join(str(row) for row in cursor.cursor.fetchall()))
        return execute(sql, params, many, context)

    ada, activity = models.Account.objects.get(vendor_id="1"), models.Activity.objects.get(vendor_id="e2")
    with connection.execute_wrapper(explained):
        assert did(ada) == ["e2"]
        assert actors.account_of_actor(activity) == ada
    return found


@pytest.mark.django_db(transaction=True)
def test_neither_way_reads_all_that_an_instance_has(plans: list[str]) -> None:
    *_, by_address, back = plans
    assert "actor_email=?" in by_address or "Index Cond: ((actor_email" in by_address, by_address
    assert "account_by_email" in back, back
    assert "account_by_username" in back, back

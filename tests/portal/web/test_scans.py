"""The page of scans, and the numbers for Prometheus."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from portal.instances.models import AppInstance
from portal.leases import LEASE
from portal.people.roles import Role
from portal.scans import meters
from portal.scans.models import Budget, FeedState, FeedStatus, Inbox
from tests.portal.web import inventory_rows as rows
from tests.portal.web.visitor import client_of, person, text_of

pytestmark = pytest.mark.django_db

TOKEN = "metrics-t0ken"


def feed(of: AppInstance, name: str = "accounts", **fields: object) -> FeedState:
    return FeedState.objects.create(instance=of, feed=name, **fields)


@pytest.fixture
def reader() -> Client:
    return client_of(person(Role.SECURITY_READER))


def test_each_feed_stands_with_its_state_speed_and_limits(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    contoso, now = rows.instance(), timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    feed(
        contoso, status=FeedStatus.RUNNING, lease_until=now + LEASE, run_records=5000, run_pages=50,
        run_started_at=now - timedelta(seconds=100), run_total=10_000,
    )
    Budget.objects.create(instance=contoso, name="core", limit=5000, remaining=4200, noted_at=now)
    Budget.objects.create(instance=contoso, name="search", limit=30, remaining=30, noted_at=now)
    words = text_of(reader.get(reverse("scan_list")))
    assert "Accounts G Contoso Scanning 5,000 of about 10,000 records, 50 a second, about 2 minutes left" in words
    assert "5,000 50 50 4,200 of 5,000 core" in words
    assert "of 30 search" not in words, "a limit is told with the feeds that draw on it alone"


def test_a_limit_that_only_we_count_is_told_with_its_time_and_is_whole_again_after_it(reader: Client) -> None:
    def said() -> str:
        return text_of(reader.get(reverse("scan_list")))

    box, now = rows.instance("Contoso Box"), timezone.now()
    AppInstance.objects.update(app_id="box")
    feed(box)
    assert "1,000 of 1,000 a minute (counted here)" in said()
    Budget.objects.create(
        instance=box, limit=1000, remaining=950, used=50, noted_at=now, window_ends_at=now + timedelta(seconds=30),
        resets_at=now + timedelta(seconds=30),
    )
    assert "950 of 1,000 a minute (counted here)" in said()
    Budget.objects.update(resets_at=now - timedelta(seconds=1))
    assert "1,000 of 1,000 a minute (counted here)" in said()


@pytest.mark.parametrize(
    ("state", "fields"),
    [
        ("running", {"status": FeedStatus.RUNNING, "lease_until": 119}),
        ("running", {"is_mid_run": True, "next_run_at": -1}),
        ("interrupted", {"status": FeedStatus.RUNNING, "lease_until": 60}),
        ("interrupted", {"status": FeedStatus.RUNNING, "lease_until": -1}),
        ("due", {"next_run_at": -1}),
        ("late", {"next_run_at": -600}),
        ("failed", {"error_code": "bad_response", "error": "Nonsense came.", "next_run_at": 600}),
        ("blocked", {"status": FeedStatus.BLOCKED, "error_code": "permission_missing"}),
        ("unavailable", {"status": FeedStatus.UNAVAILABLE, "error_code": "not_available"}),
    ],
)
def test_feeds_are_found_by_state(reader: Client, state: str, fields: dict[str, object]) -> None:
    contoso, now = rows.instance(), timezone.now()
    moments = {name: now + timedelta(seconds=value) for name, value in fields.items() if type(value) is int}
    feed(contoso, "audit_log", **{**fields, **moments})
    feed(contoso, "accounts", next_run_at=now + timedelta(hours=1))
    words = text_of(reader.get(reverse("scan_list"), {"state": state}))
    assert "Audit log G Contoso" in words
    assert "Accounts G Contoso" not in words


def test_the_rows_are_asked_for_again_without_the_page(reader: Client) -> None:
    feed(rows.instance())
    html = reader.get(reverse("scan_list"), headers={"HX-Request": "true"}).content.decode()
    assert html.startswith('<tbody id="scan-rows"')
    assert 'hx-swap-oob="true"' in html
    assert "<html" not in html


def test_feeds_of_other_instances_are_not_to_be_seen() -> None:
    contoso, fabrikam = rows.instance(), rows.instance("Fabrikam", tenant_id="2")
    feed(contoso)
    feed(fabrikam)
    own = client_of(person(Role.APP_ADMIN, instance_id=contoso.pk))
    words = text_of(own.get(reverse("scan_list")))
    assert "G Contoso" in words
    assert "G Fabrikam" not in words


def test_many_feeds_cost_as_many_questions_as_one(
    reader: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    contoso = rows.instance()
    for number in range(150):
        feed(contoso, "teams", partition=str(number))
    reader.get(reverse("scan_list"))
    with django_assert_num_queries(10):
        reader.get(reverse("scan_list"))


def numbers(client: Client, token: str = TOKEN) -> str:
    return client.get(reverse("metrics"), headers={"Authorization": f"Bearer {token}"}).content.decode()


def test_without_the_token_there_are_no_numbers(settings: Settings) -> None:
    settings.METRICS_TOKEN = ""
    assert Client().get(reverse("metrics"), headers={"Authorization": "Bearer "}).status_code == 404
    settings.METRICS_TOKEN = TOKEN
    assert Client().get(reverse("metrics")).status_code == 404
    assert Client().get(reverse("metrics"), headers={"Authorization": "Bearer guess"}).status_code == 404


def test_the_numbers_say_how_reading_stands(settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN
    contoso, now = rows.instance(), timezone.now()
    feed(contoso, next_run_at=now - timedelta(seconds=90), last_success_at=now - timedelta(hours=2))
    feed(contoso, "audit_log", error_code="unavailable", next_run_at=now + timedelta(minutes=5))
    Budget.objects.create(instance=contoso, name="core", limit=5000, remaining=4200, noted_at=now)
    Inbox.objects.create(instance=contoso, token_hash="x", document="{}", accepted=12, refused=3)
    meters.add(contoso.pk, {"calls": 1234, "error:rate_limited": 2})
    text = numbers(Client())
    assert 'gatehouse_feed_lag_seconds{app="github",feed="accounts",instance="Contoso"} 9' in text
    assert 'gatehouse_feed_age_seconds{app="github",feed="accounts",instance="Contoso"} 7200' in text
    assert 'gatehouse_feed_failing{app="github",feed="audit_log",instance="Contoso"} 1.0' in text
    assert 'gatehouse_budget_remaining{app="github",instance="Contoso",limit="core"} 4200.0' in text
    assert 'gatehouse_calls_total{app="github",instance="Contoso"} 1234.0' in text
    assert 'gatehouse_error_total{app="github",code="rate_limited",instance="Contoso"} 2.0' in text
    assert 'gatehouse_deliveries_accepted_total{app="github",instance="Contoso"} 12.0' in text
    assert 'gatehouse_queue_tasks{cluster="scans",state="due"} 0.0' in text
    assert 'gatehouse_actions_open{state="queued"} 0.0' in text


def test_a_hostile_instance_name_breaks_no_line(settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN
    contoso = rows.instance('Con"toso\nx 1')
    meters.add(contoso.pk, {"calls": 1})
    assert 'instance="Con\\"toso\\nx 1"' in numbers(Client())


def test_the_numbers_cost_a_fixed_number_of_questions(
    settings: Settings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    settings.METRICS_TOKEN = TOKEN
    for number in range(20):
        feed(rows.instance(f"Contoso {number}", tenant_id=str(number)))
    with django_assert_num_queries(14):
        numbers(Client())

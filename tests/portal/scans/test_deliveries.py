"""Pushes: proven, kept while the vendor waits, and worked off in few reads."""

import io
import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from connectors.base import Delivery as Sent
from connectors.base import ReadNow, Redactor, redaction
from portal.instances.models import AppInstance, State
from portal.inventory.models import Account
from portal.leases import MOST_CRASHES
from portal.scans import deliveries, inbox, service
from portal.scans.models import Delivery, DeliveryState, Inbox
from tests.connectors.base.vendor import says
from tests.portal.scans.conftest import Clock, Killed, present, state_of
from tests.portal.scans.example import ExampleVendor
from tests.portal.scans.pushing import Registrar, pushing, signature
from tests.tasks import run_tasks, waiting

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def registrar() -> Registrar:
    return Registrar()


@pytest.fixture
def known(
    connect: Callable[..., AppInstance], declare: Callable[..., None], registrar: Registrar, vendor: ExampleVendor
) -> AppInstance:
    """Read once, with its push registered."""
    instance = connect()
    declare(pushing(registrar))
    service.begin(instance)
    run_tasks()
    vendor.server.seen.clear()
    return instance


def path_of(instance: AppInstance) -> str:
    return urlsplit(inbox.address(Inbox.objects.get(pk=instance.pk))).path


def push(instance: AppInstance, said: dict[str, Any], number: str = "", secret: str = "") -> HttpResponse:
    """What the vendor sends, signed with the registration's secret."""
    body = json.dumps(said).encode()
    headers = {"X-Signature": signature(body, secret or "secret-of-r1"), "X-Delivery": number}
    answer = Client().post(path_of(instance), body, content_type="application/json", headers=headers)
    return answer  # type: ignore[return-value]


def test_a_genuine_delivery_is_kept_as_it_came_and_becomes_a_row(known: AppInstance) -> None:
    assert push(known, {"account": "flo"}, "d1").status_code == 200
    row = Delivery.objects.get()
    assert json.loads(bytes(row.body)) == {"account": "flo"}
    assert (row.vendor_id, row.state) == ("d1", DeliveryState.WAITING)
    assert "uflo" not in present(Account, known)
    run_tasks("actions")
    assert "uflo" in present(Account, known)
    row.refresh_from_db()
    assert row.state == DeliveryState.DONE


def test_a_secret_that_the_vendor_says_again_is_not_kept_with_the_delivery(known: AppInstance) -> None:
    secret = inbox.read(Inbox.objects.get(pk=known.pk))["secret"]
    assert push(known, {"account": "flo", "clientState": f"{secret} /users"}, "d1").status_code == 200
    kept = json.loads(bytes(Delivery.objects.get().body))
    assert kept == {"account": "flo", "clientState": "[secret] /users"}
    run_tasks("actions")
    assert "uflo" in present(Account, known)


def test_a_row_that_a_push_brought_news_of_is_still_swept_by_the_feed_that_lists_it(
    known: AppInstance, vendor: ExampleVendor, clock: Clock
) -> None:
    push(known, {"account": "ada"}, "d1")
    push(known, {"account": "flo"}, "d2")
    run_tasks("actions")
    rows = Account.objects.filter(vendor_id__in=["uada", "uflo"])
    assert set(rows.values_list("vendor_id", "feed")) == {("uada", "accounts"), ("uflo", "accounts")}
    vendor.accounts = ["bo", "cy"]
    clock.wait_and_work(hours=13)
    assert present(Account, known) == ["ubo", "ucy", "uflo"], "what is new waits for one pass more"
    clock.wait_and_work(hours=13)
    assert present(Account, known) == ["ubo", "ucy"]


def test_who_cannot_prove_to_be_the_vendor_is_refused_and_counted(known: AppInstance) -> None:
    assert push(known, {"account": "eve"}, "d1", secret="guessed").status_code == 403
    assert not Delivery.objects.exists()
    place = Inbox.objects.get(pk=known.pk)
    assert (place.accepted, place.refused) == (0, 1)
    assert place.last_refused_at is not None
    assert waiting("actions") == []


def test_an_address_that_is_nobodys_is_not_found_and_its_body_is_not_read(known: AppInstance) -> None:
    answer = Client().post("/hooks/guessed-token/", b"x" * 100, content_type="application/json")
    assert answer.status_code == 404


def test_the_secret_part_of_the_address_is_nowhere_in_plain_text(known: AppInstance) -> None:
    place = Inbox.objects.get(pk=known.pk)
    token = inbox.read(place)["token"]
    assert len(token) >= 40
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT token_hash, document FROM scans_inbox")
        assert all(token not in str(value) for row in cursor.fetchall() for value in row)


def test_a_body_larger_than_any_vendor_sends_is_refused(
    known: AppInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.web.webhooks.LARGEST_BODY", 10)
    assert push(known, {"account": "flo" * 10}).status_code == 413
    assert not Delivery.objects.exists()


def test_a_challenge_is_answered_and_nothing_is_kept(known: AppInstance) -> None:
    answer = Client().get(path_of(known), {"challenge": "echo me"})
    assert (answer.status_code, answer.content, answer["X-Echo"]) == (200, b"echo me", "yes")
    assert answer["Content-Type"].startswith("text/plain")
    assert not Delivery.objects.exists()


def test_the_same_delivery_sent_again_is_one_row(known: AppInstance) -> None:
    assert push(known, {"account": "flo"}, "d1").status_code == 200
    assert push(known, {"account": "flo"}, "d1").status_code == 200
    assert Delivery.objects.count() == 1


def test_credentials_in_headers_are_not_kept(known: AppInstance) -> None:
    body = b'{"account": "flo"}'
    headers = {"X-Signature": signature(body, "secret-of-r1"), "Authorization": "Bearer S3CRET", "Cookie": "a=b"}
    Client().post(path_of(known), body, content_type="application/json", headers=headers)
    assert "S3CRET" not in json.dumps(Delivery.objects.get().headers)
    assert "cookie" not in Delivery.objects.get().headers


def test_a_burst_is_one_task_and_one_read(known: AppInstance, vendor: ExampleVendor) -> None:
    vendor.events += 3
    for number in range(200):
        push(known, {"read": "events"}, f"d{number}")
    assert len(waiting("actions")) == 1
    run_tasks()
    assert [call for call in vendor.calls if call.startswith("/events")] == ["/events?3", "/events?4", "/events?5"]
    assert not Delivery.objects.exclude(state=DeliveryState.DONE).exists()


def test_more_than_one_batch_is_worked_off_to_the_end(
    known: AppInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "AT_ONCE", 3)
    for number in range(8):
        push(known, {"account": f"p{number}"}, f"d{number}")
    run_tasks("actions")
    assert {f"up{number}" for number in range(8)} <= set(present(Account, known))


def test_a_record_that_is_named_is_read_alone(known: AppInstance, vendor: ExampleVendor) -> None:
    push(known, {"read": "accounts", "id": "uada"}, "d1")
    push(known, {"read": "accounts", "id": "uada"}, "d2")
    run_tasks()
    assert vendor.calls == ["/accounts?0"]
    assert Account.objects.get(instance_id=known.pk, vendor_id="uada").name == "uada read alone"


def test_a_named_record_that_is_gone_is_marked_gone(known: AppInstance) -> None:
    push(known, {"account": "ghost"}, "d1")
    push(known, {"read": "accounts", "id": "ughost"}, "d2")
    run_tasks()
    assert "ughost" not in present(Account, known)


def test_many_named_records_become_one_read_of_their_feed(
    known: AppInstance, vendor: ExampleVendor, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    monkeypatch.setattr(deliveries, "MOST_SINGLE_READS", 2)
    clock.wait(minutes=10)
    for number in range(5):
        push(known, {"read": "accounts", "id": f"u{number}"}, f"d{number}")
    run_tasks()
    assert [call for call in vendor.calls if call.startswith("/accounts")] == [
        "/accounts?0", "/accounts?1", "/accounts?2",
    ]


def test_a_vendor_in_trouble_while_one_record_is_read_loses_nothing(
    known: AppInstance, vendor: ExampleVendor, clock: Clock
) -> None:
    clock.wait(minutes=10)
    vendor.accounts.append("flo")
    vendor.trouble("/accounts", says({}, status=503))
    push(known, {"read": "accounts", "id": "uflo"}, "d1")
    run_tasks()
    assert "uflo" in present(Account, known)


def test_a_snapshot_that_was_just_read_rests_before_it_is_read_again(
    known: AppInstance, vendor: ExampleVendor, clock: Clock
) -> None:
    vendor.accounts.append("flo")
    push(known, {"read": "accounts"}, "d1")
    run_tasks()
    assert "uflo" not in present(Account, known)
    clock.wait_and_work(minutes=6)
    assert "uflo" in present(Account, known)


def test_what_changes_while_a_feed_is_read_is_read_again(
    known: AppInstance, vendor: ExampleVendor, clock: Clock
) -> None:
    def changed(path: str) -> None:
        if path != "/accounts":
            return
        vendor.before_answer = lambda path: None
        push(known, {"read": "accounts"}, "d1")
        run_tasks("actions")
        vendor.accounts.insert(0, "abe")

    clock.wait(hours=13)
    state = state_of(known, "accounts")
    vendor.before_answer = changed
    clock.wait_and_work()
    state.refresh_from_db()
    assert state.next_run_at is not None
    assert state.next_run_at <= clock.now() + timedelta(minutes=5)
    clock.wait_and_work(minutes=6)
    assert "uabe" in present(Account, known)


def test_one_partition_is_read_without_the_others(known: AppInstance, vendor: ExampleVendor, clock: Clock) -> None:
    clock.wait(minutes=10)
    vendor.regions["us"].append("boston")
    push(known, {"read": "teams", "partition": "us"}, "d1")
    run_tasks()
    assert {call.split("?")[0] for call in vendor.calls if call.startswith("/regions")} == {"/regions/us"}


def test_nonsense_is_marked_failed_with_a_reference_and_the_others_are_worked_off(known: AppInstance) -> None:
    body = b"{not json"
    Client().post(
        path_of(known), body, content_type="application/json",
        headers={"X-Signature": signature(body, "secret-of-r1"), "X-Delivery": "bad"},
    )
    push(known, {"account": "flo"}, "good")
    run_tasks("actions")
    assert "uflo" in present(Account, known)
    bad = Delivery.objects.get(vendor_id="bad")
    assert bad.state == DeliveryState.FAILED
    assert "reference" in bad.problem


def test_a_delivery_that_breaks_is_logged_with_its_traceback_and_without_the_secret_it_echoes(
    known: AppInstance, registrar: Registrar, declare: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def echoing(delivery: Sent) -> Iterable[ReadNow]:
        raise ValueError(f"no such state as {json.loads(delivery.body)['client_state']}")

    connector = pushing(registrar)
    assert connector.webhook is not None
    declare(replace(connector, webhook=replace(connector.webhook, hints=echoing)))
    push(known, {"client_state": "secret-of-r1"}, "d1")
    monkeypatch.setattr(redaction, "_known", {})  # the worker is another process than the one that took it
    log = io.StringIO()
    console = next(each for each in logging.getLogger().handlers if any(isinstance(f, Redactor) for f in each.filters))
    assert isinstance(console, logging.StreamHandler)
    monkeypatch.setattr(console, "stream", log)
    run_tasks("actions")
    assert "Traceback (most recent call last)" in log.getvalue()
    assert "in echoing" in log.getvalue()
    assert f"ValueError: no such state as {redaction.MASK}" in log.getvalue()
    assert "secret-of-r1" not in log.getvalue()
    failed = Delivery.objects.get()
    assert failed.state == DeliveryState.FAILED
    assert "no such state" not in failed.problem


def test_a_delivery_that_breaks_leaves_no_traceback_where_its_secrets_cannot_be_read(
    known: AppInstance, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    body = b"{not json"
    headers = {"X-Signature": signature(body, "secret-of-r1")}
    Client().post(path_of(known), body, content_type="application/json", headers=headers)
    monkeypatch.setattr(inbox, "_place", lambda instance_id: "somewhere else")
    run_tasks("actions")
    assert "broke, reference" in caplog.text
    assert "JSONDecodeError" in caplog.text
    assert "Traceback" not in caplog.text


def test_a_feed_that_there_is_not_is_passed_over(known: AppInstance) -> None:
    push(known, {"read": "no such feed"}, "d1")
    run_tasks("actions")
    assert Delivery.objects.get().state == DeliveryState.DONE


def test_a_paused_instance_keeps_deliveries_until_it_is_resumed(known: AppInstance) -> None:
    AppInstance.objects.filter(pk=known.pk).update(state=State.PAUSED)
    assert push(known, {"account": "flo"}, "d1").status_code == 200
    run_tasks("actions")
    assert "uflo" not in present(Account, known)
    AppInstance.objects.filter(pk=known.pk).update(state=State.CONNECTED)
    deliveries.revive()
    run_tasks("actions")
    assert "uflo" in present(Account, known)


def test_a_task_that_was_lost_is_followed_by_another(known: AppInstance, clock: Clock) -> None:
    from django_q.models import OrmQ

    push(known, {"account": "flo"}, "d1")
    OrmQ.objects.all().delete()
    deliveries.revive()
    assert waiting("actions") == []  # its ticket still holds
    clock.wait_and_work(minutes=11)
    run_tasks("actions")
    assert "uflo" in present(Account, known)


def test_deliveries_are_forgotten_after_a_week(known: AppInstance, clock: Clock) -> None:
    push(known, {"account": "flo"}, "d1")
    run_tasks()
    clock.wait(days=8)
    deliveries.revive()
    assert not Delivery.objects.exists()


def test_accepting_asks_the_database_a_fixed_number_of_times(
    known: AppInstance, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    push(known, {"account": "one"}, "d1")
    path, body = path_of(known), b'{"account": "two"}'
    headers = {"X-Signature": signature(body, "secret-of-r1"), "X-Delivery": "d2"}
    with django_assert_num_queries(8):
        Client().post(path, body, content_type="application/json", headers=headers)


def test_a_delivery_that_kills_every_worker_is_set_aside_and_the_others_are_worked_off(
    known: AppInstance, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, deaths = deliveries._hints_of, []

    def poisoned(instance: AppInstance, rows: Iterable[Delivery]) -> Any:
        if any(row.vendor_id == "poison" for row in rows):
            deaths.append(len(list(rows)))
            raise Killed
        return real(instance, rows)

    monkeypatch.setattr(deliveries, "_hints_of", poisoned)
    for number in ("d1", "poison", "d2"):
        push(known, {"account": f"flo{number}"}, number)
    for _ in range(MOST_CRASHES):
        with pytest.raises(Killed):
            run_tasks("actions")
        clock.wait(seconds=121)
        deliveries.revive()
    assert run_tasks("actions") == 1
    assert {"uflod1", "uflod2"} <= set(present(Account, known))
    assert deaths == [3, 1, 1, 1, 1], "together first, then it alone"
    aside = Delivery.objects.get(vendor_id="poison")
    assert aside.state == DeliveryState.FAILED
    assert aside.problem == "The worker that worked it off died 5 times in a row, so it was set aside."
    assert Delivery.objects.filter(state=DeliveryState.DONE).count() == 2
    push(known, {"account": "later"}, "d3")
    assert run_tasks("actions") == 1
    assert "ulater" in present(Account, known)

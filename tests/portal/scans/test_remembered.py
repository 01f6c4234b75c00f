"""Pages that the vendor calls unchanged are not read again, and nothing is taken for there or gone that is not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from connectors.base import Account as AccountRecord
from connectors.base import Gone
from portal.instances.models import AppInstance
from portal.inventory import store
from portal.inventory.models import Account
from portal.people.models import User
from portal.preferences import preferences
from portal.scans import remembered, runs, service
from portal.scans.models import RememberedPage, ScanRun
from tests.connectors.base.vendor import Says, says
from tests.portal.scans.conftest import Clock, Killed, present, rows_hash, state_of
from tests.portal.scans.example import ExampleVendor, connector, events, people
from tests.portal.scans.test_interrupted import work_off
from tests.tasks import run_tasks

pytestmark = pytest.mark.django_db(transaction=True)

ALL = ["uada", "ubo", "ucy", "udi", "ueve"]
Statuses = Callable[[], list[int]]


@pytest.fixture
def statuses(vendor: ExampleVendor) -> Statuses:
    """The statuses of the answers with people since the last call. No event ever happens."""
    vendor.events = 0
    true, said = vendor.server.answer, list[int]()

    def answer(request: Any) -> Says:
        given = true(request)
        if request.path == "/accounts":
            said.append(given.status)
        return given

    def since() -> list[int]:
        found = list(said)
        said.clear()
        return found

    vendor.server.answer = answer
    return since


@pytest.fixture
def known(connect: Callable[..., AppInstance], declare: Callable[..., None], statuses: Statuses) -> AppInstance:
    """An instance whose three pages of people were read once."""
    declare(connector(feeds=(people, events)))
    instance = connect()
    service.begin(instance)
    run_tasks("scans")
    assert statuses() == [200, 200, 200]
    assert present(Account, instance) == ALL
    return instance


def test_an_unchanged_page_is_not_sent_again_and_its_rows_count_as_listed(
    known: AppInstance, statuses: Statuses, clock: Clock
) -> None:
    before = rows_hash(known)
    clock.wait_and_work(hours=13)

    assert statuses() == [304, 304, 304]
    assert rows_hash(known) == before
    assert set(Account.objects.values_list("pass_id", flat=True)) == {2}
    assert all(each.seen_at > each.first_seen_at + timedelta(hours=12) for each in Account.objects.all())
    run = ScanRun.objects.filter(feed="people").order_by("pk").last()
    assert run is not None
    assert (run.pages, run.records, run.new_rows, run.gone_rows) == (3, 10, 0, 0)


def test_a_changed_page_alone_is_read_and_what_left_it_is_gone(
    known: AppInstance, vendor: ExampleVendor, statuses: Statuses, clock: Clock
) -> None:
    vendor.accounts[:] = ["ada", "bo", "cy", "dora", "eve"]
    clock.wait_and_work(hours=13)

    assert statuses() == [304, 200, 304]
    assert present(Account, known) == ["uada", "ubo", "ucy", "udora", "ueve"]
    clock.wait_and_work(hours=13)
    assert statuses() == [304, 304, 304]
    assert present(Account, known) == ["uada", "ubo", "ucy", "udora", "ueve"]


def test_a_page_that_comes_after_a_full_last_one_is_found(
    known: AppInstance, vendor: ExampleVendor, statuses: Statuses, clock: Clock
) -> None:
    vendor.accounts.append("fay")
    clock.wait_and_work(hours=13)
    assert statuses() == [304, 304, 200]
    vendor.accounts.append("gus")
    clock.wait_and_work(hours=13)
    assert statuses() == [304, 304, 200, 200]
    assert present(Account, known) == [*ALL, "ufay", "ugus"]


def test_pages_without_an_etag_are_read_each_time(
    known: AppInstance, vendor: ExampleVendor, statuses: Statuses, clock: Clock
) -> None:
    vendor.has_etags = False
    clock.wait_and_work(hours=13)
    clock.wait_and_work(hours=13)
    assert statuses() == [200] * 6
    assert present(Account, known) == ALL
    assert not RememberedPage.objects.exists()


# --- rows that are not as the page left them ------------------------------------------------------------------------


def write(instance: AppInstance, *records: Any, feed: str = "people") -> None:
    with transaction.atomic():
        store.save(instance.pk, records, feed=feed, partition="", pass_id=1, now=timezone.now())


def remove_row(instance: AppInstance) -> None:
    Account.objects.filter(vendor_id="ubo").delete()


def mark_gone(instance: AppInstance) -> None:
    Account.objects.filter(vendor_id="ubo").update(gone_at=timezone.now())


def say_gone(instance: AppInstance) -> None:
    write(instance, Gone(AccountRecord, "ubo"))


def read_back_less(instance: AppInstance) -> None:
    with transaction.atomic():
        store.save_outside_pass(instance.pk, [AccountRecord(id="ubo")], homes={}, now=timezone.now())


def list_elsewhere(instance: AppInstance) -> None:
    write(instance, AccountRecord(id="ubo"), feed="guests")


MEDDLING = [remove_row, mark_gone, say_gone, read_back_less, list_elsewhere]


@pytest.mark.parametrize("meddle", MEDDLING, ids=lambda meddle: meddle.__name__)
@pytest.mark.parametrize("is_late", [False, True], ids=["before", "while the vendor answers"])
def test_a_page_whose_rows_somebody_else_wrote_is_read_in_full(
    is_late: bool, meddle: Callable[[AppInstance], None], known: AppInstance, vendor: ExampleVendor,
    statuses: Statuses, clock: Clock,
) -> None:
    before, waiting = rows_hash(known), [meddle]
    if not is_late:
        waiting.pop()(known)
    vendor.before_answer = lambda path: waiting.pop()(known) if waiting else None
    clock.wait_and_work(hours=13)

    assert statuses() == [304, 200, 304, 304]
    assert rows_hash(known) == before
    assert present(Account, known) == ALL


# --- read with other code, rights or settings -----------------------------------------------------------------------


def other_code(known: AppInstance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "code_digest", lambda app_id: "another version")


def other_rights(known: AppInstance, monkeypatch: pytest.MonkeyPatch) -> None:
    AppInstance.objects.update(granted=["less"])
    monkeypatch.setattr("portal.instances.connecting.recheck", lambda instance: None)


def other_account(known: AppInstance, monkeypatch: pytest.MonkeyPatch) -> None:
    AppInstance.objects.update(connected_as="somebody else")
    monkeypatch.setattr("portal.instances.connecting.recheck", lambda instance: None)


def other_details(known: AppInstance, monkeypatch: pytest.MonkeyPatch) -> None:
    AppInstance.objects.update(config={"tenant": "Contoso", "region": "eu"})


@pytest.mark.parametrize("change", [other_code, other_rights, other_account, other_details])
def test_what_was_read_with_other_code_or_rights_is_read_in_full(
    change: Callable[..., None], known: AppInstance, statuses: Statuses, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(known, monkeypatch)
    clock.wait_and_work(hours=13)
    assert statuses() == [200, 200, 200]
    clock.wait_and_work(hours=13)
    assert statuses() == [304, 304, 304]
    assert RememberedPage.objects.count() == 3


def test_other_domains_of_the_organisation_tell_anew_who_is_outside(
    known: AppInstance, statuses: Statuses, clock: Clock
) -> None:
    assert set(Account.objects.values_list("is_external", flat=True)) == {None}
    preferences.keep({"organisation_domains": "contoso.example"})
    clock.wait_and_work(hours=13)
    assert statuses() == [200, 200, 200]
    assert set(Account.objects.values_list("is_external", flat=True)) == {False}


def test_an_expired_cursor_forgets_the_pages(
    known: AppInstance, vendor: ExampleVendor, statuses: Statuses, clock: Clock
) -> None:
    vendor.trouble("/accounts?1", says({}, 410))
    clock.wait_and_work(hours=13)
    assert statuses() == [304, 410, 200, 200, 200]
    assert present(Account, known) == ALL


# --- how much is remembered -----------------------------------------------------------------------------------------


def test_pages_that_a_complete_pass_did_not_come_by_are_forgotten(
    known: AppInstance, vendor: ExampleVendor, clock: Clock
) -> None:
    assert RememberedPage.objects.count() == 3
    vendor.accounts[:] = ["ada"]
    vendor.trouble("/accounts", says({}, 403))
    clock.wait_and_work(hours=13)
    assert RememberedPage.objects.count() == 3, "that pass was not complete"
    clock.wait_and_work(hours=25)
    assert RememberedPage.objects.count() == 1


@pytest.mark.parametrize("delete_data", [True, False])
def test_nothing_is_remembered_of_a_connection_that_ended(
    delete_data: bool, known: AppInstance, admin: User, run_tasks: Callable[..., int]
) -> None:
    service.disconnect(admin, known, delete_data)
    run_tasks()
    assert not RememberedPage.objects.exists()


# --- interrupted ----------------------------------------------------------------------------------------------------


@pytest.fixture
def expected(
    connect: Callable[..., AppInstance], declare: Callable[..., None], vendor: ExampleVendor, clock: Clock,
    statuses: Statuses,
) -> str:
    """What two undisturbed passes without ETags leave, the second after the changes of `move_on`."""
    declare(connector(feeds=(people, events)))
    instance = connect("Undisturbed")
    vendor.has_etags, before = False, list(vendor.accounts)
    service.begin(instance)
    run_tasks("scans")
    move_on(vendor)
    clock.wait_and_work(hours=13)
    AppInstance.objects.update(state="paused")
    vendor.has_etags, vendor.accounts[:] = True, before
    return rows_hash(instance)


def move_on(vendor: ExampleVendor) -> None:
    """The first page stays, the second changes, the third goes on and has one after it."""
    vendor.accounts[:] = ["ada", "bo", "cy", "dora", "eve", "fay", "gus"]


@pytest.mark.parametrize("is_committed", [True, False], ids=["after", "before"])
@pytest.mark.parametrize(
    ("fatal_pages", "has_etags"),
    [({1}, True), ({2}, True), ({3}, True), ({4}, True), ({1, 2, 3, 4}, True), ({1, 2, 3, 4}, False)],
    ids=str,
)
def test_killed_at_any_page_a_pass_ends_with_the_rows_of_an_undisturbed_one(
    expected: str, fatal_pages: set[int], is_committed: bool, has_etags: bool, connect: Callable[..., AppInstance],
    vendor: ExampleVendor, clock: Clock, statuses: Statuses, monkeypatch: pytest.MonkeyPatch,
) -> None:
    instance = connect("Disturbed")
    service.begin(instance)
    run_tasks("scans")
    move_on(vendor)
    statuses()
    vendor.has_etags = has_etags
    place: Any = runs if is_committed else remembered.Pages
    real, kept = place.keep, list[int]()

    def deadly(*args: Any) -> None:
        real(*args)
        kept.append(1)
        if len(kept) in fatal_pages:
            raise Killed

    monkeypatch.setattr(place, "keep", deadly)

    clock.wait(hours=13)
    assert work_off(clock) == len(fatal_pages)
    assert rows_hash(instance) == expected
    assert (304 in statuses()) == has_etags
    assert state_of(instance, "people").pass_id == 2

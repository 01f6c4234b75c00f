"""How far files are shared: what connectors say, raised by collaborators, whatever comes first and however it goes."""

import random
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_q.models import Schedule

from connectors.base import Account, Collaborator, Exposure, File, Gone, Record
from portal import leases
from portal.instances.models import AppInstance
from portal.inventory import exposure, models, recomputing, store
from portal.inventory.domains import is_outside, own_domains
from portal.people.models import RoleAssignment, User
from portal.people.roles import Role
from portal.preferences import preferences
from tests.portal.inventory.reading import connected
from tests.portal.inventory.sweeps import sweep
from tests.portal.web.visitor import client_of, text_of
from tests.tasks import run_tasks, waiting

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
OWN, ELSEWHERE = "ada@contoso.example", "eve@elsewhere.example"


@pytest.fixture(autouse=True)
def own() -> None:
    preferences.keep({"organisation_domains": ["contoso.example"]})


@pytest.fixture
def box() -> AppInstance:
    return connected("box", "Contoso Box")


def save(instance: AppInstance, *records: Record, **where: Any) -> None:
    seen: dict[str, Any] = {"feed": "files", "partition": "", "pass_id": 1, "now": NOW, **where}
    with transaction.atomic():
        store.save(instance.pk, records, **seen)


def shared(file_id: str = "f", **values: Any) -> Collaborator:
    return Collaborator(file_id=file_id, **values)


def found(file_id: str = "f") -> tuple[str, bool]:
    """Exposure, and whether anybody external has access."""
    row = models.File.objects.get(vendor_id=file_id)
    return row.exposure, row.has_external_collaborators


@pytest.mark.parametrize(
    ("said", "collaborator", "expected"),
    [
        (Exposure.PRIVATE, None, ("private", False)),
        (Exposure.PRIVATE, {"email": OWN}, ("private", False)),
        (Exposure.PRIVATE, {"email": ELSEWHERE}, ("external", True)),
        (Exposure.INTERNAL, {"email": ELSEWHERE, "is_pending": True}, ("external", True)),
        (Exposure.INTERNAL, {"email": ELSEWHERE, "is_external": False}, ("internal", False)),
        (Exposure.INTERNAL, {"email": OWN, "is_external": True}, ("external", True)),
        (Exposure.INTERNAL, {"group_id": "g"}, ("internal", False)),
        (Exposure.INTERNAL, {"is_public": True}, ("public", False)),
        (Exposure.UNKNOWN, {"email": OWN}, ("unknown", False)),
        (Exposure.UNKNOWN, {"email": ELSEWHERE}, ("external", True)),
        (Exposure.UNKNOWN, {"is_public": True}, ("public", False)),
        (Exposure.EXTERNAL, None, ("external", False)),
        (Exposure.PUBLIC, {"email": ELSEWHERE}, ("public", True)),
    ],
)
@pytest.mark.parametrize("first", ["file", "collaborator", "together"])
def test_a_file_is_as_exposed_as_its_furthest_collaborator(
    box: AppInstance, said: Exposure, collaborator: dict[str, Any] | None, expected: tuple[str, bool], first: str
) -> None:
    file = File(id="f", name="Plan", exposure=said)
    with_whom = [shared(**collaborator)] if collaborator else []
    batches: dict[str, list[list[Record]]] = {
        "file": [[file], [*with_whom]], "collaborator": [[*with_whom], [file]], "together": [[*with_whom, file]],
    }
    for batch in batches[first]:
        save(box, *batch)
    assert found() == expected
    save(box, file)
    assert found() == expected, "seen again"
    assert models.File.objects.get().exposure_in_app == said


@pytest.mark.parametrize("first", ["account", "collaborator"])
def test_an_account_that_is_known_tells_whether_a_collaborator_is_external(box: AppInstance, first: str) -> None:
    account, collaborator = Account(id="u", email=ELSEWHERE), shared(account_id="u", email=OWN)
    save(box, File(id="f", name="Plan", exposure=Exposure.PRIVATE))
    for record in (account, collaborator) if first == "account" else (collaborator, account):
        save(box, record)
    assert found() == ("external", True)
    save(box, Account(id="u", email=ELSEWHERE, is_external=False))
    assert found() == ("private", False)
    save(box, Account(id="u", is_external=True))
    assert found() == ("external", True)
    save(box, shared(account_id="u", is_external=False))
    assert found() == ("private", False), "the connector's own word counts first"
    other = connected("box", "Fabrikam Box")
    save(other, Account(id="u", is_external=True))
    assert found() == ("private", False), "the same id elsewhere is somebody else"


def test_exposure_falls_when_collaborators_go(box: AppInstance) -> None:
    anyone, eve = shared(is_public=True), shared(email=ELSEWHERE)
    save(box, File(id="f", name="Plan", exposure=Exposure.PRIVATE), anyone, eve)
    assert found() == ("public", True)
    save(box, Gone(Collaborator, anyone.id))
    assert found() == ("external", True)
    sweep(box.pk, (File, Collaborator), feed="files", pass_id=2, now=NOW)
    assert found() == ("private", False)
    save(box, eve, pass_id=2)
    assert found() == ("external", True)


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_written_in_whatever_order_ends_as_if_worked_out_at_once(box: AppInstance, seed: int) -> None:
    dice = random.Random(seed)
    emails, ids = ["", OWN, ELSEWHERE], ["1", "2", "3"]
    flags = [None, True, False]

    def anything() -> Record:
        kind, number = dice.choice([File, Collaborator, Account, Gone]), dice.choice(ids)
        if kind is File:
            return File(id=number, name="x", exposure=dice.choice(list(Exposure)))
        if kind is Account:
            return Account(id=number, email=dice.choice(emails), is_external=dice.choice(flags))
        account = dice.choice(["", *ids])
        one = Collaborator(
            file_id=number, account_id=account, email=dice.choice(emails), is_external=dice.choice(flags),
            is_public=dice.random() < 0.1,
        )
        return one if kind is Collaborator else Gone(Collaborator, one.id)

    for _ in range(25):
        save(box, *(anything() for _ in range(dice.randint(1, 5))), pass_id=dice.randint(1, 3))
    accounts = dict(models.Account.objects.values_list("vendor_id", "is_external"))
    for row in models.Collaborator.objects.all():
        of_account = accounts.get(row.account_id)
        told = is_outside(row.email, own_domains()) if of_account is None else of_account
        assert row.is_external is (told if row.is_external_in_app is None else row.is_external_in_app)
    for file in models.File.objects.all():
        rows = models.Collaborator.objects.filter(file_id=file.vendor_id, gone_at=None)
        has_external = rows.filter(is_external=True).exists()
        order = ["unknown", "private", "internal", "external", "public"]
        reached = "public" if rows.filter(is_public=True).exists() else "external" if has_external else "unknown"
        assert file.exposure == max(file.exposure_in_app, reached, key=order.index)
        assert file.has_external_collaborators is has_external


def test_writers_of_the_same_files_never_lock_each_other_out_and_end_as_if_worked_out_at_once(box: AppInstance) -> None:
    everything: list[Record] = [
        *(Account(id=f"{each}", email=[OWN, ELSEWHERE][each % 2]) for each in range(20)),
        *(File(id=f"{each:02}", name="x", exposure=Exposure.PRIVATE) for each in range(20)),
        *(shared(f"{each:02}", account_id=f"{(each + number) % 20}") for each in range(20) for number in range(3)),
    ]
    problems: list[BaseException] = []

    def write(seed: int) -> None:
        dice = random.Random(seed)
        try:
            for _ in range(12):
                save(box, *dice.sample(everything, 15))
                if seed == 0:
                    recomputing.begin(box.pk)
                    recomputing.run(box.pk, models.Recomputation.objects.get().lease_owner)
        except BaseException as error:
            problems.append(error)
        finally:
            connection.close()

    save(box, *everything)
    writers = [threading.Thread(target=write, args=(seed,)) for seed in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert problems == []
    assert set(models.File.objects.values_list("exposure", flat=True)) == {"external"}


def test_a_page_of_files_takes_as_many_queries_whatever_it_holds(box: AppInstance) -> None:
    def page(number: int) -> list[Record]:
        files: list[Record] = [File(id=f"{each}", name="x") for each in range(number)]
        return [*files, *(shared(f"{each}", account_id="u") for each in range(number))]

    def queries(number: int) -> int:
        """SQLite takes an INSERT in several parts."""
        with CaptureQueriesContext(connection) as captured:
            save(box, *page(number))
        return len([each for each in captured if "INSERT" not in each["sql"]])

    assert queries(3) == queries(300) == 9


def test_what_hangs_on_one_batch_is_bounded_and_the_rest_is_left_to_a_job(
    box: AppInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exposure, "MOST_AT_ONCE", 5)
    files = [File(id=f"{each}", name="x", exposure=Exposure.PRIVATE) for each in range(9)]
    save(box, *files, *(shared(f"{each}", account_id="u") for each in range(9)))
    save(box, Account(id="u", is_external=True))
    assert models.File.objects.filter(exposure="private").count() == 9
    assert waiting("scans") == ["portal.inventory.recomputing.run"]
    run_tasks("scans")
    assert models.File.objects.filter(exposure="external", has_external_collaborators=True).count() == 9
    sweep(box.pk, (Collaborator,), feed="files", pass_id=2, now=NOW)
    assert waiting("scans") == [], "a sweep is bounded itself and settles what it takes"
    assert models.File.objects.filter(exposure="private", has_external_collaborators=False).count() == 9


# --- other domains --------------------------------------------------------------------------------------------------


def fill(instance: AppInstance, number: int = 30) -> None:
    save(
        instance,
        *(Account(id=f"u{each:02}", email=OWN if each % 2 else "bo@fabrikam.example") for each in range(number)),
        *(File(id=f"f{each:02}", name="x", exposure=Exposure.PRIVATE) for each in range(number)),
        *(shared(f"f{each:02}", account_id=f"u{each:02}") for each in range(number)),
        *(shared(f"f{each:02}", email="cy@contoso.example") for each in range(number)),
        Account(id="fixed", email=OWN, is_external=True),
    )


def standing() -> list[Any]:
    return [
        *models.Account.objects.order_by("pk").values_list("vendor_id", "is_external"),
        *models.Collaborator.objects.order_by("pk").values_list("vendor_id", "is_external"),
        *models.File.objects.order_by("pk").values_list("vendor_id", "exposure", "has_external_collaborators"),
    ]


def domains(*names: str) -> None:
    preferences.keep({"organisation_domains": list(names)})
    recomputing.look_after()


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small batches, and a slice ends after each."""
    monkeypatch.setattr(recomputing, "AT_ONCE", 7)
    monkeypatch.setattr(recomputing, "SLICE_SECONDS", 0.0)
    monkeypatch.setattr(recomputing, "SQLITE_PAUSE_SECONDS", 0.0)


def expected_under(*names: str) -> list[Any]:
    """What writing everything under these domains from the beginning gives."""
    preferences.keep({"organisation_domains": list(names)})
    for model in (models.Account, models.File, models.Collaborator):
        model._default_manager.all().delete()
    fill(AppInstance.objects.get())
    return [each[1:] for each in standing()]


def test_other_domains_are_as_if_they_had_always_been(box: AppInstance) -> None:
    fill(box)
    before = standing()
    domains("fabrikam.example")
    run_tasks("scans")
    after = standing()
    assert after != before
    assert recomputing.sentence() == ""
    row = models.Recomputation.objects.get()
    assert (row.done_rows, row.total_rows) == (121, 121)
    assert [each[1:] for each in after] == expected_under("fabrikam.example")
    assert models.Account.objects.get(vendor_id="fixed").is_external is True


def test_the_work_is_done_in_slices_that_tell_how_far_it_is(box: AppInstance, slow: None) -> None:
    fill(box)
    domains("fabrikam.example")
    assert recomputing.sentence() == "Exposure is being recomputed."
    said = []
    while waiting("scans"):
        said.append(recomputing.sentence())
        run_one()
    assert said[:2] == ["Exposure is being recomputed.", "Exposure is being recomputed: 7 of 121 rows."]
    assert len(said) > 15
    assert recomputing.sentence() == ""


def run_one() -> None:
    with pytest.raises(AssertionError, match="1 tasks ran"):
        run_tasks("scans", limit=1)


class Killed(BaseException):
    """The worker is no more."""


COMMITS = 12
"""Of the work below undisturbed: counted, two, four and two batches with the end of each table, ended."""


@pytest.mark.parametrize("at", range(1, COMMITS + 1))
@pytest.mark.parametrize("before", [True, False], ids=["before the commit", "after it"])
def test_killed_anywhere_it_goes_on_where_it_was(
    box: AppInstance, monkeypatch: pytest.MonkeyPatch, at: int, before: bool
) -> None:
    monkeypatch.setattr(recomputing, "AT_ONCE", 20)
    monkeypatch.setattr(recomputing, "SQLITE_PAUSE_SECONDS", 0.0)
    fill(box)
    preferences.keep({"organisation_domains": ["fabrikam.example"]})
    recomputing.begin(box.pk)
    row = models.Recomputation.objects.get()
    commits, write = {"n": 0}, leases.Held.write

    def dying(self: leases.Held[Any], **values: Any) -> None:
        commits["n"] += 1
        if commits["n"] == at and before:
            raise Killed
        write(self, **values)
        if commits["n"] == at and not before:
            raise Killed

    with monkeypatch.context() as death:
        death.setattr(leases.Held, "write", dying)
        with pytest.raises(Killed):
            recomputing.run(box.pk, row.lease_owner)
    assert commits["n"] == at
    models.Recomputation.objects.update(lease_until=NOW - timedelta(days=1))
    recomputing.look_after()
    run_tasks("scans")
    row.refresh_from_db()
    assert (row.done_rows, row.total_rows) == (121, 121)
    assert [each[1:] for each in standing()] == expected_under("fabrikam.example")


def test_a_recomputation_that_kills_every_worker_ends_says_so_and_is_begun_again(
    box: AppInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(box)
    admin = User.objects.create_user("admin@contoso.example")
    RoleAssignment.objects.create(user=admin, role=Role.GLOBAL_ADMIN)

    def deadly(*args: Any) -> None:
        raise Killed

    with monkeypatch.context() as death:
        death.setattr(exposure, "settle_accounts", deadly)
        domains("fabrikam.example")
        for _ in range(leases.MOST_CRASHES):
            with pytest.raises(Killed):
                recomputing.run(box.pk, models.Recomputation.objects.get().lease_owner)
            models.Recomputation.objects.update(lease_until=NOW - timedelta(days=1))
            recomputing.look_after()
        run_tasks("scans")
    recomputing.look_after()
    assert waiting("scans") == []
    assert recomputing.sentence() == ""
    client = client_of(admin)
    page = text_of(client.get(reverse("settings_general")))
    assert "could not be recomputed for Contoso Box: the worker that does it died 5 times in a row" in page

    client.post(reverse("settings_recompute"))
    run_tasks("scans")
    assert recomputing.failure() == ""
    assert [each[1:] for each in standing()] == expected_under("fabrikam.example")


def test_domains_that_change_again_meanwhile_are_the_ones_that_count(box: AppInstance, slow: None) -> None:
    fill(box)
    domains("fabrikam.example")
    for _ in range(6):
        run_one()
    domains("elsewhere.example")
    run_tasks("scans")
    assert [each[1:] for each in standing()] == expected_under("elsewhere.example")


def test_a_doubled_or_late_task_does_nothing(box: AppInstance) -> None:
    fill(box)
    domains("fabrikam.example")
    ticket = models.Recomputation.objects.get().lease_owner
    run_tasks("scans")
    ended = models.Recomputation.objects.get().ended_at
    recomputing.run(box.pk, ticket)
    recomputing.run(box.pk, "")
    assert models.Recomputation.objects.get().ended_at == ended
    recomputing.look_after()
    assert waiting("scans") == [], "nothing is begun where nothing differs"


def test_every_instance_is_worked_out_by_itself(box: AppInstance) -> None:
    other = connected("box", "Fabrikam Box")
    fill(box)
    fill(other)
    domains("fabrikam.example")
    assert waiting("scans") == ["portal.inventory.recomputing.run"] * 2
    run_tasks("scans")
    rows = models.Account.objects.order_by("vendor_id")
    halves = [list(rows.filter(instance_id=each.pk).values_list("vendor_id", "is_external")) for each in (box, other)]
    assert halves[0] == halves[1]
    assert ("u00", False) in halves[0]


def test_what_differs_is_looked_for_each_minute(box: AppInstance) -> None:
    call_command("migrate", verbosity=0)
    schedule = Schedule.objects.get(name="portal.inventory.recomputing.look_after")
    assert (schedule.schedule_type, schedule.minutes, schedule.repeats, schedule.cluster) == (
        Schedule.MINUTES, 1, -1, "scans",
    )

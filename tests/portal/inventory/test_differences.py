"""What changed between two passes, as activities: what counts, what it is called, and that nothing is told twice."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from connectors.base import (
    Account,
    AccountStatus,
    Collaborator,
    Credential,
    Device,
    Exposure,
    File,
    Gone,
    Grant,
    Group,
    HolderKind,
    Listed,
    Membership,
    OAuthApp,
    Privilege,
    Record,
    Session,
)
from portal.inventory import differences, models, store
from portal.inventory.differences import Noting
from portal.inventory.rows import TABLES
from portal.preferences import preferences
from tests.portal.inventory import sweeps

pytestmark = pytest.mark.django_db

FIRST = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SECOND = FIRST + timedelta(hours=12)
BEGAN = FIRST - timedelta(minutes=5)

BEFORE: tuple[Listed, ...] = (
    Account(id="u", name="Ada", status=AccountStatus.ACTIVE, is_admin=False, is_external=False, has_mfa=True),
    Group(id="g", name="Sales"),
    Membership(group_id="g", member_id="u"),
    Privilege(holder_id="u", name="owner"),
    File(id="f", name="Plan", exposure=Exposure.PRIVATE),
    Collaborator(file_id="f", account_id="u", role="viewer"),
    OAuthApp(id="o", name="Deployer", scopes=("repo", "gist")),
    Grant(id="r", app_id="o", account_id="u", scopes=("repo",)),
    Credential(id="k", name="laptop", kind="key", account_id="u", scopes=("read",)),
    Session(id="s", account_id="u", ip_address="198.51.100.7", user_agent="Firefox"),
    Device(id="d", name="Ada's phone", account_id="u"),
)


def save(*records: Record, now: datetime = SECOND, pass_id: int = 2, noting: bool = True) -> None:
    with transaction.atomic():
        store.save(
            1, records, feed="f", partition="", pass_id=pass_id, now=now, noting=Noting(BEGAN) if noting else None
        )


def sweep() -> None:
    sweeps.sweep(1, tuple(TABLES), feed="f", pass_id=2, now=SECOND, noting=Noting(BEGAN))


def noted() -> dict[str, str]:
    return dict(models.Activity.objects.order_by("action", "description").values_list("action", "description"))


@pytest.fixture
def known() -> None:
    save(*BEFORE, now=FIRST, pass_id=1, noting=False)


BETWEEN = "between 2026-11-24 09:00 and 2026-11-24 21:00 UTC"


@pytest.mark.parametrize(
    ("after", "action", "said"),
    [
        (Account(id="u", name="Ada", status=AccountStatus.SUSPENDED), "account_status_changed",
         "status active -> suspended"),
        (Account(id="u", name="Ada", is_admin=True), "account_admin_changed", "admin no -> yes"),
        (Account(id="u", name="Ada", is_external=True), "account_external_changed", "external no -> yes"),
        (Account(id="u", name="Ada", has_mfa=False), "account_mfa_changed", "mfa yes -> no"),
        (Membership(group_id="g", member_id="u", role="owner"), "membership_role_changed", "role member -> owner"),
        (File(id="f", name="Plan", exposure=Exposure.PUBLIC), "file_exposure_changed", "exposure private -> public"),
        (File(id="f", name="Plan", is_trashed=True), "file_trashed_changed", "trashed no -> yes"),
        (File(id="f", name="Plan B"), "file_name_changed", "name Plan -> Plan B"),
        (Collaborator(file_id="f", account_id="u", role="editor"), "collaborator_role_changed",
         "role viewer -> editor"),
        (OAuthApp(id="o", name="Deployer", scopes=("admin:org", "repo")), "oauth_app_scopes_changed",
         "scopes gist, repo -> admin:org, repo"),
        (OAuthApp(id="o", name="Deployer", scopes=("gist", "repo"), is_banned=True), "oauth_app_banned_changed",
         "banned no -> yes"),
        (Grant(id="r", app_id="o", scopes=("repo",), is_active=False), "grant_active_changed", "active yes -> no"),
        (Grant(id="r", app_id="o", scopes=()), "grant_scopes_changed", "scopes repo -> none"),
        (Credential(id="k", name="laptop", kind="key", scopes=("read", "write")), "credential_scopes_changed",
         "scopes read -> read, write"),
    ],
)
def test_a_change_in_a_column_that_matters_is_noted(known: None, after: Listed, action: str, said: str) -> None:
    save(after)
    assert noted() == {f"gatehouse.{action}": f"Changed {BETWEEN}: {said}"}
    save(after, now=SECOND + timedelta(hours=1))
    assert len(noted()) == 1, "seen again it is the same"


@pytest.mark.parametrize(
    "after",
    [
        *BEFORE,
        Account(id="u", name="Ada Lovelace", username="ada", email="ada@contoso.example"),
        Account(id="u", name="Ada", status=AccountStatus.UNKNOWN),
        File(id="f", name="Plan", exposure=Exposure.UNKNOWN, owner_id="u", size=7),
        Collaborator(file_id="f", account_id="u"),
        OAuthApp(id="o", name="Deployer", scopes=("gist", "repo")),
    ],
)
def test_what_does_not_matter_and_what_is_not_known_is_no_change(known: None, after: Listed) -> None:
    save(after)
    assert noted() == {}


@pytest.mark.parametrize(
    ("record", "targets"),
    [
        (BEFORE[0], [("account", "u", "Ada")]),
        (BEFORE[1], [("group", "g", "Sales")]),
        (BEFORE[2], [("account", "u", "Ada"), ("group", "g", "Sales")]),
        (BEFORE[3], [("account", "u", "Ada"), ("privilege", "", "owner")]),
        (BEFORE[4], [("file", "f", "Plan")]),
        (BEFORE[5], [("file", "f", "Plan"), ("account", "u", "Ada")]),
        (BEFORE[6], [("oauth_app", "o", "Deployer")]),
        (BEFORE[7], [("oauth_app", "o", "Deployer"), ("account", "u", "Ada")]),
        (BEFORE[8], [("credential", "k", "laptop"), ("account", "u", "Ada")]),
        (BEFORE[9], [("session", "s", "198.51.100.7"), ("account", "u", "Ada")]),
        (BEFORE[10], [("device", "d", "Ada's phone"), ("account", "u", "Ada")]),
    ],
)
def test_what_appears_vanishes_and_comes_back_is_noted_with_what_it_is_about(
    known: None, record: Listed, targets: list[tuple[str, str, str]]
) -> None:
    model, word = TABLES[type(record)].model, differences.WATCHED[type(record)].word
    save(Gone(type(record), record.id))
    save(Gone(type(record), record.id), now=SECOND + timedelta(hours=1))
    with_it = ["membership"] if isinstance(record, Group) else []
    assert noted() == {f"gatehouse.{each}_removed": f"Vanished {BETWEEN}." for each in (word, *with_it)}
    save(record, now=SECOND + timedelta(hours=2))
    assert set(noted()) == {f"gatehouse.{word}_added", *(f"gatehouse.{each}_removed" for each in (word, *with_it))}
    model._default_manager.filter(vendor_id=record.id).delete()
    models.Activity.objects.all().delete()
    save(record)
    assert noted() == {f"gatehouse.{word}_added": "Appeared between 2026-11-24 08:55 and 2026-11-24 21:00 UTC."}
    activity = models.Activity.objects.get()
    assert [(each["kind"], each["id"], each["name"]) for each in activity.targets] == targets
    assert (activity.actor_id, activity.category, activity.outcome, activity.component) == ("", "admin", "success", "")
    assert activity.occurred_at == SECOND
    assert activity.ocsf_class > 0


def test_a_difference_keeps_both_sides_as_its_raw_record(known: None) -> None:
    save(File(id="f", name="Plan", exposure=Exposure.PUBLIC))
    assert models.ActivityRaw.objects.get().raw == {
        "source": "snapshot difference", "before": "private", "after": "public",
    }


def test_the_same_difference_has_the_same_id_whoever_notes_it(known: None) -> None:
    save(File(id="f", name="Plan", exposure=Exposure.PUBLIC))
    first = models.Activity.objects.get().vendor_id
    models.Activity.objects.all().delete()
    models.File.objects.update(exposure_in_app="private", seen_at=FIRST)
    save(File(id="f", name="Plan", exposure=Exposure.PUBLIC), now=SECOND + timedelta(minutes=1))
    assert models.Activity.objects.get().vendor_id == first


def test_a_sweep_notes_what_vanished(known: None) -> None:
    save(*BEFORE[:2])
    sweep()
    assert set(noted()) == {
        f"gatehouse.{differences.WATCHED[type(record)].word}_removed" for record in BEFORE[2:]
    }
    assert noted()["gatehouse.file_removed"] == f"Vanished {BETWEEN}."
    activity = models.Activity.objects.get(action="gatehouse.collaborator_removed")
    assert [each["name"] for each in activity.targets] == ["Plan", "Ada"]


def test_a_sweep_of_more_than_anybody_reads_is_told_in_one_sentence(
    known: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(differences, "MOST_NOTED", 3)
    save(*(OAuthApp(id=f"{each}", name="x") for each in range(4)), now=FIRST, pass_id=1, noting=False)
    sweep()
    said = noted()["gatehouse.oauth_app_removed"]
    assert said == "5 oauth app entries vanished between 2026-11-24 08:55 and 2026-11-24 21:00 UTC."
    assert models.Activity.objects.filter(action="gatehouse.oauth_app_removed").count() == 1


def test_what_follows_from_the_settings_alone_is_no_change_in_the_app() -> None:
    save(Account(id="u", email="ada@contoso.example"), now=FIRST, pass_id=1, noting=False)
    preferences.keep({"organisation_domains": ["fabrikam.example"]})
    save(Account(id="u", email="ada@contoso.example"))
    assert models.Account.objects.get().is_external is True
    assert noted() == {}


def test_without_noting_nothing_more_is_read_or_written(known: None) -> None:
    def asked(noting: bool) -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            save(Account(id="u", name="Ada", is_admin=True), Account(id="new"), now=FIRST, noting=noting)
        return [each["sql"] for each in captured]

    quiet = asked(noting=False)
    assert noted() == {}
    assert not any("inventory_activity" in sql for sql in quiet)
    assert not any("has_mfa" in sql for sql in quiet if sql.startswith("SELECT"))


def test_hostile_names_are_noted_safely(known: None) -> None:
    names = ["N\x00UL{between}", "\ud800", "x" * 70_000, "{0.__class__}"]
    for number, name in enumerate(names):
        save(File(id="f", name=name), now=SECOND + timedelta(hours=number))
    said = list(models.Activity.objects.order_by("occurred_at").values_list("description", flat=True))
    assert said[0] == f"Changed {BETWEEN}: name Plan -> NUL{{between}}"
    assert len(said) == 4


def test_as_many_queries_for_300_differences_as_for_3() -> None:
    def queries(first: int, number: int) -> int:
        """SQLite takes an INSERT in several parts."""
        records: list[Any] = []
        for each in range(first, first + number):
            records += [Account(id=f"{each}", name="x"), Membership(group_id="g", member_id=f"{each}")]
            records += [Grant(id=f"{each}", app_id="o", account_id=f"{each}")]
        with CaptureQueriesContext(connection) as captured:
            save(*records)
        return len([each for each in captured if "INSERT" not in each["sql"]])

    assert queries(0, 3) == queries(1_000, 100) == queries(2_000, 150)


def test_members_of_every_kind_are_named(known: None) -> None:
    save(Membership(group_id="g", member_id="g2", member_kind=HolderKind.GROUP), Group(id="g2", name="Pre-sales"))
    activity = models.Activity.objects.get(action="gatehouse.membership_added")
    assert [(each["kind"], each["name"]) for each in activity.targets] == [("group", "Pre-sales"), ("group", "Sales")]

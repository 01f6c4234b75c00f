"""The one writer: the same rows however often it writes, nothing a vendor sends can stop it."""

import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from django.db import connection, transaction

from connectors.base import (
    Account,
    Activity,
    ActivityCategory,
    Collaborator,
    Credential,
    Device,
    DirectoryId,
    File,
    Gone,
    Grant,
    Group,
    Listed,
    Membership,
    OAuthApp,
    Privilege,
    Record,
    Risk,
    Session,
    Target,
)
from portal.inventory import models, store
from portal.inventory.domains import is_outside
from portal.preferences import preferences
from tests.portal.inventory import sweeps

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
WHEN = datetime(2026, 11, 1, tzinfo=UTC)


def save(*records: Record, instance_id: int = 1, **where: Any) -> store.Saved:
    seen: dict[str, Any] = {"feed": "accounts", "partition": "", "pass_id": 1, "now": NOW, **where}
    with transaction.atomic():
        return store.save(instance_id, records, **seen)


def sweep(*kinds: type[Listed], pass_id: int, feed: str = "accounts", partition: str = "") -> int:
    return sweeps.sweep(1, kinds, feed=feed, partition=partition, pass_id=pass_id, now=LATER)


def event(number: int = 1, **values: Any) -> Activity:
    fields: dict[str, Any] = {
        "id": f"e{number}", "occurred_at": WHEN, "action": "org.add_member", "category": ActivityCategory.ADMIN,
        "raw": {"n": number}, **values,
    }
    return Activity(**fields)


def present(model: type[models.InventoryRow] = models.Account) -> list[str]:
    return sorted(model._default_manager.filter(gone_at=None).values_list("vendor_id", flat=True))


def test_postgresql_searches_text_by_trigrams() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL has trigram indexes: DATABASE_URL names none")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE pg_get_indexdef(oid) LIKE '%gin_trgm_ops%' "
            "AND relkind IN ('i', 'I') AND NOT relispartition"
        )
        assert {name for (name,) in cursor.fetchall()} == {
            "activity_search_trigram", "account_search_trigram", "file_search_trigram", "oauth_app_search_trigram",
            "credential_search_trigram",
        }


# --- writing again --------------------------------------------------------------------------------------------------


def test_a_record_seen_again_is_changed_and_stays_first_seen_when_it_was() -> None:
    assert save(Account(id="1", name="Ada", raw={"a": 1})) == store.Saved(written=1, new=1)
    assert save(Account(id="1", name="Ada Lovelace", raw={"a": 2}), now=LATER, pass_id=2) == store.Saved(1, 0)

    row = models.Account.objects.get()
    assert (row.name, row.sort_name, row.raw) == ("Ada Lovelace", "ada lovelace", {"a": 2})
    assert (row.first_seen_at, row.seen_at, row.pass_id) == (NOW, LATER, 2)


def test_the_last_word_on_an_id_within_one_batch_counts() -> None:
    saved = save(
        Account(id="1", name="old"), Account(id="2"), Account(id="1", name="new"), Gone(Account, "2"),
        Gone(Account, "3"), Account(id="3"),
    )
    assert saved == store.Saved(2, 2)
    assert present() == ["1", "3"]
    assert models.Account.objects.get(vendor_id="1").name == "new"


def test_gone_is_marked_once_and_undone_when_seen_again() -> None:
    save(Account(id="1"))
    save(Gone(Account, "1"), Gone(Account, "never known"), now=LATER)
    save(Gone(Account, "1"), now=LATER + timedelta(hours=1))
    assert models.Account.objects.get().gone_at == LATER
    save(Account(id="1"), now=LATER)
    assert models.Account.objects.get().gone_at is None


def test_an_activity_is_kept_once_with_its_raw_record() -> None:
    assert save(event(1), event(1), event(2)) == store.Saved(2, 2)
    assert save(event(2), event(3), event(1, occurred_at=WHEN + timedelta(seconds=1))) == store.Saved(3, 2)
    assert models.Activity.objects.count() == models.ActivityRaw.objects.count() == 4
    assert models.ActivityRaw.objects.get(vendor_id="e3").raw == {"n": 3}


def test_instances_never_touch_each_other() -> None:
    save(Account(id="1", name="here"), event())
    save(Account(id="1", name="there"), event(), Gone(Group, "g"), instance_id=2)
    assert sweep(Account, pass_id=2) == 1
    assert models.Account.objects.get(instance_id=2).gone_at is None
    assert models.Activity.objects.count() == 2


def test_a_large_batch_is_written_whole() -> None:
    records = [Account(id=f"{number}", raw={"n": number}) for number in range(2_345)]
    assert save(*records) == store.Saved(2_345, 2_345)
    assert save(*records, *(event(number) for number in range(2_345))) == store.Saved(4_690, 2_345)


def test_two_writers_of_the_same_rows_both_end_well() -> None:
    records = [Account(id=f"{number:03}", name="x") for number in range(200)]
    problems: list[BaseException] = []

    def write(batch: list[Account]) -> None:
        try:
            for _ in range(3):
                save(*batch)
        except BaseException as error:
            problems.append(error)
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=(batch,)) for batch in (records, records[::-1])]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert problems == []
    assert models.Account.objects.count() == 200


def test_an_unfinished_transaction_leaves_nothing() -> None:
    with transaction.atomic():
        store.save(1, [Account(id="1"), event()], feed="f", partition="", pass_id=1, now=NOW)
        transaction.set_rollback(True)
    assert not models.Account.objects.exists()
    assert not models.ActivityRaw.objects.exists()


@dataclass(frozen=True, slots=True)
class Weather:
    id: str


def test_a_kind_without_a_table_is_refused_by_name() -> None:
    with pytest.raises(KeyError, match="Weather"):
        save(Weather(id="1"))  # type: ignore[arg-type]


# --- sweeping -------------------------------------------------------------------------------------------------------


def test_a_sweep_marks_gone_what_its_pass_did_not_list() -> None:
    save(Account(id="1"), Account(id="2"), Privilege(holder_id="2", name="owner"))
    save(Account(id="1"), pass_id=2)
    assert sweep(Account, Privilege, Activity, pass_id=2) == 2
    assert present() == ["1"]
    assert sweep(Account, pass_id=2) == 0, "what is gone is not counted again"


def test_a_sweep_touches_only_its_own_feed_and_partition() -> None:
    save(Account(id="1"), feed="members")
    save(Account(id="2"), feed="accounts", partition="eu")
    save(Account(id="3"), feed="accounts", partition="us")
    assert sweep(Account, pass_id=2, feed="accounts", partition="us") == 1
    assert present() == ["1", "2"]


def test_reading_a_row_back_outside_a_pass_does_not_set_it_back_to_an_older_one() -> None:
    save(Account(id="1"), pass_id=1)
    save(Account(id="1"), pass_id=2)
    save(Account(id="1", name="as an action left it"), pass_id=1)
    assert sweep(Account, pass_id=2) == 0
    assert models.Account.objects.get().name == "as an action left it"


# --- what vendors send ----------------------------------------------------------------------------------------------

HOSTILE = (
    "<script>alert(1)</script>",
    "N\x00U\x00L",
    "\ud800 lone surrogate \udfff",
    "\u202egnirts tfel-ot-thgir",
    "x" * 65_536,
    "😀" * 400,
    "",
    " ' OR 1=1; -- ",
    "%s %(name)s {0} \\",
)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_strings_are_stored_safely_in_every_column(text: str) -> None:
    raw = {text: [text, {"deep": text}]}
    targets = (Target(kind=text, id=text, name=text),)
    records: list[Record] = [
        Account(
            id=f"a{text}", username=text, name=text, email=text, url=text, raw=raw,
            directory_ids=(DirectoryId(kind=text, value=text, provider=text),) * 30,
        ),
        Group(id=f"g{text}", name=text, description=text, kind=text, parent_id=text, email=text, url=text, raw=raw),
        Membership(group_id=f"g{text}", member_id=f"a{text}", role=text),
        Privilege(holder_id=f"a{text}", name=text, scope=text, raw=raw),
        File(
            id=f"f{text}", name=text, kind=text, path=text, parent_id=text, owner_id=f"a{text}", owner_name=text,
            size=10**30, content_type=text, url=text, raw=raw, exposure=text,  # type: ignore[arg-type]
        ),
        Collaborator(
            file_id=f"f{text}", account_id=f"a{text}", group_id=text, email=text, name=text, role=text, raw=raw
        ),
        OAuthApp(
            id=f"o{text}", name=text, publisher=text, scopes=(text,) * 3, url=text, raw=raw,
            risk=text,  # type: ignore[arg-type]
        ),
        Grant(
            id=f"r{text}", app_id=f"o{text}", account_id=f"a{text}", account_name=text, scopes=(text,) * 2_000, raw=raw
        ),
        Credential(
            id=f"c{text}", name=text, kind=text, account_id=f"a{text}", account_name=text, file_id=f"f{text}",
            file_name=text, scopes=(text,), url=text, raw=raw,
        ),
        event(
            action=text, description=text, actor_id=f"a{text}", actor_name=text, actor_email=text, targets=targets,
            ip_address=text, country_code=text, user_agent=text, component=text, raw=raw,
        ),
    ]
    assert save(*records) == store.Saved(10, 10)
    assert save(*records) == store.Saved(10, 0), "cleaned alike at every read"

    account, group = models.Account.objects.get(), models.Group.objects.get()
    membership, activity = models.Membership.objects.get(), models.Activity.objects.get()
    assert (membership.group_id, membership.member_id) == (group.vendor_id, account.vendor_id)
    assert activity.actor_id == account.vendor_id
    file, collaborator = models.File.objects.get(), models.Collaborator.objects.get()
    app, grant, credential = (
        models.OAuthApp.objects.get(), models.Grant.objects.get(), models.Credential.objects.get()
    )
    assert (collaborator.file_id, credential.file_id, file.owner_id) == (
        file.vendor_id, file.vendor_id, account.vendor_id,
    )
    assert (grant.app_id, grant.account_id, credential.account_id) == (
        app.vendor_id, account.vendor_id, account.vendor_id,
    )
    assert file.size == 2**63 - 1
    more = (models.Privilege.objects.get(), file, collaborator, app, grant, credential)
    for row in (account, group, membership, activity, *more):
        for field in row._meta.get_fields():
            value = getattr(row, field.name)
            if isinstance(value, str):
                width = getattr(field, "max_length", None)
                assert width is None or len(value) <= width
                assert "\x00" not in value
                value.encode("utf-8")
    if text.isascii() and "\x00" not in text:
        assert account.name == text[:255]
        assert account.raw == raw


def test_ids_that_are_cut_or_cleaned_stay_different() -> None:
    ids = ["a" * 300 + "1", "a" * 300 + "2", "b", "b\x00", "c\ud800", "c\ud801", "d" * 255, "d" * 256]
    assert save(*(Account(id=each) for each in ids)).new == len(ids)
    assert models.Account.objects.filter(vendor_id="b").exists()
    save(Gone(Account, ids[0]))
    assert len(present()) == len(ids) - 1


def test_raw_records_of_every_shape_are_kept() -> None:
    deep: Any = "bottom"
    for _ in range(400):
        deep = [deep]
    raw: Any = {
        "nan": float("nan"), "inf": [float("-inf")], "huge": 10**5000, "large": 2**70, "deep": deep,
        "when": datetime(2026, 1, 1, tzinfo=UTC), "bytes": b"\x00\xff", "set": {1}, "none": None, 7: True,
    }
    save(Account(id="1", raw=raw))
    kept = models.Account.objects.get().raw
    assert (kept["nan"], kept["inf"], kept["none"], kept["7"]) == (None, [None], None, True)
    assert kept["large"] == 2**70
    assert kept["set"] == [1]
    assert kept["huge"].startswith("0x")


def test_moments_of_every_kind_are_kept_as_utc_or_left_out() -> None:
    east = timezone(timedelta(hours=9))
    save(
        Account(id="1", created_at=datetime(2026, 1, 1, 9, tzinfo=east), last_seen_at=datetime(2026, 1, 1, 9)),
        Account(id="2", created_at=datetime.min.replace(tzinfo=east), last_seen_at=datetime.max.replace(tzinfo=UTC)),
        event(occurred_at=datetime.min.replace(tzinfo=east)),
    )
    first, second = models.Account.objects.order_by("vendor_id")
    assert first.created_at == datetime(2026, 1, 1, 0, tzinfo=UTC)
    assert first.last_seen_at == datetime(2026, 1, 1, 9, tzinfo=UTC)
    assert second.created_at is None
    assert not models.Activity.objects.exists(), "without a time it would be older than everything that is kept"


def test_search_text_holds_lower_case_words_of_what_is_searched() -> None:
    save(
        Account(
            id="1", name="Ada LOVELACE", username="ALove", email="Ada@Contoso.example",
            directory_ids=(DirectoryId(kind="SCIM id", value="5F-A1", provider="https://sts.contoso.example/"),),
        ),
        event(actor_name="BO", targets=(Target(kind="account", id="7", name="Cy Young"),), description="Made OWNER"),
    )
    assert models.Account.objects.get().search == "ada lovelace alove ada@contoso.example 5f-a1"
    assert models.Activity.objects.get().search == "org.add_member bo cy young made owner"


# --- files and permissions ------------------------------------------------------------------------------------------


def test_files_permissions_and_sessions_are_seen_again_swept_and_gone_like_accounts() -> None:
    kinds: dict[type[Listed], type[models.InventoryRow]] = {
        File: models.File, Collaborator: models.Collaborator, OAuthApp: models.OAuthApp, Grant: models.Grant,
        Credential: models.Credential, Session: models.Session, Device: models.Device,
    }

    def everything(number: int) -> list[Listed]:
        return [
            File(id=f"{number}", name="f"), Collaborator(file_id=f"{number}", email="eve@elsewhere.example"),
            OAuthApp(id=f"{number}", name="o"), Grant(id=f"{number}", app_id="o"),
            Credential(id=f"{number}", name="c", kind="key"), Session(id=f"{number}", account_id="u"),
            Device(id=f"{number}", name="d"),
        ]

    assert save(*everything(1), *everything(2), *everything(3)) == store.Saved(21, 21)
    assert save(*everything(1), *everything(2), pass_id=2, now=LATER) == store.Saved(14, 0)
    assert sweep(*kinds, pass_id=2) == 7
    save(*(Gone(kind, record.id) for kind, record in zip(kinds, everything(2), strict=True)), now=LATER)
    for kind, model in kinds.items():
        assert present(model) == [everything(1)[list(kinds).index(kind)].id]
        assert model._default_manager.get(vendor_id=present(model)[0]).seen_at == LATER


def test_what_lists_are_ordered_by_is_never_empty() -> None:
    save(
        File(id="F1", name="", created_at=WHEN), File(id="F2", name="B", created_at=WHEN, modified_at=NOW),
        File(id="F3", name="c"), OAuthApp(id="O", name="", risk=Risk.HIGH), Grant(id="G", app_id="O"),
        Credential(id="C", name="", kind="key", risk="dreadful"),  # type: ignore[arg-type]
    )
    files = models.File.objects.order_by("vendor_id").values_list("sort_name", "sort_time")
    assert list(files) == [("f1", WHEN), ("b", NOW), ("c", datetime(1970, 1, 1, tzinfo=UTC))]
    app, credential = models.OAuthApp.objects.get(), models.Credential.objects.get()
    assert (app.sort_name, app.risk_order) == ("o", 0)
    assert (credential.sort_name, credential.risk, credential.risk_order) == ("c", "dreadful", 3)
    assert models.Grant.objects.get().sort_name == "", "the whole organisation comes first"


def test_scopes_are_kept_as_they_are_and_searchable_in_lower_case() -> None:
    save(OAuthApp(id="1", name="x", scopes=("Repo", "", "admin:Org")))
    app = models.OAuthApp.objects.get()
    assert (app.scopes, app.scope_text) == (["Repo", "admin:Org"], "repo\nadmin:org")


# --- internal or external -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("email", "expected"),
    [
        ("ada@contoso.example", False), ("ADA@CONTOSO.EXAMPLE", False), ("a@eu.contoso.example", False),
        ("a@notcontoso.example", True), ("eve@elsewhere.example", True), ("", None), ("no address", True),
    ],
)
def test_the_organisations_domains_tell_internal_from_external(email: str, expected: bool | None) -> None:
    if email == "no address":
        assert is_outside("", frozenset({"contoso.example"})) is None
        return
    preferences.keep({"organisation_domains": ["contoso.example"]})
    save(Account(id="1", email=email))
    assert models.Account.objects.get().is_external is expected


def test_what_the_vendor_says_of_affiliation_counts_more_and_nothing_is_guessed_without_domains() -> None:
    save(Account(id="1", email="ada@contoso.example"))
    assert models.Account.objects.get(vendor_id="1").is_external is None
    preferences.keep({"organisation_domains": ["contoso.example"]})
    save(Account(id="2", email="ada@contoso.example", is_external=True))
    assert models.Account.objects.get(vendor_id="2").is_external is True


# --- deleting -------------------------------------------------------------------------------------------------------


def test_deleting_takes_some_at_a_time_until_nothing_of_the_instance_is_left() -> None:
    everything: list[Record] = [
        *(Account(id=f"{number}") for number in range(12)), Group(id="g", name="g"),
        Membership(group_id="g", member_id="1"), Privilege(holder_id="1", name="owner"),
        File(id="f", name="f"), Collaborator(file_id="f", account_id="1"), OAuthApp(id="o", name="o"),
        Grant(id="r", app_id="o"), Credential(id="c", name="c", kind="key"),
        Session(id="s", account_id="1"), Device(id="d", name="d"),
        *(event(number) for number in range(9)),
    ]
    save(*everything)
    save(*everything, instance_id=2)
    steps = []
    for _ in range(50):
        with transaction.atomic():
            steps.append(store.delete_some(1, 5))
        if not steps[-1]:
            break
    assert sum(steps) == 31
    assert max(steps) <= 5
    assert store.count(1) == 0
    assert not models.ActivityRaw.objects.filter(instance_id=1).exists()
    assert store.count(2) == 31
    assert models.ActivityRaw.objects.filter(instance_id=2).count() == 9

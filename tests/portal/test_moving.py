"""From SQLite to PostgreSQL: every table arrives as it was, or nothing does."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend
from pytest_django import DjangoDbBlocker

from portal import moving
from portal.governance.models import StoredChunk
from portal.governance.store import CHUNK_BYTES
from portal.instances.models import AppInstance, Connection
from portal.inventory.models import Activity, ActivityRaw, File
from portal.people.models import User
from portal.settings import SQLITE_OPTIONS
from portal.vault import canary, seal

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="there is nowhere to move: DATABASE_URL names none"),
]

EACH = 3
"""Rows of each table."""
AWKWARD = ("", "tab\tnew line\n back\\slash \\N \\.", "‮ рут \U0001f600 'quote\" ; DROP")
DOCUMENTS: tuple[Any, ...] = (
    {"b": [1.50, 1e21, -0.0, 2**70, None, True], "a": {"ü\u2028": ""}}, [], {"": "\\u0041"},
)  # fmt: skip
MOMENTS = (
    datetime(1970, 1, 1, tzinfo=UTC), datetime(2026, 11, 24, 9, 0, 0, 1, tzinfo=UTC),
    datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
)  # fmt: skip
CHECKED: dict[str, dict[str, Any]] = {
    "people.RoleAssignment": {"role": "support", "app_id": "", "instance_id": None, "is_full": False},
    "vault.Canary": {"text": canary.SONG},
}  # fmt: skip
"""What cannot be just anything."""
TOKEN = "ghs_not-for-anybodys-eyes"


@contextmanager
def database(alias: str, **config: Any) -> Iterator[BaseDatabaseWrapper]:
    """A further one, connected before Django's tests know of it, as they would not allow it."""
    filled_in = connections.configure_settings({"default": {}, alias: config})[alias]
    made = load_backend(config["ENGINE"]).DatabaseWrapper(filled_in, alias)
    made.ensure_connection()
    connections.settings[alias], connections[alias] = filled_in, made
    try:
        yield made
    finally:
        made.close()
        del connections[alias]
        del connections.settings[alias]


def on_sqlite(file: Path) -> AbstractContextManager[BaseDatabaseWrapper]:
    return database("source", ENGINE="django.db.backends.sqlite3", NAME=str(file), OPTIONS=SQLITE_OPTIONS)


@pytest.fixture(scope="module")
def prepared(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A SQLite file with all tables."""
    file = tmp_path_factory.mktemp("prepared") / "gatehouse.sqlite3"
    with django_db_blocker.unblock(), on_sqlite(file):
        call_command("migrate", database="source", verbosity=0)
    return file


@pytest.fixture
def source(transactional_db: None, prepared: Path, tmp_path: Path) -> Iterator[BaseDatabaseWrapper]:
    """An installation on SQLite with nothing in it yet."""
    file = Path(shutil.copy(prepared, tmp_path))
    with on_sqlite(file) as made:
        yield made


def address_of(name: str) -> str:
    there = connection.settings_dict
    secret = f":{there['PASSWORD']}" if there["PASSWORD"] else ""
    return f"postgres://{there['USER']}{secret}@{there['HOST']}:{there['PORT']}/{name}"


@contextmanager
def created(name: str, template: str = "template1") -> Iterator[str]:
    """A further PostgreSQL database: its address."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield address_of(name)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def url(transactional_db: None) -> Iterator[str]:
    """Of an empty PostgreSQL database."""
    with created(f"{connection.settings_dict['NAME']}_target") as address:
        yield address


@pytest.fixture(scope="module")
def tables_only(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The name of a database as `migrate` makes it, which takes it seconds."""
    name = f"{connection.settings_dict['NAME']}_tables"
    with django_db_blocker.unblock(), created(name) as address:
        with moving.target_at(address) as target:
            call_command("migrate", database=target.alias, verbosity=0)
        yield name


@pytest.fixture
def prepared_url(transactional_db: None, tables_only: str) -> Iterator[str]:
    """Of a PostgreSQL database with all tables, as after an attempt that was interrupted."""
    with created(f"{connection.settings_dict['NAME']}_target", tables_only) as address:
        yield address


def silent(text: str) -> None:
    pass


def test_pieces_of_kept_files_pass_a_few_at_a_time() -> None:
    assert moving._at_once(StoredChunk) * CHUNK_BYTES < 10_000_000
    assert moving._at_once(File) == moving.AT_ONCE


# --- filling every table --------------------------------------------------------------------------------------------


def fill(alias: str) -> None:
    """Rows in each table, with what is awkward in each column."""
    done: set[type[models.Model]] = set()
    with transaction.atomic(alias):
        for model in moving.tables():
            fill_table(model, alias, done)


def fill_table(model: type[models.Model], alias: str, done: set[type[models.Model]]) -> None:
    if model in done:
        return
    done.add(model)
    fields = list(model._meta.local_concrete_fields)
    for field in fields:
        if field.related_model and not isinstance(field.related_model, str):
            fill_table(field.related_model, alias, done)
    fixed = CHECKED.get(model._meta.label, {})
    rows = [
        model(**{field.attname: value(field, number, alias) for field in fields} | fixed) for number in range(EACH)
    ]
    model._base_manager.using(alias).bulk_create(rows)


def value(field: Any, number: int, alias: str) -> Any:
    if field.related_model:
        keys = field.related_model._base_manager.using(alias).order_by("pk").values_list("pk", flat=True)
        return list(keys)[number] if field.related_model is not field.model else None
    if field.null and number == 0:
        return None
    kind = field.get_internal_type()
    if kind in ("CharField", "TextField"):
        text = f"{AWKWARD[number]}{field.name}{number}" if is_unique(field) else AWKWARD[number]
        return text[: field.max_length]
    many: dict[str, Callable[[], Any]] = {
        "BigAutoField": lambda: 1_000_000 * (number + 1),
        "AutoField": lambda: 10_000 * (number + 1),
        "BooleanField": lambda: bool(number % 2),
        "DateTimeField": lambda: MOMENTS[number],
        "DateField": lambda: date(2026, 11, 1) + timedelta(days=number),
        "JSONField": lambda: DOCUMENTS[number],
        "BinaryField": lambda: bytes(range(256)),
        "GenericIPAddressField": lambda: ("203.0.113.7", "2001:db8::7", "198.51.100.1")[number],
        "BigIntegerField": lambda: 2**62 + number,
        "PositiveBigIntegerField": lambda: 2**62 + number,
        "IntegerField": lambda: 2**30 + number,
        "PositiveIntegerField": lambda: 2**30 + number,
        "PositiveSmallIntegerField": lambda: 32_000 + number,
    }
    return many[kind]()


def is_unique(field: Any) -> bool:
    constraints = field.model._meta.total_unique_constraints
    together = [*field.model._meta.unique_together, *(each.fields for each in constraints)]
    in_key = field.name in getattr(field.model._meta.pk, "field_names", ())
    return field.unique or in_key or any(field.name in names for names in together)


def contents(alias: str) -> dict[str, list[Any]]:
    """All rows as the ORM reads them, whatever the database, secrets opened."""
    found = {}
    for model in moving.tables():
        names = [field.attname for field in model._meta.local_concrete_fields]
        rows = model._base_manager.using(alias).values_list(*names)
        found[model._meta.label] = sorted(rows, key=repr)
    return found


# --- moving ---------------------------------------------------------------------------------------------------------


def test_every_table_arrives_as_it_was(source: BaseDatabaseWrapper, url: str) -> None:
    fill("source")
    before = contents("source")
    assert all(len(rows) >= EACH for rows in before.values())
    with moving.target_at(url) as target:
        moved = moving.move(source, target, silent)
        assert contents(target.alias) == before
        assert moved == sum(len(rows) for rows in before.values())
        assert numbers_go_on(target) > 20
    assert contents("source") == before


def numbers_go_on(target: BaseDatabaseWrapper) -> int:
    """The next row of each table gets a number that is free; in how many tables that was so."""
    counted = 0
    for model in moving.tables():
        if not isinstance(model._meta.pk, models.AutoField):
            continue
        largest = model._base_manager.using(target.alias).order_by("-pk").values_list("pk", flat=True)[0]
        with target.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [f'"{model._meta.db_table}"'])
            assert cursor.fetchone()[0] == largest + 1, model._meta.label
        counted += 1
    return counted


def test_secrets_are_moved_unopened_and_open_there(source: BaseDatabaseWrapper, prepared_url: str) -> None:
    instance = AppInstance.objects.using("source").create(app_id="github", name="Contoso", method_id="app")
    bound_to = f"instances.Connection/{instance.pk}"
    document = seal.wrap({"fields": {}, "tokens": {"access": TOKEN}}, bound_to)
    Connection.objects.using("source").create(instance=instance, document=document)
    said: list[str] = []
    with moving.target_at(prepared_url) as target:
        moving.move(source, target, said.append)
        there = Connection.objects.using(target.alias).get(pk=instance.pk)
        assert seal.unwrap(there.document, bound_to)["tokens"] == {"access": TOKEN}
        stored = []
        for database in (source, target):
            with database.cursor() as cursor:
                cursor.execute("SELECT document FROM instances_connection")
                stored += cursor.fetchone()
    assert stored[0] == stored[1]
    assert TOKEN not in stored[0] + "".join(said)


def test_more_rows_than_are_read_at_once_and_months_of_their_own(
    source: BaseDatabaseWrapper, prepared_url: str
) -> None:
    now = datetime.now(UTC)
    keys = [{"instance_id": 1, "occurred_at": now - timedelta(minutes=n), "vendor_id": f"e{n}"} for n in range(4_567)]
    happened = [Activity(**key, action="a", category="user", outcome="success") for key in keys]
    Activity.objects.using("source").bulk_create(happened)
    ActivityRaw.objects.using("source").bulk_create(ActivityRaw(**key, raw={"n": key["vendor_id"]}) for key in keys)
    with moving.target_at(prepared_url) as target:
        moving.move(source, target, silent)
        with target.cursor() as cursor:
            cursor.execute("SELECT DISTINCT tableoid::regclass::text, count(*) FROM inventory_activityraw GROUP BY 1")
            found = dict(cursor.fetchall())
    assert sum(found.values()) == 4_567
    assert f"inventory_activityraw_{now:%Y_%m}" in found


# --- refusing, and being interrupted --------------------------------------------------------------------------------


def until(last: type[models.Model], step: Callable[..., Any]) -> Callable[..., Any]:
    """Somebody presses Ctrl-C at one table."""

    def interrupted(model: type[models.Model], *more: Any) -> Any:
        if model is last:
            raise KeyboardInterrupt
        return step(model, *more)

    return interrupted


def test_it_can_be_interrupted_at_a_table_and_begun_again(
    source: BaseDatabaseWrapper, prepared_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill("source")
    before = contents("source")
    with moving.target_at(prepared_url) as target:
        for name in ("_copy", "_compare"):
            with monkeypatch.context() as patch:
                patch.setattr(moving, name, until(ActivityRaw, getattr(moving, name)))
                with pytest.raises(KeyboardInterrupt):
                    moving.move(source, target, silent)
            assert not User.objects.using(target.alias).exists()
        moving.move(source, target, silent)
        assert contents(target.alias) == before


def test_a_target_that_holds_anything_is_refused_and_left_alone(source: BaseDatabaseWrapper, url: str) -> None:
    fill("source")
    with moving.target_at(url) as target:
        with target.cursor() as cursor:
            cursor.execute("CREATE TABLE wiki_page (id int)")
        with pytest.raises(moving.Refused, match=r"something else: wiki_page\. Give it an empty"):
            moving.move(source, target, silent)
        assert target.introspection.table_names() == ["wiki_page"]
        with target.cursor() as cursor:
            cursor.execute("DROP TABLE wiki_page")
        call_command("migrate", database=target.alias, verbosity=0)
        User.objects.using(target.alias).create(email="somebody@contoso.example")
        with pytest.raises(moving.Refused, match="The target is not empty: people_user has rows"):
            moving.move(source, target, silent)
        assert User.objects.using(target.alias).count() == 1


def test_what_postgresql_does_not_take_is_told_by_its_table_without_the_value(
    source: BaseDatabaseWrapper, prepared_url: str
) -> None:
    AppInstance.objects.using("source").create(app_id="github", name="x" * 130, method_id="secret-method")
    with moving.target_at(prepared_url) as target:
        too_long = r"in instances_appinstance, row 1, column name: value too long"
        with pytest.raises(moving.Refused, match=too_long) as caught:
            moving.move(source, target, silent)
        assert "xxx" not in str(caught.value)
        assert not AppInstance.objects.using(target.alias).exists()
        AppInstance.objects.using("source").update(name="nul\0")
        with pytest.raises(moving.Refused, match="in instances_appinstance, row 1: a text holds the character NUL"):
            moving.move(source, target, silent)


def test_a_row_that_changed_on_the_way_is_found(
    source: BaseDatabaseWrapper, prepared_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    AppInstance.objects.using("source").create(app_id="github", name="Contoso", method_id="app")
    sequences = moving._set_sequences
    with moving.target_at(prepared_url) as target:

        def tampering(connection: BaseDatabaseWrapper) -> None:
            AppInstance.objects.using(target.alias).update(name="Fabrikam")
            sequences(connection)

        monkeypatch.setattr(moving, "_set_sequences", tampering)
        with pytest.raises(moving.Refused, match="instances_appinstance did not arrive as it was: 1 rows were sent, 1"):
            moving.move(source, target, silent)
        assert not AppInstance.objects.using(target.alias).exists()


def test_only_sqlite_of_this_version_is_moved(source: BaseDatabaseWrapper, url: str) -> None:
    with moving.target_at(url) as target:
        with pytest.raises(moving.Refused, match="does not run on SQLite"):
            moving.move(target, target, silent)
        with source.cursor() as cursor:
            cursor.execute("SELECT max(name) FROM django_migrations WHERE app = 'inventory'")
            cursor.execute("DELETE FROM django_migrations WHERE app = 'inventory' AND name = %s", cursor.fetchone())
        with pytest.raises(moving.Refused, match=r"of a former version\. Run `migrate` first"):
            moving.move(source, target, silent)
        assert target.introspection.table_names() == []


@pytest.mark.parametrize(("address", "why"), [
    ("sqlite:///there", "names no PostgreSQL database"),
    ("postgres://gatehouse:swordfish@127.0.0.1:9/gatehouse", "cannot be reached: .*refused"),
])  # fmt: skip
def test_an_address_that_leads_nowhere_is_told_without_its_password(address: str, why: str) -> None:
    with pytest.raises(moving.Refused, match=why) as caught, moving.target_at(address):
        pass
    assert "swordfish" not in str(caught.value)


def test_the_command_moves_once_and_refuses_the_second_time(source: BaseDatabaseWrapper, url: str) -> None:
    fill("source")
    source.close()
    first, second = run_command(source, url), run_command(source, url)
    assert first.returncode == 0, first.stderr
    assert "compared one by one. Now set DATABASE_URL" in first.stdout
    assert second.returncode == 1
    assert "The target is not empty" in second.stderr
    nowhere = run_command(source, "")
    assert "Set GATEHOUSE_MOVE_TO" in nowhere.stderr


def run_command(source: BaseDatabaseWrapper, url: str) -> "subprocess.CompletedProcess[str]":
    folder = Path(str(source.settings_dict["NAME"])).parent
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "portal.settings", "GATEHOUSE_DATA": str(folder), "GATEHOUSE_MOVE_TO": url,
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "manage.py", "move_to_postgresql"], cwd=settings.BASE_DIR, env=environment,
        capture_output=True, text=True,
    )  # fmt: skip

"""A million events from a page server into the database: by the portal, and by the plainest loop there is beside it.

The loop asks for a page with requests, picks the columns, and writes into the same tables with the same indexes. It
keeps no cursor, counts nothing by the day, cleans nothing and holds no lease: what the ratio tells is what that costs.
On PostgreSQL it copies 5,000 events at a time (COPY and INSERT ... ON CONFLICT). SQLite has one writer at a time, so
the loop leaves as much room for others as the portal does: it commits batches of the portal's size (INSERT OR IGNORE)
and makes the portal's pause after each.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import requests
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import override_settings

import connectors.catalogue
from connectors.base import Activity, ActivityCategory, Capability, Client, Cursor, Page, Target, changes
from portal.instances.models import AppInstance, State
from portal.instances.vault import InstanceVault
from portal.inventory import models
from portal.scans import gathering, service
from portal.scans.models import FeedState
from portal.scans.turns import Turns
from tests.bench.figures import Figure, seconds
from tests.portal.scans import example
from tests.tasks import run_tasks

COUNT = 1_000_000
AT_ONCE = 5_000
TABLES = (models.Activity, models.ActivityRaw)
COLUMNS = tuple(str(field.column) for field in models.Activity._meta.local_concrete_fields)


def measure() -> Iterator[Figure]:
    count = COUNT
    with page_server(count) as address:
        with connected(address) as instance:
            portal = count / seconds(lambda: read_by_portal(instance, count))
        empty()
        loop = count / seconds(lambda: read_by_loop(address, count))
        empty()
    yield Figure(f"{count:,} events by the portal", portal, "events a second")
    yield Figure(f"{count:,} events by the plain loop", loop, "events a second")
    yield Figure("the portal beside that", portal / loop, "of its speed")


@contextmanager
def page_server(count: int) -> Iterator[str]:
    command = [sys.executable, "-m", "tests.bench.page_server", str(count)]
    with subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
        finally:
            server.kill()


def empty() -> None:
    for model in (*TABLES, models.ActivityRollUp):
        with connection.cursor() as cursor:
            cursor.execute(
                f"TRUNCATE {model._meta.db_table}" if connection.vendor == "postgresql"
                else f"DELETE FROM {model._meta.db_table}"
            )


# --- by the portal --------------------------------------------------------------------------------------------------


@changes(Activity, title="Audit log", every=timedelta(minutes=5), serves=(Capability.ADMIN_ACTIVITY,))
def events(client: Client, cursor: Cursor) -> Iterator[Page]:
    page = cursor["page"] if cursor else 0
    while page is not None:
        document = client.get("/events", params={"page": page}).json()
        page = document["next"]
        yield Page([mapped(each) for each in document["items"]], {"page": page})


def mapped(event: dict[str, Any]) -> Activity:
    actor, target = event["actor"], event["target"]
    return Activity(
        id=event["id"], occurred_at=datetime.fromisoformat(event["at"]), action=event["action"],
        category=ActivityCategory.ADMIN, actor_id=actor["id"], actor_name=actor["login"], actor_email=actor["email"],
        ip_address=event["ip"], user_agent=event["agent"], description=event["text"],
        targets=(Target(kind="repository", id=target["id"], name=target["name"]),), raw=event,
    )  # fmt: skip


@contextmanager
def connected(address: str) -> Iterator[AppInstance]:
    connector = example.connector(feeds=(events,))
    found = connectors.catalogue._in_folders
    connectors.catalogue._in_folders = lambda: iter([connector])
    connectors.catalogue.catalogue.cache_clear()
    instance = AppInstance.objects.create(
        app_id="example", name="Contoso", method_id="token", state=State.CONNECTED, tenant_id="contoso",
        config={"tenant": "contoso"},
    )
    InstanceVault(instance.pk).write_fields({"token": example.TOKEN})
    try:
        with override_settings(SANDBOX=True, NETWORK_OVERRIDES={example.HOST: address}):
            yield instance
    finally:
        AppInstance.objects.filter(pk=instance.pk).update(state=State.DISCONNECTED)
        connectors.catalogue._in_folders = found
        connectors.catalogue.catalogue.cache_clear()


def read_by_portal(instance: AppInstance, count: int) -> None:
    service.begin(instance)
    run_tasks("scans", limit=100_000)
    state = FeedState.objects.get(instance=instance, feed="events")
    assert (state.error, models.Activity.objects.count()) == ("", count)


# --- by the plainest loop -------------------------------------------------------------------------------------------


def read_by_loop(address: str, count: int) -> None:
    session, waiting, page, turns = requests.Session(), [], 0, Turns()
    at_once = gathering.MOST_RECORDS["sqlite"] if connection.vendor == "sqlite" else AT_ONCE
    while page is not None:
        document = session.get(f"{address}/events", params={"page": page}, timeout=10).json()
        page = document["next"]
        waiting += document["items"]
        if len(waiting) >= at_once or page is None:
            with turns.taken(), transaction.atomic():
                store(waiting)
            waiting = []
    assert models.Activity.objects.count() == count


def store(events: Sequence[dict[str, Any]]) -> None:
    rows = [columns(event) for event in events]
    raws = [(1, row[1], row[2], json.dumps(event)) for row, event in zip(rows, events, strict=True)]
    insert(models.Activity._meta.db_table, COLUMNS, rows)
    insert(models.ActivityRaw._meta.db_table, (*COLUMNS[:3], "raw"), raws)


def columns(event: dict[str, Any]) -> tuple[Any, ...]:
    actor, target = event["actor"], event["target"]
    targets = json.dumps([{"kind": "repository", "id": target["id"], "name": target["name"]}])
    search = f"{event['action']} {actor['login']} {actor['email']} {target['name']} {event['text']}".lower()
    return (
        1, event["at"], event["id"], event["action"], "admin", "unknown", event["text"], actor["id"], actor["login"],
        actor["email"], "", targets, event["ip"], "", event["agent"], "", 0, search,
    )  # fmt: skip


def insert(table: str, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    listed = ", ".join(names)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            places = ", ".join(["%s"] * len(names))
            cursor.executemany(f"INSERT OR IGNORE INTO {table} ({listed}) VALUES ({places})", rows)
            return
        cursor.execute(f"CREATE TEMPORARY TABLE arriving ON COMMIT DROP AS SELECT {listed} FROM {table} LIMIT 0")
        with cursor.copy(f"COPY arriving ({listed}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(f"INSERT INTO {table} ({listed}) SELECT {listed} FROM arriving ON CONFLICT DO NOTHING")
        cursor.execute("DROP TABLE arriving")

"""An app that has nothing but many pages: the page server, and a connector that reads it.

The connector is installed as a package would be, so every process has it, workers and web server included.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

import requests
from django.conf import settings
from django.db.models import Sum
from django.test.utils import override_settings

from connectors.base import Account, Capability, Client, Cursor, Exposure, File, Gone, Page, changes, snapshot
from connectors.catalogue import catalogue, code_digest
from portal.instances.models import AppInstance, State
from portal.instances.vault import InstanceVault
from portal.scans import service
from portal.scans.models import ScanRun
from tests.bench.bench_ingest import events
from tests.portal.scans import example

MANY = 2_500_000
"""Events that a scan is not done with while something else is measured, none of them of a time to come."""
ENTRY_POINT = "[gatehouse.connectors]\npaged = tests.bench.paged_app:connector\n"


@snapshot(Account, title="Accounts", serves=(Capability.ACCOUNTS,))
def accounts(client: Client, cursor: Cursor) -> Iterator[Page]:
    page = cursor["page"] if cursor else 0
    while page is not None:
        document = client.get("/accounts", params={"page": page}).json()
        page = document["next"]
        yield Page([_account(each) for each in document["items"]], {"page": page})


@changes(File, title="Files", every=timedelta(minutes=5), serves=(Capability.DATA_SCAN,), starts_full=True)
def files(client: Client, cursor: Cursor) -> Iterator[Page]:
    """All of them page by page, then what changed since the first of those pages: {"page": None, "since": n}."""
    if cursor is None or cursor["page"] is not None:
        yield from _all_files(client, cursor or {"page": 0, "since": None})
    else:
        yield from _changed_files(client, cursor["since"])


def _all_files(client: Client, cursor: dict[str, Any]) -> Iterator[Page]:
    page, since = cursor["page"], cursor["since"]
    while page is not None:
        document = client.get("/files", params={"page": page}).json()
        page, since = document["next"], document["since"] if since is None else since
        yield Page([_file(each) for each in document["items"]], {"page": page, "since": since})


def _changed_files(client: Client, since: int) -> Iterator[Page]:
    more = True
    while more:
        document = client.get("/files/changes", params={"since": since}).json()
        since, more = document["since"], document["more"]
        yield Page([_file(each) for each in document["items"]], {"page": None, "since": since})


def _account(found: dict[str, Any]) -> Account:
    return Account(
        id=found["id"], username=found["login"], name=found["name"], email=found["email"],
        created_at=datetime.fromisoformat(found["made"]), raw=found,
    )  # fmt: skip


def _file(found: dict[str, Any]) -> File | Gone:
    if found.get("gone"):
        return Gone(File, found["id"])
    return File(
        id=found["id"], name=found["name"], owner_id=found["owner"]["id"], owner_name=found["owner"]["name"],
        size=found["size"], exposure=Exposure(found["shared"]), raw=found,
    )  # fmt: skip


connector = example.connector(id="paged", name="Paged", feeds=(accounts, files, events))


@dataclass(frozen=True, slots=True)
class PagedVendor:
    address: str

    def calls(self) -> int:
        """The requests that the vendor received so far."""
        return int(requests.get(f"{self.address}/bench/calls", timeout=10).json()["calls"])

    def change(self, count: int) -> None:
        """So many files change; of each ten one is made and one is gone."""
        requests.get(f"{self.address}/bench/change", params={"count": count}, timeout=10)


@contextmanager
def paged(*, events: int = 0, accounts: int = 0, files: int = 0) -> Iterator[PagedVendor]:
    """The vendor with so many of each, in a process of its own; the portal's calls go there."""
    command = [sys.executable, "-m", "tests.bench.page_server", str(events), str(accounts), str(files)]
    with subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        vendor = PagedVendor(f"http://127.0.0.1:{server.stdout.readline().strip()}")
        overrides = {**settings.NETWORK_OVERRIDES, example.HOST: vendor.address}
        try:
            with _installed(), override_settings(SANDBOX=True, NETWORK_OVERRIDES=overrides):
                yield vendor
        finally:
            server.kill()


@contextmanager
def connected(name: str = "Contoso") -> Iterator[AppInstance]:
    """Its feeds are due; afterwards nothing of it is read any more."""
    instance = AppInstance.objects.create(
        app_id=connector.id, name=name, method_id="token", state=State.CONNECTED, tenant_id=name,
        config={"tenant": name},
    )  # fmt: skip
    InstanceVault(instance.pk).write_fields({"token": example.TOKEN})
    service.begin(instance)
    try:
        yield instance
    finally:
        AppInstance.objects.filter(pk=instance.pk).update(state=State.DISCONNECTED)


def records_read() -> int:
    """By all scans of this app so far."""
    return ScanRun.objects.filter(instance__app_id=connector.id).aggregate(all=Sum("records"))["all"] or 0


@contextmanager
def _installed() -> Iterator[None]:
    """As a package on the path of this process and of those that it starts."""
    with TemporaryDirectory() as folder:
        info = Path(folder) / "gatehouse_paged-1.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: gatehouse-paged\nVersion: 1\n")
        (info / "entry_points.txt").write_text(ENTRY_POINT)
        with mock.patch.dict(os.environ, PYTHONPATH=folder), mock.patch.object(sys, "path", [*sys.path, folder]):
            _forget_catalogue()
            yield
    _forget_catalogue()


def _forget_catalogue() -> None:
    catalogue.cache_clear()
    code_digest.cache_clear()

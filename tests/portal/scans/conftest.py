"""The example app connected, a clock that can be moved, and the hand of death."""

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import models as db
from django.utils import timezone
from pytest_django import Settings

from portal.instances.models import AppInstance, State
from portal.instances.vault import InstanceVault
from portal.inventory import models, rows
from portal.people.models import RoleAssignment, User
from portal.people.roles import Role
from portal.scans import gathering, service
from portal.scans.jobs import dispatch_due
from portal.scans.models import FeedState
from tests.portal.scans.example import HOST, TOKEN, ExampleVendor, connector
from tests.tasks import run_tasks

TABLES: tuple[type[db.Model], ...] = (
    *(table.model for table in rows.TABLES.values()), models.Activity, models.ActivityRaw,
    models.ActivityRollUp,
)
OF_THE_MOMENT = {"id", "seen_at", "first_seen_at", "pass_id", "gone_at", "instance_id"}


class Killed(BaseException):
    """The worker is no more: nothing in the portal may catch this."""


@pytest.fixture(autouse=True)
def unpaused(no_pauses: None) -> None:
    """Nobody else writes to the database of these tests."""


@pytest.fixture
def page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each page is stored in a transaction of its own."""
    monkeypatch.setattr(gathering, "MOST_RECORDS", dict.fromkeys(gathering.MOST_RECORDS, 0))


@pytest.fixture
def vendor() -> Iterator[ExampleVendor]:
    vendor = ExampleVendor(
        accounts=["ada", "bo", "cy", "di", "eve"],
        regions={"eu": ["paris", "rome", "oslo"], "us": ["austin"]},
        labels=["red", "green", "blue"],
        events=7,
    )
    yield vendor
    vendor.server.close()


@pytest.fixture
def connect(vendor: ExampleVendor, declare: Callable[..., None], settings: Settings) -> Callable[..., AppInstance]:
    """Connected instances of the example app: `connect("Contoso")`."""
    declare(connector())
    settings.SANDBOX = True
    settings.NETWORK_OVERRIDES = {HOST: vendor.server.base_url}

    def connected(name: str = "Contoso", **values: Any) -> AppInstance:
        instance = AppInstance.objects.create(
            app_id="example", name=name, method_id="token", state=State.CONNECTED, tenant_id=name,
            config={"tenant": name}, **values,
        )
        InstanceVault(instance.pk).write_fields({"token": TOKEN})
        return instance

    return connected


@pytest.fixture
def instance(connect: Callable[..., AppInstance]) -> AppInstance:
    return connect()


@pytest.fixture
def known(instance: AppInstance) -> AppInstance:
    """Read once."""
    service.begin(instance)
    run_tasks("scans")
    return instance


@pytest.fixture
def admin(db: None) -> User:
    user = User.objects.create_user("admin@contoso.example")
    RoleAssignment.objects.create(user=user, role=Role.GLOBAL_ADMIN)
    return user


class Clock:
    def __init__(self) -> None:
        self.offset = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def wait(self, **time: float) -> None:
        self.offset += timedelta(**time)

    def wait_and_work(self, **time: float) -> None:
        """Time passes, the dispatcher looks, the workers work."""
        self.wait(**time)
        dispatch_due()
        run_tasks("scans")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock.now)
    return clock


def state_of(instance: AppInstance, feed: str, partition: str = "") -> FeedState:
    return FeedState.objects.get(instance=instance, feed=feed, partition=partition)


def rows_hash(instance: AppInstance) -> str:
    """What is known of an instance and whether it is gone, without the times and numbers of this run."""
    digest = hashlib.sha256()
    for table in TABLES:
        lines = []
        for row in table._default_manager.filter(instance_id=instance.pk).values():
            line = {name: value for name, value in row.items() if name not in OF_THE_MOMENT}
            line["is_gone"] = row.get("gone_at") is not None
            lines.append(json.dumps(line, sort_keys=True, default=str))
        digest.update(f"{table.__name__}{sorted(lines)}".encode())
    return digest.hexdigest()


def hash_without_our_hook(instance: AppInstance) -> str:
    """The same for GitHub. Each connection makes a webhook at the app, which stands in the app's own log."""
    models.Activity.objects.filter(instance_id=instance.pk, action__startswith="hook.").delete()
    models.ActivityRaw.objects.filter(instance_id=instance.pk, raw__action__startswith="hook.").delete()
    models.ActivityRollUp.objects.filter(instance_id=instance.pk, action__startswith="hook.").delete()
    models.Credential.objects.filter(instance_id=instance.pk, feed="organisation_webhooks").delete()
    return rows_hash(instance)


def present(table: type[models.InventoryRow], instance: AppInstance) -> list[str]:
    """The vendor ids of what the app still has."""
    rows = table._default_manager.filter(instance_id=instance.pk, gone_at=None)
    return sorted(rows.values_list("vendor_id", flat=True))

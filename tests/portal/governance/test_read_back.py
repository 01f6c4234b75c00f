"""What an action left goes into the inventory under the feeds that list it, so that their sweeps still decide."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from connectors.base import (
    Account,
    ActionKind,
    Capability,
    Client,
    Collaborator,
    Credential,
    Cursor,
    Exposure,
    File,
    Gone,
    Order,
    Page,
    Partition,
    Record,
    StepResult,
    action,
    snapshot,
)
from portal.governance import jobs, service
from portal.governance.models import ActionState
from portal.instances.models import AppInstance, State
from portal.instances.vault import InstanceVault
from portal.inventory import models, store
from portal.people.models import RoleAssignment, User
from portal.people.roles import Role
from tests.portal.scans import example

pytestmark = pytest.mark.django_db


def drives(client: Client) -> Iterable[Partition]:
    return ()


@snapshot(Account, title="Accounts", serves=(Capability.ACCOUNTS,))
def accounts(client: Client, cursor: Cursor) -> Iterator[Page]:
    yield from ()


@snapshot(Credential, title="Keys", serves=(Capability.APP_PERMISSIONS,))
def keys(client: Client, cursor: Cursor) -> Iterator[Page]:
    yield from ()


@snapshot(File, Collaborator, title="Files", serves=(Capability.DATA_SCAN,), partitions=drives)
def files(client: Client, cursor: Cursor, partition: str) -> Iterator[Page]:
    yield from ()


def left(client: Client, order: Order) -> Iterable[Record]:
    """Eve is out and her key with her; the file now belongs to Ada, who was never listed."""
    yield File(id="f", name="Plan", owner_id="ada", exposure=Exposure.PRIVATE)
    yield Gone(Collaborator, "f/eve")
    yield Collaborator(file_id="f", account_id="ada", role="owner")
    yield Gone(Credential, "k1")
    yield Credential(id="k2", name="renewed", kind="key")
    yield Account(id="ada", name="Ada")


@action(ActionKind.TRANSFER_OWNERSHIP, File, label="Hand over", effect="", undo_effect="", read_back=left)
def hand_over(client: Client, order: Order) -> StepResult:
    return {}


@pytest.fixture
def instance(declare: Callable[..., None]) -> AppInstance:
    declare(example.connector(feeds=(accounts, keys, files), actions=(hand_over,)))
    instance = AppInstance.objects.create(app_id="example", name="Contoso", method_id="token", state=State.CONNECTED)
    InstanceVault(instance.pk).write_fields({"token": example.TOKEN})
    return instance


def listed(instance: AppInstance, feed: str, partition: str, pass_id: int, *records: Record) -> None:
    with transaction.atomic():
        store.save(
            instance.pk, records, feed=feed, partition=partition, pass_id=pass_id,
            now=timezone.now() - timedelta(hours=1),
        )


def standing(model: Any) -> dict[str, tuple[str, str, int, bool]]:
    rows = model.objects.values_list("vendor_id", "feed", "partition", "pass_id", "gone_at")
    return {vendor_id: (feed, part, number, gone is None) for vendor_id, feed, part, number, gone in rows}


def test_each_record_is_kept_under_the_feed_that_lists_it(instance: AppInstance) -> None:
    listed(instance, "accounts", "", 5, Account(id="eve", is_external=True))
    listed(instance, "keys", "", 8, Credential(id="k1", name="k", kind="key"))
    listed(
        instance, "files", "drive-1", 3, File(id="f", name="Plan", exposure=Exposure.PRIVATE),
        Collaborator(file_id="f", account_id="eve"), Collaborator(file_id="f", account_id="ada"),
    )
    file = models.File.objects.get()
    assert file.exposure == "external"

    admin = User.objects.create_user("admin@contoso.example")
    RoleAssignment.objects.create(user=admin, role=Role.GLOBAL_ADMIN)
    row = service.request(admin, file, "hand_over", "Eve left")
    jobs.run_action(row.pk)

    row.refresh_from_db()
    assert (row.state, row.problem) == (ActionState.DONE, "")
    assert standing(models.File) == {"f": ("files", "drive-1", 3, True)}
    assert standing(models.Collaborator) == {
        "f/eve": ("files", "drive-1", 3, False), "f/ada": ("files", "drive-1", 3, True),
    }
    assert standing(models.Credential) == {"k1": ("keys", "", 8, False), "k2": ("keys", "", 9, True)}
    assert standing(models.Account) == {"eve": ("accounts", "", 5, True), "ada": ("accounts", "", 6, True)}
    file.refresh_from_db()
    assert (file.exposure, file.owner_id) == ("private", "ada")

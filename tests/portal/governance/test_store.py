"""Bytes that the portal keeps itself: encrypted, whole or not at all, as large as allowed, and noticed when changed."""

import secrets
from typing import IO

import pytest
from django.utils import timezone

from connectors.base import BadResponse, NotAvailable
from portal.governance import deleting, service, store
from portal.governance.models import ActionState, GovernanceAction, QuarantineRecord, StoredChunk, StoredFile
from portal.governance.store import DatabaseStore
from portal.instances.models import AppInstance
from portal.inventory.models import File
from portal.people.models import User
from portal.preferences import preferences
from tests.portal.connected import connected_box, read_box_drive
from tests.portal.governance.conftest import RunTasks, again
from tests.sandbox.box.items import File as BoxFile
from tests.sandbox.box.state import State
from tests.sandbox.server import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)

DATA = secrets.token_bytes(100) * 2_600
NAME = "Skizze.png"


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> DatabaseStore:
    """Of an action that nobody carries out; chunks are small."""
    monkeypatch.setattr(store, "CHUNK_BYTES", 100_000)
    instance = AppInstance.objects.create(app_id="box", name="Box", method_id="primary_admin")
    action = GovernanceAction.objects.create(instance=instance, requested_at=timezone.now())
    return DatabaseStore(action)


def write(kept: DatabaseStore, data: bytes = DATA) -> None:
    with kept.writer("content") as stream:
        for place in range(0, len(data), 70_000):
            stream.write(data[place : place + 70_000])


def read(kept: DatabaseStore) -> bytes:
    with kept.reader("content") as stream:
        return b"".join(iter(lambda: stream.read(50_000), b""))


def test_what_is_written_comes_back_and_stands_nowhere_in_the_clear(kept: DatabaseStore) -> None:
    write(kept)
    assert read(kept) == DATA
    file, chunks = StoredFile.objects.get(), StoredChunk.objects.all()
    assert (file.size, file.chunks, len(chunks)) == (len(DATA), 3, 3)
    assert not any(DATA[:20] in bytes(chunk.sealed) for chunk in chunks)
    kept.forget("content")
    assert not StoredChunk.objects.exists()
    with pytest.raises(KeyError):
        read(kept)


def test_what_breaks_off_leaves_what_was_kept_before(kept: DatabaseStore) -> None:
    write(kept, b"before")

    def break_off(stream: IO[bytes]) -> None:
        stream.write(DATA)
        raise RuntimeError

    with pytest.raises(RuntimeError), kept.writer("content") as stream:
        break_off(stream)
    assert read(kept) == b"before"
    write(kept, b"after")
    assert read(kept) == b"after"
    assert StoredFile.objects.count() == 1


def test_more_than_the_settings_allow_is_not_kept(kept: DatabaseStore) -> None:
    preferences.keep({"store_megabytes": "1"})

    def fill(stream: IO[bytes]) -> None:
        for _ in range(5):
            stream.write(DATA)

    with pytest.raises(NotAvailable, match="larger than the 1 MB") as refused, kept.writer("content") as stream:
        fill(stream)
    assert "Settings > General" in refused.value.remedy
    assert not StoredFile.objects.exists()
    assert not StoredChunk.objects.exists()


@pytest.mark.parametrize("harm", ["changed", "moved", "lost", "cut"])
def test_what_was_tampered_with_is_noticed(kept: DatabaseStore, harm: str) -> None:
    write(kept)
    first, second, last = StoredChunk.objects.order_by("number")
    if harm == "changed":
        sealed = bytes(second.sealed)
        StoredChunk.objects.filter(pk=second.pk).update(sealed=sealed[:9] + bytes([sealed[9] ^ 1]) + sealed[10:])
    if harm == "moved":
        StoredChunk.objects.filter(pk=second.pk).update(sealed=first.sealed)
    if harm == "lost":
        last.delete()
    if harm == "cut":
        StoredFile.objects.update(chunks=2)
    with pytest.raises(BadResponse, match="not what it put there"):
        read(kept)


# --- through an app -------------------------------------------------------------------------------------------------


@pytest.fixture
def box(sandbox: Sandbox) -> State:
    return sandbox.box.state


@pytest.fixture
def held(admin: User, sandbox: Sandbox, box: State, run_tasks: RunTasks) -> GovernanceAction:
    """A file of Box's whose content is kept here."""
    instance, owner = connected_box(sandbox), box.person("jmueller")
    read_box_drive(instance, owner.id)
    file = File.objects.get(instance_id=instance.pk, name=NAME)
    row = service.request(admin, file, "quarantine_with_portal", "holds customers' data")
    run_tasks("actions")
    return again(row)


def item_of(box: State, row: GovernanceAction) -> BoxFile:
    found = box.tree.items[row.target_id.partition(":")[2]]
    assert isinstance(found, BoxFile)
    return found


def test_a_file_that_the_app_has_deleted_meanwhile_comes_back_from_here(
    admin: User, held: GovernanceAction, box: State, run_tasks: RunTasks
) -> None:
    assert held.state == ActionState.DONE
    sha1 = item_of(box, held).current.sha1
    box.purge(item_of(box, held))
    assert box.places_of(sha1) == []
    undo = service.revert(admin, held)
    run_tasks("actions")
    assert again(undo).state == ActionState.DONE
    assert [place.how for place in box.places_of(sha1)] == ["live"]
    assert not StoredFile.objects.exists()


def test_what_is_deleted_for_good_is_kept_here_no_longer(
    admin: User, held: GovernanceAction, box: State, run_tasks: RunTasks
) -> None:
    preferences.keep({"deletion_second_person": False})
    deleting.ask(admin, QuarantineRecord.objects.select_related("action", "instance").get(), "Asked for by its owner")
    run_tasks("actions")
    assert not StoredFile.objects.exists()


def test_a_file_too_large_is_refused_before_anything_is_changed(
    admin: User, sandbox: Sandbox, box: State, run_tasks: RunTasks
) -> None:
    preferences.keep({"store_megabytes": "1"})
    instance, owner = connected_box(sandbox), box.person("jmueller")
    big = box.add_file(box.tree.root(owner.id), "big.bin", bytes(1_100_000), owner)
    read_box_drive(instance, owner.id)
    file = File.objects.get(instance_id=instance.pk, name="big.bin")
    assert "more than the 1 MB that Gatehouse keeps" in service.preview(admin, file, "quarantine_with_portal").problem
    row = service.request(admin, file, "quarantine_with_portal", "holds customers' data")
    run_tasks("actions")
    assert (again(row).state, again(row).problem_code) == (ActionState.FAILED, "refused")
    assert big.trashed_at is None


def test_what_a_dead_worker_left_of_a_file_goes_in_parts_once_its_action_has_ended(
    kept: DatabaseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "DROPPED", 2)
    write(kept)
    whole = StoredFile.objects.get()
    broken = StoredFile.objects.create(action=kept.action, key="other", begun_at=timezone.now(), sealed_key="")
    for number in range(3):
        StoredChunk.objects.create(file=broken, number=number, sealed=b"x")
    for state in (ActionState.QUEUED, ActionState.RUNNING):
        GovernanceAction.objects.update(state=state)
        store.forget_incomplete()
        assert StoredChunk.objects.filter(file=broken).count() == 3
    GovernanceAction.objects.update(state=ActionState.UNKNOWN)
    left = []
    for _ in range(3):
        store.forget_incomplete()
        left.append((StoredFile.objects.filter(pk=broken.pk).exists(), StoredChunk.objects.filter(file=broken).count()))
    assert left == [(True, 1), (False, 0), (False, 0)]
    assert read(kept) == DATA
    assert list(StoredFile.objects.all()) == [whole]

"""What a person waits for before asking for an action: it ends in time."""

import time

import pytest

from portal.governance import service
from portal.instances.models import AppInstance
from portal.instances.vault import InstanceVault
from portal.inventory.models import Account
from portal.people.models import User
from tests.sandbox.faults import FaultKind
from tests.sandbox.server import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_preview_ends_in_time_however_slow_the_app_is(
    admin: User, target: Account, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "PREVIEW_SECONDS", 0.3)
    sandbox.faults.add(FaultKind.TIMEOUT, times=None, seconds=2.0)
    began = time.monotonic()
    preview = service.preview(admin, target, "remove_account")
    assert time.monotonic() - began < 3
    assert preview.problem == service.TOO_SLOW
    assert "is removed from the GitHub organisation" in preview.effect


def test_a_preview_ends_in_time_also_while_another_worker_holds_the_vault(
    admin: User, target: Account, instance: AppInstance, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "PREVIEW_SECONDS", 0.3)
    vault = InstanceVault(instance.pk)
    vault.write_tokens({})
    asked_before = len(sandbox.requests)
    with vault.locked():
        began = time.monotonic()
        preview = service.preview(admin, target, "remove_account")
        assert time.monotonic() - began < 3
    assert preview.problem == service.TOO_SLOW
    assert len(sandbox.requests) == asked_before

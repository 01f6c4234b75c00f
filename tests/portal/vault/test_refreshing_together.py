"""Processes that share one connection: a refresh token that may be used once is used once."""

import multiprocessing
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections
from pytest_django import Settings

import connectors.catalogue
from connectors.base import AuthMethod, AuthorizationCode
from connectors.base.tokens import Token, with_token
from portal.instances.clients import client_for
from portal.instances.models import AppInstance, State
from portal.instances.vault import InstanceVault
from tests.connectors.base.vendor import Says, Seen, Vendor, says
from tests.portal.scans import example

pytestmark = pytest.mark.django_db(transaction=True)

PROCESSES = 8
ROTATIONS = 3
PATIENCE_S = 60
SLOWNESS_S = 0.2
"""Of the token endpoint: everybody else comes while one is being answered."""
SCHEME = AuthorizationCode(f"https://{example.HOST}/authorize", f"https://{example.HOST}/token")


class Grant:
    """A vendor that gives each refresh token for one use, and ends the whole grant when one comes again."""

    def __init__(self, instance_id: int) -> None:
        self.refresh_token, self.access_token = "rt-0", "at-0"
        self.rotations = self.most_at_once = 0
        self.is_alive = True
        self.unstored: list[str] = []
        """Access tokens that were used while the vault did not hold them."""
        self._instance_id, self._at_once, self._lock = instance_id, 0, threading.Lock()

    def expire(self) -> None:
        """The access token is refused from now on."""
        self.access_token = ""

    def __call__(self, seen: Seen) -> Says:
        return self._refreshed(seen.form["refresh_token"]) if seen.path == "/token" else self._called(seen)

    def _refreshed(self, given: str) -> Says:
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        threading.Event().wait(SLOWNESS_S)
        with self._lock:
            self._at_once -= 1
            if given != self.refresh_token or not self.is_alive:
                self.is_alive = False
                return says({"error": "invalid_grant"}, 400)
            self.rotations += 1
            self.refresh_token, self.access_token = f"rt-{self.rotations}", f"at-{self.rotations}"
            new = {"access_token": self.access_token, "refresh_token": self.refresh_token, "expires_in": 3600}
        return says(new)

    def _called(self, seen: Seen) -> Says:
        token = seen.headers["authorization"].removeprefix("Bearer ")
        if not self.is_alive or token != self.access_token:
            return says({"error": "expired"}, 401)
        if self._stored() != (token, self.refresh_token):
            self.unstored.append(token)
        return says({"ok": True})

    def _stored(self) -> tuple[str, str]:
        try:
            tokens = InstanceVault(self._instance_id).read()["tokens"]
        finally:
            connection.close()
        return tokens["access"][""]["value"], tokens["refresh_token"]


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    vendor = Vendor()
    yield vendor
    vendor.close()


@pytest.fixture
def instance(vendor: Vendor, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[AppInstance]:
    """Connected by consent."""
    method = AuthMethod("consent", "Consent", "", (), (), SCHEME)
    monkeypatch.setattr(connectors.catalogue, "_in_folders", lambda: [example.connector(methods=(method,))])
    connectors.catalogue.catalogue.cache_clear()
    settings.SANDBOX = True
    settings.NETWORK_OVERRIDES = {example.HOST: vendor.base_url}
    instance = AppInstance.objects.create(
        app_id="example", name="Contoso", method_id="consent", state=State.CONNECTED, tenant_id="t",
        config={"tenant": "t", "client_id": "id-1"},
    )
    vault = InstanceVault(instance.pk)
    vault.write_fields({"client_secret": "cs-S3CRET"})
    vault.write_tokens({**with_token({}, "", Token("at-0")), "refresh_token": "rt-0"})
    yield instance
    monkeypatch.undo()
    connectors.catalogue.catalogue.cache_clear()


def call(instance_id: int, all_here: Any, answers: Any) -> None:
    """In a process of its own: all call at the same moment."""
    client = client_for(AppInstance.objects.get(pk=instance_id))
    all_here.wait(PATIENCE_S)
    try:
        answers.put(client.get("/users").json())
    except Exception as error:  # told to the test, which expects none
        answers.put(repr(error))


def call_from_many_processes(instance: AppInstance) -> list[Any]:
    """What each was answered. The processes are copies of this one, with database connections of their own."""
    copies = multiprocessing.get_context("fork")
    all_here, answers = copies.Barrier(PROCESSES), copies.Queue()
    connections.close_all()
    processes = [copies.Process(target=call, args=(instance.pk, all_here, answers)) for _ in range(PROCESSES)]
    for process in processes:
        process.start()
    found = [answers.get(timeout=PATIENCE_S) for _ in processes]
    for process in processes:
        process.join(PATIENCE_S)
    return found


def test_many_processes_use_each_refresh_token_once_and_all_go_on(vendor: Vendor, instance: AppInstance) -> None:
    grant = Grant(instance.pk)
    vendor.answer = grant
    for rotation in range(1, ROTATIONS + 1):
        grant.expire()
        assert call_from_many_processes(instance) == [{"ok": True}] * PROCESSES
        assert grant.rotations == rotation
    assert grant.is_alive
    assert grant.most_at_once == 1
    assert grant.unstored == []

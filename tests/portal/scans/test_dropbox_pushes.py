"""Dropbox's webhook on the real path: the challenge, and a change that is on the pages without a scan."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.test import Client

from portal.instances.models import AppInstance
from portal.inventory.models import File
from portal.scans import inbox
from portal.scans.models import FeedState
from portal.scans.push_words import push_state
from tests.connectors.dropbox_callers import DropboxCaller, team_caller
from tests.portal.connected import connected_dropbox, read_only
from tests.portal.scans.conftest import Clock
from tests.sandbox.postman import Got
from tests.sandbox.server import Sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database]
OWNER = "wjones"


def post(url: str, headers: dict[str, str], body: bytes) -> int:
    """Dropbox calls the portal."""
    named = {name: value for name, value in headers.items() if name.lower() != "content-type"}
    return Client().post(urlsplit(url).path, body, content_type=headers["Content-Type"], headers=named).status_code


def get(url: str) -> Got:
    parts = urlsplit(url)
    answer = Client().get(f"{parts.path}?{parts.query}")
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Got(answer.status_code, headers, answer.content)


@pytest.fixture
def owner(sandbox: Sandbox) -> DropboxCaller:
    """Of the one namespace that is there."""
    sandbox.dropbox.deliver, sandbox.dropbox.ask, sandbox.dropbox.sends_at_once = post, get, False
    state = sandbox.dropbox.state
    for namespace in state.namespaces.values():
        namespace.status = "active" if namespace.id == state.member(OWNER).home_id else "archived"
    return team_caller(sandbox).as_user(OWNER)


@pytest.fixture
def instance(sandbox: Sandbox, owner: DropboxCaller, run_tasks: Callable[..., int]) -> AppInstance:
    """Connected, its files read once, and the webhook entered in the App Console."""
    found = connected_dropbox(sandbox)
    FeedState.objects.get_or_create(instance=found, feed="files", defaults={"position": 9})
    read_only(found, "files")
    assert sandbox.dropbox.add_webhook(inbox.address(inbox.ensure(found))) == ""
    return found


def test_a_change_is_here_without_a_scan_and_a_deleted_folder_takes_what_was_in_it_along(
    instance: AppInstance, sandbox: Sandbox, owner: DropboxCaller, run_tasks: Callable[..., int], clock: Clock
) -> None:
    state = push_state(instance)
    assert state is not None
    assert (state.word, state.tone) == ("Set up by hand", "info")
    key = File.objects.get(instance_id=instance.pk, path="/Keys/id_rsa")
    assert key.exposure == "public"
    uploaded = owner.upload({"path": "/new.txt"}, b"news").json()
    owner.ok("files/delete_v2", {"path": "/Keys"})
    sandbox.dropbox.send()
    run_tasks()
    new = File.objects.get(instance_id=instance.pk, vendor_id=uploaded["id"])
    assert (new.path, new.gone_at) == ("/new.txt", None)
    now = push_state(instance)
    assert now is not None
    assert (now.word, now.accepted) == ("Changes come at once", 1)
    clock.wait(minutes=6)
    read_only(instance, "files")
    key.refresh_from_db()
    assert (key.is_trashed, key.gone_at, key.exposure) == (True, None, "private")
    assert File.objects.get(instance_id=instance.pk, path="/Keys").gone_at is not None


def test_a_delivery_that_somebody_else_signed_is_refused(instance: AppInstance, sandbox: Sandbox) -> None:
    headers = {"X-Dropbox-Signature": "00", "Content-Type": "application/json"}
    assert post(sandbox.dropbox.state.application.webhooks[0], headers, b"{}") == 403

"""GitHub's people on the real path: read by a scan, shown on the pages."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from portal.instances.models import AppInstance
from portal.inventory.models import Account
from portal.people.roles import Role
from portal.scans import service
from tests.portal.connected import connected_github
from tests.portal.web.visitor import client_of, person, text_of
from tests.sandbox.server import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)
RunTasks = Callable[..., int]


@pytest.fixture
def instance(sandbox: Sandbox, run_tasks: RunTasks) -> AppInstance:
    """Connected and read once."""
    found = connected_github(sandbox)
    service.begin(found)
    run_tasks()
    return found


@pytest.fixture
def reader(instance: AppInstance) -> Client:
    return client_of(person(Role.SECURITY_READER))


def drawer(reader: Client, account: Account) -> str:
    return text_of(reader.get(reverse("account_detail", args=[account.pk])))


def test_who_is_blocked_and_whose_invitation_expired_stand_in_the_list_with_their_status(reader: Client) -> None:
    for status, login, words in (
        ("blocked", "crypto-faucet-9000", "Blocked"), ("expired", "fab-newhire", "Invitation expired"),
    ):
        page = text_of(reader.get("/accounts/", {"status": status}))
        assert login in page
        assert words in page
        assert words in drawer(reader, Account.objects.get(username=login))

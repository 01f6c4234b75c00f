"""GitHub's people on the real path: read by a scan, shown on the pages."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from portal.instances.models import AppInstance
from portal.inventory.models import Account, Group
from portal.people.roles import Role
from portal.scans import service
from tests.portal.connected import connected_github
from tests.portal.web.visitor import client_of, person, text_of
from tests.sandbox.github import SERVICE_OWNER, managed_users
from tests.sandbox.github.seed_apps import ENTERPRISE
from tests.sandbox.server import Sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database]
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


def test_what_the_identity_provider_calls_people_is_found_and_told(reader: Client) -> None:
    """Also of whom it alone knows yet."""
    assert "Léa Joiner" in text_of(reader.get("/accounts/", {"q": "c1099"}))
    late = drawer(reader, Account.objects.get(username="late.joiner@contoso.example"))
    assert "SCIM external id C1099 at https://sts.contoso.example/contoso-dev" in late
    assert "Cancel the invitation" not in late
    member = drawer(reader, Account.objects.get(username="nguyenta"))
    assert "SAML name id nguyenta@contoso.example" in member
    assert "Weak such as text messages" in member


def test_an_enterprise_that_manages_its_users_shows_its_administrators_and_the_groups_of_its_directory(
    sandbox: Sandbox, run_tasks: RunTasks
) -> None:
    state = sandbox.github.state
    managed_users.begin(state, state.enterprises[ENTERPRISE])
    owner = f"{SERVICE_OWNER}_{managed_users.SHORT_CODE}"
    service.begin(connected_github(sandbox, login=owner, enterprise=ENTERPRISE))
    run_tasks()
    reader = client_of(person(Role.SECURITY_READER))

    listed = text_of(reader.get("/groups/", {"q": "platform"}))
    assert "Platform Engineers" in listed
    assert "identity provider group" in listed
    group, team = Group.objects.get(name="Platform Engineers"), Group.objects.get(name="Platform")
    assert "Anjali Singh" in text_of(reader.get(reverse("group_detail", args=[group.pk])))
    assert "Platform Engineers" in text_of(reader.get(reverse("group_detail", args=[team.pk])))
    left = drawer(reader, Account.objects.get(username="tvolkov"))
    assert "Enterprise owner on contoso" in left
    member = drawer(reader, Account.objects.get(username="asingh_ctso"))
    assert "security_manager on contoso" in member
    assert "SAML name id asingh@contoso.example at https://sts.contoso.example/enterprise" in member
    team = Group.objects.get(vendor_id="enterprise_team:8100204")
    assert "Data Platform" in text_of(reader.get(reverse("group_detail", args=[team.pk])))

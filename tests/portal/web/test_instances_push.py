"""What the page of a connected app says of pushes."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from pytest_django import Settings

from portal.instances.models import AppInstance, State
from portal.instances.vault import InstanceVault
from portal.people.roles import Role
from portal.scans import inbox, subscriptions
from portal.scans.models import Inbox, Subscription
from tests.portal.scans.example import connector
from tests.portal.scans.pushing import Registrar, pushing
from tests.portal.web.visitor import client_of, person, text_of
from tests.tasks import run_tasks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database]


@pytest.fixture
def registrar() -> Registrar:
    return Registrar()


@pytest.fixture
def instance(declare: Callable[..., None], registrar: Registrar, settings: Settings) -> AppInstance:
    declare(pushing(registrar))
    settings.SANDBOX = True
    made = AppInstance.objects.create(
        app_id="example", name="Contoso", method_id="token", state=State.CONNECTED, tenant_id="1",
        config={"tenant": "Contoso"},
    )
    InstanceVault(made.pk).write_fields({"token": "t"})
    return made


def page_of(instance: AppInstance, role: Role = Role.GLOBAL_ADMIN) -> str:
    return text_of(client_of(person(role)).get(reverse("instance_detail", args=[instance.pk])))


def test_registered_and_nothing_come_yet(instance: AppInstance) -> None:
    subscriptions.put_in_queue(instance)
    run_tasks()
    words = page_of(instance)
    assert "Example will send changes at once; none has come yet." in words
    assert inbox.address(Inbox.objects.get(pk=instance.pk)) in words


def test_who_may_not_connect_does_not_see_the_address(instance: AppInstance) -> None:
    subscriptions.put_in_queue(instance)
    run_tasks()
    words = page_of(instance, Role.SECURITY_READER)
    assert "Changes at once" in words
    assert "/hooks/" not in words


def test_deliveries_that_came_and_those_refused_are_counted(instance: AppInstance) -> None:
    place = inbox.ensure(instance)
    Subscription.objects.create(instance=instance, vendor_id="r1", made_at=instance.created_at)
    Inbox.objects.filter(pk=place.pk).update(accepted=1234, refused=5)
    words = page_of(instance)
    assert "Example sends changes as they happen." in words
    assert "1,234" in words
    assert "5, as their sender was not proven" in words


def test_without_a_public_address_the_page_says_how_to_get_one(instance: AppInstance, settings: Settings) -> None:
    settings.SANDBOX = False
    words = page_of(instance)
    assert "Example cannot reach this portal, which has no public address with https." in words
    assert "Set the public address in Settings, General" in words


def test_a_refusal_of_the_vendor_is_told(instance: AppInstance, registrar: Registrar) -> None:
    registrar.is_refusing = True
    subscriptions.put_in_queue(instance)
    run_tasks()
    words = page_of(instance)
    assert "The app does not let Gatehouse register." in words
    assert "Grant the right to register." in words


def test_an_app_that_pushes_nothing_says_nothing(instance: AppInstance, declare: Callable[..., None]) -> None:
    declare(connector())
    assert "Changes at once" not in page_of(instance)

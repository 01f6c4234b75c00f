"""Push registrations: made, renewed, made anew, compared, and taken back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from pytest_django import Settings

from portal.instances.models import AppInstance
from portal.people.models import User
from portal.preferences import preferences
from portal.scans import inbox, service
from portal.scans.models import Disconnection, Inbox, Subscription
from tests.portal.scans.conftest import Clock
from tests.portal.scans.pushing import Registrar, pushing, with_topics
from tests.tasks import run_tasks

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def registrar() -> Registrar:
    return Registrar()


@pytest.fixture
def instance(
    connect: Callable[..., AppInstance], declare: Callable[..., None], registrar: Registrar
) -> AppInstance:
    found = connect()
    declare(pushing(registrar))
    return found


def begin(instance: AppInstance) -> None:
    service.begin(instance)
    run_tasks()


def test_connecting_registers_once_with_the_instances_own_address(instance: AppInstance, registrar: Registrar) -> None:
    begin(instance)
    begin(instance)
    place = Inbox.objects.get(pk=instance.pk)
    assert registrar.live == {"r1": (inbox.address(place), inbox.read(place)["secret"])}
    assert Subscription.objects.get().vendor_id == "r1"


def test_the_registrations_own_secret_is_kept_sealed(instance: AppInstance) -> None:
    begin(instance)
    place = Inbox.objects.get(pk=instance.pk)
    assert "secret-of-r1" in inbox.signing_secrets(place)
    assert "secret-of" not in str(Subscription.objects.values().get())


def test_without_a_public_address_nothing_is_registered(
    instance: AppInstance, registrar: Registrar, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "is_reachable", lambda: False)
    begin(instance)
    assert registrar.made == 0


@pytest.mark.parametrize(
    ("address", "is_reachable"),
    [("https://gatehouse.example.com", True), ("http://localhost:8800", False), ("https://localhost", False)],
)
def test_vendors_reach_a_public_https_address_alone(
    db: None, settings: Settings, address: str, is_reachable: bool
) -> None:
    settings.SANDBOX = False
    settings.ALLOWED_HOSTS = ["gatehouse.example.com", "localhost"]
    preferences.keep({"public_url": address})
    assert inbox.is_reachable() is is_reachable


def test_it_is_renewed_before_it_ends(instance: AppInstance, registrar: Registrar, clock: Clock) -> None:
    begin(instance)
    clock.wait_and_work(days=1)
    assert registrar.renewed == []
    clock.wait_and_work(days=1, hours=2)
    assert registrar.renewed == ["r1"]
    assert Subscription.objects.get().expires_at > clock.now() + timedelta(days=2, hours=23)  # type: ignore[operator]


def test_one_that_the_vendor_dropped_is_made_anew(instance: AppInstance, registrar: Registrar, clock: Clock) -> None:
    begin(instance)
    registrar.live.clear()
    clock.wait_and_work(days=2, hours=2)
    assert list(registrar.live) == ["r2"]
    assert [row.vendor_id for row in Subscription.objects.all()] == ["r2"]
    assert "secret-of-r1" not in inbox.signing_secrets(Inbox.objects.get(pk=instance.pk))


def test_a_refusal_is_told_and_tried_again(instance: AppInstance, registrar: Registrar, clock: Clock) -> None:
    registrar.is_refusing = True
    begin(instance)
    place = Inbox.objects.get(pk=instance.pk)
    assert place.problem == "The app does not let Gatehouse register."
    assert place.remedy == "Grant the right to register."
    registrar.is_refusing = False
    clock.wait_and_work(minutes=11)
    place.refresh_from_db()
    assert (place.problem, registrar.made) == ("", 1)


def test_topics_come_and_go(
    connect: Callable[..., AppInstance], declare: Callable[..., None], registrar: Registrar, clock: Clock
) -> None:
    found = connect()
    registrar.topics = ["drive a", "drive b"]
    declare(with_topics(registrar))
    begin(found)
    assert {row.topic for row in Subscription.objects.all()} == {"drive a", "drive b"}
    registrar.topics = ["drive b", "drive c"]
    clock.wait_and_work(hours=1, minutes=1)
    assert {row.topic for row in Subscription.objects.all()} == {"drive b", "drive c"}
    assert registrar.removed == ["r1"]


def test_two_workers_at_once_register_once(instance: AppInstance, registrar: Registrar) -> None:
    from portal.scans import subscriptions

    place = inbox.ensure(instance)
    stale = Inbox.objects.get(pk=place.pk)
    assert subscriptions._take_turn(Inbox.objects.get(pk=place.pk))
    assert not subscriptions._take_turn(stale)


def test_disconnecting_takes_the_registration_back_first(
    instance: AppInstance, registrar: Registrar, admin: User
) -> None:
    begin(instance)
    service.disconnect(admin, instance, delete_data=False)
    run_tasks()
    assert registrar.removed == ["r1"]
    assert not Subscription.objects.exists()
    assert not Inbox.objects.filter(pk=instance.pk).exists()
    assert Disconnection.objects.get(pk=instance.pk).vendor_problem == ""

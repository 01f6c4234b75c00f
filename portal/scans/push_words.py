"""How an instance's pushes stand, in words."""

from dataclasses import dataclass
from datetime import datetime

from portal.instances.clients import connector_of
from portal.instances.models import AppInstance, State
from portal.scans import inbox
from portal.scans.models import Delivery, DeliveryState, Inbox, Subscription
from portal.vault.seal import VaultError


@dataclass(frozen=True, slots=True)
class PushState:
    """`tone`: ok, run, warn or info. `address` is empty where it cannot be read; whoever has it may send deliveries,
    though none without the right signature is kept."""

    word: str
    tone: str
    sentence: str
    remedy: str
    address: str
    registrations: int
    accepted: int
    refused: int
    failed: int
    last_accepted_at: datetime | None
    last_refused_at: datetime | None


def push_state(instance: AppInstance) -> PushState | None:
    """None for an app that pushes nothing, and for an instance that is not connected."""
    connector = connector_of(instance)
    if connector.webhook is None or instance.state not in (State.CONNECTED, State.ATTENTION, State.PAUSED):
        return None
    place = inbox.rows().filter(pk=instance.pk).first()
    registrations = Subscription.objects.filter(instance=instance).count()
    failed = Delivery.objects.filter(instance=instance, state=DeliveryState.FAILED)[:1000].count()
    by_hand = connector.webhook.subscribe is None and connector.webhook.subscribe_topic is None
    word, tone, sentence, remedy = _standing(connector.name, place, registrations, by_hand)
    return PushState(
        word, tone, sentence, remedy, _address(place), registrations,
        accepted=place.accepted if place else 0,
        refused=place.refused if place else 0,
        failed=failed,
        last_accepted_at=place.last_accepted_at if place else None,
        last_refused_at=place.last_refused_at if place else None,
    )


def _standing(app: str, place: Inbox | None, registrations: int, by_hand: bool) -> tuple[str, str, str, str]:
    """`by_hand`: the app has no way to be asked; an admin enters the address there."""
    if not inbox.is_reachable():
        return (
            "Reading by the clock", "info",
            f"{app} cannot reach this portal, which has no public address with https. Changes are found when the "
            "feeds are read, as often as their table says.",
            "Set the public address in Settings, General: then changes come at once.",
        )
    if place is not None and place.problem:
        return "Needs attention", "warn", f"{place.problem} Until then feeds are read by the clock.", place.remedy
    if by_hand and (place is None or not place.accepted):
        return (
            "Set up by hand", "info",
            f"No change was sent yet. {app} sends changes at once when an admin enters the address below there.",
            "The set-up guide says where.",
        )
    if place is None or (not registrations and not place.accepted):
        return "Registering", "run", f"Gatehouse is about to ask {app} to send changes.", ""
    if not place.accepted:
        return "Registered", "ok", f"{app} will send changes at once; none has come yet.", ""
    return "Changes come at once", "ok", f"{app} sends changes as they happen.", ""


def _address(place: Inbox | None) -> str:
    try:
        return inbox.address(place) if place else ""
    except VaultError:
        return ""

"""Push registrations at the vendor: made after connecting, renewed before they end, made anew when they are gone.

Without a public address nothing is registered, and feeds are read by their own clock alone.
"""

import logging
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from connectors.base import Client, ConnectorError, Registration, TargetGone, Webhook
from portal.instances.clients import client_for, connector_of
from portal.instances.models import AppInstance, State
from portal.queue import enqueue
from portal.scans import inbox
from portal.scans.models import Inbox, Subscription
from portal.scans.plan import is_readable
from portal.vault.seal import VaultError

logger = logging.getLogger(__name__)

TOPICS_EVERY = timedelta(hours=1)
AFTER_TROUBLE = timedelta(minutes=10)
EARLIEST, LATEST = timedelta(minutes=5), timedelta(days=1)
"""A registration is renewed when a third of its life is left, but never later than the first before its end and never
earlier than the second."""


def put_in_queue(instance: AppInstance) -> None:
    """Look after the registrations of an instance soon. Harmless as often as one likes."""
    webhook = connector_of(instance).webhook
    if webhook is not None:
        place = inbox.ensure(instance)
        if inbox.is_reachable() and (webhook.subscribe or webhook.subscribe_topic):
            enqueue(look_after, place.pk)


def look_after_due() -> None:
    """Each minute: instances whose registrations are missing, about to end, or not compared for an hour."""
    if not inbox.is_reachable():
        return
    now = timezone.now()
    for instance in AppInstance.objects.filter(state=State.CONNECTED).order_by("pk"):
        if is_readable(instance) and connector_of(instance).webhook is not None and _is_due(instance, now):
            put_in_queue(instance)


def look_after(instance_id: int) -> None:
    """The task: compare what is registered with what should be."""
    place = inbox.rows().select_related("instance").filter(pk=instance_id).first()
    if place is None or not is_readable(place.instance) or not _take_turn(place):
        return
    webhook = connector_of(place.instance).webhook
    if webhook is None:
        return
    try:
        client = client_for(place.instance)
        _renew(place, webhook, client, _ending(place, timezone.now()))
        _register_missing(place, webhook, client)
    except ConnectorError as error:
        _note(place, error.code, f"{error.message} {error.why}".strip(), error.remedy)
    except VaultError as error:
        _note(place, "unreadable", str(error), "Reconnect the instance.")
    else:
        _note(place, "", "", "")


def renew_now(instance: AppInstance, vendor_ids: Iterable[str]) -> None:
    """The vendor said that these are about to end, or have ended."""
    rows = Subscription.objects.filter(instance=instance, vendor_id__in=list(vendor_ids))
    if rows.update(expires_at=timezone.now(), next_try_at=None):
        Inbox.objects.filter(pk=instance.pk).update(topics_at=None)
        put_in_queue(instance)


def end_all(instance: AppInstance) -> str:
    """Take all registrations back at the vendor, before the credentials go. What it refused, as a sentence."""
    webhook, problem = connector_of(instance).webhook, ""
    for row in Subscription.objects.filter(instance=instance):
        try:
            if webhook is not None and webhook.unsubscribe is not None:
                webhook.unsubscribe(client_for(instance), _registration(row, inbox.ensure(instance)))
        except TargetGone:
            logger.info("subscription %s was gone already", row.pk)
        except (ConnectorError, VaultError) as error:
            problem = str(error)
        row.delete()
    return problem


def _is_due(instance: AppInstance, now: datetime) -> bool:
    place = inbox.ensure(instance)
    wait = AFTER_TROUBLE if place.problem_code else TOPICS_EVERY
    is_compared = place.topics_at is not None and place.topics_at > now - wait
    return not is_compared or bool(_ending(place, now))


def _take_turn(place: Inbox) -> bool:
    """One worker at a time compares; who comes a moment later has nothing to do."""
    now = timezone.now()
    seen = Inbox.objects.filter(pk=place.pk, topics_at=place.topics_at)
    return bool(seen.update(topics_at=now + timedelta(microseconds=secrets.randbelow(1000))))


def _ending(place: Inbox, now: datetime) -> list[Subscription]:
    rows = Subscription.objects.filter(instance_id=place.pk, expires_at__lt=now + LATEST)
    return [row for row in rows if _renewal_at(row) <= now and (row.next_try_at is None or row.next_try_at <= now)]


def _renewal_at(row: Subscription) -> datetime:
    assert row.expires_at is not None  # noqa: S101  for the type checker; the query has looked
    life = row.expires_at - (row.renewed_at or row.made_at)
    return row.expires_at - min(max(life / 3, EARLIEST), LATEST)


def _renew(place: Inbox, webhook: Webhook, client: Client, rows: Iterable[Subscription]) -> None:
    """A registration that cannot be renewed is forgotten, and then made anew as a missing one."""
    if webhook.renew is None:
        for row in rows:
            row.delete()
        return
    for row in rows:
        try:
            renewed = webhook.renew(client, _registration(row, place), inbox.address(place))
        except TargetGone:
            inbox.change_registrations(place, remove=row.vendor_id)
            row.delete()
            continue
        except ConnectorError:
            Subscription.objects.filter(pk=row.pk).update(next_try_at=timezone.now() + AFTER_TROUBLE)
            raise
        _keep(place, renewed, was=row)


def _register_missing(place: Inbox, webhook: Webhook, client: Client) -> None:
    known = {row.topic: row for row in Subscription.objects.filter(instance_id=place.pk)}
    address, secret = inbox.address(place), inbox.read(place)["secret"]
    if webhook.topics is not None and webhook.subscribe_topic is not None:
        topics = set(webhook.topics(client))
        for topic in sorted(topics - known.keys()):
            _keep(place, webhook.subscribe_topic(client, topic, address, secret))
        for topic in sorted(known.keys() - topics):
            _take_back(place, webhook, client, known[topic])
    elif webhook.subscribe is not None and not known:
        for made in webhook.subscribe(client, address, secret):
            _keep(place, made)


def _take_back(place: Inbox, webhook: Webhook, client: Client, row: Subscription) -> None:
    if webhook.unsubscribe is not None:
        try:
            webhook.unsubscribe(client, _registration(row, place))
        except TargetGone:
            logger.info("subscription %s was gone already", row.pk)
    inbox.change_registrations(place, remove=row.vendor_id)
    row.delete()


def _keep(place: Inbox, made: Registration, was: Subscription | None = None) -> None:
    now = timezone.now()
    with transaction.atomic():
        if was is not None and was.vendor_id != made.id:
            was.delete()
        Subscription.objects.update_or_create(
            instance_id=place.pk,
            vendor_id=made.id,
            defaults={
                "topic": made.topic, "memo": dict(made.memo), "expires_at": made.expires_at, "renewed_at": now,
                "next_try_at": None,
            },
            create_defaults={
                "topic": made.topic, "memo": dict(made.memo), "expires_at": made.expires_at, "made_at": now,
            },
        )
        if made.secret:
            inbox.change_registrations(place, add={made.id: made.secret})


def _registration(row: Subscription, place: Inbox) -> Registration:
    secret = inbox.read(place)["registrations"].get(row.vendor_id, "")
    return Registration(row.vendor_id, row.topic, secret, row.expires_at, row.memo)


def _note(place: Inbox, code: str, problem: str, remedy: str) -> None:
    if problem:
        logger.warning("registering pushes of instance %s: %s", place.pk, problem)
    Inbox.objects.filter(pk=place.pk).update(problem_code=code, problem=problem, remedy=remedy)

"""Pushes: verified and kept while the vendor waits, worked off in a job.

    accept      one call of a vendor: its sender is proven, it is kept as it came, a job is due
    work_off    the job: what the kept deliveries say is written, and what they point at is read

A burst ends in few reads: all that wait are looked at together, and what many of them point at is read once.
"""

import hashlib
import logging
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import OperationalError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from connectors.base import Activity, ChallengeAnswer, ConnectorError, ReadNow, Record, RenewNow, Webhook, redaction
from connectors.base import Delivery as Sent
from portal.instances.clients import client_for, connector_of
from portal.instances.models import AppInstance, State
from portal.inventory import store
from portal.inventory.homes import homes
from portal.leases import MOST_CRASHES, Held, LeaseLost, forget_lost_tickets, put_back_if_busy, reserve, take
from portal.queue import enqueue
from portal.scans import inbox, runs, subscriptions, wanted
from portal.scans.models import Delivery, DeliveryState, Inbox
from portal.scans.plan import is_readable
from portal.scans.runner import dispatch
from portal.vault.seal import VaultError

logger = logging.getLogger(__name__)

AT_ONCE = 500
FEW = 20
"""Are worked off one by one in a task, after a worker died over some of them."""
MOST_SINGLE_READS = 50
"""Where more records of one feed changed at once, the feed is read instead."""
KEPT = timedelta(days=7)
FORGOTTEN_AT_ONCE = 5_000
LISTENING = (State.CONNECTED, State.ATTENTION, State.PAUSED)
SHORTEST_SECRET = 16
"""Letters. What is shorter might be an ordinary word of the body."""
UNKEPT_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization"})


@dataclass(frozen=True, slots=True)
class Reply:
    """What the vendor is answered."""

    status: int
    body: str = ""
    content_type: str = "text/plain"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Hints:
    """What a batch of deliveries says: records, feeds to read, single records to read, registrations to renew."""

    records: list[Record] = field(default_factory=list)
    feeds: dict[tuple[str, str], None] = field(default_factory=dict)
    singles: dict[tuple[str, str], dict[str, None]] = field(default_factory=dict)
    renewals: dict[str, None] = field(default_factory=dict)

    def add(self, hint: Record | ReadNow | RenewNow) -> None:
        if isinstance(hint, RenewNow):
            self.renewals[hint.registration_id] = None
        elif not isinstance(hint, ReadNow):
            self.records.append(hint)
        elif hint.record_id:
            self.singles.setdefault((hint.feed, hint.partition), {})[hint.record_id] = None
        else:
            self.feeds[hint.feed, hint.partition] = None


# --- while the vendor waits -----------------------------------------------------------------------------------------


def find(token: str) -> Inbox | None:
    """The inbox that listens at this address; None where there is none, or its instance is disconnected."""
    found = inbox.find(token)
    return found if found is not None and found.instance.state in LISTENING and _webhook(found) else None


def accept(place: Inbox, sent: Sent) -> Reply:
    """Keep a genuine delivery, answer a challenge, refuse the rest with 403."""
    webhook = _webhook(place)
    if webhook is None:
        return Reply(404)
    try:
        known = inbox.signing_secrets(place)
    except (VaultError, ConnectorError):
        logger.error("the secrets of the inbox of instance %s cannot be read", place.pk)
        return Reply(503)
    challenge = webhook.challenge(sent, known) if webhook.challenge else None
    if challenge is not None:
        return _answer(challenge)
    if not webhook.verify(sent, known):
        Inbox.objects.filter(pk=place.pk).update(refused=F("refused") + 1, last_refused_at=sent.received_at)
        logger.warning("a delivery to instance %s was refused: its sender is not proven", place.pk)
        return Reply(403)
    _keep(place, sent, webhook.delivery_id(sent) or _digest(sent), _without(sent.body, known))
    return Reply(200)


def _keep(place: Inbox, sent: Sent, delivery_id: str, body: bytes) -> None:
    row = Delivery(
        instance_id=place.pk,
        vendor_id=delivery_id if len(delivery_id) <= 255 else hashlib.sha256(delivery_id.encode()).hexdigest(),
        received_at=sent.received_at,
        method=sent.method,
        headers={name: value for name, value in sent.headers.items() if name not in UNKEPT_HEADERS},
        query=dict(sent.query),
        body=body,
    )
    with transaction.atomic():
        Delivery.objects.bulk_create([row], ignore_conflicts=True)
        Inbox.objects.filter(pk=place.pk).update(accepted=F("accepted") + 1, last_accepted_at=sent.received_at)
        put_in_queue(place.pk)


def _without(body: bytes, known: Iterable[str]) -> bytes:
    """Some vendors say the secret itself again with each push. It belongs in the vault alone, and has done its work."""
    for secret in known:
        if len(secret) >= SHORTEST_SECRET:
            body = body.replace(secret.encode(), redaction.MASK.encode())
    return body


def _webhook(place: Inbox) -> Webhook | None:
    try:
        return connector_of(place.instance).webhook
    except KeyError:
        return None


def _answer(challenge: ChallengeAnswer) -> Reply:
    return Reply(200, challenge.body, challenge.content_type, challenge.headers)


def _digest(sent: Sent) -> str:
    """For vendors that do not number their deliveries. The time is in it: two equal ones may mean two changes."""
    return hashlib.sha256(sent.received_at.isoformat().encode() + sent.body).hexdigest()


# --- the job --------------------------------------------------------------------------------------------------------


def put_in_queue(instance_id: int) -> None:
    """A task for what waits, unless one runs or is queued: that one takes this with it."""
    ticket = reserve(Inbox.objects.filter(pk=instance_id))
    if ticket:
        enqueue(work_off, instance_id, ticket, cluster="actions")


def revive() -> None:
    """Each minute: deliveries whose task was lost, and none that are older than they are kept."""
    forget_lost_tickets(Inbox.objects.all(), "actions")
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING, instance__state=State.CONNECTED)
    for instance_id in waiting.values_list("instance_id", flat=True).distinct():
        with transaction.atomic():
            put_in_queue(instance_id)
    old = Delivery.objects.filter(received_at__lt=timezone.now() - KEPT).order_by("received_at")
    Delivery.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE])).delete()


def work_off(instance_id: int, ticket: str) -> None:
    """The task. A doubled one finds its ticket used and leaves; a worker that died is followed by another."""
    held = take(Inbox.objects.select_related("instance").filter(pk=instance_id), ticket)
    if held is None:
        return
    try:
        with put_back_if_busy(held):
            _go_on(held)
    except LeaseLost:
        logger.warning("the deliveries of instance %s were taken over by another worker", instance_id)


def _go_on(held: Held[Inbox]) -> None:
    instance = held.row.instance
    is_more = is_readable(instance) and _work_off_some(held)
    with transaction.atomic():
        held.release()
        # Looked at after giving up the lease: what came meanwhile found it taken and enqueued nothing.
        if is_more or (is_readable(instance) and _waiting(instance).exists()):
            put_in_queue(instance.pk)


def _work_off_some(held: Held[Inbox]) -> bool:
    """A batch of what waits, oldest first. Whether it was a full one."""
    instance = held.row.instance
    rows = list(_waiting(instance).order_by("id")[:AT_ONCE])
    if not rows:
        return False
    if any(row.tries for row in rows):
        _one_by_one(held, rows[:FEW])
        return False
    _work_off(instance, rows)
    return len(rows) == AT_ONCE


def _one_by_one(held: Held[Inbox], rows: Iterable[Delivery]) -> None:
    """After a worker died over some of them: the one that kills every worker is found and set aside."""
    for row in rows:
        if row.tries < MOST_CRASHES:
            _work_off(held.row.instance, [row])
        else:
            logger.error("delivery %s killed %s workers and is set aside", row.pk, MOST_CRASHES)
            words = f"The worker that worked it off died {MOST_CRASHES} times in a row, so it was set aside."
            Delivery.objects.filter(pk=row.pk).update(
                state=DeliveryState.FAILED, done_at=timezone.now(), problem=words
            )
        held.write()


def _work_off(instance: AppInstance, rows: Sequence[Delivery]) -> None:
    # Noted before anything else, as a worker that dies notes nothing.
    mine = Delivery.objects.filter(pk__in=[row.pk for row in rows])
    mine.update(tries=F("tries") + 1)
    try:
        _take_in(instance, rows)
    except OperationalError:
        # The database was busy or went away, and this worker lives.
        mine.update(tries=F("tries") - 1)
        raise


def _take_in(instance: AppInstance, rows: Sequence[Delivery]) -> None:
    hints, problems = _hints_of(instance, rows)
    said = {("", ""): _untold(instance, hints.records), **_read_singles(instance, hints)}
    now, noting = timezone.now(), runs.noting_of(instance)
    with transaction.atomic():
        for place, records in said.items():
            where = homes(connector_of(instance), *place)
            store.save_outside_pass(instance.pk, records, homes=where, now=now, noting=noting)
        wanted.mark(instance, hints.feeds, now)
        for row in rows:
            problem = problems.get(row.pk, "")
            state = DeliveryState.FAILED if problem else DeliveryState.DONE
            Delivery.objects.filter(pk=row.pk).update(state=state, done_at=now, problem=problem)
        dispatch(instance)
    subscriptions.renew_now(instance, hints.renewals)


def _untold(instance: AppInstance, records: Iterable[Record]) -> list[Record]:
    """Without activities that a feed of the app tells as well, and better."""
    webhook = connector_of(instance).webhook
    told_by = webhook.stands_in_for if webhook else ""
    if not told_by or told_by in instance.unavailable:
        return list(records)
    return [each for each in records if not isinstance(each, Activity)]


def _waiting(instance: AppInstance) -> QuerySet[Delivery]:
    return Delivery.objects.filter(instance=instance, state=DeliveryState.WAITING)


def _hints_of(instance: AppInstance, rows: Iterable[Delivery]) -> tuple[Hints, dict[int, str]]:
    """What they all say together, and the sentences for those that could not be understood."""
    webhook = connector_of(instance).webhook
    hints, problems = Hints(), {}
    for row in rows:
        sent = Sent(row.method, row.headers, row.query, bytes(row.body), row.received_at)
        try:
            found = list(webhook.hints(sent)) if webhook else []
        except ConnectorError as error:
            problems[row.pk] = str(error)
        except Exception as error:
            reference = secrets.token_hex(4)
            trace = error if _knows_secrets(instance) else None
            logger.error("delivery %s broke, reference %s: %s", row.pk, reference, type(error).__name__, exc_info=trace)
            problems[row.pk] = f"Gatehouse made a mistake while reading this delivery (reference {reference})."
        else:
            for hint in found:
                hints.add(hint)
    return hints, problems


def _knows_secrets(instance: AppInstance) -> bool:
    """Whether the log would leave out the secrets of pushes: those that this process has read. Some vendors send them
    along with each push, and an error's text may quote what was sent."""
    try:
        inbox.signing_secrets(Inbox.objects.select_related("instance").get(pk=instance.pk))
    except (VaultError, ConnectorError):
        return False
    return True


def _read_singles(instance: AppInstance, hints: Hints) -> dict[tuple[str, str], list[Record]]:
    """Read the records that were named, by feed and partition. Where that is not possible now, or they are many, their
    feed is read."""
    connector, client = connector_of(instance), client_for(instance)
    found: dict[tuple[str, str], list[Record]] = {}
    for (name, partition), ids in hints.singles.items():
        feed = connector.feed(name)
        if feed.one is None or len(ids) > MOST_SINGLE_READS or (name, partition) in hints.feeds:
            hints.feeds[name, partition] = None
            continue
        try:
            for record_id in ids:
                found.setdefault((name, partition), []).extend(feed.one(client, partition, record_id))
        except ConnectorError as error:
            logger.info("a push to instance %s: %s is read whole instead: %s", instance.pk, name, error)
            hints.feeds[name, partition] = None
    return found

"""The example app with push: signed deliveries, registrations that end, and a list of what can be registered."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from connectors.base import (
    Account,
    ChallengeAnswer,
    Client,
    Connector,
    Delivery,
    Gone,
    PermissionMissing,
    ReadNow,
    Record,
    Registration,
    RenewNow,
    TargetGone,
    Webhook,
)
from tests.portal.scans import example

LIFE = timedelta(days=3)


@dataclass
class Registrar:
    """The vendor's side of registering."""

    live: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Registration id to (callback address, secret)."""
    made: int = 0
    renewed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    is_refusing: bool = False
    topics: list[str] = field(default_factory=list)

    def subscribe(self, client: Client, address: str, secret: str) -> Iterable[Registration]:
        return [self.register(client, "", address, secret)]

    def register(self, client: Client, topic: str, address: str, secret: str) -> Registration:
        if self.is_refusing:
            raise PermissionMissing("The app does not let Gatehouse register.", remedy="Grant the right to register.")
        self.made += 1
        name = f"r{self.made}"
        self.live[name] = (address, secret)
        return Registration(name, topic, f"secret-of-{name}", client.now() + LIFE)

    def renew(self, client: Client, registration: Registration, address: str) -> Registration:
        if registration.id not in self.live:
            raise TargetGone("There is no such registration.")
        assert registration.secret == f"secret-of-{registration.id}"
        self.renewed.append(registration.id)
        return replace(registration, expires_at=client.now() + LIFE)

    def unsubscribe(self, client: Client, registration: Registration) -> None:
        if self.live.pop(registration.id, None) is None:
            raise TargetGone("There is no such registration.")
        self.removed.append(registration.id)


def signature(body: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def verify(delivery: Delivery, secrets: tuple[str, ...]) -> bool:
    given = delivery.headers.get("x-signature", "")
    return any(hmac.compare_digest(given, signature(delivery.body, secret)) for secret in secrets)


def challenge(delivery: Delivery, secrets: tuple[str, ...]) -> ChallengeAnswer | None:
    asked = delivery.query.get("challenge")
    return ChallengeAnswer(asked, headers={"X-Echo": "yes"}) if asked and delivery.method == "GET" else None


def hints(delivery: Delivery) -> Iterator[Record | ReadNow | RenewNow]:
    """{"account": name} is the whole record, {"read": feed, "partition", "id"}, {"renew": id}, or nonsense."""
    said: dict[str, Any] = json.loads(delivery.body)
    if "account" in said:
        yield Account(id=f"u{said['account']}", name=said["account"])
    if "read" in said:
        yield ReadNow(said["read"], said.get("partition", ""), said.get("id", ""))
    if "renew" in said:
        yield RenewNow(said["renew"])


def one_account(client: Client, partition: str, record_id: str) -> Iterable[Record]:
    known = client.get("/accounts", params={"page": 0}).json()
    assert known["count"] >= 0
    if record_id == "ughost":
        return [Gone(Account, record_id)]
    return [Account(id=record_id, name=f"{record_id} read alone")]


def pushing(registrar: Registrar, **declared: Any) -> Connector:
    webhook = Webhook(
        verify=verify, hints=hints, delivery_id=lambda delivery: delivery.headers.get("x-delivery", ""),
        subscribe=registrar.subscribe, renew=registrar.renew, unsubscribe=registrar.unsubscribe, challenge=challenge,
    )
    feeds = (replace(example.accounts, one=one_account), example.teams, example.events, example.labels)
    return example.connector(**{"webhook": webhook, "feeds": feeds, **declared})


def with_topics(registrar: Registrar) -> Connector:
    plain = pushing(registrar).webhook
    assert plain is not None
    webhook = replace(
        plain, subscribe=None, topics=lambda client: registrar.topics, subscribe_topic=registrar.register
    )
    return pushing(registrar, webhook=webhook)

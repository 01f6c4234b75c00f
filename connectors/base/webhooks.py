"""Push: what a vendor sends by itself, and how to be sent it.

Receiving has three parts that never mix: `challenge` answers a vendor's proof of ownership, `verify` says whether a
delivery is genuine, `hints` says what to do about it. The portal keeps the delivery between the second and the third.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from connectors.base.records import Record

if TYPE_CHECKING:
    from connectors.base.client import Client


@dataclass(frozen=True, slots=True)
class Delivery:
    """One webhook call as it came. Header names are lower case; `query` holds single values."""

    method: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class ReadNow:
    """Read this feed at once: one partition, or with `record_id` one record of it."""

    feed: str
    partition: str = ""
    record_id: str = ""


@dataclass(frozen=True, slots=True)
class RenewNow:
    """The vendor says that a registration is about to end, or has ended: renew it, or where that fails make it anew."""

    registration_id: str


@dataclass(frozen=True, slots=True)
class ChallengeAnswer:
    body: str
    content_type: str = "text/plain"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Registration:
    """A push registration at the vendor. `secret` goes to the vault; `expires_at` None: it does not expire."""

    id: str
    topic: str
    secret: str = field(default="", repr=False)
    expires_at: datetime | None = None
    memo: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Webhook:
    """`verify(delivery, secrets)` compares in constant time and checks the vendor's replay window.

    `delivery_id` gives the vendor's id of a delivery (same value when it is sent again), '' where there is none.
    `subscribe(client, callback_url, secret)` registers all topics; `renew` and `unsubscribe` take one registration.
    The secret is kept before `subscribe` is called: some vendors deliver before they answer.

    Where a registration stands for one drive, folder or the like, `topics(client)` lists what there is to register and
    `subscribe_topic(client, topic, callback_url, secret)` registers one; topics no longer listed are unsubscribed.

    `stands_in_for`: a feed that tells the same activities better; pushed ones are kept only while it is not available.

    `secret_fields`: secret fields of the wizard that deliveries are signed with; their values are among the `secrets`
    that `verify` and `challenge` get. A delivery that is not genuine is answered with 403: to some vendors a 401 means
    that the endpoint is to be given up.
    """

    verify: Callable[[Delivery, tuple[str, ...]], bool]
    hints: Callable[[Delivery], Iterable[Record | ReadNow | RenewNow]]
    delivery_id: Callable[[Delivery], str]
    subscribe: Callable[["Client", str, str], Iterable[Registration]] | None = None
    renew: Callable[["Client", Registration, str], Registration] | None = None
    unsubscribe: Callable[["Client", Registration], None] | None = None
    challenge: Callable[[Delivery, tuple[str, ...]], ChallengeAnswer | None] | None = None
    topics: Callable[["Client"], Iterable[str]] | None = None
    subscribe_topic: Callable[["Client", str, str, str], Registration] | None = None
    stands_in_for: str = ""
    secret_fields: tuple[str, ...] = ()

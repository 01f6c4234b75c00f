"""What leaves for webhooks: repeated for four hours, with growing gaps, until the other side takes it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.sandbox.exchange import Json
from tests.sandbox.postman import Got

# URL, headers, body -> the status that came back, 0 when none did.
Deliver = Callable[[str, dict[str, str], bytes], int]
# The same, with the whole answer: for the handshake.
Ask = Callable[[str, dict[str, str], bytes], Got]

FIRST_GAP = 10.0
LONGEST = 4 * 3600.0
HEADERS = {"Content-Type": "application/json; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Sent:
    """What left for a webhook."""

    url: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Delivery:
    """`rows`: notifications of one or several subscriptions for one address."""

    url: str
    rows: list[Json]
    first_at: float
    due_at: float
    attempts: int = 0


@dataclass(slots=True)
class Outbox:
    """`given_up`: deliveries that nobody took within four hours."""

    waiting: list[Delivery] = field(default_factory=list)
    given_up: list[Delivery] = field(default_factory=list)

    def put(self, url: str, rows: list[Json], now: float) -> None:
        if rows:
            self.waiting.append(Delivery(url, rows, now, now))

    def due(self, now: float) -> list[Delivery]:
        """Taken out of the box."""
        found = [each for each in self.waiting if each.due_at <= now]
        self.waiting = [each for each in self.waiting if each.due_at > now]
        return found

    def came_back(self, delivery: Delivery, status: int, now: float) -> None:
        """Taken with any 2xx; otherwise it is tried again."""
        if 200 <= status < 300:
            return
        delivery.due_at = now + FIRST_GAP * 2**delivery.attempts
        delivery.attempts += 1
        if delivery.due_at - delivery.first_at > LONGEST:
            self.given_up.append(delivery)
        else:
            self.waiting.append(delivery)


def body_of(delivery: Delivery) -> bytes:
    return json.dumps({"value": delivery.rows}, ensure_ascii=False).encode()

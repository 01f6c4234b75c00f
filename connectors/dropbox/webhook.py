"""What Dropbox pushes: that files of these members changed, signed with the app secret. The address for it is entered
by hand in the App Console, and Dropbox proves it by a challenge.

How a notification for a team is written is known from those who read it, not from Dropbox's own text, so the ids of
members are taken from wherever they stand. It does not say what changed: the members' homes are read for that. Shared
and team folders are read by the clock.
"""

import hmac
import json
import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from connectors.base import ChallengeAnswer, Delivery, ReadNow, Record, RenewNow, Webhook

SIGNATURE = "x-dropbox-signature"
MEMBER = "dbmid:"
CHALLENGE = re.compile(r"[!-~]{1,512}")
"""Signs without a space: what somebody else asks for is not said again at any length."""


def challenge(delivery: Delivery, secrets: tuple[str, ...]) -> ChallengeAnswer | None:
    """Dropbox wants its challenge back within ten seconds, as plain text that no browser takes for something else."""
    said = delivery.query.get("challenge", "")
    if delivery.method != "GET" or not CHALLENGE.fullmatch(said):
        return None
    return ChallengeAnswer(said, headers={"X-Content-Type-Options": "nosniff"})


def verify(delivery: Delivery, secrets: tuple[str, ...]) -> bool:
    """There is no time in it: sent again, it has the same read once more."""
    given = delivery.headers.get(SIGNATURE, "").encode()
    is_signed = [hmac.compare_digest(given, signature(delivery.body, secret)) for secret in secrets]
    return delivery.method == "POST" and any(is_signed)


def signature(body: bytes, secret: str) -> bytes:
    return hmac.new(secret.encode(), body, sha256).hexdigest().encode()


def hints(delivery: Delivery) -> Iterator[Record | ReadNow | RenewNow]:
    """The homes of the members that are named; what changed there is in no log for hours."""
    for member in dict.fromkeys(_members(json.loads(delivery.body))):
        yield ReadNow("files", member)


def _members(told: Any) -> Iterator[str]:
    if isinstance(told, str):
        yield from (told,) if told.startswith(MEMBER) else ()
    elif isinstance(told, dict):
        yield from (each for part in (*told, *told.values()) for each in _members(part))
    elif isinstance(told, list):
        yield from (each for part in told for each in _members(part))


def delivery_id(delivery: Delivery) -> str:
    """Dropbox numbers none."""
    return ""


WEBHOOK = Webhook(
    verify=verify, hints=hints, delivery_id=delivery_id, challenge=challenge, secret_fields=("client_secret",)
)

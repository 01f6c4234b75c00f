"""One HTTP answer, and the general rules of what a status means. A connector's `classify` is asked first."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from connectors.base.errors import (
    BadResponse,
    Conflict,
    ConnectorError,
    CredentialsRejected,
    PermissionMissing,
    RateLimited,
    TargetGone,
    Unavailable,
)
from connectors.base.network import Headers, links, place

if TYPE_CHECKING:
    from connectors.base.connector import Connector

DEFAULT_RETRY_AFTER_S = 60.0
LONGEST_RETRY_AFTER_S = 24 * 3600.0
JSON_CAP = 16 * 1024 * 1024
"""Bytes of JSON that are parsed. Parsed they take about ten times as much memory, of which a worker has 500 MB; the
longest page a vendor's documents allow is a few megabytes."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`url` is without the query string. `body` is decompressed."""

    method: str
    url: str
    status: int
    headers: Headers = field(default_factory=Headers)
    body: bytes = field(default=b"", repr=False)

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def links(self) -> dict[str, str]:
        """The Link header: relation -> URL."""
        return links(self.headers.get("link", ""))

    @property
    def where(self) -> str:
        """For messages: the call without its host's scheme and without the query."""
        there = place(self.url)
        return f"{self.method} {there.origin}{there.path}"

    def json(self) -> Any:
        """The body as JSON. Raises BadResponse when it is not: HTML, cut off, empty, endlessly nested or too long."""
        if len(self.body) > JSON_CAP:
            raise BadResponse(
                f"The app's answer is too long to be read ({self.where}, {len(self.body):,} bytes).",
                why=f"A page of more than {JSON_CAP:,} bytes is not read at once.",
                remedy="It is tried again by itself. If it stays, report this as a fault of the connector.",
            )
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise BadResponse(
                f"The app answered something that is not JSON ({self.where}, status {self.status}).",
                why=self._why_not_json(),
                remedy="It is tried again by itself. If it stays, look at the app's status page.",
            ) from None

    def _why_not_json(self) -> str:
        if not self.body.strip():
            return "The answer is empty."
        if self.body.lstrip()[:1] == b"<":
            return "The answer is a web page, such as a sign-in or maintenance page."
        return "The answer is cut off or garbled."


def judge(connector: "Connector", answer: Answer, expect: tuple[int, ...], now: datetime) -> Answer:
    """The answer, if its status is a success or expected; else raises one of the nine errors."""
    if 200 <= answer.status < 300 or answer.status in expect:
        return answer
    raise connector.classify(answer) or general_error(connector.name, answer, now)


def general_error(name: str, answer: Answer, now: datetime) -> ConnectorError:
    """What a status means where the vendor's own reading has nothing to say."""
    status, call = answer.status, f"({answer.where}, status {answer.status})"
    if status == 401:
        return CredentialsRejected(
            f"{name} does not accept the credentials {call}.",
            why="They were revoked, have expired, or the account behind them was changed.",
            remedy="Reconnect the instance.",
        )
    if status == 403:
        return PermissionMissing(
            f"{name} refuses this call {call}.",
            why="The connection lacks a permission for it.",
            remedy="Compare the permissions with the set-up guide, grant what is missing and reconnect.",
        )
    if status in (404, 410):
        return TargetGone(f"{name} no longer has what was asked for {call}.")
    if status in (409, 412, 423):
        return Conflict(
            f"{name} says that this was changed or locked meanwhile {call}.", remedy="Read it again and try later."
        )
    if status == 429:
        return RateLimited(f"{name} asks for a pause.", retry_after=retry_after(answer, now))
    if status == 408 or status >= 500:
        return Unavailable(
            f"{name} has a fault at the moment {call}.",
            remedy="It is tried again by itself. If it stays, look at the app's status page.",
        )
    return BadResponse(
        f"{name} gave an answer that was not expected {call}.",
        remedy="Report this as a fault of the connector, with the status and the address named here.",
    )


def retry_after(answer: Answer, now: datetime, default: float = DEFAULT_RETRY_AFTER_S) -> float:
    """Seconds from a Retry-After header (seconds or a date), between one second and a day."""
    value = answer.headers.get("retry-after", "").strip()
    try:
        seconds = float(value) if value.replace(".", "", 1).isdigit() else _seconds_until(value, now)
    except ValueError:
        seconds = default
    return min(max(seconds, 1.0), LONGEST_RETRY_AFTER_S)


def _seconds_until(date: str, now: datetime) -> float:
    moment = parsedate_to_datetime(date)
    return (moment.replace(tzinfo=moment.tzinfo or now.tzinfo) - now).total_seconds()

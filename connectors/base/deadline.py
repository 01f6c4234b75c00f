"""One deadline for a whole call.

The time-outs of sockets count anew at every byte received, so a slow or hostile server could hold a worker for hours.
Here every read of a socket gets what is left of the call's time.
"""

import http.client
import io
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_ends_at: ContextVar[float | None] = ContextVar("ends_at", default=None)

IDLE_S = 10.0
"""How long a read may wait outside of a deadline."""


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Everything read from a timed socket in this block ends after `seconds` in all, else TimeoutError. A deadline
    around it is kept as well."""
    around, ends_at = _ends_at.get(), time.monotonic() + seconds
    token = _ends_at.set(ends_at if around is None else min(around, ends_at))
    try:
        yield
    finally:
        _ends_at.reset(token)


class Budget:
    """The seconds that several exchanges of one call share."""

    def __init__(self, seconds: float) -> None:
        self._ends_at = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds, never less than a hundredth, so that the next exchange ends in its own time-out."""
        return max(self._ends_at - time.monotonic(), 0.01)


def paced(pieces: Iterator[bytes], seconds: float) -> Iterator[bytes]:
    """The pieces of a stream, each of which must come within `seconds`."""
    while True:
        with deadline(seconds):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def remaining() -> float:
    """Seconds left. Raises TimeoutError when there are none."""
    ends_at = _ends_at.get()
    if ends_at is None:
        return IDLE_S
    left = ends_at - time.monotonic()
    if left <= 0:
        raise TimeoutError("the call's time is over")
    return left


def within(seconds: float) -> float:
    """`seconds`, or what the running deadline leaves of them; 0 when its time is over."""
    ends_at = _ends_at.get()
    return seconds if ends_at is None else min(seconds, max(ends_at - time.monotonic(), 0.0))


class _TimedSocket(io.RawIOBase):
    """The reading side of a socket, each read bounded by the running deadline."""

    def __init__(self, sock: socket.socket, raw: io.RawIOBase) -> None:
        self._sock = sock
        self._raw = raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(remaining())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class TimedResponse(http.client.HTTPResponse):
    """An HTTP answer whose status line, headers and body are read under the running deadline."""

    def __init__(self, sock: socket.socket, debuglevel: int = 0, method: str | None = None, url: str | None = None):
        super().__init__(sock, debuglevel, method, url)
        self.fp.close()
        raw = sock.makefile("rb", buffering=0)
        self.fp = io.BufferedReader(_TimedSocket(sock, raw))

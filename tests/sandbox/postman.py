"""Carries what the simulated vendors push to the portal: over real HTTP, to this machine only."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
TIMEOUT = 10.0
INTERVAL = 0.2
NOBODY = 0


@dataclass(frozen=True, slots=True)
class Got:
    """An answer, its header names in lower case. `status` is 0 when nobody answered in time or in HTTP, or the address
    is not of this machine."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


def post(url: str, headers: dict[str, str], body: bytes) -> int:
    """The status that came back, as in `Got`."""
    return _call("POST", url, headers, body).status


def ask(url: str, headers: dict[str, str], body: bytes) -> Got:
    return _call("POST", url, headers, body)


def get(url: str) -> Got:
    return _call("GET", url, {}, None)


def _call(method: str, url: str, headers: dict[str, str], body: bytes | None) -> Got:
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname not in LOOPBACK:
        return Got(NOBODY)
    connection = HTTPConnection(parts.hostname or "", parts.port or 80, timeout=TIMEOUT)
    try:
        connection.request(method, f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}", body, headers)
        response = connection.getresponse()
        named = {name.lower(): value for name, value in response.getheaders()}
        return Got(response.status, named, response.read())
    except (OSError, HTTPException):
        return Got(NOBODY)
    finally:
        connection.close()


class Postman:
    """Calls each of `sends` now and then, in a thread of its own: no answer of a vendor waits for the portal."""

    def __init__(self, sends: list[Callable[[], None]]) -> None:
        self._sends = sends
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._walk, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()

    def _walk(self) -> None:
        while not self._ended.wait(INTERVAL):
            for send in self._sends:
                send()

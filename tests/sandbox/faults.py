"""Faults on demand: what vendors and networks do to a client on a bad day."""

import random
import re
import threading
from dataclasses import dataclass
from enum import StrEnum

from tests.sandbox.exchange import Answer, Request


class FaultKind(StrEnum):
    SERVER_ERROR = "server-error"
    BAD_GATEWAY = "bad-gateway"
    RATE_LIMIT = "rate-limit"
    SECONDARY_RATE_LIMIT = "secondary-rate-limit"
    TIMEOUT = "timeout"
    TRUNCATED = "truncated"
    HTML = "html"
    RESET = "reset"
    WRONG_SHAPE = "wrong-shape"
    UNAUTHORIZED = "unauthorized"


# The vendor did the work, only its answer is lost: the case in which a repeated call does harm.
PERFORMED = frozenset({FaultKind.TIMEOUT, FaultKind.TRUNCATED, FaultKind.RESET, FaultKind.HTML, FaultKind.WRONG_SHAPE})

RANDOM_KINDS = (
    FaultKind.SERVER_ERROR,
    FaultKind.BAD_GATEWAY,
    FaultKind.SECONDARY_RATE_LIMIT,
    FaultKind.TRUNCATED,
    FaultKind.HTML,
    FaultKind.RESET,
)

HTML_PAGE = "<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"


@dataclass(slots=True)
class Fault:
    """Strikes requests that match, after letting `after` of them pass, `times` times (None: always).

    `performed`: the vendor acts on the call although its answer does not arrive. `seconds`: how long a time-out holds
    the answer. `retry_after`: seconds until a rate limit ends.
    """

    kind: FaultKind
    host: str | None = None
    method: str | None = None
    path_pattern: str | None = None
    times: int | None = 1
    after: int = 0
    seconds: float = 30.0
    retry_after: int = 60
    performed: bool = False

    def matches(self, request: Request) -> bool:
        return (
            self.host in (None, request.host)
            and self.method in (None, request.method)
            and (self.path_pattern is None or re.search(self.path_pattern, request.path) is not None)
        )


class Faults:
    """The faults switched on at the moment."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._probability = 0.0
        self._kinds: tuple[FaultKind, ...] = RANDOM_KINDS
        self._random = random.Random(0)

    def add(
        self,
        kind: FaultKind | str,
        *,
        host: str | None = None,
        method: str | None = None,
        path_pattern: str | None = None,
        times: int | None = 1,
        after: int = 0,
        seconds: float = 30.0,
        retry_after: int = 60,
        performed: bool | None = None,
    ) -> Fault:
        """Switch a fault on; see `Fault`. Without `performed` the worse of the two cases is played for each kind."""
        kind = FaultKind(kind)
        acted = kind in PERFORMED if performed is None else performed
        fault = Fault(kind, host, method, path_pattern, times, after, seconds, retry_after, acted)
        with self._lock:
            self._faults.append(fault)
        return fault

    def probability(self, share: float, seed: int, kinds: tuple[FaultKind, ...] = RANDOM_KINDS) -> None:
        """Strike this share (0 to 1) of all calls with a random one of `kinds`."""
        with self._lock:
            self._probability = share
            self._kinds = kinds
            self._random = random.Random(seed)

    def remove(self, fault: Fault) -> None:
        with self._lock:
            self._faults = [each for each in self._faults if each is not fault]

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()
            self._probability = 0.0

    def strike(self, request: Request) -> Fault | None:
        """The fault that this request meets, counted down."""
        with self._lock:
            for fault in self._faults:
                if fault.times == 0 or not fault.matches(request):
                    continue
                if fault.after > 0:
                    fault.after -= 1
                    continue
                if fault.times is not None:
                    fault.times -= 1
                return fault
            if self._probability and self._random.random() < self._probability:
                kind = self._random.choice(self._kinds)
                return Fault(kind, retry_after=1, performed=kind in PERFORMED)
            return None


def spoil(fault: Fault, answer: Answer) -> Answer:
    """The answer as it arrives, where every vendor fails alike; `answer` is the true one if the call was performed."""
    if fault.kind is FaultKind.SERVER_ERROR:
        return Answer.of_html(HTML_PAGE.format(title="500 Internal Server Error"), 500)
    if fault.kind is FaultKind.BAD_GATEWAY:
        return Answer.of_html(HTML_PAGE.format(title="502 Bad Gateway"), 502)
    if fault.kind is FaultKind.HTML:
        return Answer.of_html(HTML_PAGE.format(title="Scheduled maintenance"), 200)
    if fault.kind is FaultKind.WRONG_SHAPE:
        return Answer.of_json({"unexpected": ["shape", 1, None]}, 200)
    if fault.kind is FaultKind.TIMEOUT:
        return Answer(answer.status, answer.body, answer.headers, hold=fault.seconds)
    if fault.kind is FaultKind.TRUNCATED:
        return Answer(answer.status, answer.body[: len(answer.body) // 2], answer.headers)
    if fault.kind is FaultKind.RESET:
        return Answer(answer.status, b"", answer.headers, reset=True)
    raise ValueError(f"{fault.kind} is for the vendor's simulator to play")

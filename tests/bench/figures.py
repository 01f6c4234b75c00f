"""What a measurement yields."""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple


class Figure(NamedTuple):
    what: str
    number: float
    unit: str


def seconds(action: Callable[[], object]) -> float:
    """How long it takes."""
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def percentile(share: float, values: Sequence[float]) -> float:
    """The smallest of the values that so many of them (0.95: 95 of 100) do not exceed."""
    return sorted(values)[math.ceil(share * len(values)) - 1]


def spread(what: str, durations: Sequence[float]) -> Iterator[Figure]:
    """Of durations in seconds."""
    yield Figure(f"{what}, p50", 1000 * percentile(0.5, durations), "ms")
    yield Figure(f"{what}, p95", 1000 * percentile(0.95, durations), "ms")

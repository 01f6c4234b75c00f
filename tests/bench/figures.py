"""What a measurement yields."""

import time
from collections.abc import Callable
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

"""The vendors' simulators, found by their folders: each package here says what it has in `simulators(clock)`."""

import importlib
from pathlib import Path

from tests.sandbox.clock import Clock
from tests.sandbox.simulator import Simulator


def simulators(clock: Clock) -> dict[str, Simulator]:
    """By id: the connector's, or one for each product."""
    found: dict[str, Simulator] = {}
    for file in sorted(Path(__file__).parent.glob("*/__init__.py")):
        found |= importlib.import_module(f"tests.sandbox.{file.parent.name}").simulators(clock)
    return found

"""What the demo's vendors know outlives a restart: a connected portal then goes on with the tokens it holds.

The file is the sandbox's own, read back only by the very code that wrote it: after any change of the simulators it
begins anew from the seed.
"""

import hashlib
import io
import pickle
from pathlib import Path
from typing import Any

from tests.sandbox.clock import Clock
from tests.sandbox.server import Sandbox

CLOCK = "clock"


class _Writer(pickle.Pickler):
    def persistent_id(self, value: Any) -> str | None:
        return CLOCK if isinstance(value, Clock) else None


class _Reader(pickle.Unpickler):
    def __init__(self, data: bytes, clock: Clock) -> None:
        super().__init__(io.BytesIO(data))
        self._clock = clock

    def persistent_load(self, name: Any) -> Clock:
        return self._clock


def packed(state: Any) -> bytes:
    """What a simulator holds, without the clock."""
    buffer = io.BytesIO()
    _Writer(buffer).dump(state)
    return buffer.getvalue()


def unpacked(data: bytes, clock: Clock) -> Any:
    """A copy of what was packed, by this clock."""
    return _Reader(data, clock).load()


def write(sandbox: Sandbox, path: Path) -> None:
    """Everything the simulators hold, in one step."""
    states = {name: each.state for name, each in sandbox.simulators.items()}
    partial = path.with_suffix(".partial")
    partial.write_bytes(_written_by() + packed(states))
    partial.replace(path)


def read(sandbox: Sandbox, path: Path) -> bool:
    """False when there is nothing to go on with: no file, or one of another version."""
    held = path.read_bytes() if path.is_file() else b""
    version = _written_by()
    if not held.startswith(version):
        return False
    for name, state in unpacked(held[len(version) :], sandbox.clock).items():
        sandbox.simulators[name].adopt(state)
    return True


def _written_by() -> bytes:
    """A digest of the simulators' source."""
    digest = hashlib.sha256()
    for file in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.digest()

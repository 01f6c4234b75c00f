"""Recorded answers of the real vendors, said again by a small server behind the network seam.

They lie outside the project, in the folder that the environment variable GATEHOUSE_CORPUS names: one folder an app.
"""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from connectors.base import Client, Connector, ConnectorError, Listed, MemorySecrets, Network, Record
from tests.connectors.base.vendor import Says, Seen, Vendor
from tests.counts import count

Json = Any
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def folder(app: str) -> Path | None:
    """Where an app's recordings lie, None when they are not at hand."""
    root = os.environ.get("GATEHOUSE_CORPUS")
    found = Path(root) / app if root else None
    return found if found and found.is_dir() else None


def lines(path: Path) -> list[Json]:
    """The records of a file with one JSON document a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


@dataclass(frozen=True, slots=True)
class Said:
    """What is answered to calls whose method and path (a pattern, matched whole) fit, and that have this query."""

    method: str
    path: str
    body: Json = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)

    def answers(self, seen: Seen) -> bool:
        is_asked = seen.method == self.method and re.fullmatch(self.path, seen.path) is not None
        return is_asked and self.query.items() <= seen.query.items()

    def says(self) -> Says:
        body = b"" if self.body is None else json.dumps(self.body).encode()
        return Says(self.status, body, {"Content-Type": "application/json; charset=utf-8", **self.headers})


@dataclass(frozen=True, slots=True)
class Row:
    """A record that a recording must become: its kind, and what its fields must say."""

    kind: type[Listed]
    says: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.kind.__name__} {dict(self.says)}"

    def is_told_by(self, record: Record) -> bool:
        told = isinstance(record, self.kind)
        return told and all(getattr(record, name) == value for name, value in self.says.items())


@dataclass(frozen=True, slots=True)
class Recording:
    """What a feed reads, and the rows it must become: these and, of their kinds, no others."""

    name: str
    feed: str
    said: tuple[Said, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A recorded refusal, and the error it must become. `path` is the call's, whatever it was."""

    name: str
    path: str
    said: Said
    error: type[ConnectorError]


class Replay:
    """Says what was recorded, the first answer that fits; to everything else, 404."""

    def __init__(self, connector: Connector, config: Mapping[str, str], said: tuple[Said, ...]) -> None:
        self._vendor = Vendor()
        self._connector = connector
        self._config = config
        self._said = said
        self._vendor.answer = self._answer

    def client(self, method_id: str, secrets: MemorySecrets) -> Client:
        hosts = self._connector.hosts(self._config)
        return Client(
            self._connector,
            self._connector.method(method_id),
            config=self._config,
            secrets=secrets,
            network=Network({host: self._vendor.base_url for host in hosts}),
            now=lambda: NOW,
        )

    def _answer(self, seen: Seen) -> Says:
        found = next((each for each in self._said if each.answers(seen)), None)
        if found:
            count("corpus")
        return found.says() if found else Says(404, b'{"message": "nothing was recorded for this"}')

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._vendor.close()

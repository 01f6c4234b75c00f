"""Reading a feed again and again, as its tests do."""

from dataclasses import dataclass
from typing import Any

from connectors.base import Cursor, Listed, Page
from connectors.office365 import connector
from tests.connectors.conformance.office365 import Bench


@dataclass
class Follower:
    """One feed of a bench, read from where it stood."""

    bench: Bench
    name: str
    cursor: Cursor = None

    def read(self) -> list[Any]:
        """The records that came since."""
        pages: list[Page] = list(connector.feed(self.name).pages(self.bench.client(), self.cursor))
        self.cursor = pages[-1].cursor
        return [record for page in pages for record in page.records]

    def of(self, kind: type[Listed]) -> dict[str, Any]:
        """By id, those of a kind."""
        return {each.id: each for each in self.read() if isinstance(each, kind)}


def asked(bench: Bench, method: str, end: str) -> list[str]:
    """The paths, without the version, of calls that ended so."""
    calls = (each for each in bench.sandbox.requests if each.method == method and each.path.endswith(end))
    return [each.path.removeprefix("/v1.0") for each in calls]

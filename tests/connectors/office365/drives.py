"""Reading what lies in one site, as the tests of files do."""

from dataclasses import dataclass, field
from typing import Any

from connectors.base import Cursor, File, Listed, Page
from connectors.office365 import connector
from connectors.office365.mapping.files import file_id
from tests.connectors.conformance.office365 import Bench
from tests.sandbox.microsoft.files.items import Item, Site
from tests.sandbox.microsoft.files.store import Files

FEED = connector.feed("files")


@dataclass
class Reader:
    """A site of the bench, read from where it stood. `pages`: of the last run."""

    bench: Bench
    name: str
    cursor: Cursor = None
    pages: list[Page] = field(default_factory=list)

    @property
    def files(self) -> Files:
        return self.bench.held.files

    @property
    def site(self) -> Site:
        return next(each for each in self.files.sites.values() if each.name == self.name)

    def read(self) -> list[Any]:
        """The records that came since."""
        self.pages = list(FEED.pages(self.bench.client(), self.cursor, self.site.full_id))
        self.cursor = self.pages[-1].cursor if self.pages else self.cursor
        return [record for page in self.pages for record in page.records]

    def of(self, kind: type[Listed]) -> list[Any]:
        return [each for each in self.read() if isinstance(each, kind)]

    def named(self) -> dict[str, File]:
        """Files by their names."""
        return {each.name: each for each in self.of(File)}

    def id_of(self, name: str) -> str:
        return id_of(self.files.named(name))


def id_of(item: Item) -> str:
    return file_id(item.drive_id, item.id)

"""What is remembered of pages that were read, as conditional.py sees it."""

from typing import Protocol

from connectors.base.feeds import KnownPage, Page


class PageMemory(Protocol):
    """The pages of one feed and partition. The portal keeps them in the database; tests in memory."""

    def recall(self, key: str) -> KnownPage | None:
        """The page as it was read last; None where that is not known."""


class NoPages:
    """Every page is read in full."""

    def recall(self, key: str) -> None:
        return None


class PagesInMemory:
    """A PageMemory that lives as long as the process: for tests."""

    def __init__(self) -> None:
        self._pages: dict[str, KnownPage] = {}

    def recall(self, key: str) -> KnownPage | None:
        return self._pages.get(key)

    def keep(self, page: Page) -> None:
        """The page is stored."""
        if page.known:
            self._pages[page.known.key] = page.known

"""What tests of the portal have in common."""

from collections.abc import Callable, Iterator

import pytest

import connectors.catalogue
from connectors.base import Connector


@pytest.fixture
def declare(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Let these be all the connectors there are."""

    def declared(*found: Connector) -> None:
        monkeypatch.setattr(connectors.catalogue, "_in_folders", lambda: list(found))
        connectors.catalogue.catalogue.cache_clear()

    yield declared
    monkeypatch.undo()
    connectors.catalogue.catalogue.cache_clear()

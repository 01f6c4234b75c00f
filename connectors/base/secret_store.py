"""Where the secrets of one instance are kept, as connectors' sign-in sees it."""

import copy
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

SecretDocument = dict[str, Any]
"""{"fields": {name of a secret wizard field: value}, "tokens": {...}}"""


class SecretStore(Protocol):
    """The portal keeps it encrypted; tests keep it in memory."""

    def read(self) -> SecretDocument:
        """The present document, read anew at each call."""

    def write_tokens(self, tokens: dict[str, Any]) -> None:
        """Replaces the tokens; they are safe (committed) when this returns."""

    def locked(self) -> AbstractContextManager[None]:
        """One holder at a time across all workers. Who enters reads again."""


class MemorySecrets:
    """A SecretStore that lives as long as the process: for tests, and for trying credentials before they are saved."""

    def __init__(self, fields: Mapping[str, str] | None = None, tokens: Mapping[str, Any] | None = None) -> None:
        self._document: SecretDocument = {"fields": dict(fields or {}), "tokens": dict(tokens or {})}
        self._lock = threading.Lock()

    def read(self) -> SecretDocument:
        return copy.deepcopy(self._document)

    def write_tokens(self, tokens: dict[str, Any]) -> None:
        self._document = {**self._document, "tokens": copy.deepcopy(tokens)}

    @contextmanager
    def locked(self) -> Iterator[None]:
        with self._lock:
            yield

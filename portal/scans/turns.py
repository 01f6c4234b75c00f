"""Leaving SQLite's one place for a writer to others: to pages of the portal, to actions, to the other workers.

SQLite does not queue its writers, and one that comes back at once wins nearly always. So a worker that has stored rows
stays away for as long as that took, once for each worker beside it; most of the time reading the app was pause enough.
PostgreSQL needs none of it.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

SHORTEST_PAUSE_SECONDS = 0.02


class Turns:
    """Of one worker, for as long as it reads a feed."""

    def __init__(self) -> None:
        self._free_at = 0.0

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Around a transaction that writes rows: waits for the turn first."""
        if connection.vendor != "sqlite":
            yield
            return
        time.sleep(max(0.0, self._free_at - time.monotonic()))
        begun_at = time.monotonic()
        yield
        ended_at = time.monotonic()
        self._free_at = ended_at + max(SHORTEST_PAUSE_SECONDS, (ended_at - begun_at) * settings.Q_CLUSTER["workers"])

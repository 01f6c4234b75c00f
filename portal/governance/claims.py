"""Holding an action: one worker at a time, and nothing is written by a worker that no longer holds it."""

import logging
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import Q
from django.utils import timezone

from portal.governance.models import ActionState, GovernanceAction
from portal.leases import LeaseLost

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=150)
"""After this another worker takes over from one that died; one that lives renews it meanwhile, see `kept_alive`."""
BEAT_SECONDS = 50.0

DONE_STATES = {"done", "found_done"}


@dataclass(frozen=True)
class Claim:
    """An action and the proof that this worker holds it. Every write checks the proof."""

    row: GovernanceAction
    owner: str

    def write(self, **values: Any) -> None:
        """Commit. Raises LeaseLost."""
        if not GovernanceAction.objects.filter(pk=self.row.pk, lease_owner=self.owner).update(**values):
            raise LeaseLost
        for name, value in values.items():
            setattr(self.row, name, value)

    def step_state(self, name: str) -> str:
        """`started`, `done`, `found_done`, or '' where the step was not begun."""
        return next((step["state"] for step in self.row.steps if step["name"] == name), "")

    def note(self, name: str, state: str, result: dict[str, Any] | None = None) -> None:
        """Record where a step stands, and go on holding the action."""
        entry = {"name": name, "state": state, "at": timezone.now().isoformat(), "result": result or {}}
        others = [step for step in self.row.steps if step["name"] != name]
        self.write(steps=[*others, entry], lease_until=timezone.now() + LEASE)

    def forget(self, name: str) -> None:
        """The step certainly did not happen."""
        self.write(steps=[step for step in self.row.steps if step["name"] != name])

    def is_any_step_open(self) -> bool:
        """Whether a call was begun whose end is not known."""
        return any(step["state"] == "started" for step in self.row.steps)


def claim(action_id: int) -> Claim | None:
    """Take an action that is due, or whose worker died. None when there is nothing to take."""
    now = timezone.now()
    owner = secrets.token_hex(16)
    is_due = Q(state=ActionState.QUEUED) & (Q(next_try_at=None) | Q(next_try_at__lte=now))
    is_orphan = Q(state=ActionState.RUNNING, lease_until__lt=now)
    taken = GovernanceAction.objects.filter(is_due | is_orphan, pk=action_id).update(
        state=ActionState.RUNNING, lease_owner=owner, lease_until=now + LEASE
    )
    if not taken:
        return None
    return Claim(GovernanceAction.objects.select_related("instance", "reverts", "deletes").get(pk=action_id), owner)


@contextmanager
def kept_alive(held: Claim) -> Iterator[None]:
    """While the block runs the lease is renewed beside it: one step may take a file of gigabytes from app to app."""
    ended = threading.Event()
    beating = threading.Thread(target=_beat_beside, args=(held, ended), daemon=True)
    beating.start()
    try:
        yield
    finally:
        ended.set()
        beating.join()


def _beat_beside(held: Claim, ended: threading.Event) -> None:
    try:
        beat(held, ended.wait)
    finally:
        connection.close()


def beat(held: Claim, has_ended: Callable[[float], bool]) -> None:
    """Renews the lease each BEAT_SECONDS until it has ended, or is somebody else's. A database that does not answer
    now is asked again."""
    while not has_ended(BEAT_SECONDS):
        mine = GovernanceAction.objects.filter(pk=held.row.pk, lease_owner=held.owner)
        try:
            if not mine.update(lease_until=timezone.now() + LEASE):
                return
        except DatabaseError as error:
            logger.warning("the lease of governance action %s was not renewed: %s", held.row.pk, error)

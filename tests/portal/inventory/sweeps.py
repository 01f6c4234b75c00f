"""A whole sweep, as at the end of a complete pass."""

from datetime import datetime

from django.db import transaction

from connectors.base import Listed
from portal.inventory import sweeping
from portal.inventory.differences import Noting


def sweep(
    instance_id: int, kinds: tuple[type[Listed], ...], *, feed: str, pass_id: int, now: datetime, partition: str = "",
    noting: Noting | None = None,
) -> int:
    """How many rows are gone by it."""
    whole, gone, told = sweeping.Pass(instance_id, kinds, feed, partition, pass_id), 0, frozenset[str]()
    for some in sweeping.not_listed(whole):
        with transaction.atomic():
            swept = sweeping.sweep_some(whole, some, now=now, noting=noting, told=told)
        gone, told = gone + swept.gone, swept.told
    return gone

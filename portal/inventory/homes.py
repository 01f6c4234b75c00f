"""Under which feed a record is kept that no full pass brought: a push, a change, what an action left."""

from connectors.base import Connector, Feed, Listed
from portal.inventory.batches import Home

Homes = dict[type[Listed], Home]


def homes(connector: Connector, feed: str = "", partition: str = "", pass_id: int | None = None) -> Homes:
    """For each kind the first feed of the connector whose complete passes list it. `feed` and `partition` are where the
    records come from and count first, `pass_id` is that feed's own."""
    found: Homes = {}
    swept = [each for each in connector.feeds if each.is_swept]
    for each in sorted(swept, key=lambda each: each.name != feed):
        home = Home(each.name, _partition(each, partition), pass_id if each.name == feed else None)
        for kind in each.records:
            found.setdefault(kind, home)
    return found


def _partition(feed: Feed, partition: str) -> str:
    """Feeds in partitions are taken to be divided alike."""
    return partition if feed.partitions is not None else ""

"""A connector that declares records the inventory has no table for is refused at start, not in the middle of a scan."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register

from connectors.base import Connector
from connectors.catalogue import catalogue
from portal.inventory.rows import STORED


@register("gatehouse")
def check_records(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    return [problem for connector in catalogue().values() for problem in problems(connector)]


def problems(connector: Connector) -> Iterator[CheckMessage]:
    """What this connector's feeds list and the inventory cannot keep."""
    for feed in connector.feeds:
        for kind in feed.records:
            if kind not in STORED:
                yield Error(
                    f"The connector for {connector.name} lists {kind.__name__} records in its feed {feed.name!r}, and "
                    "the inventory has no table for them.",
                    hint="Add the table to portal/inventory/models and rows.py, or take the kind out of the feed.",
                    id="gatehouse.E020",
                )

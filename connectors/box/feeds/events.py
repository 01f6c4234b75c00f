"""Everything that happens in the enterprise, and the apps that are seen doing it."""

from collections.abc import Iterator
from datetime import timedelta

from connectors.base import Activity, Capability, Client, Cursor, Grant, OAuthApp, Page, Record, changes
from connectors.box import mapping
from connectors.box.event_stream import Plan, batches
from connectors.box.reading import Row
from connectors.box.scopes import ENTERPRISE

EVERYTHING = Plan(
    back_fill=timedelta(days=30), heals_every=timedelta(days=1), heals=timedelta(hours=48)
)
"""Unfiltered: Box can filter by a part of its types alone."""


@changes(
    Activity,
    OAuthApp,
    Grant,
    title="Events, and apps seen in them",
    every=timedelta(minutes=1),
    serves=(
        Capability.SIGN_IN_ACTIVITY,
        Capability.USER_ACTIVITY,
        Capability.ADMIN_ACTIVITY,
        Capability.APP_PERMISSIONS,
    ),
    permissions=(ENTERPRISE,),
)
def enterprise_events(client: Client, cursor: Cursor) -> Iterator[Page]:
    """Box lists no apps: those are inferred from events that name the app they came through. Oldest first, so that
    their last use is that of the newest event."""
    for rows, place in batches(client, cursor, EVERYTHING):
        yield Page([*(mapping.event(row) for row in rows), *_seen(rows)], place)


def _seen(rows: list[Row]) -> list[Record]:
    """Each app and each use once, as it was seen last."""
    apps = {app.id: app for row in rows if (app := mapping.app_seen(row))}
    uses = {use.id: use for row in rows if (use := mapping.use_seen(row))}
    return [*apps.values(), *uses.values()]

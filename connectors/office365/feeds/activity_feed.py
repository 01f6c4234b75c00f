"""What people and admins do in the Office apps."""

from collections.abc import Iterator
from datetime import timedelta

from connectors.base import Activity, Capability, Client, Cursor, Page, Partition, changes
from connectors.office365 import mapping
from connectors.office365.activity_content import batches, begin
from connectors.office365.activity_subscriptions import feed_url
from connectors.office365.components import ACTIVITIES
from connectors.office365.limits import ACTIVITY
from connectors.office365.scopes import ACTIVITY_FEED

CONTENT_TYPES = (
    Partition("Audit.Exchange", "Exchange"),
    Partition("Audit.SharePoint", "SharePoint and OneDrive"),
    Partition("Audit.General", "Teams, Power BI and all other apps"),
    Partition("DLP.All", "Data loss prevention"),
)
"""What there is of the directory is told by its own feeds."""


def content_types(client: Client) -> Iterator[Partition]:
    feed_url(client)
    yield from CONTENT_TYPES


@changes(
    Activity,
    title="Office 365 activities",
    every=timedelta(minutes=5),
    serves=(Capability.USER_ACTIVITY, Capability.ADMIN_ACTIVITY, Capability.SIGN_IN_ACTIVITY),
    component=ACTIVITIES,
    permissions=(ACTIVITY_FEED,),
    partitions=content_types,
    limits=(ACTIVITY.name,),
)
def activity_feed(client: Client, cursor: Cursor, content_type: str) -> Iterator[Page]:
    """Cursor: as activity_content has it. At first seven days, as far as the content type was on; a type that was just
    started has its first records up to twelve hours later."""
    for batch in batches(client, content_type, cursor or begin()):
        told = [mapping.audit_record(row) for row in batch.rows]
        if batch.lost:
            told.append(mapping.lost_records(content_type, batch.lost.since, batch.lost.until, batch.lost.blob))
        yield Page(told, batch.place)

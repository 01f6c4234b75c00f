"""Who signed in."""

from collections.abc import Iterator
from datetime import timedelta

from connectors.base import Activity, Capability, Client, Cursor, Page, changes
from connectors.office365 import mapping
from connectors.office365.components import SIGN_IN_EVENTS
from connectors.office365.limits import ACTIVITY, REPORTS
from connectors.office365.scopes import ACTIVITY_FEED, AUDIT_LOGS
from connectors.office365.sign_in_sources import CONTENT_TYPE, begin, pages


@changes(
    Activity,
    title="Azure AD sign-in events",
    every=timedelta(minutes=15),
    serves=(Capability.SIGN_IN_ACTIVITY,),
    component=SIGN_IN_EVENTS,
    permissions=(AUDIT_LOGS, ACTIVITY_FEED),
    limits=(REPORTS.name, ACTIVITY.name),
)
def sign_ins(client: Client, cursor: Cursor) -> Iterator[Page]:
    """Cursor: as sign_in_sources has it. At first all that is kept: thirty days of Graph's report, or, without Entra ID
    P1, seven of the activity feed, as far as it was on."""
    for rows, records, lost, place in pages(client, cursor or begin()):
        told = [*map(mapping.sign_in, rows), *map(mapping.audit_record, records)]
        if lost:
            told.append(mapping.lost_records(CONTENT_TYPE, lost.since, lost.until, lost.blob))
        yield Page(told, place)

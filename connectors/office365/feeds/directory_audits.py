"""What admins and apps change in the directory."""

from collections.abc import Iterator
from datetime import timedelta

from connectors.base import Activity, Capability, Client, Cursor, Page, changes
from connectors.office365 import mapping
from connectors.office365.components import MANAGEMENT_EVENTS
from connectors.office365.limits import REPORTS
from connectors.office365.report_windows import Report, batches, begin
from connectors.office365.scopes import AUDIT_LOGS

REPORT = Report("/auditLogs/directoryAudits", "activityDateTime", 250)


@changes(
    Activity,
    title="Azure AD management events",
    every=timedelta(minutes=15),
    serves=(Capability.ADMIN_ACTIVITY,),
    component=MANAGEMENT_EVENTS,
    permissions=(AUDIT_LOGS,),
    limits=(REPORTS.name,),
)
def directory_audits(client: Client, cursor: Cursor) -> Iterator[Page]:
    """Cursor: as report_windows has it. At first all that is kept: thirty days, or seven without Entra ID P1."""
    for rows, place in batches(client, REPORT, cursor or begin()):
        yield Page([mapping.directory_audit(row) for row in rows], place)

"""What people, and admins for everybody, allowed apps to do in their name; kept up by a delta."""

from collections.abc import Iterator
from datetime import timedelta

from connectors.base import Capability, Client, Cursor, Gone, Grant, OAuthApp, Page, Record, changes
from connectors.office365 import app_rows
from connectors.office365.components import APPS
from connectors.office365.mapping.groups import REMOVED
from connectors.office365.mapping.values import text
from connectors.office365.reading import Listing, Row
from connectors.office365.scopes import APPLICATIONS, DIRECTORY

DELTA = Listing("/oauth2PermissionGrants/delta", {})
FULL, CHANGES = "full", "changes"


@changes(
    Grant,
    OAuthApp,
    title="Grants",
    serves=(Capability.APP_PERMISSIONS,),
    every=timedelta(hours=1),
    component=APPS,
    permissions=(DIRECTORY, APPLICATIONS),
    needs=("applications",),
    starts_full=True,
)
def grants(client: Client, cursor: Cursor) -> Iterator[Page]:
    """After the first pass the apps whose grants changed are told anew, too. Cursor: {"stage": FULL in the first pass,
    then CHANGES, "link": of the next page, or of what changes after the last}."""
    stage = cursor["stage"] if cursor else FULL
    for page in DELTA.pages(client, cursor["link"] if cursor else ""):
        records = [_record(client, row) for row in page.rows]
        if stage == CHANGES:
            records += _apps_of(client, page.rows)
        yield Page(records, {"stage": stage if page.next else CHANGES, "link": page.next or page.delta})


def _record(client: Client, row: Row) -> Record:
    return Gone(Grant, text(row["id"])) if REMOVED in row else app_rows.grant(client, row)


def _apps_of(client: Client, rows: list[Row]) -> Iterator[Record]:
    """Of a grant that was taken back Microsoft tells the id alone: its app is told when apps are listed again."""
    for app_id in dict.fromkeys(text(row["clientId"]) for row in rows if REMOVED not in row):
        now = app_rows.app_now(client, app_id)
        yield Gone(OAuthApp, app_id) if now is None else app_rows.app(client, *now)

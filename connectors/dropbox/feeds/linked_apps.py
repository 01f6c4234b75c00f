"""Apps that members have linked to their own Dropbox."""

from collections.abc import Iterator

from connectors.base import Capability, Client, Cursor, Grant, OAuthApp, Page, Record, snapshot
from connectors.dropbox import mapping
from connectors.dropbox.reading import END, Listing
from connectors.dropbox.scopes import SESSIONS

ROUTE = "team/linked_apps/list_members_linked_apps"
APP_LIST = Listing(ROUTE, ROUTE, "apps", ("team_member_id", "linked_api_apps"))


@snapshot(
    OAuthApp,
    Grant,
    title="Linked apps",
    serves=(Capability.APP_PERMISSIONS,),
    permissions=(SESSIONS,),
)
def linked_apps(client: Client, cursor: Cursor) -> Iterator[Page]:
    """Apps that are linked to the team as a whole Dropbox does not list. Cursor: {"cursor": of the next page, END after
    the last}."""
    at = cursor["cursor"] if cursor else ""
    while at != END:
        listed = APP_LIST.page(client, at, {})
        at = listed.cursor
        links = [(row, app) for row in listed.rows for app in mapping.linked(row)]
        apps = {found.id: found for _, app in links if (found := mapping.app(app))}
        grants: list[Record] = [mapping.grant(row, app) for row, app in links]
        yield Page([*apps.values(), *grants], {"cursor": at})

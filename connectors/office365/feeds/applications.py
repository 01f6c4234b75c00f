"""Apps that were let into the tenant, with what each may do by itself, and the secrets of the tenant's own apps."""

from collections.abc import Iterator

from connectors.base import Capability, Client, Credential, Cursor, Grant, OAuthApp, Page, Record, snapshot
from connectors.office365 import app_rows
from connectors.office365.components import APPS
from connectors.office365.mapping import apps
from connectors.office365.reading import Listing, Row
from connectors.office365.scopes import APPLICATIONS, DIRECTORY

PRINCIPALS = Listing("/servicePrincipals", {"$select": apps.APP_FIELDS, "$top": 25})
"""A page is small, as for each of its apps two calls are made before it is stored."""
REGISTERED = Listing(
    "/applications", {"$select": "id,appId,displayName,passwordCredentials,keyCredentials", "$top": 100}
)
END = "end"


@snapshot(
    OAuthApp,
    Grant,
    title="Apps",
    serves=(Capability.APP_PERMISSIONS,),
    component=APPS,
    permissions=(APPLICATIONS, DIRECTORY),
)
def applications(client: Client, cursor: Cursor) -> Iterator[Page]:
    """What people granted is in another feed, and counts here for what an app may do.

    Cursor: {"link": of the next page, END after the last}."""
    link = cursor["link"] if cursor else ""
    if link == END:
        return
    for page in PRINCIPALS.pages(client, link):
        yield Page([record for row in page.rows for record in _records(client, row)], {"link": page.next or END})


def _records(client: Client, row: Row) -> Iterator[Record]:
    grants = app_rows.held(client, row)
    if app_rows.is_listed(row, grants):
        yield app_rows.app(client, row, grants)
        yield from (app_rows.grant(client, each) for each in grants if not apps.is_delegated(each))


@snapshot(
    Credential,
    title="Secrets and certificates of apps",
    serves=(Capability.APP_PERMISSIONS,),
    component=APPS,
    permissions=(APPLICATIONS,),
)
def app_credentials(client: Client, cursor: Cursor) -> Iterator[Page]:
    """Of apps that are registered in the tenant itself. Cursor: {"link": of the next page, END after the last}."""
    link = cursor["link"] if cursor else ""
    if link == END:
        return
    for page in REGISTERED.pages(client, link):
        found = [each for row in page.rows for each in apps.credentials(row)]
        yield Page(found, {"link": page.next or END})

"""The reads of OAuth apps, grants and credentials. Whatever lists takes the scope first, and no query leaves it."""

from collections.abc import Sequence

from django.db.models import Count as Counted

from portal.inventory.keyset import Order
from portal.inventory.models import Account, Credential, File, Grant, OAuthApp
from portal.inventory.permission_filters import CREDENTIAL_FILTERS, GRANT_FILTERS, OAUTH_APP_FILTERS
from portal.inventory.row_lists import NAME_ORDERS, RowList, known, known_by_id

RISK_COLUMNS = ("risk_order", "sort_name", "id")
ORDERS = {
    **NAME_ORDERS,
    "risk": Order("risk", RISK_COLUMNS),
    "-risk": Order("-risk", RISK_COLUMNS, is_descending=True),
}
"""By risk: the highest first, then by name; "-risk" the other way round."""


PERMISSION_COLUMNS = ("raw", "search", "scope_text")
OAUTH_APPS = RowList(OAuthApp, OAUTH_APP_FILTERS, PERMISSION_COLUMNS, ORDERS)
GRANTS = RowList(Grant, GRANT_FILTERS, ("raw", "scope_text"))
"""By the account's name, those of the whole organisation first."""
CREDENTIALS = RowList(Credential, CREDENTIAL_FILTERS, PERMISSION_COLUMNS, ORDERS)

oauth_apps, count_oauth_apps, export_oauth_apps = OAUTH_APPS.page, OAUTH_APPS.count, OAUTH_APPS.every
grants, count_grants, export_grants = GRANTS.page, GRANTS.count, GRANTS.every
credentials, count_credentials, export_credentials = CREDENTIALS.page, CREDENTIALS.count, CREDENTIALS.every
oauth_app, grant, credential = OAUTH_APPS.one, GRANTS.one, CREDENTIALS.one


# --- around one; what is handed in comes from a query that knew the scope ---------------------------------------------


def grants_of(app: OAuthApp, limit: int = 100) -> list[Grant]:
    """Who consented to an app: the whole organisation first, then accounts by name."""
    rows = Grant.objects.filter(instance_id=app.instance_id, app_id=app.vendor_id, gone_at=None)
    return list(rows.defer("raw", "scope_text").order_by("sort_name", "id")[:limit])


def grant_counts(apps: Sequence[OAuthApp]) -> dict[int, int]:
    """How many grants each of some apps holds, by the app's pk; one query. For the rows of a page."""
    by_key = {(each.instance_id, each.vendor_id): each.pk for each in apps}
    rows = Grant.objects.filter(
        instance_id__in={instance_id for instance_id, _ in by_key}, app_id__in={app_id for _, app_id in by_key},
        gone_at=None,
    )
    found = rows.values("instance_id", "app_id").annotate(number=Counted("pk")).order_by()
    counts = {(each["instance_id"], each["app_id"]): each["number"] for each in found}
    return {pk: counts.get(each, 0) for each, pk in by_key.items()}


def app_of(grant: Grant) -> OAuthApp | None:
    """The app it was given to, where the inventory knows it."""
    found = OAuthApp.objects.filter(instance_id=grant.instance_id, vendor_id=grant.app_id)
    return found.defer(*PERMISSION_COLUMNS).first()


def apps_of(grants: Sequence[Grant]) -> dict[int, OAuthApp]:
    """The apps that some grants were given to, by the grant's pk; one query. For the rows of a page."""
    found = OAuthApp.objects.filter(
        instance_id__in={each.instance_id for each in grants}, vendor_id__in={each.app_id for each in grants}
    )
    by_key = {(each.instance_id, each.vendor_id): each for each in found.defer(*PERMISSION_COLUMNS)}
    pairs = ((each.pk, by_key.get((each.instance_id, each.app_id))) for each in grants)
    return {pk: app for pk, app in pairs if app is not None}


def account_of(row: Grant | Credential) -> Account | None:
    """The account it belongs to, where the inventory knows it."""
    return known(Account, row.instance_id, row.account_id)


def accounts_of(app: OAuthApp, grants: Sequence[Grant]) -> list[tuple[Grant, Account | None]]:
    """Grants of one app, each with the account that gave it, where the inventory knows it; one query."""
    found = known_by_id(Account, app.instance_id, [each.account_id for each in grants])
    return [(each, found.get(each.account_id)) for each in grants]


def file_of(credential: Credential) -> File | None:
    """The file (such as a repository) it belongs to, where the inventory knows it."""
    return known(File, credential.instance_id, credential.file_id)


def grants_of_account(account: Account, limit: int = 100) -> list[Grant]:
    """What an account consented to, the highest risk first."""
    rows = Grant.objects.filter(instance_id=account.instance_id, account_id=account.vendor_id, gone_at=None)
    return list(rows.defer("raw", "scope_text").order_by("risk_order", "id")[:limit])


def credentials_of(account: Account, limit: int = 100) -> list[Credential]:
    """What was issued to an account, the highest risk first."""
    rows = Credential.objects.filter(instance_id=account.instance_id, account_id=account.vendor_id, gone_at=None)
    return list(rows.defer(*PERMISSION_COLUMNS).order_by("risk_order", "sort_name", "id")[:limit])


def credentials_of_file(file: File, limit: int = 100) -> list[Credential]:
    """What was issued for a file, such as a repository's deploy keys, the highest risk first."""
    rows = Credential.objects.filter(instance_id=file.instance_id, file_id=file.vendor_id, gone_at=None)
    return list(rows.defer(*PERMISSION_COLUMNS).order_by("risk_order", "sort_name", "id")[:limit])

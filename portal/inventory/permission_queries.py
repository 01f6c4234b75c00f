"""The reads of OAuth apps, grants and credentials. Whatever lists takes the scope first, and no query leaves it."""

from collections.abc import Iterator, Sequence

from django.db.models import Count as Counted
from django.db.models import QuerySet

from portal.inventory import keyset
from portal.inventory.filters import Condition, narrow
from portal.inventory.keyset import Listing, Order
from portal.inventory.models import Account, Credential, File, Grant, OAuthApp
from portal.inventory.permission_filters import CREDENTIAL_FILTERS, GRANT_FILTERS, OAUTH_APP_FILTERS
from portal.inventory.queries import (
    BY_NAME,
    CAP,
    EXPORT_CHUNK,
    NAME_ORDERS,
    PAGE_SIZE,
    Count,
    capped,
    sized,
    with_presence,
    within,
)
from portal.people.scope import Scope

RISK_COLUMNS = ("risk_order", "sort_name", "id")
ORDERS = {
    **NAME_ORDERS,
    "risk": Order("risk", RISK_COLUMNS),
    "-risk": Order("-risk", RISK_COLUMNS, is_descending=True),
}
"""By risk: the highest first, then by name; "-risk" the other way round."""


# --- lists ----------------------------------------------------------------------------------------------------------


def oauth_apps(
    scope: Scope, conditions: Sequence[Condition], *, older: str = "", newer: str = "", size: int = PAGE_SIZE,
    sort: str = "name",
) -> Listing[OAuthApp]:
    """`sort` is "name", "-name", "risk" or "-risk". `raw` is left out: read it from `oauth_app`."""
    rows = _oauth_apps(scope, conditions).defer("raw", "search", "scope_text")
    return keyset.page(rows, ORDERS.get(sort, BY_NAME), older=older, newer=newer, size=sized(size))


def grants(
    scope: Scope, conditions: Sequence[Condition], *, older: str = "", newer: str = "", size: int = PAGE_SIZE,
    sort: str = "name",
) -> Listing[Grant]:
    """By the account's name, those of the whole organisation first; `sort` is "name" or "-name"."""
    rows = _grants(scope, conditions).defer("raw", "scope_text")
    return keyset.page(rows, NAME_ORDERS.get(sort, BY_NAME), older=older, newer=newer, size=sized(size))


def credentials(
    scope: Scope, conditions: Sequence[Condition], *, older: str = "", newer: str = "", size: int = PAGE_SIZE,
    sort: str = "name",
) -> Listing[Credential]:
    """`sort` is "name", "-name", "risk" or "-risk". `raw` is left out: read it from `credential`."""
    rows = _credentials(scope, conditions).defer("raw", "search", "scope_text")
    return keyset.page(rows, ORDERS.get(sort, BY_NAME), older=older, newer=newer, size=sized(size))


def count_oauth_apps(scope: Scope, conditions: Sequence[Condition], cap: int = CAP) -> Count:
    return capped(_oauth_apps(scope, conditions), cap)


def count_grants(scope: Scope, conditions: Sequence[Condition], cap: int = CAP) -> Count:
    return capped(_grants(scope, conditions), cap)


def count_credentials(scope: Scope, conditions: Sequence[Condition], cap: int = CAP) -> Count:
    return capped(_credentials(scope, conditions), cap)


def export_oauth_apps(scope: Scope, conditions: Sequence[Condition]) -> Iterator[OAuthApp]:
    """All of them by name, streamed; `raw` left out."""
    rows = _oauth_apps(scope, conditions).defer("raw", "search", "scope_text")
    return keyset.every(rows, BY_NAME, EXPORT_CHUNK)


def export_grants(scope: Scope, conditions: Sequence[Condition]) -> Iterator[Grant]:
    return keyset.every(_grants(scope, conditions).defer("raw", "scope_text"), BY_NAME, EXPORT_CHUNK)


def export_credentials(scope: Scope, conditions: Sequence[Condition]) -> Iterator[Credential]:
    rows = _credentials(scope, conditions).defer("raw", "search", "scope_text")
    return keyset.every(rows, BY_NAME, EXPORT_CHUNK)


# --- one ------------------------------------------------------------------------------------------------------------


def oauth_app(scope: Scope, pk: int) -> OAuthApp:
    """Raises OAuthApp.DoesNotExist where there is none or the scope may not see it."""
    return within(scope, OAuthApp.objects.all()).get(pk=pk)


def grant(scope: Scope, pk: int) -> Grant:
    """Raises Grant.DoesNotExist where there is none or the scope may not see it."""
    return within(scope, Grant.objects.all()).get(pk=pk)


def credential(scope: Scope, pk: int) -> Credential:
    """Raises Credential.DoesNotExist where there is none or the scope may not see it."""
    return within(scope, Credential.objects.all()).get(pk=pk)


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
    return found.defer("raw", "search", "scope_text").first()


def apps_of(grants: Sequence[Grant]) -> dict[int, OAuthApp]:
    """The apps that some grants were given to, by the grant's pk; one query. For the rows of a page."""
    found = OAuthApp.objects.filter(
        instance_id__in={each.instance_id for each in grants}, vendor_id__in={each.app_id for each in grants}
    )
    by_key = {(each.instance_id, each.vendor_id): each for each in found.defer("raw", "search", "scope_text")}
    pairs = ((each.pk, by_key.get((each.instance_id, each.app_id))) for each in grants)
    return {pk: app for pk, app in pairs if app is not None}


def account_of(row: Grant | Credential) -> Account | None:
    """The account it belongs to, where the inventory knows it."""
    if not row.account_id:
        return None
    found = Account.objects.filter(instance_id=row.instance_id, vendor_id=row.account_id)
    return found.defer("raw", "search").first()


def file_of(credential: Credential) -> File | None:
    """The file (such as a repository) it belongs to, where the inventory knows it."""
    if not credential.file_id:
        return None
    found = File.objects.filter(instance_id=credential.instance_id, vendor_id=credential.file_id)
    return found.defer("raw", "search").first()


def grants_of_account(account: Account, limit: int = 100) -> list[Grant]:
    """What an account consented to, the highest risk first."""
    rows = Grant.objects.filter(instance_id=account.instance_id, account_id=account.vendor_id, gone_at=None)
    return list(rows.defer("raw", "scope_text").order_by("risk_order", "id")[:limit])


def credentials_of(account: Account, limit: int = 100) -> list[Credential]:
    """What was issued to an account, the highest risk first."""
    rows = Credential.objects.filter(instance_id=account.instance_id, account_id=account.vendor_id, gone_at=None)
    return list(rows.defer("raw", "search", "scope_text").order_by("risk_order", "sort_name", "id")[:limit])


def credentials_of_file(file: File, limit: int = 100) -> list[Credential]:
    """What was issued for a file, such as a repository's deploy keys, the highest risk first."""
    rows = Credential.objects.filter(instance_id=file.instance_id, file_id=file.vendor_id, gone_at=None)
    return list(rows.defer("raw", "search", "scope_text").order_by("risk_order", "sort_name", "id")[:limit])


# --- how ------------------------------------------------------------------------------------------------------------


def _oauth_apps(scope: Scope, conditions: Sequence[Condition]) -> QuerySet[OAuthApp]:
    return narrow(within(scope, OAuthApp.objects.all()), OAUTH_APP_FILTERS, with_presence(conditions))


def _grants(scope: Scope, conditions: Sequence[Condition]) -> QuerySet[Grant]:
    return narrow(within(scope, Grant.objects.all()), GRANT_FILTERS, with_presence(conditions))


def _credentials(scope: Scope, conditions: Sequence[Condition]) -> QuerySet[Credential]:
    return narrow(within(scope, Credential.objects.all()), CREDENTIAL_FILTERS, with_presence(conditions))

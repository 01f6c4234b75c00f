"""Who is suspended on an Enterprise Server: no list says it, only each account by itself, to site administrators."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import quote

from connectors.base import Account, AccountKind, AccountStatus, Client, Record
from connectors.github.ids import INVITATION
from connectors.github.products import Product, product_of
from connectors.github.reading import document
from connectors.github.scopes import SITE_ADMIN


def noted(client: Client, records: Iterable[Record]) -> Iterator[Record]:
    """The same records, accounts that are suspended as such: one call for each account, where the server tells."""
    is_told = product_of(client.config) is Product.SERVER and SITE_ADMIN in client.granted_scopes
    for record in records:
        yield _as_it_is(client, record) if is_told and isinstance(record, Account) else record


def _as_it_is(client: Client, account: Account) -> Account:
    if account.kind is AccountKind.BOT or account.id.startswith(INVITATION):
        return account
    answer = client.get(f"/users/{quote(account.username)}", expect=(404,))
    if answer.status == 404 or not document(answer, "id").get("suspended_at"):
        return account
    return replace(account, status=AccountStatus.SUSPENDED)

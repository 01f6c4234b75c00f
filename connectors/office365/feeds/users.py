"""People of the tenant: members, guests, those who are switched off, and those who were deleted in the last month.

A delta says who changed, and does so for seven days; then everybody is listed anew. It cannot say when somebody signed
in last, nor who has a second factor. So whoever it names is read singly, and twice a day all are listed again: each
record is complete, and none takes away what another told.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from connectors.base import TWELVE_HOURS, Account, Capability, Client, Cursor, Gone, Page, Record, changes
from connectors.office365 import people
from connectors.office365.components import USERS_AND_GROUPS
from connectors.office365.mapping import accounts
from connectors.office365.mapping.groups import REMOVED
from connectors.office365.mapping.values import moment, part, text
from connectors.office365.reading import Listed, Listing
from connectors.office365.refusals import NotPremium
from connectors.office365.scopes import USERS

DELTA = Listing("/users/delta", {"$select": accounts.USER_FIELDS})
FROM_NOW = Listing("/users/delta", {"$select": accounts.USER_FIELDS, "$deltatoken": "latest"})
DELETED = Listing("/directory/deletedItems/microsoft.graph.user", {"$select": accounts.USER_FIELDS, "$top": 999})
MOST = 500
"""Users on a page, where their last sign-in is asked for."""
MOST_SINGLE = 50
"""Where a page of the delta names more, listing all is cheaper than reading each."""
FOR_GOOD = "deleted"
"""The reason of a removal that nobody can take back; all others leave somebody among the deleted for thirty days."""
LISTING, DELETED_ONES, CHANGES = "users", "deleted", "changes"


def one(client: Client, partition: str, user_id: str) -> Iterable[Record]:
    """For pushes that name a user."""
    return (people.account_now(client, user_id),)


@changes(
    Account,
    title="Users",
    serves=(Capability.ACCOUNTS,),
    every=timedelta(minutes=15),
    component=USERS_AND_GROUPS,
    permissions=(USERS,),
    starts_full=True,
    one=one,
)
def users(client: Client, cursor: Cursor) -> Iterator[Page]:
    """Cursor: {"stage": what is read next, "link": of its next page, "delta": where the changes go on, "listed_at":
    when the last listing of all began, '' where the next is due}."""
    at = cursor or _beginning(client)
    if at["stage"] == CHANGES and _is_due(client, at):
        at = {**at, "stage": LISTING, "link": "", "listed_at": client.now().isoformat()}
    if at["stage"] == LISTING:
        for page in _listed(client, at["link"]):
            at = {**at, "stage": LISTING if page.next else DELETED_ONES, "link": page.next}
            yield Page(_accounts(client, page), at)
    if at["stage"] == DELETED_ONES:
        for page in DELETED.pages(client, at["link"]):
            at = {**at, "stage": DELETED_ONES if page.next else CHANGES, "link": page.next}
            yield Page(_accounts(client, page), at)
    yield from _changed(client, at)


def _beginning(client: Client) -> dict[str, Any]:
    """The changes go on from here: what happens while all are listed is among them."""
    *_, last = FROM_NOW.pages(client)
    return {"stage": LISTING, "link": "", "delta": last.delta, "listed_at": client.now().isoformat()}


def _is_due(client: Client, at: dict[str, Any]) -> bool:
    listed_at = moment(at["listed_at"])
    return listed_at is None or client.now() - listed_at >= TWELVE_HOURS


def _listed(client: Client, link: str) -> Iterator[Listed]:
    try:
        yield from _listing(client).pages(client, link)
    except NotPremium:
        # It is the first page that is refused; the links of later ones hold what was asked for.
        people.forget_sign_ins(client)
        yield from _listing(client).pages(client)


def _listing(client: Client) -> Listing:
    return Listing("/users", {"$select": people.user_fields(client), "$top": MOST})


def _accounts(client: Client, page: Listed) -> list[Record]:
    known = people.known(client)
    return [accounts.account(row, known) for row in page.rows]


def _changed(client: Client, at: dict[str, Any]) -> Iterator[Page]:
    for page in DELTA.pages(client, at["delta"]):
        reasons = {text(row["id"]): text(part(row, REMOVED).get("reason")) for row in page.rows}
        gone = [Gone(Account, user_id) for user_id, reason in reasons.items() if reason == FOR_GOOD]
        left = [user_id for user_id, reason in reasons.items() if reason != FOR_GOOD]
        is_much = len(left) > MOST_SINGLE
        at = {**at, "delta": page.next or page.delta, "listed_at": "" if is_much else at["listed_at"]}
        yield Page([*gone, *(() if is_much else people.accounts_now(client, left))], at)

"""What Microsoft says of a user elsewhere than in the user's own row: when last seen, second factors, admin roles.

Each is asked for only where the permission for it was granted, and is unknown otherwise.
"""

from collections.abc import Iterator

from connectors.base import Account, Client, Gone
from connectors.office365.mapping import accounts
from connectors.office365.mapping.accounts import Known
from connectors.office365.mapping.values import text
from connectors.office365.reading import Listing, found
from connectors.office365.refusals import NotPremium
from connectors.office365.roles import admin_ids
from connectors.office365.scopes import AUDIT_LOGS, ROLES, is_granted

REGISTRATIONS = Listing("/reports/authenticationMethods/userRegistrationDetails", {"$top": 999})  # unverified: $top
MOST_PAGES = 4
"""The report is read whole each time that reading goes on, and reports answer five calls in ten seconds. Of a longer
one nothing is told."""
FACTORS, NO_SIGN_INS = "second factors", "no last sign-ins"
SIGN_IN_FIELDS = f"{accounts.USER_FIELDS},{accounts.LAST_SIGN_IN}"


def known(client: Client) -> Known:
    return Known(_second_factors(client), _admins(client))


def user_fields(client: Client) -> str:
    """What is selected of users. When somebody signed in last takes a permission, and Entra ID P1."""
    may = AUDIT_LOGS in client.granted_scopes and NO_SIGN_INS not in client.setup.memory.values
    return SIGN_IN_FIELDS if may else accounts.USER_FIELDS


def forget_sign_ins(client: Client) -> None:
    """The tenant has no licence for when people signed in last: this client asks no more."""
    client.setup.memory.values[NO_SIGN_INS] = True


def account_now(client: Client, user_id: str) -> Account | Gone:
    """A user as Microsoft has it now, also among the deleted ones."""
    try:
        row = found(client, f"/users/{user_id}", user_fields(client))
    except NotPremium:
        forget_sign_ins(client)
        row = found(client, f"/users/{user_id}", user_fields(client))
    if row is not None:
        return accounts.account(row, known(client))
    deleted = found(client, f"/directory/deletedItems/{user_id}")
    return accounts.account(deleted, known(client), is_deleted=True) if deleted else Gone(Account, user_id)


def accounts_now(client: Client, user_ids: list[str]) -> Iterator[Account | Gone]:
    return (account_now(client, user_id) for user_id in user_ids)


def _second_factors(client: Client) -> dict[str, tuple[bool, bool]] | None:
    if AUDIT_LOGS not in client.granted_scopes:
        return None
    kept = client.setup.memory.values
    if FACTORS not in kept:
        try:
            kept[FACTORS] = _report(client)
        except NotPremium:
            kept[FACTORS] = None
    factors: dict[str, tuple[bool, bool]] | None = kept[FACTORS]
    return factors


def _report(client: Client) -> dict[str, tuple[bool, bool]] | None:
    told: dict[str, tuple[bool, bool]] = {}
    for number, page in enumerate(REGISTRATIONS.pages(client)):
        if number >= MOST_PAGES:
            return None
        told |= {text(row["id"]): accounts.registration(row) for row in page.rows}
    return told


def _admins(client: Client) -> frozenset[str] | None:
    return admin_ids(client) if is_granted(ROLES, client.granted_scopes) else None

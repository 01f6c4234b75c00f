"""Accounts: members, guests, disabled and deleted people, and the service principals that act by themselves."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from connectors.base import Account, AccountKind, AccountStatus, DirectoryId
from connectors.office365.mapping.values import Row, moment, part, text

USER_FIELDS = (
    "id,userPrincipalName,displayName,mail,otherMails,accountEnabled,userType,createdDateTime,deletedDateTime,"
    "onPremisesSyncEnabled,externalUserState,lastPasswordChangeDateTime,signInSessionsValidFromDateTime,"
    "assignedLicenses,jobTitle,department,usageLocation"
)
LAST_SIGN_IN = "signInActivity"
GUEST, GUEST_SIGN = "Guest", "#ext#"
PENDING = "PendingAcceptance"
WEAK_METHODS = frozenset({"mobilePhone", "alternateMobilePhone", "officePhone", "email"})
"""Second factors that travel over a telephone network or by mail."""
DIRECTORY = "Microsoft Entra ID"
USER_PAGE = "https://entra.microsoft.com/#view/Microsoft_AAD_UsersAndTenants/UserProfileMenuBlade/~/overview/userId/"


@dataclass(frozen=True, slots=True)
class Known:
    """What a user's own row does not tell. `second_factors`: by user id, whether there is one and whether it is a weak
    one; `admins`: ids of those who hold an admin role. None: it cannot be read."""

    second_factors: dict[str, tuple[bool, bool]] | None = None
    admins: Collection[str] | None = field(default=None)


def account(row: Row, known: Known, *, is_deleted: bool = False) -> Account:
    """`is_deleted`: it was found among the deleted ones, whose rows may say less."""
    user_id, login = text(row["id"]), text(row.get("userPrincipalName"))
    has_mfa, has_weak_mfa = (known.second_factors or {}).get(user_id, (None, None))
    return Account(
        id=user_id,
        username=login,
        name=text(row.get("displayName")),
        email=_email(row),
        status=AccountStatus.DELETED if is_deleted else status(row),
        is_external=is_external(row),
        is_admin=None if known.admins is None else user_id in known.admins,
        has_mfa=has_mfa,
        has_weak_mfa=has_weak_mfa,
        directory_ids=_directory_ids(user_id, login),
        created_at=moment(row.get("createdDateTime")),
        last_seen_at=_last_sign_in(row),
        url=USER_PAGE + user_id,
        raw=dict(row),
    )


def service_account(row: Row, *, is_admin: bool) -> Account:
    """A service principal as an account, for what it holds: {id, displayName, accountEnabled, ...}."""
    is_on = row.get("accountEnabled")
    return Account(
        id=text(row["id"]),
        username=text(row.get("appId")),
        name=text(row.get("displayName")),
        kind=AccountKind.SERVICE,
        is_admin=is_admin,
        status=AccountStatus.SUSPENDED if is_on is False else AccountStatus.ACTIVE,
        raw=dict(row),
    )


def registration(row: Row) -> tuple[bool, bool]:
    """Of a user's row in the report of second factors: whether there is one, and whether one is weak."""
    has_mfa = row.get("isMfaRegistered") is True
    methods = row.get("methodsRegistered")
    known = {each for each in methods if isinstance(each, str)} if isinstance(methods, list) else set[str]()
    return has_mfa, has_mfa and bool(known & WEAK_METHODS)


def status(row: Row) -> AccountStatus:
    """Deleted for up to thirty days, then switched off, then invited: the first that holds."""
    if row.get("deletedDateTime"):
        return AccountStatus.DELETED
    is_on = row.get("accountEnabled")
    if not isinstance(is_on, bool):
        return AccountStatus.UNKNOWN
    if not is_on:
        return AccountStatus.SUSPENDED
    return AccountStatus.PENDING if row.get("externalUserState") == PENDING else AccountStatus.ACTIVE


def is_external(row: Row) -> bool | None:
    """Guests, and members whose login is that of another tenant; None where Microsoft does not say."""
    if row.get("userType") == GUEST or GUEST_SIGN in text(row.get("userPrincipalName")).lower():
        return True
    return False if row.get("userType") else None


def is_synced(row: Row) -> bool:
    """Whether an Active Directory of the organisation's own decides."""
    return row.get("onPremisesSyncEnabled") is True


def _email(row: Row) -> str:
    """Of people without a mailbox the first other address."""
    others = row.get("otherMails")
    more = [each for each in others if isinstance(each, str)] if isinstance(others, list) else []
    return text(row.get("mail")) or next(iter(more), "")


def _directory_ids(user_id: str, login: str) -> tuple[DirectoryId, ...]:
    found = [DirectoryId(kind="object id", value=user_id, provider=DIRECTORY)]
    if login:
        found.append(DirectoryId(kind="user principal name", value=login, provider=DIRECTORY))
    return tuple(found)


def _last_sign_in(row: Row) -> datetime | None:
    """The newest of those with a person, of those that apps make for one, and of those that went well."""
    told = part(row, LAST_SIGN_IN)
    names = ("lastSignInDateTime", "lastNonInteractiveSignInDateTime", "lastSuccessfulSignInDateTime")
    return max((found for name in names if (found := moment(told.get(name)))), default=None)

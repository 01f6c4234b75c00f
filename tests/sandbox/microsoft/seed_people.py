"""The tenant's accounts: employees, services, shared mailboxes, guests, one who was deleted."""

import uuid

from tests.sandbox import company
from tests.sandbox.company import BY_HANDLE, Kind, Person
from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.directory.objects import USER, DirectoryObject
from tests.sandbox.microsoft.directory.risk import Risk
from tests.sandbox.microsoft.moments import iso
from tests.sandbox.microsoft.state import State

DAY = 86_400
NAMESPACE = uuid.UUID("1c1f3a4e-77d0-4b54-9d3b-6a0f0f2d9c10")
LICENCE = {"skuId": "6fd2c87f-b296-42f0-b197-1e91e994b900", "disabledPlans": []}
SHARED_MAILBOXES = {"info": "Contoso Info", "invoices": "Invoices", "careers": "Careers"}
GUESTS = ("fab-lena", "fab-omar", "priya-freelance", "fab-newhire", "wide-world")
PENDING = "fab-newhire"
LEFT = "tvolkov"
DISABLED = ("hgreen", "contoso-deploy-svc")
SYNCED = ("rpatel", "ipetrova")
WITHOUT_LICENCE = ("contoso-deploy-svc", "contoso-backup-svc")
NEVER_CAME = ("contoso-deploy-svc", "cho-s")
AT_RISK = "fmartin"
FACTORS: tuple[tuple[str, ...], ...] = (
    ("microsoftAuthenticatorPush",), ("mobilePhone",), ("microsoftAuthenticatorPush", "fido2SecurityKey"), (),
)  # fmt: skip
"""By turns."""


def plant(state: State) -> None:
    members = [each for each in company.people_in("office365") if each.kind is not Kind.GUEST]
    for number, person in enumerate(members):
        _member(state, person, number)
    for name, title in SHARED_MAILBOXES.items():
        _shared_mailbox(state, name, title)
    for handle in GUESTS:
        _guest(state, BY_HANDLE[handle])
    left = state.directory.user(LEFT)
    state.directory.delete(left, state.now() - 6 * DAY)
    state.directory.changes.all.clear()
    risk = Risk("medium", "atRisk", "none", state.now() - DAY)
    state.risks[state.directory.user(AT_RISK).id] = risk


def user_id(name: str) -> str:
    """Always the same one for the same person."""
    return str(uuid.uuid5(NAMESPACE, name))


def account(state: State, login: str, name: str, **values: Json) -> dict[str, Json]:
    """The properties of an account; `values` in place of the ordinary ones."""
    now = state.now()
    plain: dict[str, Json] = {
        "userPrincipalName": login,
        "displayName": name,
        "givenName": None,
        "surname": None,
        "mail": login,
        "mailNickname": login.partition("@")[0],
        "otherMails": [],
        "proxyAddresses": [f"SMTP:{login}"],
        "businessPhones": [],
        "accountEnabled": True,
        "userType": "Member",
        "createdDateTime": iso(now - 900 * DAY),
        "externalUserState": None,
        "externalUserStateChangeDateTime": None,
        "onPremisesSyncEnabled": None,
        "lastPasswordChangeDateTime": iso(now - 60 * DAY),
        "signInSessionsValidFromDateTime": iso(now - 60 * DAY),
        "refreshTokensValidFromDateTime": iso(now - 60 * DAY),
        "assignedLicenses": [],
        "jobTitle": None,
        "department": None,
        "companyName": None,
        "officeLocation": None,
        "mobilePhone": None,
        "preferredLanguage": None,
        "usageLocation": None,
        "signInActivity": None,
    }
    return {**plain, **values}


def _member(state: State, person: Person, number: int) -> None:
    now = state.now()
    is_licensed = person.handle not in WITHOUT_LICENCE
    synced = {"onPremisesSyncEnabled": True, "onPremisesLastSyncDateTime": iso(now - 1200)}
    seen = None if person.handle in NEVER_CAME else activity(now - 3600 * (number % 40 + 1))
    properties = account(
        state,
        person.email,
        person.name,
        givenName=person.given_name,
        surname=person.family_name or None,
        mail=person.email if is_licensed else None,
        accountEnabled=person.handle not in DISABLED,
        createdDateTime=iso(now - (300 + 11 * number) * DAY),
        assignedLicenses=[LICENCE] if is_licensed else [],
        jobTitle=person.title,
        department=person.department,
        usageLocation=person.country,
        signInActivity=seen,
        **(synced if person.handle in SYNCED else {}),
    )
    state.directory.add(USER, properties, user_id(person.id))
    state.second_factors[user_id(person.id)] = list(FACTORS[number % len(FACTORS)])


def activity(at: float) -> Json:
    """When somebody signed in last."""
    return {
        "lastSignInDateTime": iso(at),
        "lastSignInRequestId": str(uuid.uuid5(NAMESPACE, f"interactive {at}")),
        "lastNonInteractiveSignInDateTime": iso(at + 600),
        "lastNonInteractiveSignInRequestId": str(uuid.uuid5(NAMESPACE, f"other {at}")),
        "lastSuccessfulSignInDateTime": iso(at + 600),
        "lastSuccessfulSignInRequestId": str(uuid.uuid5(NAMESPACE, f"other {at}")),
    }


def _shared_mailbox(state: State, name: str, title: str) -> None:
    """Without a licence; nobody signs in to it."""
    login = f"{name}@{company.DOMAIN}"
    state.directory.add(USER, account(state, login, title, usageLocation="DE"), user_id(login))


def _guest(state: State, person: Person) -> DirectoryObject:
    """The login is made of the address at home."""
    login = f"{person.email.replace('@', '_')}#EXT#@{state.tenant.initial_domain}"
    is_pending = person.handle == PENDING
    changed = iso(state.now() - 40 * DAY)
    properties = account(
        state,
        login,
        person.name,
        mail=person.email,
        otherMails=[person.email],
        userType="Guest",
        externalUserState="PendingAcceptance" if is_pending else "Accepted",
        externalUserStateChangeDateTime=changed,
        companyName=person.department or None,
        signInActivity=None if is_pending else activity(state.now() - 9 * DAY),
    )
    return state.directory.add(USER, properties, user_id(person.id))

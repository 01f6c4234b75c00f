"""Who did it, as records of the unified audit log say it: by login, by object id, or by a program's own name."""

import re
from dataclasses import dataclass

from connectors.base import AccountKind
from connectors.base.entra import GUID
from connectors.office365.mapping.values import Row, number, part, rows, text

NAME, OTHER, UPN = 1, 2, 5
"""Types of the entries of Actor and Target in records of the directory."""
CLAIM = 0
LOGON = 15
USER_TYPES = {
    "regular": 0, "reserved": 1, "admin": 2, "dcadmin": 3, "system": 4, "application": 5, "serviceprincipal": 6,
    "custompolicy": 7, "systempolicy": 8, "partnertechnician": 9, "guest": 10,
}  # fmt: skip
ADMIN = 2
OF_MICROSOFT = (3, 4, 7, 8)
"""Data center admins, the system, and policies."""
PROGRAMS = (5, 6)
SYSTEM_NAMES = re.compile(r"(NT AUTHORITY|SHAREPOINT|NT SERVICE|Microsoft)\\.*|S-1-5-(18|19|20)", re.IGNORECASE)
NOBODY = frozenset({"", "not-found", "not available", "unknown", "<null>", "00000000-0000-0000-0000-000000000000"})
SERVICE_PRINCIPAL = "ServicePrincipal"
TAGGED = re.compile(rf"([A-Za-z]+)_({GUID})")


@dataclass(frozen=True, slots=True)
class Actor:
    id: str = ""
    name: str = ""
    email: str = ""
    kind: AccountKind | None = None


def actor(row: Row) -> Actor:
    login = _login(text(row.get("UserId")).strip())
    app = app_of(row)
    if is_program(row, login):
        return _program(row, login, app)
    if is_system(row, login):
        name = entry(row, "Actor", NAME) or login
        return Actor(name=f"System: {name}" if name else "System", kind=AccountKind.SERVICE)
    tagged = _entry(row, "Actor", OTHER, TAGGED)
    object_id = _object_id(row, login)
    if not login and not object_id:
        return Actor(name=app[1], kind=AccountKind.SERVICE) if app[1] else Actor()
    if tagged.startswith(SERVICE_PRINCIPAL):
        return _program(row, login, app)
    name = "" if re.fullmatch(GUID, login) else login
    return Actor(
        id=object_id,
        name=name or entry(row, "Actor", UPN) or object_id,
        email=name.lower() if _is_address(name) else "",
        kind=AccountKind.USER,
    )


def user_type(row: Row) -> int:
    """A number, as the API has it, or its name, as some exports do."""
    value = row.get("UserType")
    return USER_TYPES.get(text(value).replace(" ", "").lower(), number(value, -1))


def is_program(row: Row, login: str) -> bool:
    if login.startswith(f"{SERVICE_PRINCIPAL}_") or login.lower() == "app@sharepoint":
        return True
    return user_type(row) in PROGRAMS and not _is_address(login)


def is_system(row: Row, login: str) -> bool:
    """Microsoft's own programs and staff, of which most of a quiet tenant's records tell."""
    return SYSTEM_NAMES.fullmatch(login) is not None or user_type(row) in OF_MICROSOFT


def app_of(row: Row) -> tuple[str, str]:
    """Id and name of the app that it was done through; '' where the record does not say."""
    context = part(row, "AppAccessContext")
    ids = (row.get(each) for each in ("ApplicationId", "ClientAppId", "AadAppId", "AppId"))
    names = (row.get(each) for each in ("ApplicationDisplayName", "ApplicationName"))
    return _first(context.get("ClientAppId"), *ids), _first(context.get("ClientAppName"), *names)


def entry(row: Row, member: str, kind: int) -> str:
    """The first entry of that type in Actor or Target; '' for none."""
    return _entry(row, member, kind, re.compile(".+", re.DOTALL))


def tagged_object(row: Row, member: str) -> tuple[str, str]:
    """What an entry such as `User_{object id}` says: kind and object id."""
    found = TAGGED.fullmatch(_entry(row, member, OTHER, TAGGED))
    return (found.group(1), found.group(2)) if found else ("", "")


def bare_guid(row: Row, member: str, kind: int) -> str:
    return _entry(row, member, kind, re.compile(GUID))


def _program(row: Row, login: str, app: tuple[str, str]) -> Actor:
    """A service principal goes by its object id; others by the id of their app."""
    principal = login.removeprefix(f"{SERVICE_PRINCIPAL}_")
    object_id = tagged_object(row, "Actor")[1] or (principal if re.fullmatch(GUID, principal) else "")
    shown = "" if login.lower() in NOBODY or object_id in login else login
    name = entry(row, "Actor", NAME) or app[1] or shown or principal
    known = "" if name.lower() in NOBODY else name
    return Actor(object_id or app[0], known or object_id or app[0] or "Unknown app", kind=AccountKind.SERVICE)


def _object_id(row: Row, login: str) -> str:
    """Of an account in the directory; most records of the Office apps have logins alone."""
    if number(row.get("RecordType")) == LOGON:
        key = text(row.get("UserKey"))
        found = bare_guid(row, "Actor", CLAIM) or (key if re.fullmatch(GUID, key) else "")
    else:
        found = tagged_object(row, "Actor")[1] or bare_guid(row, "Actor", OTHER)
    found = found or (login if re.fullmatch(GUID, login) else "")
    return "" if found in NOBODY else found.lower()


def _login(written: str) -> str:
    """SharePoint writes claims such as `i:0#.f|membership|anna@contoso.com` and `urn:spo:guest#anna@fabrikam.com`."""
    if written.lower().startswith("i:0") and "|" in written:
        written = written.rpartition("|")[2]
    written = re.sub(r"^urn:spo:guest#", "", written, flags=re.IGNORECASE)
    return "" if written.lower() in NOBODY else written


def _is_address(login: str) -> bool:
    return re.fullmatch(r"[^@\s\\]+@[^@\s\\]+", login) is not None


def _first(*values: object) -> str:
    return next((found for each in values if (found := text(each).strip()).lower() not in NOBODY), "")


def _entry(row: Row, member: str, kind: int, pattern: re.Pattern[str]) -> str:
    for each in rows(row, member):
        found = text(each.get("ID")).strip()
        if number(each.get("Type"), -1) == kind and found and pattern.fullmatch(found):
            return found
    return ""

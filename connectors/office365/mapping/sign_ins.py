"""Sign-ins as Graph tells them."""

from connectors.base import AccountKind, Activity, ActivityCategory, Outcome, Target
from connectors.office365.mapping.actors import NOBODY
from connectors.office365.mapping.addresses import address
from connectors.office365.mapping.audit_records import NO_TIME, made_id
from connectors.office365.mapping.outcomes import status
from connectors.office365.mapping.targets import TENANT, shown
from connectors.office365.mapping.values import Row, moment, number, part, text
from connectors.office365.office_apps import AZURE_AD
from connectors.office365.operation_words import AUTHENTICATION
from connectors.office365.sign_in_errors import ERRORS

SIGN_IN = "Sign-in"
"""Graph has no name of its own for it."""
UNKNOWN = -1


def sign_in(row: Row) -> Activity:
    login, user_id = _known(row, "userPrincipalName"), _known(row, "userId")
    name = login or _known(row, "userDisplayName") or user_id
    apps = (_app(row, "appId", "appDisplayName"), _app(row, "resourceId", "resourceDisplayName"))
    about = tuple(dict.fromkeys(filter(None, apps))) or (TENANT,)
    country = text(part(row, "location").get("countryOrRegion"))
    return Activity(
        id=text(row.get("id")).strip() or made_id(row),
        occurred_at=moment(row.get("createdDateTime")) or NO_TIME,
        action=SIGN_IN,
        category=ActivityCategory.SIGN_IN,
        outcome=_outcome(row),
        description=_sentence(row, name, shown(about)),
        actor_id=user_id,
        actor_name=name,
        actor_email=login.lower() if "@" in login else "",
        actor_kind=AccountKind.USER if name else None,
        targets=about,
        ip_address=address(row.get("ipAddress")),
        country_code=country.upper() if len(country) == 2 and country.isalpha() and country.isascii() else "",
        user_agent=text(row.get("userAgent")) or _device(row),
        component=AZURE_AD,
        ocsf_class=AUTHENTICATION,
        raw=dict(row),
    )


def _outcome(row: Row) -> Outcome:
    """0 is success, every other number a reason why not. Exports without a number say it in a word."""
    code = number(part(row, "status").get("errorCode"), UNKNOWN)
    if code != UNKNOWN:
        return Outcome.FAILURE if code else Outcome.SUCCESS
    return status(row.get("resultType"))


def _sentence(row: Row, name: str, where: str) -> str:
    code = number(part(row, "status").get("errorCode"), UNKNOWN)
    to = f" to {where}" if where else ""
    by = f" by {text(row.get('clientAppUsed'))}" if text(row.get("clientAppUsed")) else ""
    if code in (0, UNKNOWN):
        verb = "could not sign in" if _outcome(row) is Outcome.FAILURE else "signed in"
        return f"{name or 'Somebody'}: {verb}{to}{by}"
    why = ERRORS.get(code) or text(part(row, "status").get("failureReason")) or "no reason given"
    return f"{name or 'Somebody'}: could not sign in{to}{by}: {why} ({code})"


def _app(row: Row, key: str, name: str) -> Target | None:
    app_id, called = _known(row, key), _known(row, name)
    return Target(kind="app", id=app_id, name=called) if app_id or called else None


def _device(row: Row) -> str:
    """Browser and system, where the whole user agent is missing."""
    detail = part(row, "deviceDetail")
    return ", ".join(found for each in ("browser", "operatingSystem") if (found := text(detail.get(each))))


def _known(row: Row, name: str) -> str:
    found = text(row.get(name)).strip()
    return "" if found.lower() in NOBODY else found

"""Sign-ins to Azure's management, as Entra ID records them."""

from collections.abc import Mapping
from typing import Any

from connectors.azure.mapping.activities import NO_TIME, made_id
from connectors.azure.mapping.values import moment, part, text
from connectors.azure.operation_words import AUTHENTICATION
from connectors.base import AccountKind, Activity, ActivityCategory, Outcome, Target

ACTION = "SignIn"

Row = Mapping[str, Any]


def sign_in(row: Row) -> Activity:
    name = text(row.get("userDisplayName")) or text(row.get("userPrincipalName"))
    login = text(row.get("userPrincipalName"))
    code, app = part(row, "status").get("errorCode"), text(row.get("appDisplayName"))
    outcome = Outcome.UNKNOWN if code is None else Outcome.SUCCESS if code == 0 else Outcome.FAILURE
    through = f" through {app}" if app else ""
    failed = ", which failed" if outcome is Outcome.FAILURE else ""
    resource = text(row.get("resourceDisplayName")) or "Azure Resource Manager"
    return Activity(
        id=text(row.get("id")) or made_id(row),
        occurred_at=moment(row.get("createdDateTime")) or NO_TIME,
        action=ACTION,
        category=ActivityCategory.SIGN_IN,
        outcome=outcome,
        description=f"{name or 'Somebody'} signed in to Azure{through}{failed}",
        actor_id=text(row.get("userId")).lower(),
        actor_name=name,
        actor_email=login if "@" in login else "",
        actor_kind=AccountKind.USER if row.get("userId") else None,
        targets=(Target(kind="application", id=text(row.get("resourceId")), name=resource),),
        ip_address=text(row.get("ipAddress")),
        country_code=text(part(row, "location").get("countryOrRegion")),
        user_agent=text(part(row, "deviceDetail").get("browser")),
        ocsf_class=AUTHENTICATION,
        raw=dict(row),
    )

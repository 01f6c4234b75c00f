"""What was changed in the directory, as Graph tells it, with the values before and after."""

from collections.abc import Iterator

from connectors.base import AccountKind, Activity, ActivityCategory, Target
from connectors.office365 import operation_words
from connectors.office365.mapping.actors import NOBODY, Actor
from connectors.office365.mapping.addresses import address
from connectors.office365.mapping.audit_records import NO_TIME, made_id
from connectors.office365.mapping.outcomes import status
from connectors.office365.mapping.pairs import changes, named
from connectors.office365.mapping.targets import TENANT, kind_of, shown
from connectors.office365.mapping.values import Row, moment, part, rows, text
from connectors.office365.office_apps import AZURE_AD

MOST = 20
"""Targets of one audit."""


def directory_audit(row: Row) -> Activity:
    action = text(row.get("activityDisplayName")) or text(row.get("operationName")) or "unknown"
    by = part(row, "initiatedBy")
    who, about = _actor(by), tuple(_targets(row)) or (TENANT,)
    through = text(part(by, "app").get("displayName")) if part(by, "user") else ""
    return Activity(
        id=text(row.get("id")).strip() or made_id(row),
        occurred_at=moment(row.get("activityDateTime")) or NO_TIME,
        action=action,
        category=ActivityCategory.ADMIN,
        outcome=status(row.get("result")),
        description=operation_words.sentence(who.name, action, shown(about), through, _more(row)),
        actor_id=who.id,
        actor_name=who.name,
        actor_email=who.email,
        actor_kind=who.kind,
        targets=about,
        ip_address=address(part(by, "user").get("ipAddress")),
        user_agent=named(row, "additionalDetails", "User-Agent", "key", "value"),
        component=AZURE_AD,
        ocsf_class=operation_words.directory_class(action),
        raw=dict(row),
    )


def _actor(by: Row) -> Actor:
    """A user, or an app that acts by itself; where Microsoft's own services did it, one without an id."""
    user, app = part(by, "user"), part(by, "app")
    user_id, login = _known(user, "id"), _known(user, "userPrincipalName")
    name = login or _known(user, "displayName") or user_id
    if name:
        return Actor(user_id, name, login.lower() if "@" in login else "", AccountKind.USER)
    app_id = _known(app, "servicePrincipalId") or _known(app, "appId")
    name = _known(app, "displayName") or app_id
    return Actor(app_id, name, kind=AccountKind.SERVICE) if name else Actor(name="System", kind=AccountKind.SERVICE)


def _targets(row: Row) -> Iterator[Target]:
    for each in rows(row, "targetResources")[:MOST]:
        word = text(each.get("type")) or text(each.get("Type"))
        name = _known(each, "displayName") or _known(each, "userPrincipalName")
        if _known(each, "id") or name:
            yield Target(kind=kind_of(word), id=_known(each, "id"), name=name)


def _more(row: Row) -> str:
    told = [
        changes(each, "modifiedProperties", "displayName", "oldValue", "newValue")
        for each in rows(row, "targetResources")[:MOST]
    ]
    return ". ".join(each for each in [*told, text(row.get("resultReason"))] if each)


def _known(row: Row, name: str) -> str:
    found = text(row.get(name)).strip()
    return "" if found.lower() in NOBODY else found

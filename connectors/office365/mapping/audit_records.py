"""Records of the unified audit log, as the Management Activity API gives them, whichever Office app they are of."""

import hashlib
import json
from datetime import UTC, datetime

from connectors.base import Activity
from connectors.office365 import operation_words
from connectors.office365.mapping.actors import ADMIN, actor, app_of, user_type
from connectors.office365.mapping.addresses import first_address
from connectors.office365.mapping.outcomes import outcome
from connectors.office365.mapping.pairs import changes, named, within
from connectors.office365.mapping.targets import shown, targets
from connectors.office365.mapping.values import Row, moment, number, text
from connectors.office365.office_apps import BY_NUMBER, SHARED, office_app

NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""Of a record without a time: kept rather than dropped, at a moment that is the same at each read."""


def audit_record(row: Row) -> Activity:
    operation, record_type = text(row.get("Operation")) or "unknown", number(row.get("RecordType"), -1)
    app, who, about = office_app(record_type, text(row.get("Workload"))), actor(row), targets(row)
    is_known = record_type in SHARED or record_type in BY_NUMBER
    return Activity(
        id=text(row.get("Id")).strip() or made_id(row),
        occurred_at=moment(row.get("CreationTime")) or NO_TIME,
        action=operation,
        category=operation_words.category(record_type, operation, app, is_admin=user_type(row) == ADMIN),
        outcome=outcome(row),
        description=operation_words.sentence(
            who.name, operation, shown(about), app_of(row)[1], _more(row, is_known)
        ),
        actor_id=who.id,
        actor_name=who.name,
        actor_email=who.email,
        actor_kind=who.kind,
        targets=about,
        ip_address=first_address(*(row.get(each) for each in ("ClientIP", "ClientIPAddress", "ActorIpAddress"))),
        country_code=_country(row),
        user_agent=_user_agent(row),
        component=app,
        ocsf_class=operation_words.ocsf_class(record_type, operation, app),
        raw=dict(row),
    )


def made_id(row: Row) -> str:
    """Of what has no id: a hash of all of it."""
    return hashlib.sha256(json.dumps(row, sort_keys=True, default=str).encode()).hexdigest()[:40]


def _more(row: Row, is_known: bool) -> str:
    """What changed, why a sign-in failed, and the number of a record that is not known."""
    told = [changes(row, "ModifiedProperties", "Name", "OldValue", "NewValue"), text(row.get("LogonError"))]
    if not is_known and text(row.get("RecordType")):
        told.append(f"Record type {text(row.get('RecordType'))[:20]}")
    return ". ".join(each for each in told if each)


def _user_agent(row: Row) -> str:
    """In a member of its own, among the extended properties, in JSON within those, or as Exchange writes it."""
    properties = "ExtendedProperties"
    return (
        text(row.get("UserAgent"))
        or named(row, properties, "UserAgent")
        or within(named(row, properties, "additionalDetails"), "User-Agent")
        or text(row.get("ClientInfoString"))
    )


def _country(row: Row) -> str:
    """Teams alone says it, in two letters."""
    told = named(row, "ExtraProperties", "Country", "Key")
    return told.upper() if len(told) == 2 and told.isalpha() and told.isascii() else ""

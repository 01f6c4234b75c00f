"""A gap in the activity log, told as an entry of it, so that nobody takes the log for complete."""

from datetime import datetime

from connectors.base import AccountKind, Activity, ActivityCategory, Outcome
from connectors.office365.mapping.audit_records import made_id
from connectors.office365.mapping.targets import TENANT

LOST = "Records lost"


def lost_records(content_type: str, since: datetime, until: datetime, blob: str) -> Activity:
    """`blob`: the id of the part that is gone; '' for all that was made available between the two moments."""
    raw = {"contentType": content_type, "contentId": blob, "from": since.isoformat(), "to": until.isoformat()}
    when = f"at {since:%Y-%m-%d %H:%M}" if blob else f"from {since:%Y-%m-%d %H:%M} to {until:%Y-%m-%d %H:%M}"
    return Activity(
        id=f"lost-{made_id(raw)}",
        occurred_at=since,
        action=LOST,
        category=ActivityCategory.ADMIN,
        outcome=Outcome.FAILURE,
        description=f"Microsoft no longer gives records of {content_type} that it made available {when} UTC.",
        actor_name="Gatehouse",
        actor_kind=AccountKind.SERVICE,
        targets=(TENANT,),
        raw=raw,
    )

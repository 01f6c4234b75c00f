"""What the directory's own audit log says, said once more by the feed, under another id."""

from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.activity_feed.records import entra
from tests.sandbox.microsoft.activity_feed.records.actor import Actor, application
from tests.sandbox.microsoft.activity_feed.records.record import record
from tests.sandbox.microsoft.state import State

ADMIN_RECORD = 8
CONTENT_TYPE = "Audit.AzureActiveDirectory"


def tell(state: State, entry: dict[str, Json]) -> None:
    """`entry`: as directoryAudits has it, of now. Operations end in a dot here."""
    actor = _actor(entry["initiatedBy"])
    operation = f"{entry['activityDisplayName']}."
    base = record(
        state.feed.guid(), state.now(), state.tenant.id, actor, ADMIN_RECORD, "AzureActiveDirectory", operation
    )
    first: dict[str, Json] = next(iter(entry["targetResources"]), {})
    target = (
        str(first.get("type") or "Other"),
        str(first.get("id") or ""),
        str(first.get("userPrincipalName") or first.get("displayName") or ""),
    )
    changes = [
        (str(each["displayName"]), str(each["newValue"] or ""), str(each["oldValue"] or ""))
        for each in first.get("modifiedProperties") or []
    ]
    result = str(entry["result"]).capitalize()
    made = entra.directory(base, actor.object_id, target, changes, result=result)
    state.feed.add(CONTENT_TYPE, made, state.now())


def _actor(by: dict[str, Json]) -> Actor:
    app, user = by.get("app"), by.get("user")
    if app:
        return application(str(app["servicePrincipalId"]))
    if user:
        return Actor(str(user["userPrincipalName"]), "Not Available", 0, str(user["id"]))
    return Actor("", "Not Available", 4)

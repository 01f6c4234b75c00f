"""What entries of the trail say to people."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

VERBS: dict[str, str] = {
    "sign_in": "Sign-ins",
    "mfa": "Second factors",
    "password": "Passwords",
    "people": "People and roles",
    "settings": "Settings",
    "instance": "Connected apps",
    "action": "Actions in apps",
    "deliveries": "Deliveries",
    "export": "Downloads",
    "app": "Suggestions",
}
"""The beginnings of verbs that the filter offers; others can be typed."""

SENTENCES: dict[str, str] = {
    "action.quarantine_extended": "Review of a quarantined file put off",
    "action.deletion_approved": "Deletion for good approved by a second person",
    "action.deletion_asked": "Deletion for good asked for",
    "action.deletion_declined": "Deletion for good declined",
    "action.requested": "Action asked for",
    "action.requested_of_many": "Action asked for on many",
    "action.cancelled": "Action called off",
    "action.batch_cancelled": "What waited of many actions called off",
    "action.retried": "Action tried again",
    "action.undo_requested": "Undo asked for",
    "app.suggested": "App suggested",
    "app.suggestion_removed": "Suggestion removed",
    "deliveries.retried": "Deliveries worked off again",
    "export.downloaded": "List downloaded",
    "feed.lease_released": "Stuck lease released",
    "feed.run_asked": "Feed run at once",
    "instance.cadence_changed": "How often it is read changed",
    "instance.cancelled": "Draft discarded",
    "instance.certificate_made": "New certificate made",
    "instance.certificate_renewed": "Certificate renewed",
    "instance.components_chosen": "Components chosen",
    "instance.connect_failed": "Connecting failed",
    "instance.connected": "Connected",
    "instance.consent_refused": "Answer of a consent page refused",
    "instance.details_changed": "Details changed",
    "instance.details_dropped": "New details dropped",
    "instance.details_staged": "New details typed",
    "instance.disconnect_asked": "Disconnecting asked for",
    "instance.disconnect_resumed": "Disconnecting let go on",
    "instance.disconnected": "Disconnected",
    "instance.method_chosen": "Way to connect chosen",
    "instance.paused": "Paused",
    "instance.recompute_asked": "Recomputing exposure asked for",
    "instance.quarantine_changed": "Place of its quarantine or notice changed",
    "instance.quarantine_tested": "Place of its quarantine tested",
    "instance.reconnected": "Reconnected",
    "instance.renamed": "Renamed",
    "instance.resumed": "Resumed",
    "instance.scan_asked": "Scan asked for",
    "instance.started": "Draft begun",
    "instance.test_failed": "Connection tested, and it failed",
    "instance.tested": "Connection tested",
    "mfa.added": "Second factor added",
    "mfa.removed": "Second factor removed",
    "mfa.renewed": "Recovery codes made anew",
    "mfa.reset": "Second factors reset",
    "password.changed": "Password changed",
    "password.reset": "Password reset by mail",
    "password.set": "Password set",
    "people.first_admin": "First Global Admin came in",
    "people.invitation_accepted": "Invitation accepted",
    "people.invitation_revoked": "Invitation taken back",
    "people.invited": "Invited",
    "people.removed": "Person removed",
    "people.role_given": "Role given",
    "people.role_taken": "Role taken away",
    "settings.changed": "Settings changed",
    "sign_in.done": "Signed in",
    "sign_in.ended": "Signed out",
    "sign_in.failed": "Sign-in failed",
    "sign_in.second_factor_failed": "Second factor failed",
    "sign_in.single_sign_on_added": "Single sign-on tied to a person",
    "sign_in.single_sign_on_removed": "Single sign-on taken from a person",
}
"""What happened, by verb."""


@dataclass(frozen=True, slots=True)
class Changed:
    name: str
    before: str
    after: str


def words(verb: str) -> str:
    """`people.role_given` as "Role given"; verbs of former versions as "People: something done"."""
    if verb in SENTENCES:
        return SENTENCES[verb]
    subject, _, what = verb.partition(".")
    return ": ".join(part.replace("_", " ") for part in (subject.capitalize(), what) if part)


def changes(before: Any, after: Any) -> list[Changed]:
    """What differs, field by field where both are objects."""
    if before is None and after is None:
        return []
    if not all(isinstance(each, Mapping | None) for each in (before, after)):
        return [Changed("", shown(before), shown(after))]
    old, new = before or {}, after or {}
    names = dict.fromkeys([*old, *new])
    return [
        Changed(name, shown(old.get(name)), shown(new.get(name))) for name in names if old.get(name) != new.get(name)
    ]


def shown(value: Any) -> str:
    """A value in a line; '' for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(shown(each) for each in value) or "none"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

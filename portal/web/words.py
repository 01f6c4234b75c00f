"""Words and tones for the values that rows hold. An unknown value is shown as it is."""

from typing import NamedTuple

from connectors.base import (
    AccountKind,
    AccountStatus,
    ActivityCategory,
    Conflict,
    Exposure,
    Outcome,
    RateLimited,
    Risk,
    Unavailable,
)
from portal.governance.models import ActionState


class Word(NamedTuple):
    tone: str
    text: str


ACCOUNT_STATUS: dict[str, Word] = {
    AccountStatus.ACTIVE: Word("ok", "Active"),
    AccountStatus.SUSPENDED: Word("off", "Suspended"),
    AccountStatus.PENDING: Word("run", "Pending"),
    AccountStatus.EXPIRED: Word("off", "Invitation expired"),
    AccountStatus.LOCKED: Word("warn", "Locked"),
    AccountStatus.BLOCKED: Word("bad", "Blocked"),
    AccountStatus.DELETED: Word("off", "Deleted"),
    AccountStatus.UNKNOWN: Word("info", "Unknown"),
}
ACCOUNT_KIND: dict[str, str] = {
    AccountKind.USER: "Person",
    AccountKind.BOT: "Bot",
    AccountKind.SERVICE: "Service account",
}
CATEGORY: dict[str, str] = {
    ActivityCategory.SIGN_IN: "Sign-in",
    ActivityCategory.USER: "User activity",
    ActivityCategory.ADMIN: "Admin activity",
}
OUTCOME: dict[str, Word] = {
    Outcome.SUCCESS: Word("ok", "Success"),
    Outcome.FAILURE: Word("bad", "Failure"),
    Outcome.UNKNOWN: Word("info", "Not stated"),
}
EXPOSURE: dict[str, Word] = {
    Exposure.PRIVATE: Word("ok", "Private"),
    Exposure.INTERNAL: Word("info", "Internal"),
    Exposure.EXTERNAL: Word("warn", "External"),
    Exposure.PUBLIC: Word("bad", "Public"),
    Exposure.UNKNOWN: Word("off", "Unknown"),
}
RISK: dict[str, Word] = {
    Risk.HIGH: Word("bad", "High"),
    Risk.MEDIUM: Word("warn", "Medium"),
    Risk.LOW: Word("ok", "Low"),
    Risk.UNKNOWN: Word("off", "Unknown"),
}
ACTION_STATE: dict[str, Word] = {
    ActionState.QUEUED: Word("run", "Queued"),
    ActionState.RUNNING: Word("run", "Running"),
    ActionState.DONE: Word("ok", "Done"),
    ActionState.FAILED: Word("bad", "Failed"),
    ActionState.UNKNOWN: Word("warn", "Unknown"),
}
WAITING: dict[str, Word] = {
    Conflict.code: Word("warn", "Waits, locked"),
    RateLimited.code: Word("warn", "Waits, limit"),
    Unavailable.code: Word("warn", "Waits, no answer"),
    "database_busy": Word("warn", "Waits, database"),
}
"""Of an action that is tried again by itself, by why it was not done."""
UNDO_STATE: dict[str, str] = {
    ActionState.QUEUED: "being undone",
    ActionState.RUNNING: "being undone",
    ActionState.DONE: "undone",
    ActionState.FAILED: "undo failed",
    ActionState.UNKNOWN: "undo unknown",
}
"""Beside the state of an action that was taken back, by the state of what takes it back."""
STEP_STATE: dict[str, Word] = {
    "started": Word("run", "Started"),
    "done": Word("ok", "Done"),
    "found_done": Word("ok", "Was done already"),
    "undone": Word("off", "Taken back"),
}

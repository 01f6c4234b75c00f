"""Webhooks of version 2, and what leaves through them."""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field

FILE_TRIGGERS = frozenset(
    f"FILE.{verb}"
    for verb in (
        "UPLOADED",
        "PREVIEWED",
        "DOWNLOADED",
        "TRASHED",
        "DELETED",
        "RESTORED",
        "COPIED",
        "MOVED",
        "LOCKED",
        "UNLOCKED",
        "RENAMED",
    )
)
FOLDER_TRIGGERS = frozenset(
    f"FOLDER.{verb}"
    for verb in ("CREATED", "RENAMED", "DOWNLOADED", "RESTORED", "DELETED", "COPIED", "MOVED", "TRASHED")
)
COLLABORATION_TRIGGERS = frozenset(
    f"COLLABORATION.{verb}" for verb in ("CREATED", "ACCEPTED", "REJECTED", "REMOVED", "UPDATED")
)
OTHER_TRIGGERS = frozenset(
    {
        "SHARED_LINK.CREATED",
        "SHARED_LINK.UPDATED",
        "SHARED_LINK.DELETED",
        "COMMENT.CREATED",
        "COMMENT.UPDATED",
        "COMMENT.DELETED",
        "TASK_ASSIGNMENT.CREATED",
        "TASK_ASSIGNMENT.UPDATED",
        "METADATA_INSTANCE.CREATED",
        "METADATA_INSTANCE.UPDATED",
        "METADATA_INSTANCE.DELETED",
        "WEBHOOK.DELETED",
        "SIGN_REQUEST.COMPLETED",
        "SIGN_REQUEST.DECLINED",
        "SIGN_REQUEST.EXPIRED",
        "SIGN_REQUEST.SIGNER_EMAIL_BOUNCED",
    }
)
FOR_FOLDERS_ONLY = FOLDER_TRIGGERS | COLLABORATION_TRIGGERS | {"FILE.UPLOADED"}
TRIGGERS = FILE_TRIGGERS | FOLDER_TRIGGERS | COLLABORATION_TRIGGERS | OTHER_TRIGGERS
MOST = 1000
ATTEMPTS = 12
ATTEMPTS_APART = 600


@dataclass(slots=True)
class Webhook:
    id: str
    client_id: str
    user_id: str
    item_id: str
    item_type: str
    address: str
    triggers: tuple[str, ...]
    created_at: float


@dataclass(slots=True)
class Delivery:
    """One event for one webhook. `id` stands in the body and stays, each attempt has an id of its own."""

    id: str
    webhook: Webhook
    body: bytes
    due_at: float
    attempts: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sent:
    url: str
    headers: dict[str, str]
    body: bytes


def signature(key: str, body: bytes, timestamp: str) -> str:
    digest = hmac.new(key.encode(), body + timestamp.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()

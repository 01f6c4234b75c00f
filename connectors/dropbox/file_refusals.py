"""What Dropbox's errors about files and links mean, by the tags that they hold."""

from connectors.base import Conflict, ConnectorError, NotAvailable, PermissionMissing, RateLimited, TargetGone

BUSY_S = 5.0
"""Dropbox locks a namespace for each write and does not say for how long."""
NOT_WRITABLE = frozenset({"no_write_permission", "access_restricted", "operation_suppressed"})
NOT_ALLOWED = frozenset({"not_authorized", "invalid_settings", "disallowed_shared_link_policy"})


def of_files(tags: frozenset[str]) -> ConnectorError | None:
    """None where they say nothing of files."""
    if "too_many_write_operations" in tags:
        return RateLimited("Dropbox is still writing in this folder.", retry_after=BUSY_S)
    if tags & NOT_WRITABLE:
        return PermissionMissing(
            "Dropbox lets nobody write here, whom this connection can act for.",
            why="The folder is read-only for its owner, a file is locked, or a rule of the team forbids it.",
            remedy="Look at the folder in the admin console under Content.",
            permission="editor",
        )
    if "conflict" in tags:
        return Conflict(
            "Dropbox has something else at this path, or the file was changed meanwhile.",
            remedy="Look at it in Dropbox and try again.",
        )
    if "too_many_files" in tags:
        return NotAvailable(
            "Dropbox moves no folder with more than 10,000 files in it.", remedy="Handle the folders in it one by one."
        )
    if "invalid_revision" in tags:
        return TargetGone("Dropbox has no such revision any more.")
    if "insufficient_space" in tags:
        return NotAvailable("There is no space left for it in Dropbox.", remedy="Free some, or buy more.")
    if "shared_link_access_denied" in tags:
        return NotAvailable(
            "Dropbox lets nobody but its maker change this link.", remedy="Ask who made it, or restrict the file."
        )
    if tags & NOT_ALLOWED:
        return NotAvailable(
            "Dropbox does not take these settings for the link.",
            why="The plan, or a rule of the team or of the folder, does not allow them, or its end has passed.",
            remedy="Choose other settings, or remove the link.",
        )
    return None

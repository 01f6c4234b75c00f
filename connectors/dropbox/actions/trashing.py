"""Deleting a file, which Dropbox keeps for a time, restoring it, and deleting it for good."""

from connectors.base import (
    ActionKind,
    Client,
    Conflict,
    File,
    NotAvailable,
    Order,
    Step,
    StepResult,
    TargetGone,
    steps_action,
)
from connectors.base.file_actions import access, applying
from connectors.dropbox import items, mapping
from connectors.dropbox.actions import collaborators, holding, links, notices, sharing
from connectors.dropbox.reading import Row, ask, ask_unless, document

PERMISSIONS = tuple(dict.fromkeys((*holding.CHANGING, *holding.SHARING_PERMISSIONS)))
ABSENT = frozenset({"not_found"})
KEPT = "Dropbox keeps it for 180 days, or 365 days with the larger plans, unless a rule of the team says otherwise."


def remember(client: Client, order: Order) -> StepResult:
    """{path, name, rev, content_hash, size, listed, links, shares}."""
    found = holding.present(client, order)
    if mapping.tag(found) != mapping.FILE:
        raise NotAvailable(f"{order.target.name} is no file any more.", remedy="Handle it in Dropbox itself.")
    return {
        **collaborators.remember_all(client, order),
        "path": mapping.path_of(found),
        "name": mapping.text(found.get("name")),
        "rev": mapping.text(found.get("rev")),
        "content_hash": mapping.text(found.get("content_hash")),
        "size": mapping.size_of(found.get("size")) or 0,
    }


def trash(client: Client, order: Order) -> StepResult:
    """Raises Conflict where somebody saved it since it was remembered."""
    place = holding.namespace(client, order)
    asked = {"path": holding.file_id(order), "parent_rev": holding.known(order)["rev"]}
    ask_unless(holding.writer(client, place, order), "files/delete_v2", asked, ABSENT)
    return {}


def is_trashed(client: Client, order: Order) -> bool:
    return holding.find(client, order) is None


def bring_back(client: Client, order: Order) -> StepResult:
    """Its last revision, at the path where it lay, shared as it was. Its links work again by themselves."""
    if is_trashed(client, order):
        restored_to(client, order, holding.known(order)["path"])
    return sharing.invite_again(client, order, holding.known(order)["shares"])


def is_back(client: Client, order: Order) -> bool:
    shares = holding.known(order)["shares"]
    return not is_trashed(client, order) and len(sharing.left(client, order, shares)) == len(shares)


def restored_to(client: Client, order: Order, path: str) -> Row:
    """The same where nothing is: what lies at the path meanwhile would be overwritten. Raises Conflict."""
    if notices.at(client, holding.address(holding.namespace(client, order), path)) is not None:
        raise Conflict(
            f"Something else lies at {path} in Dropbox by now.", remedy="Rename it in Dropbox, then try again."
        )
    return restored(client, order, path)


def restored(client: Client, order: Order, path: str) -> Row:
    """The remembered revision is at a path, as Dropbox has it then."""
    place = holding.namespace(client, order)
    asked = {"path": holding.address(place, path), "rev": holding.known(order)["rev"]}
    return document(ask(holding.writer(client, place, order), "files/restore", asked), "id", "rev")


def preview(client: Client, order: Order) -> tuple[str, ...]:
    known = remember(client, order)
    return (
        f"{known['path']} is deleted. {KEPT}",
        f"It has {links.words(known['links'])}, and these were given it: {access.words(known['shares'])}. Nobody gets "
        "to it while it is deleted, but whoever may change its folder can restore it.",
    )


trash_file = steps_action(
    ActionKind.TRASH_FILE,
    File,
    name="trash_file",
    label="Delete",
    effect="{name} is deleted in the Dropbox team {tenant}. Dropbox keeps it for a time, in which it can be restored.",
    undo_effect="Undo restores it to its folder, with links and collaborators, while Dropbox keeps it.",
    steps=(
        Step("remember", "Remember place, revision and sharing", remember),
        Step("trash", "Delete it", trash, is_trashed, bring_back, undo_is_done=is_back, undo_is_repeatable=True),
    ),
    read_back=holding.read_back,
    refuse=holding.obstacle,
    preview=preview,
    permissions=PERMISSIONS,
    applies=applying.is_file,
)


# --- restoring --------------------------------------------------------------------------------------------------------


def remember_trashed(client: Client, order: Order) -> StepResult:
    """{path, name, rev, listed, links, shares}: nobody gets to what is deleted."""
    place, path = holding.namespace(client, order), holding.path(order)
    last = items.last_revision(client, place, path)
    if last is None or mapping.text(last[0]["id"]) != holding.file_id(order):
        raise TargetGone(f"{order.target.name} is not among the deleted files any more.")
    name, rev = path.rpartition("/")[2], mapping.text(last[0]["rev"])
    return {"path": path, "name": name, "rev": rev, "listed": [], "links": [], "shares": []}


def restore(client: Client, order: Order) -> StepResult:
    if is_trashed(client, order):
        restored_to(client, order, holding.known(order)["path"])
    return {}


def is_restored(client: Client, order: Order) -> bool:
    return not is_trashed(client, order)


def trash_again(client: Client, order: Order) -> StepResult:
    place = holding.namespace(client, order)
    ask_unless(holding.writer(client, place, order), "files/delete_v2", {"path": holding.file_id(order)}, ABSENT)
    return {}


def refuse_restoring(client: Client, order: Order) -> str:
    if not is_trashed(client, order):
        return "This file is not deleted any more."
    return holding.obstacle(client, order)


def preview_restoring(client: Client, order: Order) -> tuple[str, ...]:
    known = remember_trashed(client, order)
    return (
        f"{known['path']} is there again, with the content that it had last.",
        "A shared link that it had works again: look at it afterwards, and remove the link if nobody should have it.",
    )


RESTORING = Step(
    "restore", "Restore it", restore, is_restored, trash_again, undo_is_done=is_trashed, undo_is_repeatable=True
)

restore_file = steps_action(
    ActionKind.RESTORE_FILE,
    File,
    name="restore_file",
    label="Restore",
    effect="{name} is restored to the folder it was in, in the Dropbox team {tenant}. A link that it had works again.",
    undo_effect="Undo deletes it again.",
    steps=(Step("remember", "Remember its last revision", remember_trashed), RESTORING),
    read_back=holding.read_back,
    refuse=refuse_restoring,
    preview=preview_restoring,
    permissions=PERMISSIONS,
    applies=applying.is_in_trash,
)

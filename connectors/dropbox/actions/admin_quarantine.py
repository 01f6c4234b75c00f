"""Quarantine with the admin: the bytes are copied into a team folder without members, then the file is deleted.

There is a verified copy before anything is taken away, and the file itself can be restored with its id, revisions and
links until Dropbox forgets it. A notice lies where it was.
"""

from connectors.base import (
    ActionKind,
    BadResponse,
    Client,
    File,
    NotAvailable,
    Order,
    Step,
    StepResult,
    steps_action,
)
from connectors.dropbox import admin, content, items, mapping
from connectors.dropbox.actions import holding, links, notices, sharing, trashing
from connectors.dropbox.reading import Listing, Row, ask_unless, document
from connectors.dropbox.scopes import CONTENT, TEAM_CONTENT, TEAM_CONTENT_WRITE

FOLDER = "Gatehouse quarantine"
TEAM_FOLDERS = Listing(
    "team/team_folder/list", "team/team_folder/list/continue", "team_folders", ("team_folder_id", "name")
)
USED = frozenset({"folder_name_already_used"})
TEAM_SPACE = (
    "This team works in a team space, whose uppermost folders everybody sees, so there is no place for the copy. "
    "Quarantine the file with its owner."
)


def prepare(client: Client, order: Order) -> StepResult:
    """{folder: number of the team folder}, made where there is none. It has no members."""
    answer = ask_unless(client.acting_as(""), "team/team_folder/create", {"name": FOLDER}, USED)
    found: Row = document(answer, "team_folder_id") if answer else _folder(client)
    if mapping.tag(found.get("status")) not in ("", "active"):
        raise NotAvailable(f"The team folder {FOLDER} is archived.", remedy="Make it active again in Dropbox.")
    return {"folder": mapping.text(found["team_folder_id"])}


def _folder(client: Client) -> Row:
    listed = TEAM_FOLDERS.rows(client.acting_as(""), {"limit": 1000})
    found = next((row for row in listed if mapping.text(row["name"]).casefold() == FOLDER.casefold()), None)
    if found is None:
        raise NotAvailable(
            f"Dropbox says that there is a team folder {FOLDER}, and does not list it.",
            remedy="Look for it in the admin console under Content.",
        )
    return found


def copy(client: Client, order: Order) -> StepResult:
    """The copy has the same content hash, or there is none."""
    if is_copied(client, order):
        return {}
    known, reading = holding.known(order), admin.reading(client)
    with content.room() as stream:
        got = content.fetch(reading, known["rev"], int(known["size"]), stream)
        if got.content_hash != known["content_hash"]:
            raise BadResponse(
                f"What Dropbox gave for {order.target.name} is not what it says the file holds.",
                remedy="It may have come cut off: try again.",
            )
        commit = {"path": _held_at(order), "mode": "add", "autorename": False, "mute": True}
        content.put(reading, commit, got)
    if not is_copied(client, order):
        raise BadResponse(f"Dropbox did not keep the copy of {order.target.name} as it was.", remedy="Try again.")
    return {}


def is_copied(client: Client, order: Order) -> bool:
    there = notices.at(client, _held_at(order))
    return there is not None and mapping.text(there.get("content_hash")) == holding.known(order)["content_hash"]


def drop_copy(client: Client, order: Order) -> StepResult:
    """Once the file itself is back where it was."""
    if is_copied(client, order):
        asked = {"path": _held_at(order)}
        ask_unless(admin.reading(client), "files/delete_v2", asked, trashing.ABSENT)
    return {}


def is_dropped(client: Client, order: Order) -> bool:
    return not is_copied(client, order)


def bring_back(client: Client, order: Order) -> StepResult:
    """With its id and revisions; where Dropbox has forgotten it, the copy as a new file."""
    place, known = holding.namespace(client, order), holding.known(order)
    if not trashing.is_trashed(client, order) or items.last_revision(client, place, known["path"]):
        return trashing.bring_back(client, order)
    there = notices.at(client, _held_at(order))
    if there is None:
        raise NotAvailable(
            f"{order.target.name} is neither among the deleted files nor in the quarantine folder any more.",
            remedy="Ask Dropbox's support for it.",
        )
    with content.room() as stream:
        got = content.fetch(admin.reading(client), mapping.text(there["rev"]), int(known["size"]), stream)
        commit = {"path": holding.address(place, known["path"]), "mode": "add", "autorename": False, "mute": True}
        return {"new_file": content.put(holding.writer(client, place, order), commit, got)["id"]}


def refuse(client: Client, order: Order) -> str:
    if admin.team_space(client):
        return TEAM_SPACE
    if holding.present(client, order).get("is_downloadable") is False:
        return "Dropbox gives out no bytes of this document, only exports. Quarantine it with its owner."
    return ""


def preview(client: Client, order: Order) -> tuple[str, ...]:
    known = trashing.remember(client, order)
    return (
        f"{known['path']} ({known['size']} bytes) is copied into the team folder {FOLDER}, which has no members, and "
        "the content hash is compared.",
        f"Then it is deleted. It has {links.words(known['links'])}, and these were given it: "
        f"{sharing.words(known['shares'])}; nobody gets to it while it is deleted.",
        "A notice lies in its place.",
        "Whoever may change its folder can restore the file: delete it for good where that must not be.",
    )


def _held_at(order: Order) -> str:
    return f"{mapping.NAMESPACE}{order.results['prepare']['folder']}/{notices.numbered(order)}"


quarantine_with_admin = steps_action(
    ActionKind.QUARANTINE_FILE,
    File,
    name="quarantine_with_admin",
    label="Quarantine with the admin",
    effect="{name} is copied into a team folder without members, and then deleted in the Dropbox team {tenant}. A "
    "notice lies in its place.",
    undo_effect="Undo restores the file with its revisions, links and collaborators and deletes the copy. When Dropbox "
    "has forgotten it, the copy becomes a new file, without revisions and sharing.",
    steps=(
        Step("remember", "Remember place, sharing and content", trashing.remember),
        Step("prepare", "Make the team folder for quarantine", prepare),
        Step(
            "copy", "Copy it into the team folder", copy, is_copied, drop_copy,
            undo_is_done=is_dropped, undo_is_repeatable=True,
        ),
        Step(
            "trash", "Delete it where it was", trashing.trash, trashing.is_trashed, bring_back,
            undo_is_repeatable=True,
        ),
        notices.LEAVING,
    ),
    read_back=holding.read_back,
    refuse=refuse,
    preview=preview,
    permissions=(*trashing.PERMISSIONS, CONTENT, TEAM_CONTENT, TEAM_CONTENT_WRITE),
    applies=holding.is_file,
)  # fmt: skip

"""Quarantine with the admin: the bytes are copied into a team folder without members, then the file is deleted.

There is a verified copy before anything is taken away, and the file itself can be restored with its id, revisions and
links until Dropbox forgets it. A notice lies where it was.
"""

from collections.abc import Mapping

from connectors.base import ActionKind, BadResponse, Client, File, Order, Step, StepResult, room, steps_action
from connectors.base.file_actions import access, applying
from connectors.dropbox import admin, content, holding_place, mapping
from connectors.dropbox.actions import holding, links, notices, originals, trashing
from connectors.dropbox.reading import ask_unless
from connectors.dropbox.scopes import CONTENT, TEAM_CONTENT, TEAM_CONTENT_WRITE


def prepare(client: Client, order: Order) -> StepResult:
    """{folder: number of the team folder}. Only team admins get to it."""
    return {"folder": holding_place.folder_id(client)}


def copy(client: Client, order: Order) -> StepResult:
    """The copy has the same content hash, or there is none."""
    if is_copied(client, order):
        return {}
    with room() as stream:
        commit = {"path": held_at(order, order.results), "mode": "add", "autorename": False, "mute": True}
        content.put(admin.reading(client), commit, originals.fetched(client, order, stream))
    if not is_copied(client, order):
        raise BadResponse(f"Dropbox did not keep the copy of {order.target.name} as it was.", remedy="Try again.")
    return {}


def is_copied(client: Client, order: Order) -> bool:
    there = notices.at(client, held_at(order, order.results))
    return there is not None and mapping.text(there.get("content_hash")) == holding.known(order)["content_hash"]


def drop_copy(client: Client, order: Order) -> StepResult:
    """Once the file itself is back where it was."""
    if is_copied(client, order):
        asked = {"path": held_at(order, order.results)}
        ask_unless(admin.reading(client), "files/delete_v2", asked, trashing.ABSENT)
    return {}


def is_dropped(client: Client, order: Order) -> bool:
    return not is_copied(client, order)


def bring_back(client: Client, order: Order) -> StepResult:
    """With its id and revisions; where Dropbox has forgotten it, the copy as a new file."""
    if originals.is_remembered(client, order):
        return trashing.bring_back(client, order)
    there = notices.at(client, held_at(order, order.results))
    if there is None:
        raise originals.ORIGINAL.lost(order, "in the quarantine folder")
    with room() as stream:
        size, rev = int(holding.known(order)["size"]), mapping.text(there["rev"])
        content.fetch(admin.reading(client), rev, size, stream)
        return originals.put_back(client, order, stream)


def refuse(client: Client, order: Order) -> str:
    if admin.team_space(client):
        return f"{holding_place.TEAM_SPACE} Quarantine the file with its owner, or with Gatehouse."
    return refuse_without_bytes(client, order)


def refuse_without_bytes(client: Client, order: Order) -> str:
    if holding.present(client, order).get("is_downloadable") is False:
        return "Dropbox gives out no bytes of this document, only exports. Quarantine it with its owner."
    return holding.obstacle(client, order)


def preview(client: Client, order: Order) -> tuple[str, ...]:
    known, place = trashing.remember(client, order), holding_place.name(client.config)
    return (
        f"{known['path']} ({known['size']} bytes) is copied into the team folder {place}, which has no members, and "
        "the content hash is compared.",
        f"Then it is deleted. It has {links.words(known['links'])}, and these were given it: "
        f"{access.words(known['shares'])}; nobody gets to it while it is deleted.",
        "A notice lies in its place.",
        "Whoever may change its folder can restore the file: delete it for good where that must not be.",
    )


def held_at(order: Order, results: Mapping[str, StepResult]) -> str:
    """Where the copy is, by the results of the quarantine."""
    return f"{mapping.NAMESPACE}{results['prepare']['folder']}/{notices.numbered(order, results)}"


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
        originals.ORIGINAL.taking("Delete it where it was", bring_back),
        notices.LEAVING,
    ),
    read_back=holding.read_back,
    refuse=refuse,
    preview=preview,
    permissions=(*trashing.PERMISSIONS, CONTENT, TEAM_CONTENT, TEAM_CONTENT_WRITE),
    applies=applying.is_file,
)  # fmt: skip

"""Quarantine with the admin: the bytes are copied into a team folder without members, then the file is deleted.

There is a verified copy before anything is taken away, and the file itself can be restored with its id, revisions and
links until Dropbox forgets it. A notice lies where it was.
"""

from collections.abc import Mapping
from typing import IO

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
from connectors.dropbox import admin, content, holding_place, items, mapping
from connectors.dropbox.actions import holding, links, notices, sharing, trashing
from connectors.dropbox.reading import ask_unless
from connectors.dropbox.scopes import CONTENT, TEAM_CONTENT, TEAM_CONTENT_WRITE


def prepare(client: Client, order: Order) -> StepResult:
    """{folder: number of the team folder}. Only team admins get to it."""
    return {"folder": holding_place.folder_id(client)}


def copy(client: Client, order: Order) -> StepResult:
    """The copy has the same content hash, or there is none."""
    if is_copied(client, order):
        return {}
    with content.room() as stream:
        commit = {"path": held_at(order, order.results), "mode": "add", "autorename": False, "mute": True}
        content.put(admin.reading(client), commit, fetched(client, order, stream))
    if not is_copied(client, order):
        raise BadResponse(f"Dropbox did not keep the copy of {order.target.name} as it was.", remedy="Try again.")
    return {}


def fetched(client: Client, order: Order, stream: IO[bytes]) -> content.Bytes:
    """The remembered revision, written into a stream. Raises BadResponse where it is not what Dropbox says it is."""
    known = holding.known(order)
    got = content.fetch(admin.reading(client), known["rev"], int(known["size"]), stream)
    if got.content_hash != known["content_hash"]:
        raise BadResponse(
            f"What Dropbox gave for {order.target.name} is not what it says the file holds.",
            remedy="It may have come cut off: try again.",
        )
    return got


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
    if is_remembered(client, order):
        return trashing.bring_back(client, order)
    there = notices.at(client, held_at(order, order.results))
    if there is None:
        raise NotAvailable(
            f"{order.target.name} is neither among the deleted files nor in the quarantine folder any more.",
            remedy="Ask Dropbox's support for it.",
        )
    with content.room() as stream:
        size, rev = int(holding.known(order)["size"]), mapping.text(there["rev"])
        return put_back(client, order, content.fetch(admin.reading(client), rev, size, stream))


def is_remembered(client: Client, order: Order) -> bool:
    """Whether Dropbox has the file still, if only among the deleted ones."""
    if not trashing.is_trashed(client, order):
        return True
    return items.last_revision(client, holding.namespace(client, order), holding.known(order)["path"]) is not None


def put_back(client: Client, order: Order, kept: content.Bytes) -> StepResult:
    """{new_file}."""
    place = holding.namespace(client, order)
    address = holding.address(place, holding.known(order)["path"])
    commit = {"path": address, "mode": "add", "autorename": False, "mute": True}
    return {"new_file": content.put(holding.writer(client, place, order), commit, kept)["id"]}


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
        f"{sharing.words(known['shares'])}; nobody gets to it while it is deleted.",
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

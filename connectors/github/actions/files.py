"""Overwriting and deleting a single file, each by a commit to the default branch. The history keeps what was there."""

import base64
import hashlib
from collections.abc import Iterable

from connectors.base import ActionKind, Client, File, Order, Record, Step, StepResult, steps_action
from connectors.base.file_actions.overwriting import TEXT, replacement
from connectors.github.actions import tree_files
from connectors.github.feeds.tree import FILE_NAMES


def blob_name(content: bytes) -> str:
    """The name (sha) that git gives to a blob."""
    return hashlib.sha1(b"blob %d\0%b" % (len(content), content), usedforsecurity=False).hexdigest()


def read_back(client: Client, order: Order) -> Iterable[Record]:
    return tree_files.read_back(client, order)


# --- overwriting ----------------------------------------------------------------------------------------------------


def overwrite(client: Client, order: Order) -> StepResult:
    new = replacement(order)
    if is_overwritten(client, order):
        return {"sha": blob_name(new)}
    content = base64.b64encode(new).decode()
    place, sha = tree_files.place_of(client, order), str(order.results["remember"]["sha"])
    tree_files.commit(client, "PUT", place, "Overwritten by Gatehouse", content=content, sha=sha)
    return {"sha": blob_name(new)}


def is_overwritten(client: Client, order: Order) -> bool:
    return tree_files.sha_now(client, order) == blob_name(replacement(order))


def write_back(client: Client, order: Order) -> StepResult:
    return tree_files.put_back(client, order, blob_name(replacement(order)))


def refuse_overwriting(client: Client, order: Order) -> str:
    sentence = tree_files.refuse(client, order)
    if not sentence and is_overwritten(client, order):
        return "This file is overwritten already."
    return sentence


def preview_overwriting(client: Client, order: Order) -> tuple[str, ...]:
    what_happens = "A commit to {branch} of {repository} puts the text in the place of all that is in {path}."
    return tuple(tree_files.sentences(client, order, what_happens))


overwrite_file = steps_action(
    ActionKind.OVERWRITE_FILE,
    File,
    name="overwrite_file",
    label="Overwrite by a commit",
    effect="A new commit replaces the content of {name} by the text below. Earlier versions stay in the "
    "history.",
    undo_effect="Undo writes the same content again, by another commit, if nobody has changed the file meanwhile and "
    "it has no more than 10 MB.",
    steps=(
        Step("remember", "Remember the version", tree_files.remember),
        Step(
            "overwrite", "Overwrite", overwrite, is_overwritten, write_back,
            undo_is_done=tree_files.is_put_back, undo_is_repeatable=True,
        ),
    ),
    read_back=read_back,
    refuse=refuse_overwriting,
    preview=preview_overwriting,
    permissions=tree_files.WRITING,
    component=FILE_NAMES.id,
    applies=tree_files.is_tree_file,
    fields=(TEXT,),
)  # fmt: skip


# --- deleting -------------------------------------------------------------------------------------------------------


def delete(client: Client, order: Order) -> StepResult:
    if is_deleted(client, order):
        return {}
    place, sha = tree_files.place_of(client, order), str(order.results["remember"]["sha"])
    tree_files.commit(client, "DELETE", place, "Deleted by Gatehouse", sha=sha)
    return {}


def is_deleted(client: Client, order: Order) -> bool:
    return tree_files.sha_now(client, order) == ""


def add_again(client: Client, order: Order) -> StepResult:
    return tree_files.put_back(client, order, "")


def preview_deleting(client: Client, order: Order) -> tuple[str, ...]:
    return tuple(tree_files.sentences(client, order, "A commit to {branch} of {repository} deletes {path}."))


trash_file = steps_action(
    ActionKind.TRASH_FILE,
    File,
    name="trash_file",
    label="Delete by a commit",
    effect="A new commit deletes {name} from the default branch. Earlier versions stay in the history and in other "
    "branches.",
    undo_effect="Undo adds the same file again, by another commit, if nobody has put one in its place and it has no "
    "more than 10 MB.",
    steps=(
        Step("remember", "Remember the version", tree_files.remember),
        Step(
            "delete", "Delete", delete, is_deleted, add_again,
            undo_is_done=tree_files.is_put_back, undo_is_repeatable=True,
        ),
    ),
    read_back=read_back,
    refuse=tree_files.refuse,
    preview=preview_deleting,
    permissions=tree_files.WRITING,
    component=FILE_NAMES.id,
    applies=tree_files.is_tree_file,
)  # fmt: skip

"""Quarantine out of the recycle bin: the file is restored, closed to all others at once, kept by Gatehouse, and goes
back to the recycle bin.

SharePoint gives out nothing that lies in the bin. Afterwards it may delete the file there: the content is kept.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from connectors.base import (
    ActionKind,
    Client,
    Conflict,
    ConnectorError,
    File,
    Order,
    RateLimited,
    Step,
    StepResult,
    TargetGone,
    Unavailable,
    steps_action,
)
from connectors.base.file_actions import applying, portal_quarantine
from connectors.office365 import components
from connectors.office365.actions import collaborators, links, originals, restoring, trashing
from connectors.office365.actions.portal_quarantine import PORTAL
from connectors.office365.drives import Drive
from connectors.office365.mapping.files import file_id
from connectors.office365.mapping.values import Row, number, text

RESTORED = "restore"


def restore_closed(client: Client, order: Order) -> StepResult:
    """{drive, id, and what a quarantine remembers of a file}. What comes out of the bin is shared as before: links and
    access end in the same step."""
    restoring.restore(client, order)
    found = restoring.restored(client, order)
    if found is None:
        raise TargetGone(f"{order.target.name} is neither in the recycle bin nor where it lay.")
    inner = _of_item(order, *found)
    with _put_back_on_failure(client, inner):
        known = originals.remember(client, inner)
        inner = replace(inner, results={"remember": known})
        links.close(client, inner)
        collaborators.ACCESS.end(client, inner, known["shares"])
    return {**known, "drive": found[0].kept(), "id": text(found[1]["id"])}


def keep(client: Client, order: Order) -> StepResult:
    inner = _inner(order)
    with _put_back_on_failure(client, inner):
        return PORTAL.keep(client, inner)


@contextmanager
def _put_back_on_failure(client: Client, inner: Order) -> Iterator[None]:
    """What fails for good leaves nothing out of the recycle bin; what is tried again goes on with it there."""
    try:
        yield
    except (Conflict, RateLimited, Unavailable):
        raise
    except ConnectorError as error:
        error.why = f"{error.why} {_put_back(client, inner)}".strip()
        raise


def _put_back(client: Client, inner: Order) -> str:
    """What became of it, as a sentence."""
    try:
        trashing.trash(client, inner)
    except ConnectorError as error:
        return f"The file is out of the recycle bin, and may be shared: it could not be put back. {error.message}"
    return "The file was put back into the recycle bin."


def trash(client: Client, order: Order) -> StepResult:
    return trashing.trash(client, _inner(order))


def is_trashed(client: Client, order: Order) -> bool:
    return trashing.is_trashed(client, _inner(order))


def bring_back(client: Client, order: Order) -> StepResult:
    """{new_file}. It stays in the recycle bin; where SharePoint has deleted it there, what is kept becomes new."""
    inner = _inner(order)
    return {} if originals.is_remembered(client, inner) else PORTAL.bring_back(client, inner)


def _inner(order: Order) -> Order:
    """About the file as the drive knows it."""
    known: Mapping[str, Row] = order.results
    told = known[RESTORED]
    drive = Drive(**told["drive"])
    return replace(_of_item(order, drive, {"id": told["id"]}), results={**order.results, "remember": told})


def _of_item(order: Order, drive: Drive, row: Row) -> Order:
    raw = {**row, "drive": drive.kept()}
    return replace(order, target=replace(order.target, id=file_id(drive.id, text(row["id"])), raw=raw))


def refuse(client: Client, order: Order) -> str:
    sentence = restoring.refuse(client, order)
    return sentence or portal_quarantine.too_large(order, number(order.target.raw.get("Size")))


def preview(client: Client, order: Order) -> tuple[str, ...]:
    known = restoring.remember(client, order)
    return (
        f"{order.target.name} comes out of the recycle bin to {known['folder']} for a moment, where its links and "
        "who was given it get to it until they are ended, in the same step.",
        "Its content is kept by Gatehouse, encrypted in its database, and its hash is compared. Then it goes back to "
        "the recycle bin.",
    )


quarantine_trashed_file = steps_action(
    ActionKind.QUARANTINE_TRASHED_FILE,
    File,
    name="quarantine_trashed_file",
    label="Quarantine out of the recycle bin",
    effect="The content of {name} is kept by Gatehouse, encrypted, before SharePoint deletes it in {tenant}. It comes "
    "out of the recycle bin for a moment, its links and the access of others end, and it goes back.",
    undo_effect="Undo forgets what Gatehouse keeps, while the file is in the recycle bin still; else the content "
    "becomes a new file where it lay.",
    steps=(
        Step("remember", "Remember where it lay", restoring.remember),
        Step(RESTORED, "Restore it and end all sharing", restore_closed),
        Step(
            portal_quarantine.STEP, "Keep the content in Gatehouse", keep, portal_quarantine.is_kept,
            portal_quarantine.forget, undo_is_done=portal_quarantine.is_forgotten, undo_is_repeatable=True,
        ),
        Step("trash", "Move it back to the recycle bin", trash, is_trashed, bring_back, undo_is_repeatable=True),
    ),
    read_back=restoring.read_back,
    refuse=refuse,
    preview=preview,
    permissions=restoring.PERMISSIONS,
    component=components.FILES,
    applies=applying.is_in_trash,
)  # fmt: skip

"""Quarantine with the admin: the file is copied into a site that was chosen for it, then goes to the recycle bin.

Microsoft copies by itself between drives, and says at an address of its own how far it is. Nothing is taken away before
the copy has the file's size and hash. The file itself stays in its site's recycle bin, with its versions and sharing,
until SharePoint deletes it there. A notice lies where it was.
"""

from dataclasses import replace

from connectors.base import (
    ActionKind,
    BadResponse,
    Client,
    Conflict,
    File,
    Order,
    RateLimited,
    Step,
    StepResult,
    TargetGone,
    room,
    steps_action,
)
from connectors.base.file_actions import applying, portal_quarantine
from connectors.office365 import components, content, folders, holding_place
from connectors.office365.actions import holding, notices, originals, overwriting
from connectors.office365.actions.portal_quarantine import gone_from_sight, refuse_without_bytes
from connectors.office365.mapping.values import Row, text
from connectors.office365.reading import document

MONITOR = "progress of the copy"
"""The key in the store: whoever has the address needs no token, so it is kept encrypted and shown nowhere."""
LONGEST_ADDRESS = 8_192
AGAIN_S = 5.0
DONE, FAILED = "completed", frozenset({"failed", "cancelled", "cancelPending", "deleteFailed"})


def prepare(client: Client, order: Order) -> StepResult:
    """{drive, folder}: of the site that was chosen."""
    there = holding_place.place(client)
    return {"drive": there.drive_id, "folder": there.folder_id}


def copy(client: Client, order: Order) -> StepResult:
    """{copy}: once it is there as it should be. Raises RateLimited while Microsoft is at it, and goes on then."""
    found = _copy(client, order)
    if found is None:
        _begin(client, order)
        _check_progress(client, order)
        found = _copy(client, order)
    if found is None:
        portal_quarantine.store_of(order).forget(MONITOR)
        raise BadResponse(
            f"The copy of {order.target.name} is not what the file holds, so the file stays.",
            why="Somebody changed it meanwhile, or SharePoint wrote properties into the copy.",
            remedy="Try again, or quarantine it with Gatehouse.",
        )
    return {"copy": text(found["id"])}


def _begin(client: Client, order: Order) -> None:
    """Unless it was begun. Where something bears the name already, nothing is written over."""
    if _monitor(order):
        return
    to = order.results["prepare"]
    answer = client.post(
        holding.path(order, "/copy"),
        params={"@microsoft.graph.conflictBehavior": "fail"},
        json={"parentReference": {"driveId": to["drive"], "id": to["folder"]}, "name": notices.numbered(order)},
    )
    address = answer.headers.get("location", "")
    if not address:
        raise BadResponse("Microsoft did not say where to ask how far the copy is.", remedy="Try again.")
    with portal_quarantine.store_of(order).writer(MONITOR) as stream:
        stream.write(address.encode())


def _check_progress(client: Client, order: Order) -> None:
    """Returns once Microsoft says that it is done. The status counts, and no redirect is followed."""
    answer = client.get(_monitor(order), authenticate=False, expect=(303, 404))
    status = "" if answer.status == 404 else text(document(answer, "status")["status"])
    if status == DONE:
        return
    if status and status not in FAILED:
        raise RateLimited(f"Microsoft is still copying {order.target.name}.", retry_after=AGAIN_S)
    portal_quarantine.store_of(order).forget(MONITOR)
    raise Conflict(
        f"Microsoft did not copy {order.target.name}, so the file stays where it is.",
        why="The site for copies may be full or locked, or another copy of this name lies there.",
        remedy="Look at the site, then try again; or quarantine it with Gatehouse.",
    )


def _monitor(order: Order) -> str:
    try:
        with portal_quarantine.store_of(order).reader(MONITOR) as stream:
            return stream.read(LONGEST_ADDRESS).decode()
    except KeyError:
        return ""


def _copy(client: Client, order: Order) -> Row | None:
    """With the size and the hash of the file; none where Microsoft tells no hash."""
    to, known = order.results["prepare"], holding.known(order)
    found = folders.named(client, str(to["drive"]), str(to["folder"]), notices.numbered(order))
    is_same = found is not None and bool(known["quick_xor"]) and (found.get("size"), holding.quick_xor_of(found)) == (
        known["size"], known["quick_xor"],
    )  # fmt: skip
    return found if is_same else None


def trash(client: Client, order: Order) -> StepResult:
    """The copy is there, whoever saw it last."""
    portal_quarantine.store_of(order).forget(MONITOR)
    return originals.ORIGINAL.trash(client, order)


def is_copied(client: Client, order: Order) -> bool:
    return _copy(client, order) is not None


def drop_copy(client: Client, order: Order) -> StepResult:
    """Once the file itself is back where it was."""
    found = _copy(client, order)
    if found is not None:
        client.delete(folders.item_path(str(order.results["prepare"]["drive"]), text(found["id"])), expect=(404,))
    return {}


def is_dropped(client: Client, order: Order) -> bool:
    return not is_copied(client, order)


def bring_back(client: Client, order: Order) -> StepResult:
    """Out of the recycle bin with its number and versions; where that is closed or empty, the copy as a new file."""
    if originals.is_remembered(client, order):
        return originals.restore(client, order)
    found = _copy(client, order)
    if found is None:
        raise originals.ORIGINAL.lost(order, "in the site for copies")
    with room() as stream:
        drive, size = str(order.results["prepare"]["drive"]), int(holding.known(order)["size"])
        content.fetch(client, drive, text(found["id"]), size, stream)
        stream.seek(0)
        return originals.put_back(client, order, stream)


def refuse(client: Client, order: Order) -> str:
    if not holding_place.chosen(client.config):
        return holding_place.NOT_CHOSEN
    try:
        overwriting.content_of(client, order)
    except TargetGone as error:
        return str(error)
    return refuse_without_bytes(client, order)


def preview(client: Client, order: Order) -> tuple[str, ...]:
    known = originals.remember(client, order)
    return (
        f"{known['name']} ({known['size']} bytes) is copied into the folder {holding_place.NAME} of "
        f"{holding_place.chosen(client.config)}, and size and hash are compared. Earlier versions are not copied: they "
        "stay with the file in the recycle bin.",
        *gone_from_sight(known["links"], known["shares"]),
    )


quarantine_with_admin = steps_action(
    ActionKind.QUARANTINE_FILE,
    File,
    name="quarantine_with_admin",
    label="Quarantine with the admin",
    effect="{name} is copied into the site for copies, and then moves to the recycle bin of its own site in {tenant}. "
    "A notice lies in its place.",
    undo_effect="Undo restores the file from the recycle bin with versions and sharing, where Gatehouse is connected "
    "with a certificate and it is still there; else the copy becomes a new file. The copy is deleted.",
    steps=(
        Step("remember", "Remember place, sharing and content", originals.remember),
        Step("prepare", "Make the folder for copies", prepare),
        Step(
            "copy", "Have Microsoft copy it, and compare", copy, is_copied, drop_copy,
            undo_is_done=is_dropped, undo_is_repeatable=True,
        ),
        replace(originals.ORIGINAL, trash=trash).taking("Move it to the recycle bin", bring_back),
        notices.LEAVING,
    ),
    read_back=holding.read_back,
    refuse=refuse,
    preview=preview,
    permissions=holding.PERMISSIONS,
    component=components.FILES,
    applies=applying.is_file,
)  # fmt: skip

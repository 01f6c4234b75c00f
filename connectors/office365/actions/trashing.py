"""Moving an item to its site's recycle bin, and restoring it from there."""

from connectors.base import ActionKind, Client, File, Order, Step, StepResult, TargetGone, steps_action
from connectors.base.file_actions import access, applying
from connectors.office365 import components, recycle_bin
from connectors.office365.actions import collaborators, holding, links
from connectors.office365.mapping import files
from connectors.office365.mapping.values import text


def remember(client: Client, order: Order) -> StepResult:
    """{name, parent, listed, links, shares, folder}: `folder` with the path of where it lay."""
    folder = files.folder_path(holding.present(client, order)) or ""
    return {**collaborators.remember_all(client, order), "folder": folder}


def trash(client: Client, order: Order) -> StepResult:
    client.delete(holding.path(order), expect=(404,))
    return {}


def is_trashed(client: Client, order: Order) -> bool:
    return holding.find(client, order) is None


def restore(client: Client, order: Order) -> StepResult:
    """With its number, versions and sharing. Raises NotAvailable with a client secret, TargetGone where it is in the
    recycle bin no more."""
    if not is_trashed(client, order):
        return {}
    recycle_bin.check_open(client)
    drive, known = holding.drive(order), holding.known(order)
    found = recycle_bin.find(client, drive, known["name"], known["folder"])
    if found is None:
        raise TargetGone(
            f"{order.target.name} is not in the recycle bin of its site any more.",
            remedy="Look into the second stage of the recycle bin in SharePoint.",
        )
    recycle_bin.restore(client, drive.site_url, text(found["Id"]))
    return {}


def is_restored(client: Client, order: Order) -> bool:
    return not is_trashed(client, order)


def refuse(client: Client, order: Order) -> str:
    return "Nobody can delete a whole library here." if files.is_root(holding.present(client, order)) else ""


def preview(client: Client, order: Order) -> tuple[str, ...]:
    known = remember(client, order)
    by_link = links.words(known["links"]) or "no shared link"
    can_be_undone = "" if recycle_bin.is_open(client) else f" {recycle_bin.CLOSED} {recycle_bin.BY_HAND}"
    return (
        f"{order.target.name} moves to the recycle bin of its site; a folder takes all that is in it along.",
        f"It has {by_link}, and these were given it: {access.words(known['shares'])}. Nobody gets to it while it is "
        "there, but who may restore it.",
        f"SharePoint deletes what is in the recycle bin for good after 93 days.{can_be_undone}",  # unverified: 93
    )


trash_file = steps_action(
    ActionKind.TRASH_FILE,
    File,
    name="trash_file",
    label="Move to the recycle bin",
    effect="{name} moves to the recycle bin of its site in {tenant}, where nobody gets to it who may not restore it.",
    undo_effect="Undo restores it with versions and sharing, where Gatehouse is connected with a certificate. With a "
    "client secret it is restored in SharePoint alone.",
    steps=(
        Step("remember", "Remember place, links and access", remember),
        Step(
            "trash", "Move to the recycle bin", trash, is_trashed, restore,
            undo_is_done=is_restored, undo_is_repeatable=True,
        ),
    ),
    read_back=holding.read_back,
    refuse=refuse,
    preview=preview,
    permissions=holding.PERMISSIONS,
    component=components.FILES,
    applies=applying.is_there,
)  # fmt: skip

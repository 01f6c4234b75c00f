"""The folder in which the quarantine with the admin keeps its copies: in the site that was chosen for it, and tried."""

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.base import Client, Field, Holding, NotAvailable, TargetGone
from connectors.office365 import content, folders
from connectors.office365.domains import own_domains
from connectors.office365.drives import SITES
from connectors.office365.mapping import files, sharing
from connectors.office365.mapping.values import Row, text
from connectors.office365.reading import document

NAME = "Gatehouse quarantine"
TOP = "root"
CHOICE = Field(
    "quarantine_site",
    "Site for copies",
    "The address of a SharePoint site that only those get to who handle what is quarantined. Gatehouse makes a folder "
    f"called {NAME} in its first library. Left empty, nothing is copied, and this quarantine is not offered.",
    is_required=False,
    pattern=r"https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(/[^\s?#]*)?",
    problem="This is not the address of a site.",
    example="https://contoso.sharepoint.com/sites/Security",
    clean=lambda typed: typed.strip().rstrip("/"),
)
TRIAL_NAME = "Gatehouse tries this folder.txt"
TRIAL = b"Gatehouse tries whether it can keep files here, and deletes this one again.\n"
NOT_CHOSEN = "No site is chosen for copies. Choose one on the app's page, under Quarantine."
ELSEWHERE = "Choose another site on the app's page, under Quarantine."


@dataclass(frozen=True, slots=True)
class HoldingPlace:
    drive_id: str
    folder_id: str


def chosen(config: Mapping[str, str]) -> str:
    """The address of the site, '' where none was chosen."""
    return config.get(CHOICE.name, "")


def place(client: Client) -> HoldingPlace:
    """Where copies go, made where there is no such folder. It is looked at first, so that nothing lands where a link
    or a guest gets to it. Raises TargetGone or NotAvailable."""
    drive_id = _drive_id(client)
    folder = folder_in(client, drive_id, NAME)
    told = folders.permissions(client, drive_id, text(folder["id"]))
    if sharing.exposure_of(told, "", own_domains(client), client.now()) in sharing.RANKS[2:]:
        raise NotAvailable(
            f"People from outside get to the folder {NAME} of the site.",
            why="It, or the library around it, is shared with a guest or by a link for anybody.",
            remedy=f"End that sharing, or choose another site. {ELSEWHERE}",
        )
    return HoldingPlace(drive_id, text(folder["id"]))


def folder_in(client: Client, drive_id: str, name: str) -> Row:
    """The folder of this name in a drive's uppermost one, made where there is none. Raises NotAvailable where a file is
    called so."""
    body = {"name": name, "folder": {}, "@microsoft.graph.conflictBehavior": "fail"}
    answer = client.post(folders.item_path(drive_id, TOP, "/children"), json=body, expect=(409,))
    found = document(answer, "id") if answer.status != 409 else folders.named(client, drive_id, TOP, name)
    if found is None or not files.is_folder(found):
        raise NotAvailable(f"A file is called {name} where the folder belongs.", remedy="Rename it, then try again.")
    return found


def test(client: Client) -> tuple[str, ...]:
    """A small file is put there and deleted again. Raises one of the nine errors."""
    there = place(client)
    left = folders.named(client, there.drive_id, there.folder_id, TRIAL_NAME)
    made = left or content.put(client, there.drive_id, there.folder_id, TRIAL_NAME, content.of(TRIAL))
    client.delete(folders.item_path(there.drive_id, text(made["id"])), expect=(404,))
    return (
        f"Microsoft took a small file into the folder {NAME} of {chosen(client.config)} and deleted it again.",
        "Everybody who gets to that site can read what is quarantined there.",
    )


def _drive_id(client: Client) -> str:
    """Of the first library of the site."""
    wanted = chosen(client.config).casefold()
    if not wanted:
        raise NotAvailable("No site is chosen for copies.", remedy="Choose one on the app's page, under Quarantine.")
    rows = SITES.rows(client)
    site = next((each for each in rows if text(each.get("webUrl")).rstrip("/").casefold() == wanted), None)
    if site is None:
        raise TargetGone(f"Microsoft lists no site {chosen(client.config)}.", remedy=ELSEWHERE)
    answer = client.get(f"/sites/{site['id']}/drive", params={"$select": "id"}, expect=(404,))
    if answer.status == 404:
        raise TargetGone(f"The site {chosen(client.config)} has no library.", remedy=ELSEWHERE)
    return text(document(answer, "id")["id"])


HOLDING = Holding("a text file in its place, and in what overwriting leaves", (CHOICE,), test)

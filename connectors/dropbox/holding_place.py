"""The team folder in which the quarantine with the admin keeps its copies: chosen, or made, and tried."""

from collections.abc import Mapping

from connectors.base import Client, Field, Holding, NotAvailable, TargetGone
from connectors.dropbox import admin, content, mapping, reach
from connectors.dropbox.namespaces import TEAM, Namespace
from connectors.dropbox.reading import Listing, Row, ask, ask_unless, document
from connectors.dropbox.scopes import PERMANENT

NAME = "Gatehouse quarantine"
CHOICE = Field(
    "quarantine_folder",
    "Team folder for copies",
    "The name of a team folder without members, as the admin console lists it under Content. Left empty, Gatehouse "
    f"makes one called {NAME}.",
    is_required=False,
    pattern=r"[^/\\]{1,255}",
    problem="This is not the name of a team folder.",
    example="Security hold",
)
TEAM_FOLDERS = Listing(
    "team/team_folder/list", "team/team_folder/list/continue", "team_folders", ("team_folder_id", "name")
)
USED = frozenset({"folder_name_already_used"})
TRIAL_NAME = "Gatehouse tries this folder.txt"
TRIAL = b"Gatehouse tries whether it can keep files here, and deletes this one again.\n"
TEAM_SPACE = (
    "This team works in a team space, whose uppermost folders everybody sees, so there is no place for the copy."
)


def name(config: Mapping[str, str]) -> str:
    return config.get(CHOICE.name) or NAME


def folder_id(client: Client) -> str:
    """Where copies go, made where none was chosen. It is looked at first, so that nothing lands where others get to
    it."""
    if admin.team_space(client):
        raise NotAvailable(TEAM_SPACE, remedy="Quarantine the file with its owner, or with Gatehouse.")
    found = _made(client) if name(client.config) == NAME else None
    return _closed(client, found or _listed(client))


def _made(client: Client) -> Row | None:
    """None where there is one of that name."""
    answer = ask_unless(client.acting_as(""), "team/team_folder/create", {"name": NAME}, USED)
    return document(answer, "team_folder_id", "name") if answer else None


def _listed(client: Client) -> Row:
    wanted = name(client.config)
    listed = TEAM_FOLDERS.rows(client.acting_as(""), {"limit": 1000})
    found = next((row for row in listed if mapping.text(row["name"]).casefold() == wanted.casefold()), None)
    if found is None:
        raise TargetGone(
            f"Dropbox lists no team folder {wanted}.",
            remedy="Choose another folder on the app's page, under Quarantine.",
        )
    return found


def _closed(client: Client, found: Row) -> str:
    """The number of a team folder that is active and has no members."""
    number, called = mapping.text(found["team_folder_id"]), mapping.text(found["name"])
    if mapping.tag(found.get("status")) not in ("", "active"):
        raise NotAvailable(f"The team folder {called} is archived.", remedy="Make it active again in Dropbox.")
    if reach.folder_members(client, Namespace(number, TEAM)):
        raise NotAvailable(
            f"Others get to the team folder {called}.",
            why="It has members.",
            remedy="Take them out of it in the admin console, or choose another folder.",
        )
    return number


def test(client: Client) -> tuple[str, ...]:
    """A small file is put there and deleted again. Raises one of the nine errors."""
    address = f"{mapping.NAMESPACE}{folder_id(client)}/{TRIAL_NAME}"
    reading = admin.reading(client)
    content.put(reading, {"path": address, "mode": "overwrite", "mute": True}, content.of(TRIAL))
    is_final = PERMANENT in client.granted_scopes
    ask(reading, "files/permanently_delete" if is_final else "files/delete_v2", {"path": address})
    return (
        f"Dropbox took a small file into the team folder {name(client.config)} and deleted it again.",
        "Nobody but team admins gets to that folder.",
    )


HOLDING = Holding("a text file in its place, and in what overwriting leaves", (CHOICE,), test)

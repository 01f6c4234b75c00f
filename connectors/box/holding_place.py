"""The folder in which the quarantine with the admin keeps its copies: chosen, or made, and tried."""

import io
from collections.abc import Mapping

from connectors.base import Client, Field, Holding, NotAvailable, TargetGone
from connectors.box import ids, mapping, people, uploads
from connectors.box.reading import Row, document
from connectors.box.uploads import Bytes, sha1_of

NAME = "Gatehouse quarantine"
FIELDS = "id,type,name,owned_by,shared_link,has_collaborations"
CHOICE = Field(
    "quarantine_folder",
    "Folder for copies",
    "The number at the end of the folder's address in Box. It has to belong to the account that Gatehouse is connected "
    f"with. Left empty, Gatehouse makes a folder called {NAME} there.",
    is_required=False,
    pattern=r"[1-9][0-9]{0,19}",
    problem="This is not the number of a folder.",
    example="160839412345",
    clean=lambda text: text.strip().rstrip("/").rpartition("/")[2],
)
TRIAL_NAME = "Gatehouse tries this folder.txt"
TRIAL = b"Gatehouse tries whether it can keep files here, and deletes this one again.\n"


def made_or_found(client: Client) -> Row:
    """The folder of that name in the uppermost one of the connected account; 409 names the one there is. Raises
    NotAvailable where a file is called so."""
    body = {"name": NAME, "parent": {"id": ids.ROOT}}
    answer = client.post("/folders", json=body, expect=(409,))
    found = document(answer) if answer.status != 409 else uploads.conflicting(document(answer))
    if found.get("type") != ids.FOLDER:
        raise NotAvailable(f"The connected account has a file called {NAME}.", remedy="Rename it in Box.")
    return found


def chosen(config: Mapping[str, str]) -> str:
    """The number of the folder, '' where none was chosen."""
    return config.get(CHOICE.name, "")


def folder_id(client: Client) -> str:
    """Where copies go. One that was chosen is looked at first, so that nothing lands where others get to it."""
    number = chosen(client.config)
    if number:
        _closed(client, number)
        return number
    return mapping.id_of(made_or_found(client)["id"])


def words(client: Client) -> str:
    """The folder as a part of a sentence, without making one."""
    number, login = chosen(client.config), people.me(client).get("login")
    return f"the folder {_closed(client, number)['name']} of {login}" if number else f"the folder {NAME} of {login}"


def test(client: Client) -> tuple[str, ...]:
    """A small file is put there and deleted for good. Raises one of the nine errors."""
    number = folder_id(client)
    found = _closed(client, number)
    content = Bytes(io.BytesIO(TRIAL), len(TRIAL), sha1_of(TRIAL))
    file_id = uploads.new_file(client, number, TRIAL_NAME, content)
    client.delete(f"/files/{file_id}", expect=(404,))
    client.delete(f"/files/{file_id}/trash", expect=(404,))
    login = people.me(client).get("login")
    return (
        f"Box took a small file into the folder {found['name']} of {login} and deleted it again.",
        "Nobody else gets to that folder.",
    )


def _closed(client: Client, number: str) -> Row:
    """A folder of the connected account that nobody else gets to. Raises TargetGone or NotAvailable."""
    answer = client.get(f"/folders/{number}", params={"fields": FIELDS}, expect=(404,))
    if answer.status == 404:
        raise TargetGone(
            f"Box shows the connected account no folder {number}.",
            remedy="Choose another folder on the app's page, under Quarantine.",
        )
    found = document(answer, "id", "name")
    if mapping.id_of(mapping.part(found, "owned_by").get("id")) != mapping.id_of(people.me(client)["id"]):
        raise NotAvailable(
            f"The folder {found['name']} belongs to somebody else.",
            remedy="Choose one of the account that Gatehouse is connected with.",
        )
    if found.get("shared_link") or found.get("has_collaborations"):
        raise NotAvailable(
            f"Others get to the folder {found['name']}.",
            why="It has a shared link or collaborators, or lies in a folder that has.",
            remedy="End them in Box, or choose another folder.",
        )
    return found


HOLDING = Holding("a text file in its place, and in what overwriting leaves", (CHOICE,), test)

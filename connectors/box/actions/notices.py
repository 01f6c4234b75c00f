"""A notice that lies where something was taken away from."""

import io

from connectors.base import Client, Order, StepResult, TargetGone
from connectors.base.file_actions import notices
from connectors.box import ids, uploads
from connectors.box.actions import holding
from connectors.box.reading import Row, marked_rows
from connectors.box.uploads import Bytes, sha1_of


def numbered(order: Order) -> str:
    """The item's name behind its number."""
    return notices.numbered(str(holding.known(order)["name"]), _number(order))


def in_folder(client: Client, folder: str, name: str, sha1: str) -> list[Row]:
    """The files of this name and content in a folder; none in one that is gone."""
    asked = {"fields": "id,type,name,sha1"}
    try:
        listed = list(marked_rows(client, f"/folders/{folder}/items", asked, "id", names_markers=True))
    except TargetGone:
        return []
    return [row for row in listed if (row.get("name"), row.get("sha1")) == (name, sha1)]


def leave(client: Client, order: Order) -> StepResult:
    """{notice}: a text where the item was."""
    said = notices.text(order)
    content = Bytes(io.BytesIO(said), len(said), sha1_of(said))
    folder = holding.known(order)["parent"]
    return {"notice": uploads.new_file(holding.owner(client, order), folder, _name(order), content)}


def is_left(client: Client, order: Order) -> bool:
    return bool(_notices(client, order))


def take_away(client: Client, order: Order) -> StepResult:
    owner = holding.owner(client, order)
    for row in _notices(client, order):
        owner.delete(f"/files/{row['id']}", expect=(404,))
    return {}


def _notices(client: Client, order: Order) -> list[Row]:
    """Ours alone, by name and content."""
    owner, sha1 = holding.owner(client, order), sha1_of(notices.text(order))
    return in_folder(owner, holding.known(order)["parent"], _name(order), sha1)


def _name(order: Order) -> str:
    return notices.notice_name(str(holding.known(order)["name"]), _number(order))


def _number(order: Order) -> str:
    return ids.parts(holding.file_id(order))[1]


LEAVING = notices.leaving(leave, is_left, take_away)

"""A notice that lies where something was taken away from."""

import io

from connectors.base import Client, Order, Step, StepResult, TargetGone
from connectors.box import ids, uploads
from connectors.box.actions import holding
from connectors.box.reading import Row, marked_rows
from connectors.box.uploads import Bytes, sha1_of

NOTICE = (
    b"This was moved away by the security team of your organisation, because it may be against the rules for security. "
    b"Please ask your security team.\n"
)
LONGEST_NAME = 255


def text(order: Order) -> bytes:
    """What the organisation wants it to say, else NOTICE."""
    return f"{order.notice}\n".encode() if order.notice else NOTICE


def numbered(order: Order) -> str:
    """The item's name behind its number: unique wherever items of several places come together."""
    return f"{ids.parts(holding.file_id(order))[1]} {holding.known(order)['name']}"[-LONGEST_NAME:]


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
    said = text(order)
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


def is_taken_away(client: Client, order: Order) -> bool:
    return not is_left(client, order)


def _notices(client: Client, order: Order) -> list[Row]:
    """Ours alone, by name and content."""
    owner = holding.owner(client, order)
    return in_folder(owner, holding.known(order)["parent"], _name(order), sha1_of(text(order)))


def _name(order: Order) -> str:
    ending = f" ({ids.parts(holding.file_id(order))[1]}).txt"
    return f"{holding.known(order)['name'][: LONGEST_NAME - len(ending)]}{ending}"


LEAVING = Step(
    "notice", "Leave a notice in its place", leave, is_left, take_away,
    undo_is_done=is_taken_away, undo_is_repeatable=True,
)  # fmt: skip

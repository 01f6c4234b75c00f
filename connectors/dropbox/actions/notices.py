"""A notice that lies where something was taken away from."""

from collections.abc import Mapping

from connectors.base import Client, Order, Step, StepResult
from connectors.dropbox import admin, content, items, mapping
from connectors.dropbox.actions import holding
from connectors.dropbox.reading import Row, ask_unless, document

NOTICE = (
    "This was moved away by the security team of your organisation, because it may be against the rules for security. "
    "Please ask your security team."
)
LONGEST_NAME = 255


def text(order: Order) -> content.Bytes:
    """What the organisation wants it to say, else NOTICE."""
    return content.of(f"{order.notice or NOTICE}\n".encode())


def numbered(order: Order, results: Mapping[str, StepResult]) -> str:
    """The item's name behind its id: unique wherever items of several places come together. `results`: of the
    quarantine."""
    return f"{_number(order)} {results['remember']['name']}"[-LONGEST_NAME:]


def at(client: Client, address: str) -> Row | None:
    """The file or folder at a path `ns:...`; None where there is nothing."""
    answer = ask_unless(admin.reading(client), "files/get_metadata", {"path": address}, items.NOT_A_FILE)
    return document(answer, ".tag") if answer else None


def leave(client: Client, order: Order) -> StepResult:
    """A text where the item was."""
    if is_left(client, order):
        return {}
    writer = holding.writer(client, holding.namespace(client, order), order)
    commit = {"path": _address(client, order), "mode": "add", "autorename": False, "mute": True}
    content.put(writer, commit, text(order))
    return {}


def is_left(client: Client, order: Order) -> bool:
    there = at(client, _address(client, order))
    return there is not None and mapping.text(there.get("content_hash")) == text(order).content_hash


def take_away(client: Client, order: Order) -> StepResult:
    """Ours alone, by name and content."""
    if is_left(client, order):
        writer = holding.writer(client, holding.namespace(client, order), order)
        ask_unless(writer, "files/delete_v2", {"path": _address(client, order)}, frozenset({"not_found"}))
    return {}


def is_taken_away(client: Client, order: Order) -> bool:
    return not is_left(client, order)


def _number(order: Order) -> str:
    return holding.file_id(order).partition(":")[2]


def _address(client: Client, order: Order) -> str:
    folder, _, name = str(holding.known(order)["path"]).rpartition("/")
    ending = f" ({_number(order)}).txt"
    path = f"{folder}/{name[: LONGEST_NAME - len(ending)]}{ending}"
    return holding.address(holding.namespace(client, order), path)


LEAVING = Step(
    "notice", "Leave a notice in its place", leave, is_left, take_away,
    undo_is_done=is_taken_away, undo_is_repeatable=True,
)  # fmt: skip

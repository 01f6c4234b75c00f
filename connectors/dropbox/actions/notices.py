"""A notice that lies where something was taken away from."""

from collections.abc import Mapping

from connectors.base import Client, Order, StepResult
from connectors.base.file_actions import notices
from connectors.dropbox import admin, content, items, mapping
from connectors.dropbox.actions import holding
from connectors.dropbox.reading import Row, ask_unless, document


def text(order: Order) -> content.Bytes:
    return content.of(notices.text(order))


def numbered(order: Order, results: Mapping[str, StepResult]) -> str:
    """The item's name behind its id. `results`: of the quarantine."""
    return notices.numbered(str(results["remember"]["name"]), _number(order))


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


def _number(order: Order) -> str:
    return holding.file_id(order).partition(":")[2]


def _address(client: Client, order: Order) -> str:
    folder, _, name = str(holding.known(order)["path"]).rpartition("/")
    path = f"{folder}/{notices.notice_name(name, _number(order))}"
    return holding.address(holding.namespace(client, order), path)


LEAVING = notices.leaving(leave, is_left, take_away)

"""A notice that lies where something was taken away from."""

from connectors.base import Client, Order, StepResult
from connectors.base.file_actions import notices
from connectors.office365 import content, folders
from connectors.office365.actions import holding
from connectors.office365.mapping.values import Row, text


def numbered(order: Order) -> str:
    """The item's name behind its number."""
    return notices.numbered(str(holding.known(order)["name"]), holding.number(order))


def leave(client: Client, order: Order) -> StepResult:
    """A text where the item was."""
    if not is_left(client, order):
        drive, folder = holding.drive(order).id, str(holding.known(order)["parent"])
        content.put(client, drive, folder, _name(order), content.of(notices.text(order)))
    return {}


def is_left(client: Client, order: Order) -> bool:
    return _notice(client, order) is not None


def take_away(client: Client, order: Order) -> StepResult:
    found = _notice(client, order)
    if found is not None:
        client.delete(folders.item_path(holding.drive(order).id, text(found["id"])), expect=(404,))
    return {}


def _notice(client: Client, order: Order) -> Row | None:
    """Ours alone, by name and content."""
    found = folders.named(client, holding.drive(order).id, str(holding.known(order)["parent"]), _name(order))
    is_ours = found is not None and holding.quick_xor_of(found) == content.of(notices.text(order)).quick_xor
    return found if is_ours else None


def _name(order: Order) -> str:
    return notices.notice_name(str(holding.known(order)["name"]), holding.number(order))


LEAVING = notices.leaving(leave, is_left, take_away)

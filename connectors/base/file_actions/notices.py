"""The notice that lies where something was taken away: what it says, what it is called, and the step that leaves it."""

from collections.abc import Callable

from connectors.base.actions import Order, Step, StepResult
from connectors.base.client import Client

NOTICE = (
    "This was moved away by the security team of your organisation, because it may be against the rules for security. "
    "Please ask your security team."
)
LONGEST_NAME = 255


def text(order: Order) -> bytes:
    """What the organisation wants it to say, else NOTICE."""
    return f"{order.notice or NOTICE}\n".encode()


def notice_name(name: str, number: str) -> str:
    """Of the notice for an item of this name: the item's number in it makes it unique in a folder."""
    ending = f" ({number}).txt"
    return f"{name[: LONGEST_NAME - len(ending)]}{ending}"


def numbered(name: str, number: str) -> str:
    """An item's name behind its number: unique wherever items of several places come together."""
    return f"{number} {name}"[-LONGEST_NAME:]


def leaving(
    leave: Callable[[Client, Order], StepResult],
    is_left: Callable[[Client, Order], bool],
    take_away: Callable[[Client, Order], StepResult],
) -> Step:
    """`is_left` and `take_away` know ours by name and content, so that nothing of somebody else's is deleted."""

    def is_taken_away(client: Client, order: Order) -> bool:
        return not is_left(client, order)

    return Step(
        "notice", "Leave a notice in its place", leave, is_left, take_away,
        undo_is_done=is_taken_away, undo_is_repeatable=True,
    )  # fmt: skip

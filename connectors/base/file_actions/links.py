"""Shared links of an item: ending them, letting in fewer people by them, and making them again as they were."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from connectors.base.actions import Action, Order, Step, StepResult, steps_action
from connectors.base.capabilities import ActionKind
from connectors.base.client import Client
from connectors.base.errors import NotAvailable
from connectors.base.fields import Field
from connectors.base.file_actions import applying
from connectors.base.records import File, Record

NO_LINK = "This item has no shared link of its own. If others get to it by a link, that is one of a folder above it."
UNTIL = Field(
    "until",
    "Until when it lasts",
    "The day on which the link ends. Left empty, its end stays as it is.",
    is_required=False,
    pattern=r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])",
    problem="A day is written as year, month and day.",
    example="2027-01-31",
)


@dataclass(frozen=True, slots=True)
class SharedLinks:
    """The vendor's side of it.

    `present`: the item's own links now, as a part of a sentence made by `words`; '' where it has none. `open_again`
    makes those again that `remember` has seen, and raises `password_lost` for one that had a password.
    """

    present: Callable[[Client, Order], str]
    remember: Callable[[Client, Order], StepResult]
    close: Callable[[Client, Order], StepResult]
    is_closed: Callable[[Client, Order], bool]
    open_again: Callable[[Client, Order], StepResult]
    read_back: Callable[[Client, Order], Iterable[Record]]
    permissions: tuple[str, ...]
    component: str = ""

    @property
    def remembering(self) -> Step:
        return Step("remember", "Remember the links", self.remember)

    @property
    def closing(self) -> Step:
        return Step(
            "close", "Remove the shared links", self.close, self.is_closed, self.open_again, undo_is_repeatable=True
        )

    def refuse(self, client: Client, order: Order) -> str:
        return "" if self.present(client, order) else NO_LINK

    def preview_closing(self, client: Client, order: Order) -> tuple[str, ...]:
        return (
            f"{order.target.name} has {self.present(client, order)}; it ends.",
            "Collaborators keep their access, and so does who has a link to a folder above it.",
        )

    def preview_restricting(self, client: Client, order: Order) -> tuple[str, ...]:
        has = f"{order.target.name} has {self.present(client, order)}"
        return (
            f"{has}; from now on it lets in those alone that you choose.",
            "The address of the link stays the same, and collaborators keep their access.",
        )

    def removing(self, *, label: str, effect: str, undo_effect: str) -> Action:
        return steps_action(
            ActionKind.REMOVE_PUBLIC_LINK,
            File,
            name="remove_link",
            label=label,
            effect=effect,
            undo_effect=undo_effect,
            steps=(self.remembering, self.closing),
            read_back=self.read_back,
            refuse=self.refuse,
            preview=self.preview_closing,
            permissions=self.permissions,
            component=self.component,
            applies=applying.is_reached_by_others,
        )

    def restricting(self, restrict: Step, *, level: Field, label: str, effect: str, undo_effect: str) -> Action:
        """`level`: whom the links may let in, as the vendor has it. `restrict` reads it, and `chosen_end`."""
        return steps_action(
            ActionKind.REMOVE_PUBLIC_LINK,
            File,
            name="restrict_link",
            label=label,
            effect=effect,
            undo_effect=undo_effect,
            steps=(self.remembering, restrict),
            read_back=self.read_back,
            refuse=self.refuse,
            preview=self.preview_restricting,
            permissions=self.permissions,
            component=self.component,
            applies=applying.is_reached_by_others,
            fields=(level, UNTIL),
        )


def chosen_end(order: Order) -> datetime | None:
    """The beginning of the chosen day in UTC; None where none was chosen. Raises NotAvailable."""
    day = order.params.get(UNTIL.name)
    try:
        return datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None
    except ValueError:
        raise NotAvailable("There is no such day.", remedy="Choose another day.") from None


def check_end(client: Client, order: Order) -> None:
    """Raises NotAvailable where the chosen day has begun, or is none."""
    end = chosen_end(order)
    if end is not None and end <= client.now():
        raise NotAvailable("The day on which the link is to end has passed.", remedy="Choose a later day.")


def words(who: str, *, has_password: bool, until: str | None) -> str:
    """Of one link. `who`: "anybody who has it"."""
    parts = [f"a shared link for {who}"]
    parts += ["with a password"] if has_password else []
    parts += [f"until {until}"] if until else []
    return ", ".join(parts)


def password_lost(vendor: str, todo: str) -> NotAvailable:
    """`todo`: "Make a new link"."""
    return NotAvailable(
        f"The link had a password, which {vendor} shows nobody.", remedy=f"{todo} with a new password in {vendor}."
    )

"""Who was given an item itself: ending that for whoever is external, for one or for all, and giving it again."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.base.actions import Action, Order, Step, StepResult, steps_action
from connectors.base.capabilities import ActionKind
from connectors.base.client import Client
from connectors.base.errors import TargetGone
from connectors.base.file_actions import applying
from connectors.base.file_actions.links import SharedLinks
from connectors.base.records import Collaborator, File, Record

Share = dict[str, Any]
"""Whom an item was given, and what it takes to give it again: `name` and `role` for people, the rest the vendor's."""

ABOVE = "Access that a folder above it or a group gives stays: end it there."
NOBODY_EXTERNAL = (
    "Nobody from outside was given this item itself. If somebody gets to it, that is by a link or a folder above."
)
NOBODY = "Nobody was given this item itself. If others get to it, that is by a folder above it."


@dataclass(frozen=True, slots=True)
class Access:
    """The vendor's side of it.

    `present`: whom beside its owner the item itself was given. `of_target`: those that the order's collaborator is;
    raises TargetGone, by `not_given`. `remembered`: what the first step keeps, with the shares under `key`. `end` takes
    shares away, `have_ended` says whether they are, `give_again` gives them again and passes over who has it already.
    """

    key: str
    present: Callable[[Client, Order], Sequence[Share]]
    of_target: Callable[[Client, Order], Sequence[Share]]
    is_external: Callable[[Client, Share], bool]
    remembered: Callable[[Client, Order, Sequence[Share]], StepResult]
    end: Callable[[Client, Order, Sequence[Share]], StepResult]
    have_ended: Callable[[Client, Order, Sequence[Share]], bool]
    give_again: Callable[[Client, Order, Sequence[Share]], StepResult]
    read_back: Callable[[Client, Order], Iterable[Record]]
    permissions: tuple[str, ...]
    component: str = ""

    @property
    def ending(self) -> Step:
        """Of what the first step remembered."""

        def end(client: Client, order: Order) -> StepResult:
            return self.end(client, order, self._known(order))

        def have_ended(client: Client, order: Order) -> bool:
            return self.have_ended(client, order, self._known(order))

        def give_again(client: Client, order: Order) -> StepResult:
            return self.give_again(client, order, self._known(order))

        return Step("end", "End the access", end, have_ended, give_again, undo_is_repeatable=True)

    def _known(self, order: Order) -> Sequence[Share]:
        shares: Sequence[Share] = order.results["remember"][self.key]
        return shares

    def external(self, client: Client, order: Order) -> list[Share]:
        return [share for share in self.present(client, order) if self.is_external(client, share)]

    def remember_external(self, client: Client, order: Order) -> StepResult:
        return self.remembered(client, order, self.external(client, order))

    def refuse_external(self, client: Client, order: Order) -> str:
        return "" if self.external(client, order) else NOBODY_EXTERNAL

    def preview_external(self, client: Client, order: Order) -> tuple[str, ...]:
        return (f"These lose access to {order.target.name}: {words(self.external(client, order))}.", ABOVE)

    def remember_one(self, client: Client, order: Order) -> StepResult:
        return self.remembered(client, order, self.of_target(client, order))

    def refuse_one(self, client: Client, order: Order) -> str:
        try:
            self.of_target(client, order)
        except TargetGone as error:
            return str(error)
        return ""

    def preview_one(self, client: Client, order: Order) -> tuple[str, ...]:
        return (f"This access ends: {words(self.of_target(client, order))}.", ABOVE)

    def removing_external(self, *, effect: str, undo_effect: str) -> Action:
        return steps_action(
            ActionKind.REMOVE_EXTERNAL_COLLABORATORS,
            File,
            name="remove_external_collaborators",
            label="Remove external collaborators",
            effect=effect,
            undo_effect=undo_effect,
            steps=(Step("remember", "Remember who is external", self.remember_external), self.ending),
            read_back=self.read_back,
            refuse=self.refuse_external,
            preview=self.preview_external,
            permissions=self.permissions,
            component=self.component,
            applies=applying.is_external,
        )

    def removing_one(self, *, effect: str, undo_effect: str) -> Action:
        return steps_action(
            ActionKind.REMOVE_COLLABORATOR,
            Collaborator,
            name="remove_collaborator",
            label="Remove the collaborator",
            effect=effect,
            undo_effect=undo_effect,
            steps=(Step("remember", "Remember the access", self.remember_one), self.ending),
            read_back=self.read_back,
            refuse=self.refuse_one,
            preview=self.preview_one,
            permissions=self.permissions,
            component=self.component,
            applies=applying.is_somebody,
        )

    def making_private(
        self,
        links: SharedLinks,
        remember: Callable[[Client, Order], StepResult],
        *,
        effect: str,
        undo_effect: str,
    ) -> Action:
        """`remember`: what both the links and the access need."""

        def refuse(client: Client, order: Order) -> str:
            return "" if links.present(client, order) or self.present(client, order) else NOBODY

        def preview(client: Client, order: Order) -> tuple[str, ...]:
            who, by_link = words(self.present(client, order)), links.present(client, order) or "no shared link"
            return (f"{order.target.name} has {by_link}, and these were given it: {who}. All of it ends.", ABOVE)

        return steps_action(
            ActionKind.MAKE_PRIVATE,
            File,
            name="make_private",
            label="Make private",
            effect=effect,
            undo_effect=undo_effect,
            steps=(Step("remember", "Remember links and collaborators", remember), links.closing, self.ending),
            read_back=self.read_back,
            refuse=refuse,
            preview=preview,
            permissions=self.permissions,
            component=self.component,
            applies=applying.is_reached_by_others,
        )


def not_given(order: Order) -> TargetGone:
    return TargetGone(
        f"{order.target.name} was not given this item itself.",
        why="It ended meanwhile, or a folder above the item lets them in.",
        remedy="Remove them from that folder.",
    )


def words(shares: Sequence[Share]) -> str:
    """As a part of a sentence."""
    return ", ".join(f"{share['name']} ({share['role']})" for share in shares[:10]) or "nobody"

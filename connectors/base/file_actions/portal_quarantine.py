"""Quarantine with Gatehouse: the bytes are kept encrypted in the portal, then the vendor's file is taken away.

Deleting for good what is held forgets the bytes by `forget_held`.
"""

from dataclasses import dataclass

from connectors.base.actions import ByteStore, Order, Step, StepResult
from connectors.base.client import Client
from connectors.base.errors import NotAvailable
from connectors.base.file_actions.originals import Original

KEPT = "content"
"""The key of the bytes in the store."""
STEP = "keep"
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class PortalQuarantine:
    """The first step has to remember `size` in bytes, beside what the original needs."""

    original: Original

    @property
    def keeping(self) -> Step:
        return Step(
            STEP, "Keep the content in Gatehouse", self.keep, is_kept, forget,
            undo_is_done=is_forgotten, undo_is_repeatable=True,
        )  # fmt: skip

    def taking(self, label: str) -> Step:
        """Follows `keeping`."""
        return self.original.taking(label, self.bring_back)

    def keep(self, client: Client, order: Order) -> StepResult:
        """What the vendor's fetch says of the content that is kept now."""
        sentence = too_large(order, int(order.results["remember"]["size"]))
        if sentence:
            raise NotAvailable(sentence, remedy="Choose another quarantine, or raise this in Settings > General.")
        with store_of(order).writer(KEPT) as stream:
            return self.original.fetch(client, order, stream)

    def bring_back(self, client: Client, order: Order) -> StepResult:
        """The file with all that it had; where the vendor has forgotten it, what is kept as a new one."""
        if self.original.is_remembered(client, order):
            return self.original.restore(client, order)
        try:
            with store_of(order).reader(KEPT) as stream:
                return self.original.put_back(client, order, stream)
        except KeyError:
            raise self.original.lost(order, "kept by Gatehouse") from None


def is_kept(client: Client, order: Order) -> bool:
    try:
        with store_of(order).reader(KEPT):
            return True
    except KeyError:
        return False


def forget(client: Client, order: Order) -> StepResult:
    """Once the file itself is back where it was."""
    store_of(order).forget(KEPT)
    return {}


def is_forgotten(client: Client, order: Order) -> bool:
    return not is_kept(client, order)


def forget_held(order: Order) -> None:
    """What the quarantine that an order is about has kept; nothing where it was another one."""
    if STEP in order.held:
        store_of(order).forget(KEPT)


def too_large(order: Order, size: int) -> str:
    """A sentence why a file of this many bytes is not kept, else ''."""
    limit = store_of(order).max_bytes
    if size <= limit:
        return ""
    return f"It has {size} bytes, more than the {limit // MIB:,} MB that Gatehouse keeps of a file."


def store_of(order: Order) -> ByteStore:
    """Raises NotAvailable where nothing can be kept, as on a page that only asks."""
    if order.store is None:
        raise NotAvailable("Gatehouse keeps no bytes here.", remedy="Choose another quarantine.")
    return order.store

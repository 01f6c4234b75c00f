"""Actions on a page: which buttons stand first, which in a menu, and what is not possible here and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from portal.governance import catalogue
from portal.governance.catalogue import Offer
from portal.governance.targets import TargetRow
from portal.instances.models import AppInstance
from portal.people.scope import Scope

SHOWN_FIRST = 2

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Offers:
    """`common_reason`: nothing is possible, and all for this one reason."""

    first: Sequence[Offer]
    more: Sequence[Offer]
    not_now: Sequence[Offer]
    common_reason: str


@dataclass(frozen=True, slots=True)
class Offered(Generic[Item]):
    """A row that stands on another one's page, such as a collaborator of a file. `item` as the page shows it, `target`
    the inventory's row, `offers` what may be asked for now."""

    item: Item
    target: TargetRow
    offers: Sequence[Offer]


def offers(scope: Scope, instance: AppInstance, target: TargetRow) -> Offers | None:
    """None where the person may ask for nothing of it."""
    every = catalogue.offers(scope, instance, target)
    if not every:
        return None
    allowed, refused = [each for each in every if each.is_allowed], [each for each in every if not each.is_allowed]
    reasons = {each.reason for each in refused}
    common = reasons.pop() if not allowed and len(reasons) == 1 else ""
    return Offers(allowed[:SHOWN_FIRST], allowed[SHOWN_FIRST:], refused, common)


def with_offers(
    scope: Scope, instance: AppInstance, pairs: Iterable[tuple[Item, TargetRow]]
) -> list[Offered[Item]]:
    """Each with the actions that are possible now."""
    return [
        Offered(item, target, [each for each in catalogue.offers(scope, instance, target) if each.is_allowed])
        for item, target in pairs
    ]

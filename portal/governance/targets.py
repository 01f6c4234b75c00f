"""What can be acted on: the kinds of inventory rows that actions name as their target."""

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.base import Account, ActionTarget, Group, Listed
from portal.governance.models import GovernanceAction
from portal.inventory import models

TargetRow = models.Account | models.Group
"""Rows of the inventory that actions name as their target."""


@dataclass(frozen=True, slots=True)
class TargetKind:
    """`word` is kept in the log; `record` is what connectors declare; `model` is where the inventory keeps it."""

    word: str
    record: type[Listed]
    model: type[TargetRow]


KINDS: Mapping[str, TargetKind] = {
    kind.word: kind
    for kind in (TargetKind("account", Account, models.Account), TargetKind("group", Group, models.Group))
}


def kind_of(row: TargetRow) -> TargetKind:
    """Raises KeyError for rows nothing can be done to."""
    return {kind.model: kind for kind in KINDS.values()}[type(row)]


def row_of(action: GovernanceAction) -> TargetRow | None:
    """The inventory's row of the action's target; None when it was deleted with its instance's data."""
    model = KINDS[action.target_kind].model
    return model._default_manager.filter(instance_id=action.instance_id, vendor_id=action.target_id).first()


def target_of(action: GovernanceAction) -> ActionTarget:
    """As the connector's functions take it."""
    return ActionTarget(KINDS[action.target_kind].record, action.target_id, action.target_name, action.target_raw)

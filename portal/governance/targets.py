"""What can be acted on: the kinds of inventory rows that actions name as their target."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from connectors.base import (
    Account,
    ActionTarget,
    Collaborator,
    Credential,
    Facts,
    File,
    Grant,
    Group,
    Listed,
    OAuthApp,
)
from portal.governance.models import GovernanceAction
from portal.inventory import models
from portal.inventory.row_lists import known

TargetRow = (
    models.Account | models.Group | models.File | models.Collaborator | models.OAuthApp | models.Grant
    | models.Credential
)
"""Rows of the inventory that actions name as their target."""


@dataclass(frozen=True, slots=True)
class TargetKind:
    """`word` is kept in the log; `record` is what connectors declare; `model` is where the inventory keeps it."""

    word: str
    record: type[Listed]
    model: type[TargetRow]


KINDS: Mapping[str, TargetKind] = {
    kind.word: kind
    for kind in (
        TargetKind("account", Account, models.Account),
        TargetKind("group", Group, models.Group),
        TargetKind("file", File, models.File),
        TargetKind("collaborator", Collaborator, models.Collaborator),
        TargetKind("oauth_app", OAuthApp, models.OAuthApp),
        TargetKind("grant", Grant, models.Grant),
        TargetKind("credential", Credential, models.Credential),
    )
}


def kind_of(row: TargetRow) -> TargetKind:
    """Raises KeyError for rows nothing can be done to."""
    return kind_of_model(type(row))


def kind_of_model(model: type[TargetRow]) -> TargetKind:
    """Raises KeyError for rows nothing can be done to."""
    return {kind.model: kind for kind in KINDS.values()}[model]


def facts_of(row: TargetRow) -> Facts:
    """What the inventory knows of a row, by the field names of its record; `id` is the vendor's, `raw` is left out:
    lists do not load it."""
    names = {field.name for field in fields(kind_of(row).record)} - {"id", "vendor_id", "raw"}
    known = {name: getattr(row, name) for name in names if hasattr(row, name)}
    return {**known, "id": row.vendor_id}


def name_of(row: TargetRow) -> str:
    """As the confirmation and the log call it. A grant is called by its app: what lets a whole organisation in has no
    name of its own."""
    if not isinstance(row, models.Grant):
        return str(row)
    app = models.OAuthApp.objects.filter(instance_id=row.instance_id, vendor_id=row.app_id).first()
    if not row.account_id:
        return str(app or row.app_id)
    who = row.account_name or known(models.Account, row.instance_id, row.account_id) or row.account_id
    return f"{app or row.app_id}, {who}"


def row_of(action: GovernanceAction) -> TargetRow | None:
    """The inventory's row of the action's target; None when it was deleted with its instance's data."""
    model = KINDS[action.target_kind].model
    return model._default_manager.filter(instance_id=action.instance_id, vendor_id=action.target_id).first()


def target_of(action: GovernanceAction) -> ActionTarget:
    """As the connector's functions take it."""
    return ActionTarget(KINDS[action.target_kind].record, action.target_id, action.target_name, action.target_raw)

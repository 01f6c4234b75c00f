"""What lists of files can be filtered by."""

from django.db.models import Q

from connectors.base import Exposure
from portal.inventory.filters import (
    APP,
    INSTANCE,
    PRESENT,
    TEXT,
    YES_NO,
    FilterField,
    Values,
    fields_of,
    flag,
    is_named,
    is_time,
    named,
    one_of,
    since,
    until,
    words,
)
from portal.inventory.models import Collaborator
from portal.inventory.rows import BEGINNING


def _shared_with(values: Values) -> Q:
    """Files that an account can reach as a collaborator by itself."""
    condition = Q()
    for value in values:
        instance_id, _, account_id = value.partition(":")
        shared = Collaborator.objects.filter(instance_id=int(instance_id), account_id=account_id, gone_at=None)
        condition |= Q(instance_id=int(instance_id), vendor_id__in=shared.values("file_id"))
    return condition


def _until(values: Values) -> Q:
    """Without those of which no time is known."""
    return until("sort_time")(values) & Q(sort_time__gt=BEGINNING)


FILE_FILTERS: dict[str, FilterField] = fields_of(
    APP,
    INSTANCE,
    FilterField("kind", "Kind", one_of("kind"), is_text=True),
    FilterField("exposure", "Exposure", one_of("exposure"), words(Exposure)),
    FilterField("owner", "Owner", named("owner_id"), is_text=True, problem=is_named("An owner")),
    FilterField("collaborator", "Shared with", _shared_with, is_text=True, problem=is_named("An account")),
    FilterField("external", "External collaborators", flag("has_external_collaborators"), YES_NO),
    FilterField("trashed", "In trash", flag("is_trashed"), YES_NO),
    FilterField("from", "Modified from", since("sort_time"), is_text=True, problem=is_time),
    FilterField("to", "Modified to", _until, is_text=True, problem=is_time),
    PRESENT,
    TEXT,
)

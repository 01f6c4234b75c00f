"""What lists of files can be filtered by."""

from django.db.models import Exists, OuterRef, Q

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


def _shared_with(values: Values) -> Q:
    """Files that an account can reach as a collaborator by itself."""
    shared = Collaborator.objects.filter(
        named("account_id")(values), instance_id=OuterRef("instance_id"), file_id=OuterRef("vendor_id"), gone_at=None
    )
    return Q(Exists(shared))


FILE_FILTERS: dict[str, FilterField] = fields_of(
    APP,
    INSTANCE,
    FilterField("kind", "Kind", one_of("kind"), is_text=True),
    FilterField("exposure", "Exposure", one_of("exposure"), words(Exposure)),
    FilterField("owner", "Owner", named("owner_id"), is_text=True, problem=is_named("An owner")),
    FilterField("collaborator", "Shared with", _shared_with, is_text=True, problem=is_named("An account")),
    FilterField("external", "External collaborators", flag("has_external_collaborators"), YES_NO),
    FilterField("trashed", "In trash", flag("is_trashed"), YES_NO),
    FilterField("from", "Modified from", since("modified_at"), is_text=True, problem=is_time),
    FilterField("to", "Modified to", until("modified_at"), is_text=True, problem=is_time),
    PRESENT,
    TEXT,
)

"""From Azure's JSON to records. Nothing here calls Azure; a missing or odd member never drops a record."""

from connectors.azure.mapping.activities import activity, operation_key, status_of, time_of
from connectors.azure.mapping.principals import (
    holder_kind,
    is_bare,
    kind_of,
    membership,
    principal,
    unknown,
)
from connectors.azure.mapping.privileges import (
    ACTIVATED,
    ELIGIBLE,
    denied,
    held,
    holder_of,
    is_activated,
    is_through_group,
    scope_of,
)
from connectors.azure.mapping.sign_ins import sign_in
from connectors.azure.mapping.storage import (
    RESOURCE_GROUP,
    STORAGE_ACCOUNT,
    container,
    is_public,
    lets_public,
    resource_group,
    storage_account,
)
from connectors.azure.mapping.values import moment, properties, text

__all__ = [
    "ACTIVATED",
    "ELIGIBLE",
    "RESOURCE_GROUP",
    "STORAGE_ACCOUNT",
    "activity",
    "container",
    "denied",
    "held",
    "holder_kind",
    "holder_of",
    "is_activated",
    "is_bare",
    "is_public",
    "is_through_group",
    "kind_of",
    "lets_public",
    "membership",
    "moment",
    "operation_key",
    "principal",
    "properties",
    "resource_group",
    "scope_of",
    "sign_in",
    "status_of",
    "storage_account",
    "text",
    "time_of",
    "unknown",
]

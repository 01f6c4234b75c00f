"""Resource groups, storage accounts and containers, as what holds data and can be open to others."""

from collections.abc import Iterable, Mapping
from typing import Any

from connectors.azure import ids
from connectors.azure.mapping.values import moment, part, properties, text
from connectors.base import Exposure, File

RESOURCE_GROUP, STORAGE_ACCOUNT, CONTAINER = "resource group", "storage account", "container"

Row = Mapping[str, Any]


def resource_group(row: Row) -> File:
    """Only those with a role in Azure get to it."""
    return File(
        id=ids.key(text(row.get("id"))),
        name=text(row.get("name")) or ids.last(text(row.get("id"))),
        kind=RESOURCE_GROUP,
        path=text(row.get("id")),
        exposure=Exposure.INTERNAL,
        raw=dict(row),
    )


def storage_account(row: Row, containers: Iterable[Row] = ()) -> File:
    """`containers`: those of an account that lets them be open."""
    path = text(row.get("id"))
    is_open = any(is_public(each) for each in containers)
    return File(
        id=ids.key(path),
        name=text(row.get("name")) or ids.last(path),
        kind=STORAGE_ACCOUNT,
        path=path,
        parent_id=group_of(path),
        exposure=Exposure.PUBLIC if is_open else Exposure.INTERNAL,
        created_at=moment(properties(row).get("creationTime")),
        raw=dict(row),
    )


def container(row: Row) -> File:
    """One that anybody may read without signing in."""
    path = text(row.get("id"))
    return File(
        id=ids.key(path),
        name=text(row.get("name")) or ids.last(path),
        kind=CONTAINER,
        path=path,
        parent_id=ids.key(path.lower().partition("/blobservices/")[0]),
        exposure=Exposure.PUBLIC,
        modified_at=moment(properties(row).get("lastModifiedTime")),
        raw=dict(row),
    )


def lets_public(row: Row) -> bool:
    """Whether containers of a storage account may be open to anybody: where it does not say so, they may not. An
    account that only some networks reach is not open to anybody."""
    said = properties(row)
    is_reached = text(said.get("publicNetworkAccess")) not in ("Disabled", "SecuredByPerimeter")
    networks = text(part(said, "networkAcls").get("defaultAction"))
    return said.get("allowBlobPublicAccess") is True and is_reached and networks != "Deny"


def is_public(row: Row) -> bool:
    return text(properties(row).get("publicAccess")) in ("Blob", "Container")


def group_of(path: str) -> str:
    """The resource group of a resource."""
    return ids.key(ids.key(path).partition("/providers/")[0])

"""What Azure says of a resource group or a storage account now."""

from collections.abc import Iterator

from connectors.azure import api_versions
from connectors.azure.feeds.storage import storage_account
from connectors.azure.mapping import resource_group as group_record
from connectors.azure.reading import Row, document
from connectors.azure.refusals import gone
from connectors.base import Client, File, Gone, Order, Record


def account_now(client: Client, order: Order) -> Row:
    """Raises TargetGone."""
    found = _now(client, order, api_versions.STORAGE)
    if found is None:
        raise gone(order.target.name)
    return found


def resource_group(client: Client, order: Order) -> Iterator[Record]:
    found = _now(client, order, api_versions.RESOURCE_GROUPS)
    yield Gone(File, order.target.id) if found is None else group_record(found)


def storage_account_and_containers(client: Client, order: Order) -> Iterator[Record]:
    found = _now(client, order, api_versions.STORAGE)
    if found is None:
        yield Gone(File, order.target.id)
        return
    yield from storage_account(client, found)


def _now(client: Client, order: Order, version: str) -> Row | None:
    answer = client.get(order.target.id, params={"api-version": version}, expect=(404,))
    return None if answer.status == 404 else document(answer, "id")

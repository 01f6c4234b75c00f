"""The least call for each thing that the connection may or may not have been given."""

from contextlib import suppress
from datetime import timedelta

from connectors.azure import api_versions, tree
from connectors.azure.feeds.activity_log import LOG, TENANT_EVENTS, written
from connectors.azure.feeds.sign_ins import asked
from connectors.azure.hosts import graph_url
from connectors.azure.reading import listed
from connectors.base import Client, RateLimited

TENANTS = api_versions.SUBSCRIPTIONS
NOBODY = "00000000-0000-0000-0000-000000000000"


def look_up_nobody(client: Client) -> None:
    """An id that nobody has: what is tried is the permission."""
    body = {"ids": [NOBODY], "types": ["user"]}
    listed(client.post(graph_url(client.config, "/directoryObjects/getByIds"), json=body))


def list_sign_ins(client: Client) -> None:
    """A limit that the reading of logs has used up is no sign that the permission is missing, and must keep nothing
    else waiting."""
    params = {**asked(client.now() - timedelta(hours=1), client.now()), "$top": 1}
    with suppress(RateLimited):
        listed(client.get(graph_url(client.config, "/auditLogs/signIns"), params=params))


def read_tenant_log(client: Client) -> None:
    time = f"eventTimestamp ge '{written(client.now() - timedelta(minutes=5))}'"
    params = {"api-version": api_versions.ACTIVITY_LOG, "$filter": f"{time}{TENANT_EVENTS}"}
    listed(client.get(LOG, params=params))


def list_management_groups(client: Client) -> None:
    tree.management_groups(client)

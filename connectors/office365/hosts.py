"""The hosts of Office 365, and which API answers where.

Graph answers for the directory and for files, the Management Activity API for what happens in the Office apps, and
SharePoint itself for its recycle bin alone. Each takes tokens of its own.
"""

from collections.abc import Mapping

from connectors.base import entra

GRAPH_HOSTS = frozenset(each.graph for each in entra.CLOUDS)
ACTIVITY_HOSTS = frozenset(each.activity for each in entra.CLOUDS)


def hosts(config: Mapping[str, str]) -> tuple[str, ...]:
    """Downloads and the progress of copies are served by the tenant's hosts of SharePoint."""
    cloud = entra.cloud(config)
    named = (cloud.login, cloud.graph, cloud.activity, f"*.{cloud.sharepoint}")
    return tuple(each for each in named if each)


def base_url(config: Mapping[str, str]) -> str:
    """Paths without a host are Graph's."""
    return f"https://{entra.cloud(config).graph}/v1.0"


def activity_url(config: Mapping[str, str]) -> str:
    """The Management Activity API of this tenant; '' in a cloud where its host is not known."""
    host = entra.cloud(config).activity
    return f"https://{host}/api/v1.0/{config['tenant_id']}/activity/feed" if host else ""

"""The hosts of Azure, and which API answers where.

Azure Resource Manager (ARM) answers for subscriptions, roles, resources and the activity log; Microsoft Graph for the
names behind the ids, and for sign-ins. Each takes tokens of its own.
"""

from collections.abc import Mapping

from connectors.base import entra

ARM_HOSTS = tuple(dict.fromkeys(each.arm for each in entra.CLOUDS))
GRAPH_HOSTS = frozenset(each.graph for each in entra.CLOUDS)


def hosts(config: Mapping[str, str]) -> tuple[str, ...]:
    """A page after the first may be on a host of ARM in another region."""
    cloud = entra.cloud(config)
    return (cloud.login, cloud.graph, cloud.arm, f"*.{cloud.arm}")


def base_url(config: Mapping[str, str]) -> str:
    """Paths without a host are ARM's."""
    return f"https://{entra.cloud(config).arm}"


def graph_url(config: Mapping[str, str], path: str) -> str:
    return f"https://{entra.cloud(config).graph}/v1.0{path}"


def audience(host: str) -> str:
    """A regional host of ARM takes ARM's tokens."""
    return entra.audience(next((arm for arm in ARM_HOSTS if host.endswith(f".{arm}")), host))


def is_arm(host: str) -> bool:
    return any(host == arm or host.endswith(f".{arm}") for arm in ARM_HOSTS)

"""A secret goes only where it was meant to go: typed for one host, it is not kept when another host is typed."""

from collections.abc import Mapping

from connectors.base import BadResponse
from portal.instances.clients import connector_of, method_of
from portal.instances.models import AppInstance

Config = Mapping[str, str]


def is_moved(instance: AppInstance, old: Config, new: Config) -> bool:
    """Whether secrets that were typed beside `old` would be sent elsewhere with `new`."""
    before = _of(instance, old)
    return before is None or before != _of(instance, new)


def kept(instance: AppInstance, old: Config, new: Config, secrets: Mapping[str, str]) -> dict[str, str]:
    """Those of the secrets typed beside `old` that may be used with `new`: after a move only what the portal made:
    it is shown on the form anyway, or, of a key pair, the private part is sent nowhere."""
    if not is_moved(instance, old, new):
        return dict(secrets)
    fields = [field for field in method_of(instance).fields if field.is_made]
    made = {name for field in fields for name in (field.name, field.next_name)}
    return {name: value for name, value in secrets.items() if name in made}


def _of(instance: AppInstance, config: Config) -> frozenset[str] | None:
    """None where the details do not make an address yet."""
    try:
        return connector_of(instance).destinations(method_of(instance), config)
    except (KeyError, BadResponse):
        return None

"""The network seam: the one `Network` through which every call to a vendor leaves."""

from functools import cache

from django.conf import settings
from django.core.signals import setting_changed

from connectors.base import Network

SEAM_SETTINGS = {"NETWORK_OVERRIDES", "ALLOWED_PRIVATE_HOSTS", "SANDBOX"}


@cache
def network() -> Network:
    """From the settings; overrides count only with the sandbox switched on (checks.py refuses anything else)."""
    overrides = settings.NETWORK_OVERRIDES if settings.SANDBOX else {}
    return Network(overrides=overrides, allowed_private_hosts=frozenset(settings.ALLOWED_PRIVATE_HOSTS))


def _forget(*, setting: str, **_: object) -> None:
    if setting in SEAM_SETTINGS:
        network.cache_clear()


setting_changed.connect(_forget)

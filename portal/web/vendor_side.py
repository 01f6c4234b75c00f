"""What is to be done at the vendor's side, with what there is to copy for it."""

from collections.abc import Callable
from dataclasses import dataclass

from connectors.base import AuthMethod, SetupStep
from portal.instances import connecting
from portal.instances.clients import wanted_scopes
from portal.instances.models import AppInstance
from portal.preferences import preferences
from portal.scans import inbox

COPY_LABELS = {
    "callback_url": "Callback address",
    "webhook_url": "Webhook address",
    "scopes": "Scopes",
    "egress_addresses": "The portal's addresses",
    "text": "Text",
}

NO_ADDRESSES = "Nobody has entered them yet: a Global Admin does so in Settings, General."


@dataclass(frozen=True, slots=True)
class VendorStep:
    """One step, an address to open for it, and a labelled value to copy; '' where there is none. `lack` says so where
    there should be one."""

    text: str
    url: str = ""
    label: str = ""
    value: str = ""
    lack: str = ""


def vendor_steps(method: AuthMethod, instance: AppInstance) -> list[VendorStep]:
    """In order; every connector begins with the account to do it as."""
    return [_vendor_step(step, instance) for step in method.steps if not step.of_scopes or _scopes(step, instance)]


def egress_addresses() -> list[str]:
    """The addresses the portal calls from, for vendors' allow lists; empty where nobody has entered them."""
    return list(preferences.get("egress_addresses"))


def _vendor_step(step: SetupStep, instance: AppInstance) -> VendorStep:
    values: dict[str, Callable[[], str]] = {
        "callback_url": connecting.callback_url,
        "webhook_url": lambda: inbox.address(inbox.ensure(instance)),
        "scopes": lambda: _scopes(step, instance),
        "egress_addresses": lambda: "\n".join(egress_addresses()),
        "text": lambda: step.copy_text,
    }
    value = values[step.copy]() if step.copy in values else ""
    lack = NO_ADDRESSES if step.copy == "egress_addresses" and not value else ""
    return VendorStep(step.text, step.url, COPY_LABELS.get(step.copy, ""), value, lack)


def _scopes(step: SetupStep, instance: AppInstance) -> str:
    wanted = wanted_scopes(instance)
    if step.of_scopes is None:
        return " ".join(wanted)
    return "\n".join(name for name in map(step.of_scopes, wanted) if name)

"""What is to be done at the vendor's side, with what there is to copy for it."""

from dataclasses import dataclass

from connectors.base import AuthMethod, Connector, SetupStep
from portal.instances import connecting
from portal.preferences import preferences

COPY_LABELS = {
    "callback_url": "Callback address",
    "webhook_url": "Webhook address",
    "scopes": "Scopes",
    "egress_addresses": "The portal's addresses",
    "text": "Text",
}


@dataclass(frozen=True, slots=True)
class VendorStep:
    """One step, an address to open for it, and a labelled value to copy; '' where there is none."""

    text: str
    url: str = ""
    label: str = ""
    value: str = ""


def vendor_steps(connector: Connector, method: AuthMethod) -> list[VendorStep]:
    """In order, beginning with the account to do it as."""
    account = VendorStep(
        f"Sign in to {connector.name} with an admin account made for Gatehouse alone, not a person's: what it may do "
        "stays clear, and nothing breaks when somebody leaves."
    )
    return [account, *(_vendor_step(step, method) for step in method.steps)]


def egress_addresses() -> list[str]:
    """The addresses the portal calls from, for vendors' allow lists; empty where nobody has entered them."""
    return list(preferences.get("egress_addresses"))


def _vendor_step(step: SetupStep, method: AuthMethod) -> VendorStep:
    values = {
        "callback_url": connecting.callback_url(),
        "scopes": " ".join(method.scopes),
        "egress_addresses": "\n".join(egress_addresses()),
        "text": step.copy_text,
    }
    value = values.get(step.copy, "")
    return VendorStep(step.text, step.url, COPY_LABELS.get(step.copy, "") if value else "", value)

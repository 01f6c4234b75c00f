"""Makes the activity log long, for load tests."""

from tests.sandbox.microsoft.arm.azure import Azure
from tests.sandbox.microsoft.arm.events import Event
from tests.sandbox.microsoft.arm.people import Caller

SPAN = 6 * 86_400
OPERATION = "Microsoft.Storage/storageAccounts/listKeys/action"


def grow(azure: Azure, caller: Caller, subscription_id: str, events: int, now: float) -> None:
    """So many records more, spread evenly over six days."""
    first, step = len(azure.events), SPAN / max(1, events)
    base = f"/subscriptions/{subscription_id}/resourceGroups/grown/providers/Microsoft.Storage/storageAccounts"
    for number in range(events):
        at = now - SPAN + number * step
        target = f"{base}/grown{number % 1000}"
        azure.events.append(
            Event(first + number, at, at, subscription_id, OPERATION, target, caller, "Succeeded", first + number)
        )

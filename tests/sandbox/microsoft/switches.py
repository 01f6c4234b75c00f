"""The buttons of the demo's start page: plans, policies, and what may go wrong."""

from tests.sandbox.microsoft.state import State
from tests.sandbox.simulator import Switch


def all_switches(state: State) -> list[Switch]:
    def outage(is_on: bool) -> None:
        state.is_down = is_on

    return [Switch("outage", "Outage: every call answers 503", state.is_down, outage)]

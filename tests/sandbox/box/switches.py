"""The buttons of the demo's start page: policies, and what may go wrong."""

from collections.abc import Callable

from tests.sandbox.box.seed import CLIENT_ID, SERVER_CLIENT_ID
from tests.sandbox.box.state import State
from tests.sandbox.simulator import Switch

FEW_CALLS = 5
ALL_CALLS = 1000


def all_switches(state: State) -> list[Switch]:
    own, server = state.applications[CLIENT_ID], state.applications[SERVER_CLIENT_ID]

    def limit(is_on: bool) -> None:
        state.calls_per_minute = FEW_CALLS if is_on else ALL_CALLS

    def outage(is_on: bool) -> None:
        state.is_down = is_on

    def block(is_on: bool) -> None:
        state.forbids_location = is_on

    def revoke(is_on: bool) -> None:
        for grant in list(state.grants):
            state.end_grant(grant)

    def unauthorise(is_on: bool) -> None:
        server.authorised = None if is_on else server.scopes

    return [
        Switch("rate-limit", "Rate limit: few calls a minute", state.calls_per_minute == FEW_CALLS, limit),
        Switch("revoked", "Revoke all grants so far", False, revoke),
        Switch("outage", "Outage: every call answers 503", state.is_down, outage),
        Switch("location", "Shield lets nobody in from this address", state.forbids_location, block),
        Switch("no-as-user", "The app may not act for others", not own.has_as_user, _negated(own, "has_as_user")),
        Switch("disabled", "The app is disabled by the administrator", not own.is_enabled, _negated(own, "is_enabled")),
        Switch("unauthorised", "The service app is not authorised", server.authorised is None, unauthorise),
        Switch("no-trash", "No trash: deleted is gone", not state.has_trash, _negated(state, "has_trash")),
        Switch("no-open-links", "No open links", not state.allows_open_links, _negated(state, "allows_open_links")),
    ]


def _negated(holder: object, name: str) -> Callable[[bool], None]:
    return lambda is_on: setattr(holder, name, not is_on)

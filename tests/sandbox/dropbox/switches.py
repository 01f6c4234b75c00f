"""The buttons of the demo's start page: plans, and what may go wrong."""

from tests.sandbox.dropbox.people import Member
from tests.sandbox.dropbox.state import TEAM_ADMIN, State
from tests.sandbox.simulator import Switch

FEW_CALLS = 20


def switches_of(state: State) -> list[Switch]:
    def limit(is_on: bool) -> None:
        state.calls_per_minute = FEW_CALLS if is_on else None
        state.calls.clear()

    def revoke(is_on: bool) -> None:
        for grant in state.grants:
            grant.is_revoked = is_on

    def break_down(is_on: bool) -> None:
        state.is_down = is_on

    def leave_out_file_events(is_on: bool) -> None:
        state.features["has_team_file_events"] = not is_on

    def demote(is_on: bool) -> None:
        _consenting(state).role_id = "" if is_on else state.role(TEAM_ADMIN).id

    return [
        Switch("rate-limit", "Rate limit: few calls a minute", state.calls_per_minute is not None, limit),
        Switch("revoked", "The team removed the app", _all_revoked(state), revoke),
        Switch("outage", "Outage: every call answers 503", state.is_down, break_down),
        Switch("plan", "Plan without file events", not state.features["has_team_file_events"], leave_out_file_events),
        Switch("admin", f"{_consenting(state).email} is no admin any more", not _is_admin(state), demote),
    ]


def _all_revoked(state: State) -> bool:
    return bool(state.grants) and all(each.is_revoked for each in state.grants)


def _consenting(state: State) -> Member:
    """Whose consent is the newest."""
    member_id = state.grants[-1].member_id if state.grants else state.member("contoso-security-svc").id
    return state.members[member_id]


def _is_admin(state: State) -> bool:
    return state.is_admin(_consenting(state))

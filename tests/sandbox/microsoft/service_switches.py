"""The buttons about the services beside the directory: audit records, files, Azure."""

from tests.sandbox.microsoft.arm.seed_ids import PRODUCTION
from tests.sandbox.microsoft.limits import Limit
from tests.sandbox.microsoft.state import State
from tests.sandbox.simulator import Switch

FEED_LIMIT = "activity feed"
FEW, MANY = 3, 2000
FEW_UNITS, UNITS = 20, 1250
FAILING = 1000


def service_switches(state: State) -> list[Switch]:
    feed, files, azure = state.feed, state.files, state.azure

    def audit(is_on: bool) -> None:
        feed.is_audited = not is_on

    def unlicense(is_on: bool) -> None:
        feed.is_licensed = not is_on

    def slow(is_on: bool) -> None:
        state.limits[FEED_LIMIT] = Limit(FEW if is_on else MANY, 60.0)

    def charge(is_on: bool) -> None:
        files.units.a_minute = FEW_UNITS if is_on else UNITS

    def fail(is_on: bool) -> None:
        files.copies_failing = FAILING if is_on else 0

    def forget(is_on: bool) -> None:
        for drive in files.drives.values():
            drive.forgets = drive.changes if is_on else 0

    def close(is_on: bool) -> None:
        azure.closed = {PRODUCTION} if is_on else set()

    def hide(is_on: bool) -> None:
        azure.has_tenant_log = not is_on

    def justify(is_on: bool) -> None:
        azure.needs_justification = is_on

    are_forgotten = any(each.forgets for each in files.drives.values())
    return [
        Switch("not-audited", "Unified auditing is off", not feed.is_audited, audit),
        Switch("no-licence", "No Microsoft 365 licence for audit records", not feed.is_licensed, unlicense),
        Switch("slow-feed", "Audit records: few calls a minute", state.limits[FEED_LIMIT].calls == FEW, slow),
        Switch("few-units", "Files: few resource units a minute", files.units.a_minute == FEW_UNITS, charge),
        Switch("failing-copies", "Copies of files fail", files.copies_failing > 0, fail),
        Switch("forgotten-deltas", "Deltas of files so far are forgotten (410)", are_forgotten, forget),
        Switch("closed-subscription", "Azure: nobody is let into Production", bool(azure.closed), close),
        Switch("no-tenant-log", "Azure: the tenant's log is refused", not azure.has_tenant_log, hide),
        Switch("justification", "Azure: policies ask for a justification", azure.needs_justification, justify),
    ]

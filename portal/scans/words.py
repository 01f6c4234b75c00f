"""The words for where a feed stands: one word, a tone, a sentence, and what to do where a person is needed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from connectors.base import BadResponse
from portal.instances.models import AppInstance, State
from portal.scans.models import VANISHED, FeedState, FeedStatus, RunOutcome
from portal.scans.reading import PATIENCE, QUIET, last_sign, left_at

RUN_WORDS: dict[RunOutcome, tuple[str, str]] = {
    RunOutcome.RUNNING: ("Running", "run"),
    RunOutcome.DONE: ("Done", "ok"),
    RunOutcome.FAILED: ("Failed", "bad"),
    RunOutcome.STOPPED: ("Stopped", "off"),
}
TRIED_AGAIN = {"unavailable", "conflict", "cursor_expired", "database_busy"}


@dataclass(frozen=True, slots=True)
class Standing:
    word: str
    tone: str
    sentence: str = ""
    remedy: str = ""
    code: str = ""
    is_running: bool = False
    needs_attention: bool = False


SCANNING = Standing("Scanning", "run", is_running=True)
SWEEPING = Standing(
    "Scanning", "run", "Everything was read; what is no longer there is being marked gone.", is_running=True
)


def standing(instance: AppInstance, row: FeedState, waits_for: str = "") -> Standing:
    """Of one row. `waits_for`: the title of the feed that must be read first, '' where there is none."""
    if instance.state != State.CONNECTED:
        return _resting(instance)
    if row.status == FeedStatus.BLOCKED:
        return Standing("Needs attention", "warn", row.error, row.remedy, row.error_code, needs_attention=True)
    if row.status == FeedStatus.UNAVAILABLE:
        return Standing("Not available", "off", row.error, row.remedy, row.error_code)
    if row.status == FeedStatus.STOPPED:
        return Standing("Off", "off", row.error, code=row.error_code)
    if row.status == FeedStatus.RUNNING:
        return _begun(row)
    if row.is_mid_run and row.error_code in ("", VANISHED):
        return _between_slices(row)
    if row.error_code:
        return _in_trouble(row)
    if waits_for:
        return Standing("Waiting", "info", f"Starts when {waits_for} has been read.")
    if row.last_success_at is None or _is_past(row.next_run_at):
        return waiting(row.next_run_at)
    return Standing("Up to date", "ok")


def interrupted(silence: timedelta | None = None) -> Standing:
    """`silence`: since the last page, where a worker still holds it."""
    if silence is None:
        return Standing("Interrupted", "warn", "Its worker was stopped. Another one goes on shortly; nothing is lost.")
    return Standing(
        "Interrupted", "warn",
        f"Nothing came for {silence.total_seconds():.0f} seconds: the app is slow, or the worker was stopped. Then "
        "another one goes on by itself within three minutes; nothing is lost.",
    )


def waiting(due_at: datetime | None) -> Standing:
    """Of what is due, or was never read; after some minutes that is not as it should be."""
    if due_at is None or timezone.now() - due_at < PATIENCE:
        return Standing("Waiting", "info", "Starts shortly.")
    since = about((timezone.now() - due_at).total_seconds())
    return Standing(
        "Overdue", "warn", f"It was due {since} ago and has not begun: the workers are busy, or do not run.",
        "If it stays so, whoever runs Gatehouse can see in the workers' log why.",
    )


def progress(records: int, total: int | None, started_at: datetime | None) -> str:
    """Such as "12,400 of about 50,000 records, 310 a second, about 2 minutes left"; nothing is invented."""
    words = f"{records:,} of about {total:,} records" if total else f"{records:,} records"
    seconds = (timezone.now() - started_at).total_seconds() if started_at else 0.0
    rate = records / seconds if seconds > 1 else 0.0
    if rate < 1:
        return words
    words += f", {rate:,.0f} a second"
    return f"{words}, {about((total - records) / rate)} left" if total and total > records else words


def about(seconds: float) -> str:
    """Such as "about 12 minutes"."""
    if seconds < 90:
        return "about a minute"
    if seconds < 5400:
        return f"about {seconds / 60:.0f} minutes"
    return f"about {seconds / 3600:.0f} hours"


def _begun(row: FeedState) -> Standing:
    """A worker took it. Whether that worker still lives shows in when it last wrote."""
    seen_at = last_sign(row)
    if seen_at is None:
        late = waiting(left_at(row))
        return late if late.tone == "warn" else interrupted()
    silence = timezone.now() - seen_at
    return _scanning(row) if silence < QUIET else interrupted(silence)


def _between_slices(row: FeedState) -> Standing:
    now = timezone.now()
    if row.next_run_at and row.next_run_at > now:
        rest = about((row.next_run_at - now).total_seconds())
        return Standing("Waiting", "info", f"A limit of the app is nearly used up. It goes on by itself in {rest}.")
    late = waiting(row.next_run_at)
    return late if late.tone == "warn" else _scanning(row)


def _scanning(row: FeedState) -> Standing:
    return SWEEPING if row.sweep_began_at else SCANNING


def _is_past(moment: datetime | None) -> bool:
    return moment is not None and moment <= timezone.now()


def _resting(instance: AppInstance) -> Standing:
    if instance.state == State.PAUSED:
        return Standing("Paused", "off")
    if instance.state == State.ATTENTION:
        return Standing("Stopped", "off", "Nothing is read until the connection is mended.")
    return Standing("Off", "off")


def _in_trouble(row: FeedState) -> Standing:
    if row.error_code == "rate_limited":
        return Standing("Waiting", "info", row.error, "It goes on by itself.", row.error_code)
    if row.error_code in TRIED_AGAIN or (row.error_code == BadResponse.code and row.is_mid_run):
        return Standing("Trying again", "warn", row.error, row.remedy, row.error_code)
    return Standing("Failed", "bad", row.error, row.remedy, row.error_code, needs_attention=True)

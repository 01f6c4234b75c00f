"""Which time a listing is about."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.sandbox.microsoft.activity_feed.feed import DAY, KEPT
from tests.sandbox.microsoft.activity_feed.refusals import bad_window, wrong_type
from tests.sandbox.microsoft.call import Call

FORM = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?)?")


@dataclass(frozen=True, slots=True)
class Window:
    """Seconds since the epoch; `start` is in it, `end` is not."""

    start: float
    end: float

    def holds(self, moment: float) -> bool:
        return self.start <= moment < self.end

    @property
    def parameters(self) -> dict[str, str]:
        return {"startTime": _written(self.start), "endTime": _written(self.end)}


def asked(call: Call) -> Window:
    """Both ends or none: then it is the last 24 hours. Whoever goes on with a list is not asked again how old its
    beginning is."""
    start, end = (call.request.parameter(name) for name in ("startTime", "endTime"))
    now = call.state.now()
    if not start and not end:
        end_now = int(now) + 1
        return Window(end_now - DAY, end_now)
    if not start or not end:
        raise bad_window("AF20030")
    window = Window(_read("startTime", start), _read("endTime", end))
    is_too_old = window.start < now - KEPT and not call.request.parameter("nextPage")
    if window.end <= window.start or is_too_old:
        raise bad_window("AF20055")
    if window.end - window.start > DAY:
        raise bad_window("AF20030")
    return window


def _read(name: str, text: str) -> float:
    """YYYY-MM-DD, with THH:MM or THH:MM:SS, UTC and without a zone."""
    if not FORM.fullmatch(text):
        raise wrong_type(name)
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()
    except ValueError:
        raise wrong_type(name) from None


def _written(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S")

"""Reading the audit log: search phrase, order, cursors."""

import base64
import heapq
import itertools
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from tests.sandbox.exchange import Answer
from tests.sandbox.github.audit import DAY, DISORDER_MS, AuditLog, Entry, Event, Position
from tests.sandbox.github.call import Call
from tests.sandbox.github.refusal import Refusal, not_found
from tests.sandbox.github.router import Route, route

DEFAULT_WINDOW = 90 * DAY
FOREVER_MS = 2**53
Test = Callable[[Event], bool]


class Search:
    """A phrase taken apart. `start_ms` and `end_ms` are both inclusive."""

    def __init__(self, phrase: str, now: float) -> None:
        self.start_ms = int((now - DEFAULT_WINDOW) * 1000)
        self.end_ms = FOREVER_MS
        self._tests: list[Test] = []
        for term in phrase.split():
            self._add(term)

    def _add(self, term: str) -> None:
        is_wanted = not term.startswith("-")
        name, colon, value = term.removeprefix("-").partition(":")
        if name == "created" and colon:
            self.start_ms, self.end_ms = _range(value)
            return
        test = _test(name, value) if colon else _text(term.removeprefix("-"))
        self._tests.append(test if is_wanted else lambda event: not test(event))

    def matches(self, entry: Entry) -> bool:
        in_time = self.start_ms <= entry.at_ms <= self.end_ms
        return in_time and all(test(entry.event) for test in self._tests)


def _test(name: str, value: str) -> Test:
    value = value.strip('"').lower()
    if name == "action":
        return lambda event: _is_action(str(event.get("action", "")), value)
    if name == "country":
        return lambda event: _country(event).lower() == value
    member = {"operation": "operation_type", "ip": "actor_ip"}.get(name, name)
    if member in ("actor", "user", "operation_type", "repo", "org", "actor_ip", "team"):
        return lambda event: str(event.get(member, "")).lower() == value
    return _text(f"{name}:{value}")


def _is_action(action: str, value: str) -> bool:
    return action == value or action.startswith(f"{value.removesuffix('.*')}.")


def _country(event: Event) -> str:
    return str((event.get("actor_location") or {}).get("country_code", ""))


def _text(word: str) -> Test:
    """Free text finds an event in which any text member holds the word."""
    word = word.lower()
    return lambda event: any(isinstance(value, str) and word in value.lower() for value in event.values())


def _range(value: str) -> tuple[int, int]:
    """created:'s operand -> first and last millisecond; the qualifier knows whole seconds."""
    start, dots, end = value.partition("..")
    if dots:
        return _moment(start)[0], _moment(end)[1]
    match = re.match(r"^(>=|<=|>|<|)(.*)$", value)
    assert match is not None
    first, last = _moment(match[2])
    bounds = {">=": (first, FOREVER_MS), ">": (last + 1, FOREVER_MS), "<=": (0, last), "<": (0, first - 1)}
    return bounds.get(match[1], (first, last))


def _moment(text: str) -> tuple[int, int]:
    """A day or a second -> its first and last millisecond; * is without end."""
    if text == "*":
        return 0, FOREVER_MS
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refusal(422, f"{text!r} is not a recognized date/time format.", errors=[]) from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    length = timedelta(seconds=1) if "T" in text else timedelta(days=1)
    first = int(moment.timestamp()) * 1000
    return first, first + int(length.total_seconds() * 1000) - 1


def read(call: Call) -> Answer:
    organisation = call.organisation
    call.need_member()
    if organisation.plan != "enterprise":
        raise not_found()
    call.need_owner("Must have admin rights to organization.")
    return answer(call, [organisation.audit])


def answer(call: Call, logs: list[AuditLog]) -> Answer:
    """What several logs hold together."""
    search = Search(call.request.parameter("phrase"), call.state.clock.now())
    include = call.chosen("include", ("web", "git", "all"), "web", "AuditLog")
    order = call.chosen("order", ("desc", "asc"), "desc", "AuditLog")
    after, before = _cursor(call, "after"), _cursor(call, "before")
    is_ascending = (order == "asc") != (before is not None)
    found = (
        heapq.merge(*(log.ascending(search.start_ms, before or after) for log in logs))
        if is_ascending
        else heapq.merge(
            *(log.descending(min(search.end_ms, FOREVER_MS), before or after) for log in logs), reverse=True
        )
    )
    size = call.per_page()
    chosen = itertools.islice(_chosen(found, search, include, is_ascending), size + 1)
    entries = list(chosen)
    is_more, entries = len(entries) > size, entries[:size]
    if before is not None:
        entries.reverse()
    return Answer.of_json([entry.event for entry in entries], headers=_links(call, entries, is_more, after, before))


def _chosen(found: Iterator[Entry], search: Search, include: str, is_ascending: bool) -> Iterator[Entry]:
    for entry in found:
        if _is_past(entry, search, is_ascending):
            return
        if (include == "all" or entry.is_git == (include == "git")) and search.matches(entry):
            yield entry


def _is_past(entry: Entry, search: Search, is_ascending: bool) -> bool:
    """Nothing behind this entry can match."""
    if is_ascending:
        return entry.position[0] - DISORDER_MS > search.end_ms
    return entry.position[0] + DISORDER_MS < search.start_ms


def _links(
    call: Call, entries: list[Entry], is_more: bool, after: Position | None, before: Position | None
) -> dict[str, str]:
    links = []
    has_next = is_more if before is None else True
    has_previous = after is not None if before is None else is_more
    if entries and has_next:
        links.append(call.link({"after": _token(entries[-1].position), "before": ""}, "next"))
    if after is not None or before is not None:
        links.append(call.link({"after": "", "before": ""}, "first"))
    if entries and has_previous:
        links.append(call.link({"after": "", "before": _token(entries[0].position)}, "prev"))
    return {"Link": ", ".join(links)} if links else {}


def _token(position: Position) -> str:
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode()


def _cursor(call: Call, name: str) -> Position | None:
    text = call.request.parameter(name)
    if not text:
        return None
    try:
        at_ms, number = json.loads(base64.urlsafe_b64decode(text))
    except ValueError:
        raise Refusal(422, f"Invalid {name} cursor.", errors=[]) from None
    return at_ms, number


ROUTES: list[Route] = [
    route(
        "GET",
        "/orgs/{org}/audit-log",
        read,
        "read:audit_log",
        "admin:org",
        resource="audit_log",
        permissions="organization_administration=read",
    ),
]

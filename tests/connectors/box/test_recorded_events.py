"""Every event that others recorded becomes an activity which says what the event says."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.base import Outcome
from connectors.box import mapping
from tests.connectors import corpus
from tests.connectors.conformance.shapes import faults_of
from tests.counts import count

Json = dict[str, Any]
TYPES: dict[str, Callable[[str], Any]] = {
    "s": str, "d": lambda value: int(float(value)), "b": lambda value: value == "true", "g": str, "t": str,
}  # fmt: skip
PREFIXES = ("source_parent_", "source_owned_by_", "created_by_", "additional_details_", "source_")


def recorded() -> Iterator[Json]:
    folder = corpus.folder("box")
    if folder is None:
        pytest.skip("GATEHOUSE_CORPUS names no folder with box")
    for line in corpus.lines(folder / "java-sdk-fixtures.jsonl"):
        if "Event" in line["path"]:
            yield from line["body"]["entries"]
    for line in corpus.lines(folder / "guide-payloads.jsonl"):
        yield from whole_events(line["body"])
    for row in json.loads(Path(folder / "enterprise-events-azure-sentinel.json").read_text(encoding="utf-8")):
        yield unflattened(row)


def whole_events(body: Json) -> list[Json]:
    """A part of an event, such as its details alone, is put into an event around it."""
    if "event_id" in body:
        return [body]
    if set(body) <= {"source", "additional_details"}:
        return [{"event_id": "made", "event_type": "MADE", "created_at": "2020-01-01T00:00:00-08:00", **body}]
    return list(body.get("entries", []))


def unflattened(row: Json) -> Json:
    """Undoes what the log table made of an event: `a_b_s` is the text `b` of `a`."""
    event: Json = {}
    for name, value in row.items():
        column, _, kind = name.removesuffix(" [UTC]").rpartition("_")
        if kind not in TYPES or not column or column == "Type":
            continue
        prefix = next((each for each in PREFIXES if column.startswith(each)), "")
        holder = event
        for step in prefix.rstrip("_").replace("source_", "source ", 1).split():
            holder = holder.setdefault(step, {})
        holder[column.removeprefix(prefix)] = TYPES[kind](value)
    event["created_at"] = "2021-02-01T17:17:03+00:00"
    return event


def test_every_recorded_event_becomes_an_activity_that_says_the_same() -> None:
    events = list(recorded())
    assert len(events) > 25
    for event in events:
        activity = mapping.event(event)
        assert list(faults_of(activity)) == []
        assert (activity.id, activity.action) == (event["event_id"], event["event_type"])
        assert activity.raw == event
        assert activity.targets, event
        assert (activity.outcome is Outcome.FAILURE) == ("BLOCKED" in event["event_type"])
        told = " ".join([activity.actor_name, *(target.name for target in activity.targets)])
        for name in names_in(event):
            assert name in told, f"{event['event_type']} does not tell of {name}"
        count("corpus")


def names_in(event: Json) -> Iterator[str]:
    """Whom and what the event names at its uppermost level."""
    source, actor = event.get("source") or {}, event.get("created_by") or {}
    yield from (source[name] for name in ("item_name", "folder_name", "file_name", "user_name") if source.get(name))
    if source.get("type") in ("user", "group"):
        yield source["name"]
    if actor.get("id") not in (None, "2"):
        yield actor["name"]


def test_the_same_recorded_event_told_twice_is_one_row() -> None:
    rows = [mapping.event(each) for each in recorded() if each["event_type"] == "ADD_LOGIN_ACTIVITY_DEVICE"]
    assert len(rows) == 2
    assert len({(row.occurred_at, row.id) for row in rows}) == 1
    assert rows[0].ip_address == ""


def test_events_without_anything_are_kept_too() -> None:
    nothing = mapping.event({"event_type": "BRAND_NEW_TYPE", "source": None, "created_by": None})
    assert (nothing.action, nothing.actor_name, nothing.outcome) == ("BRAND_NEW_TYPE", "", Outcome.SUCCESS)
    assert nothing.id
    assert list(faults_of(nothing)) == []
    ada, eve = ({"type": "user", "id": number, "name": name} for number, name in (("5", "Ada"), ("9", "Eve")))
    by_admin = mapping.event({"event_type": "EDIT_USER", "event_id": "1", "created_by": ada, "action_by": eve})
    assert (by_admin.actor_id, [target.id for target in by_admin.targets]) == ("9", ["5"])

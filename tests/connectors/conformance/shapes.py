"""What every record must look like, whatever the vendor said."""

import dataclasses
import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from connectors.base import Feed, Gone, Record

HOSTILE = {
    "script": "<script>alert(document.domain)</script>",
    "64 KB": "x" * 65_536,
    "NUL": "before\x00after",
    "right-to-left": "‮gnp.exe‬ ‏",
    "template": "{name} %s {{7*7}} ${7*7}",
    "path": "../../../etc/passwd?q=1#f",
    "lines": "🚀 line\r\nX-Injected: yes",
}
"""Texts that somebody outside could put anywhere, by what is in them."""


def faults_of(record: Record, feed: Feed | None = None) -> Iterator[str]:
    """What is wrong with a record, one sentence each; with `feed`, also whether the feed declares its kind."""
    kind = record.kind if isinstance(record, Gone) else type(record)
    if feed is not None and kind not in feed.records:
        yield f"{feed.name} does not declare that it yields {kind.__name__}"
    if not isinstance(record.id, str) or not record.id:
        yield f"{kind.__name__} has the id {record.id!r}"
    hints = get_type_hints(type(record))
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        where = f"{kind.__name__} {record.id[:60]}: {field.name}"
        if not _fits(value, hints[field.name]):
            yield f"{where} is {type(value).__name__}, not {hints[field.name]}"
        elif isinstance(value, datetime) and value.utcoffset() != timedelta(0):
            yield f"{where} is not aware UTC but {value!r}"
        elif field.name == "raw" and (not value or not _is_json(value)):
            yield f"{where} is not the vendor's record"


def _fits(value: Any, hint: Any) -> bool:
    if hint is Any:
        return True
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return any(_fits(value, each) for each in inner)
    if origin is tuple:
        return isinstance(value, tuple) and all(_fits(each, inner[0]) for each in value)
    if origin is type:
        return isinstance(value, type)
    if origin is not None:
        return isinstance(value, origin) or (origin is Mapping and isinstance(value, Mapping))
    return isinstance(value, hint) and not (hint is int and isinstance(value, bool))


def _is_json(value: Any) -> bool:
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        return False
    return True


def texts_in(value: Any) -> Iterator[str]:
    """Every text in a record, apart from the vendor's own record of it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from texts_in(each)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            if field.name != "raw":
                yield from texts_in(getattr(value, field.name))


def is_sentence(text: str) -> bool:
    return len(text.split()) >= 4 and text.endswith(".")

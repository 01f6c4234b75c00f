"""A vendor's record as text is the cleaned record, also where it was found to need no cleaning."""

import json
from collections import OrderedDict
from types import MappingProxyType
from typing import Any

import pytest

from portal.inventory import cleaning
from portal.inventory.cleaning import json_object, json_text


def nested(levels: int) -> Any:
    found: Any = "bottom"
    for _ in range(levels):
        found = [found]
    return found


RECORDS: list[Any] = [
    None, {}, {"a": [1, 2.5, True, None, "é😀\u202e", {"b": "\\u0000 \\ud800 as text"}]}, OrderedDict(a=1),
    MappingProxyType({"a": 1}), {"a": "N\x00UL"}, {"N\x00UL": 1}, {"a": "\ud800"}, {"\udfff": "b"},
    {"a": float("nan")}, {"a": [float("inf")]}, {"a": object}, {"a": {1}}, {"a": b"\x00"}, {"a": nested(98)},
    {"a": nested(99)}, {"a": nested(100)}, {"a": nested(5_000)}, {"a": [nested(60), nested(60)]},
    *({"a": "." * before, "b": 2**bits, "c": -(2**bits)} for before in (0, 1, 50, 99) for bits in (999, 1000, 1001)),
    {"a": 10**5000}, {"a": "7" * 2_000},
]  # fmt: skip


@pytest.mark.parametrize("record", RECORDS, ids=range(len(RECORDS)))
def test_a_record_as_text_is_the_cleaned_record(record: Any) -> None:
    assert json.loads(json_text(record)) == json.loads(json.dumps(json_object(record)))


def test_a_usual_record_is_not_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning, "json_object", None)
    assert json.loads(json_text({"id": "a1", "at": 1_764_000_000, "who": ["Zoë", {"ip": "10.0.0.1"}]}))["id"] == "a1"

"""What entries of the trail say to people."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

VERBS: dict[str, str] = {
    "sign_in": "Sign-ins",
    "mfa": "Second factors",
    "password": "Passwords",
    "people": "People and roles",
    "settings": "Settings",
    "instance": "Connected apps",
    "action": "Actions in apps",
    "deliveries": "Deliveries",
    "export": "Downloads",
    "app": "Suggestions",
}
"""The beginnings of verbs that the filter offers; others can be typed."""


@dataclass(frozen=True, slots=True)
class Changed:
    name: str
    before: str
    after: str


def words(verb: str) -> str:
    """`people.role_given` as "People: role given"."""
    subject, _, what = verb.partition(".")
    return ": ".join(part.replace("_", " ") for part in (subject.capitalize(), what) if part)


def changes(before: Any, after: Any) -> list[Changed]:
    """What differs, field by field where both are objects."""
    if before is None and after is None:
        return []
    if not all(isinstance(each, Mapping | None) for each in (before, after)):
        return [Changed("", shown(before), shown(after))]
    old, new = before or {}, after or {}
    names = dict.fromkeys([*old, *new])
    return [
        Changed(name, shown(old.get(name)), shown(new.get(name))) for name in names if old.get(name) != new.get(name)
    ]


def shown(value: Any) -> str:
    """A value in a line; '' for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(shown(each) for each in value) or "none"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

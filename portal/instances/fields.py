"""Checking what a person typed into the fields that a connector asks for. The server has the last word."""

import re
from collections.abc import Mapping

from connectors.base import AuthMethod, Field

LONGEST = 20_000
"""Characters; a key file is a few thousand."""


def cleaned(field: Field, value: str) -> str:
    """The value as the connector wants it: trimmed, a pasted address cut to the name in it."""
    return field.clean(value[:LONGEST].replace("\x00", ""))


def problem(field: Field, value: str) -> str:
    """A sentence when a cleaned value cannot be right, else ''."""
    if not value:
        return f"{field.label} is needed." if field.is_required else ""
    if field.choices and value not in {choice for choice, _ in field.choices}:
        return f"Choose one of the listed values for {field.label}."
    if field.pattern and not re.fullmatch(field.pattern, value):
        example = f" For example: {field.example}" if field.example else ""
        return (field.problem or f"{field.label} does not look right.") + example
    return ""


def problems(
    method: AuthMethod, values: Mapping[str, str], stored: set[str], lost: set[str] | None = None
) -> dict[str, str]:
    """Sentences by field name. A blank secret that is already stored is kept, so it is no problem. `lost`: names of
    secrets that were stored, but for another address."""
    found = {}
    for field in method.fields:
        if field.is_made:
            continue
        value = cleaned(field, values.get(field.name, ""))
        if not value and field.is_secret and field.name in stored:
            continue
        sentence = problem(field, value)
        if sentence and not value and field.name in (lost or ()):
            sentence = f"{field.label} was stored for another address, so it is not sent to this one. Type it again."
        if sentence:
            found[field.name] = sentence
    return found


def parted(method: AuthMethod, values: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """What was typed, cleaned: the non-secret fields, and the secret ones that were filled in."""
    asked = [field for field in method.fields if not field.is_made]
    typed = {field.name: cleaned(field, values.get(field.name, "")) for field in asked}
    plain = {field.name: typed[field.name] for field in asked if not field.is_secret}
    return plain, {field.name: typed[field.name] for field in asked if field.is_secret and typed[field.name]}

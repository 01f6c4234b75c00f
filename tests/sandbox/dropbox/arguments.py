"""The argument of a call, read as strictly as the vendor reads it: what does not fit is 400 in plain text."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.sandbox.dropbox.refusal import BadInput
from tests.sandbox.exchange import Json

MOMENT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Arguments:
    """`values`: the struct that was sent; `route`: for the text of refusals; `within`: where the struct stands."""

    route: str
    values: dict[str, Json]
    within: str = ""

    def bad(self, message: str, name: str = "") -> BadInput:
        place = ".".join(part for part in (self.within, name) if part)
        return bad(self.route, f"{place}: {message}" if place else message)

    def only(self, names: tuple[str, ...]) -> None:
        unknown = [name for name in self.values if name not in names and name != ".tag"]
        if unknown:
            raise self.bad(f"unknown field '{unknown[0]}'")

    def text(self, name: str, default: str | None = None, pattern: str = "") -> str:
        """Required where there is no default."""
        value = self.values.get(name)
        if value is None:
            if default is None:
                raise self.bad(f"missing required field '{name}'")
            return default
        if not isinstance(value, str):
            raise self.bad(f"expected string, got {value!r}", name)
        if pattern and not re.fullmatch(pattern, value, re.DOTALL):
            raise self.bad(f"{value!r} did not match pattern '{pattern}'", name)
        return value

    def flag(self, name: str, default: bool) -> bool:
        value = self.values.get(name, default)
        if not isinstance(value, bool):
            raise self.bad(f"expected boolean, got {value!r}", name)
        return value

    def number(self, name: str, default: int, least: int, most: int) -> int:
        value = self.values.get(name)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.bad(f"expected integer, got {value!r}", name)
        if not least <= value <= most:
            raise self.bad(f"{value} is not within the range {least} to {most}", name)
        return value

    def moment(self, name: str) -> float | None:
        """Seconds since the epoch."""
        text = self.text(name, "")
        if not text:
            return None
        try:
            return datetime.strptime(text, MOMENT).replace(tzinfo=UTC).timestamp()
        except ValueError:
            raise self.bad(f"time data {text!r} does not match format '{MOMENT}'", name) from None

    def rows(self, name: str, most: int = 1000) -> list[Json]:
        value = self.values.get(name)
        if not isinstance(value, list):
            raise self.bad(f"missing required field '{name}'" if value is None else "expected list", name)
        if len(value) > most:
            raise self.bad(f"list must have at most {most} items", name)
        return value

    def structs(self, name: str, fields: tuple[str, ...], most: int = 1000) -> "list[Arguments]":
        return [
            self._struct(each, f"{name}[{number}]", fields) for number, each in enumerate(self.rows(name, most))
        ]

    def struct(self, name: str, fields: tuple[str, ...]) -> "Arguments":
        return self._struct(self.values.get(name), name, fields)

    def optional(self, name: str, fields: tuple[str, ...]) -> "Arguments":
        """An empty struct where it was not sent."""
        return self._struct(self.values.get(name) or {}, name, fields)

    def _struct(self, value: Json, name: str, fields: tuple[str, ...]) -> "Arguments":
        if not isinstance(value, dict):
            raise self.bad("expected object", name)
        found = Arguments(self.route, value, f"{self.within}.{name}".lstrip("."))
        found.only(fields)
        return found

    def tag(self, name: str, choices: tuple[str, ...], default: str = "") -> str:
        """The tag of a union; a void member may be a plain string."""
        value = self.values.get(name)
        if value is None and default:
            return default
        tag = value.get(".tag") if isinstance(value, dict) else value
        if tag not in choices:
            raise self.bad(f"unknown tag {tag!r}" if tag else f"missing required field '{name}'", name)
        return str(tag)

    def tagged_text(self, name: str, choices: tuple[str, ...]) -> tuple[str, str]:
        """Tag and value of a union whose members are strings."""
        tag = self.tag(name, choices)
        value = self.values[name]
        text = value.get(tag) if isinstance(value, dict) else None
        if not isinstance(text, str):
            raise self.bad(f"missing '{tag}'", name)
        return tag, text


def bad(route: str, message: str) -> BadInput:
    return BadInput(f'Error in call to API function "{route}": {message}')


def parse(route: str, place: str, text: str | bytes) -> Json:
    """`place`: request body, or HTTP header."""
    try:
        return json.loads(text)
    except ValueError:
        raise bad(route, f"{place}: could not decode input as JSON") from None

"""The few filters that the activity log takes."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.sandbox.microsoft.arm import scopes
from tests.sandbox.microsoft.arm.events import Event
from tests.sandbox.microsoft.arm.refusals import BareRefusal, CapitalRefusal

DAY = 86_400
KEPT_DAYS = 90
CLAUSE = re.compile(r"(\w+)\s+(ge|le|eq)\s+(?:'([^']*)'|(\S+))")
NARROWING = ("resourceGroupName", "resourceUri", "resourceProvider", "correlationId")
"""At most one of them."""
ACCEPTED = ("eventChannels", "resourceType")


@dataclass(frozen=True, slots=True)
class Filter:
    """`begin` and `end` in seconds since the epoch, both within. `name` and `value`: what narrows it down further."""

    begin: float
    end: float
    name: str = ""
    value: str = ""

    def holds(self, event: Event) -> bool:
        if not self.begin <= event.at <= self.end:
            return False
        found = {
            "": self.value,
            "resourceGroupName": event.group,
            "resourceUri": scopes.normal(event.resource_id),
            "resourceProvider": event.provider,
            "correlationId": event.correlation_id,
        }[self.name]
        return found.lower() == self.value.lower()


def read(text: str, now: float) -> Filter:
    """A begin is needed, not more than 90 days ago; without an end it is now."""
    found: dict[tuple[str, str], str] = {}
    for each in re.split(r"\s+and\s+", text.strip()) if text.strip() else []:
        match = CLAUSE.fullmatch(each)
        if match is None:
            raise BareRefusal(400, "BadRequest", f"The filter clause '{each}' could not be parsed.")
        name, verb, quoted, bare = match.groups()
        found[(name, verb)] = quoted if quoted is not None else bare
    begin = found.pop(("eventTimestamp", "ge"), None)
    if begin is None:
        raise BareRefusal(400, "BadRequest", "The start time of the filter is missing.")
    end = found.pop(("eventTimestamp", "le"), None)
    narrowed = [(name, verb) for name, verb in found if name not in ACCEPTED or verb != "eq"]
    if len(narrowed) > 1 or any(name not in NARROWING or verb != "eq" for name, verb in narrowed):
        raise BareRefusal(400, "BadRequest", "The filter has properties that are not supported.")
    start = _moment(begin)
    if start < now - KEPT_DAYS * DAY:
        raise CapitalRefusal(400, "BadRequest", "The start time cannot be more than 90 days in the past.")
    name = narrowed[0][0] if narrowed else ""
    return Filter(start, now if end is None else _moment(end), name, found[narrowed[0]] if narrowed else "")


def _moment(text: str) -> float:
    """As Python reads it, with or without T and Z, and with up to seven digits after the second."""
    whole, _, fraction = text.removesuffix("Z").partition(".")
    try:
        moment = datetime.fromisoformat(f"{whole}.{fraction[:6]:0<6}" if fraction else whole)
    except ValueError:
        raise BareRefusal(400, "BadRequest", f"'{text}' is no time.") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()

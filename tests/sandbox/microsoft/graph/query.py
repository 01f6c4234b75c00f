"""What a caller asked for in the query: properties, page size, place."""

import base64
import hashlib
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from tests.sandbox.exchange import Json, Request
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.directory.objects import DirectoryObject
from tests.sandbox.microsoft.graph.kinds import Kind
from tests.sandbox.microsoft.graph.refusals import GraphRefusal, bad

SKIP = "$skiptoken"
ORDINARY = frozenset({"$select", "$top", "$filter", SKIP})
UNANSWERABLE = "Request_UnsupportedQuery"


def check_names(request: Request, allowed: frozenset[str]) -> None:
    """Options that a collection does not have are refused."""
    for name, _ in request.query:
        if name.startswith("$") and name not in allowed:
            raise bad(f"Query option '{name}' is not supported for this resource.", UNANSWERABLE)


def selected(request: Request, kind: Kind, is_list: bool) -> list[str] | None:
    """None: the default set."""
    names = [each.strip() for each in request.parameter("$select").split(",") if each.strip()]
    for name in names:
        if not kind.knows(name):
            message = f"Could not find a property named '{name}' on type 'microsoft.graph.{kind.type}'."
            raise bad(message, "BadRequest")
        if is_list and name in kind.single:
            raise GraphRefusal(501, "NotImplemented", f"'{name}' is given for a single {kind.type} alone.")
    return names or None


def top(request: Request, default: int, most: int) -> int:
    """A page larger than the service's is cut, not refused."""
    text = request.parameter("$top")
    if not text:
        return min(default, most)
    if not text.isdigit() or int(text) == 0:
        raise bad(f"Invalid value '{text}' for $top query option found.", "BadRequest")
    return min(int(text), most)


def ordered(request: Request, rows: Sequence[DirectoryObject]) -> Sequence[DirectoryObject]:
    """By display name, upwards or downwards, or as they are."""
    text = request.parameter("$orderby")
    if not text:
        return rows
    name, _, direction = text.partition(" ")
    if name != "displayName" or direction not in ("", "asc", "desc"):
        raise bad(f"Sorting not supported for current query: '{text}'.", UNANSWERABLE)
    return sorted(rows, key=lambda each: each.name.lower(), reverse=direction == "desc")


def start(call: Call, rows: Sequence[Any]) -> tuple[int, bool]:
    """From which row on, and whether the page before was an empty one. The link must be followed as it was given.

    Where rows came or went meanwhile, the page begins with the one that it was meant to begin with, if it is there.
    """
    text = call.request.parameter(SKIP)
    if not text:
        return 0, False
    held = unpacked(text)
    if held.get("of") != _asked(call.request):
        raise bad("The skip token does not belong to this request.", "Directory_ExpiredPageToken")
    return place(rows, int(held["at"]), str(held["first"])), bool(held["after"])


def place(rows: Sequence[Any], at: int, first: str) -> int:
    """Where the row with the id `first` is now, that was at `at` before; `at` when it is gone."""
    if at < len(rows) and id_of(rows[at]) == first:
        return at
    return next((number for number, each in enumerate(rows) if id_of(each) == first), at)


def id_of(row: Any) -> str:
    return str(row.get("id", "") if isinstance(row, dict) else getattr(row, "id", ""))


def next_link(call: Call, rows: Sequence[Any], at: int, after_empty: bool = False) -> str:
    """`at`: the row that the next page begins with."""
    token = packed({"at": at, "first": id_of(rows[at]), "after": after_empty, "of": _asked(call.request)})
    kept = [(name, value) for name, value in call.request.query if name != SKIP]
    return link(call.request, [*kept, (SKIP, token)])


def link(request: Request, query: list[tuple[str, str]]) -> str:
    """The address of this request with another query; the names' dollars stand as they are."""
    text = "&".join(f"{quote(name, safe='$')}={quote(value, safe='$,')}" for name, value in query)
    return request.url(f"{request.path}?{text}")


def packed(value: Json) -> str:
    return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).rstrip(b"=").decode()


def unpacked(text: str) -> dict[str, Json]:
    """What `packed` was given; refused when somebody else made it up."""
    try:
        held = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        held = None
    if not isinstance(held, dict):
        raise bad("The token in the query cannot be read.", "Request_BadRequest")
    return held


def _asked(request: Request) -> str:
    said = json.dumps([request.path, sorted(each for each in request.query if each[0] != SKIP)])
    return hashlib.sha256(said.encode()).hexdigest()[:16]

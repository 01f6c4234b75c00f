"""How Dropbox writes errors: a union, of which each tag may hold another one under its own name."""

from collections.abc import Mapping
from typing import Any

from connectors.base import Answer, BadResponse


def error_of(answer: Answer) -> Mapping[str, Any]:
    """The union; an empty one for a text, an empty body, and what sign-ins are refused with."""
    try:
        body = answer.json()
    except BadResponse:
        return {}
    error = body.get("error") if isinstance(body, Mapping) else None
    return error if isinstance(error, Mapping) else {}


def tags_of(answer: Answer) -> tuple[str, ...]:
    """The tags from the outermost to the innermost: ("path_lookup", "not_found")."""
    return tuple(_tags(error_of(answer)))


def _tags(union: Any) -> list[str]:
    tag = union.get(".tag") if isinstance(union, Mapping) else None
    return [tag, *_tags(union.get(tag))] if isinstance(tag, str) and tag != ".tag" else []

"""How GitHub's answers are read."""

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.base import Answer, BadResponse, Client, ConditionalPage, conditional_page

PER_PAGE = {"per_page": 100}


def organisation_path(client: Client, rest: str = "") -> str:
    return f"/orgs/{client.config['organization']}{rest}"


def enterprise_path(client: Client, rest: str = "") -> str:
    return f"/enterprises/{client.config['enterprise']}{rest}"


def list_page(
    client: Client, url: str, path: str, params: Mapping[str, Any] | None = None, expect: tuple[int, ...] = ()
) -> ConditionalPage:
    """The page at `url`, or the first one of the list at `path`. GitHub counts no unchanged page."""
    if url:
        return conditional_page(client, url, expect=expect)
    return conditional_page(client, path, {**PER_PAGE, **(params or {})}, expect)


def is_full(listed: Sequence[Any]) -> bool:
    return len(listed) >= PER_PAGE["per_page"]


def rows(answer: Answer, *needed: str) -> list[Mapping[str, Any]]:
    """A list of objects that all have the members `needed`. Raises BadResponse for anything else."""
    return objects(answer, answer.json(), *needed)


def objects(answer: Answer, found: Any, *needed: str) -> list[Mapping[str, Any]]:
    """`found` out of the answer, if it is a list as for `rows`."""
    if not isinstance(found, list) or not all(_has(row, needed) for row in found):
        raise _unexpected(answer, "a list")
    return found


def document(answer: Answer, *needed: str) -> Mapping[str, Any]:
    """An object that has the members `needed`. Raises BadResponse for anything else."""
    found = answer.json()
    if not _has(found, needed):
        raise _unexpected(answer, "an object")
    return dict(found)


def _has(found: Any, needed: tuple[str, ...]) -> bool:
    return isinstance(found, Mapping) and all(found.get(name) is not None for name in needed)


def _unexpected(answer: Answer, wanted: str) -> BadResponse:
    return BadResponse(
        f"GitHub answered something else than {wanted} as it describes it ({answer.where}).",
        remedy="It is tried again by itself. If it stays, report this as a fault of the connector.",
    )

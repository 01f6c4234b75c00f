"""Paging that more than one vendor has in common."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin

from connectors.base.client import Answer, Client


def link_pages(
    client: Client, path_or_url: str, params: Mapping[str, Any] | None = None, **request: Any
) -> Iterator[Answer]:
    """Answers along the Link header's rel="next" (RFC 8288), followed as given. A page may be empty and have a next.

    `path_or_url` may be the address of a later page, kept in a cursor. The client refuses a next page on a host that
    was not declared.
    """
    answer = client.get(path_or_url, params=params, **request)
    yield answer
    while next_url := next_page(answer):
        answer = client.get(next_url, **request)
        yield answer


def next_page(answer: Answer) -> str:
    """The address of the page after this one, '' at the end."""
    target = answer.links.get("next", "")
    return urljoin(answer.url, target) if target else ""

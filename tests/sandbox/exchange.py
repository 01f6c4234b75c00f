"""What a simulator is asked and what it answers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

Json = Any


@dataclass(frozen=True, slots=True)
class Request:
    """One call as the vendor sees it: the vendor's host, the path without the sandbox's prefix.

    `headers` has lower-case names. `base`: what the caller called the sandbox by, if not by the vendor's host.
    `prefix`: what the vendor's API paths begin with, where `path` was freed of it.
    """

    method: str
    host: str
    path: str
    query: list[tuple[str, str]]
    headers: Mapping[str, str]
    body: bytes
    base: str | None = None
    address: str = "127.0.0.1"
    prefix: str = ""

    def url(self, path: str, host: str | None = None) -> str:
        """An absolute URL of this vendor, in the form the caller can follow; without `host` one of the API.

        Who called under the vendor's host gets https://<vendor host>/..., who called the sandbox's own address gets
        http://<that address>/~/<vendor host>/....
        """
        path = path if host else f"{self.prefix}{path}"
        host = host or self.host
        if self.base is None:
            return f"https://{host}{path}"
        return f"{self.base}/~/{host}{path}"

    def parameter(self, name: str, default: str = "") -> str:
        """The last value of a query parameter."""
        return next((value for key, value in reversed(self.query) if key == name), default)

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def json(self) -> Json:
        """The body as JSON, {} when it is empty; ValueError when it is no JSON."""
        return json.loads(self.body) if self.body.strip() else {}


@dataclass(slots=True)
class Answer:
    """`hold` seconds pass before it is sent; `reset` cuts the connection instead of sending it."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    hold: float = 0.0
    reset: bool = False

    @classmethod
    def of_json(cls, value: Json, status: int = 200, headers: Mapping[str, str] | None = None) -> "Answer":
        body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        return cls(status, body, {"Content-Type": "application/json; charset=utf-8", **(headers or {})})

    @classmethod
    def of_html(cls, page: str, status: int = 200) -> "Answer":
        return cls(status, page.encode(), {"Content-Type": "text/html; charset=utf-8"})

    @classmethod
    def of_text(cls, text: str, status: int) -> "Answer":
        return cls(status, text.encode(), {"Content-Type": "text/plain; charset=utf-8"})

    @classmethod
    def redirect(cls, location: str) -> "Answer":
        return cls(302, b"", {"Location": location})


@dataclass(frozen=True, slots=True)
class Exchange:
    """A recorded call and its answer. Header names are lower-case; `fault` names the fault that was played, if any."""

    host: str
    method: str
    path: str
    query: list[tuple[str, str]]
    headers: Mapping[str, str]
    body: bytes
    status: int
    response_headers: Mapping[str, str]
    response_body: bytes
    fault: str | None = None

    def response_json(self) -> Json:
        return json.loads(self.response_body)

"""Calls a sandbox within the process, as a vendor's client would over the network."""

import json
from dataclasses import dataclass, field

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.server import Sandbox


@dataclass(frozen=True, slots=True)
class Reply:
    """Header names are lower-case."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Json:
        return json.loads(self.body)

    def link(self, relation: str) -> str | None:
        """The URL of a Link header's relation."""
        for entry in self.headers.get("link", "").split(", "):
            url, _, rest = entry.partition("; ")
            if rest == f'rel="{relation}"':
                return url.strip("<>")
        return None


@dataclass(slots=True)
class Caller:
    """`headers` go with every call; a body that is no bytes is sent as JSON. `prefix`: what paths begin with there."""

    sandbox: Sandbox
    host: str
    headers: dict[str, str] = field(default_factory=dict)
    prefix: str = ""

    def __call__(self, method: str, target: str, body: Json = None, headers: dict[str, str] | None = None) -> Reply:
        sent = {"Host": self.host, **self.headers, **(headers or {})}
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        if body is not None and not isinstance(body, bytes):
            sent.setdefault("Content-Type", "application/json")
        here = f"https://{self.host}"
        path = target.removeprefix(here) if target.startswith(here) else f"{self.prefix}{target}"
        answer: Answer = self.sandbox.answer(method, path, sent, data)
        return Reply(answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.body)

    def get(self, target: str, headers: dict[str, str] | None = None) -> Reply:
        return self("GET", target, headers=headers)

    def pages(self, target: str) -> list[Reply]:
        """This page and all that follow by the Link header."""
        replies = [self.get(target)]
        while following := replies[-1].link("next"):
            replies.append(self.get(following))
        return replies

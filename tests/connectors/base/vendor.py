"""A small vendor on 127.0.0.1: it answers what a test tells it to, and remembers what it was asked."""

import contextlib
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from connectors.base import (
    AuthMethod,
    Client,
    Connector,
    MemorySecrets,
    Network,
    PageMemory,
    Scheme,
    Setup,
    StaticToken,
    Tenant,
)
from connectors.base.answers import Answer
from connectors.base.errors import ConnectorError

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Seen:
    """One request as the vendor saw it."""

    method: str
    host: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


@dataclass(frozen=True)
class Says:
    """`raw` is written to the wire as it stands, in pieces `pause` seconds apart, and the connection is closed."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    raw: tuple[bytes, ...] = ()
    pause: float = 0.0


def says(value: Any, status: int = 200, **headers: str) -> Says:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Says(status, json.dumps(value).encode(), {"Content-Type": "application/json", **named})


Behaviour = Callable[[Seen], Says]


class Vendor:
    """`answer` decides what is said to each request; `seen` lists the requests."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.answer: Behaviour = lambda request: says({})
        vendor = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body in one packet: the second of two waits 40 ms for the first's receipt

            def handle_one_request(self) -> None:
                with contextlib.suppress(ConnectionError):
                    super().handle_one_request()

            def log_message(self, *args: object) -> None:
                """Tests read `seen`."""

            def __getattr__(self, name: str) -> Any:
                if name.startswith("do_"):
                    return self.serve
                raise AttributeError(name)

            def serve(self) -> None:
                said = vendor.serve(self)
                if said.raw:
                    self.write_raw(said)
                    return
                self.send_response(said.status)
                for name, value in said.headers.items():
                    self.send_header(name, value)
                if said.status not in (204, 304):
                    self.send_header("Content-Length", str(len(said.body)))
                self.end_headers()
                if self.command != "HEAD" and said.status not in (204, 304):
                    self.wfile.write(said.body)

            def write_raw(self, said: Says) -> None:
                self.close_connection = True
                for piece in said.raw:
                    self.wfile.write(piece)
                    self.wfile.flush()
                    stopped.wait(said.pause)

        stopped = self._stopped = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.base_url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.005,), daemon=True).start()

    def serve(self, handler: BaseHTTPRequestHandler) -> Says:
        parts = urlsplit(handler.path)
        request = Seen(
            handler.command,
            handler.headers["Host"],
            parts.path,
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            {name.lower(): value for name, value in handler.headers.items()},
            handler.rfile.read(int(handler.headers.get("Content-Length") or 0)),
        )
        self.seen.append(request)
        return self.answer(request)

    def script(self, *answers: Says) -> None:
        """One answer after the other; the last one for ever."""
        rest = list(answers)
        self.answer = lambda request: rest.pop(0) if len(rest) > 1 else rest[0]

    def close(self) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()


@dataclass
class Clock:
    moment: datetime = START

    def __call__(self) -> datetime:
        return self.moment

    def pass_by(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


HOSTS = ("api.example.com", "files.example.net", "sign-in.example.com")


def nothing_special(answer: Answer) -> ConnectorError | None:
    return None


def connector(scheme: Scheme, **changes: Any) -> Connector:
    """A connector with one auth method and nothing to read."""
    method = AuthMethod("only", "Only way", "", (), (), scheme, changes.pop("scopes", ()))
    declared: dict[str, Any] = {
        "id": "example",
        "name": "Example",
        "summary": "",
        "base_url": lambda config: "https://api.example.com/v1",
        "hosts": lambda config: HOSTS,
        "methods": (method,),
        "check": lambda client: Tenant("t1", "Tenant"),
        "feeds": (),
        "classify": nothing_special,
    }
    return Connector(**{**declared, **changes})


@dataclass
class Bench:
    """A vendor, and what is needed to make clients of it."""

    vendor: Vendor
    clock: Clock = field(default_factory=Clock)
    hosts: tuple[str, ...] = HOSTS

    def network(self, call_s: float = 5.0, **options: Any) -> Network:
        return Network({host: self.vendor.base_url for host in self.hosts}, call_s=call_s, **options)

    def client(
        self,
        scheme: Scheme | None = None,
        *,
        config: dict[str, str] | None = None,
        secrets: MemorySecrets | None = None,
        call_s: float = 5.0,
        pages: PageMemory | None = None,
        **changes: Any,
    ) -> Client:
        made = connector(scheme or StaticToken(), **changes)
        return Client(
            made,
            made.methods[0],
            config=config or {"client_id": "id-1"},
            secrets=secrets or MemorySecrets({"token": "tok-S3CRET", "client_secret": "cs-S3CRET"}),
            network=self.network(call_s),
            now=self.clock,
            pages=pages,
        )

    def setup(self, scheme: Scheme, **options: Any) -> Setup:
        return self.client(scheme, **options).setup

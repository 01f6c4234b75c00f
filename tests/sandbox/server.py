"""An HTTP server on 127.0.0.1 that answers under the vendors' host names.

A request names its vendor in one of two ways: by its Host header (the path may carry the prefix /~/<vendor host>), or,
coming from a browser or another peer with the server's own address as Host, by that prefix alone.
"""

import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from tests.sandbox import start_page, vendors
from tests.sandbox.box import Box
from tests.sandbox.clock import Clock
from tests.sandbox.dropbox import Dropbox
from tests.sandbox.exchange import Answer, Exchange, Request
from tests.sandbox.faults import Fault, FaultKind, Faults, spoil
from tests.sandbox.github import GitHub
from tests.sandbox.microsoft import Microsoft
from tests.sandbox.simulator import Simulator

# Older exchanges are forgotten, so that a load test of a million events does not keep them all in memory.
KEPT_EXCHANGES = 2000
KEPT_BYTES = 32 * 1024 * 1024

STOP_S = 0.005
"""How long stopping waits at most; hundreds of tests have a sandbox of their own."""

VENDOR_WORDED = frozenset({FaultKind.RATE_LIMIT, FaultKind.SECONDARY_RATE_LIMIT, FaultKind.UNAUTHORIZED})


class Sandbox:
    """All simulators behind one address.

    `requests`: the recorded exchanges, oldest first. `faults`: what goes wrong. `clock`: the simulators' time.
    `latency`: seconds added to each vendor call.
    """

    def __init__(self, simulators: dict[str, Simulator] | None = None) -> None:
        self.clock = Clock()
        self.simulators: dict[str, Simulator] = simulators or vendors.simulators(self.clock)
        self.requests: list[Exchange] = []
        self.faults = Faults()
        self.latency = 0.0
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._server: _Server | None = None

    @property
    def github(self) -> GitHub:
        """github.com."""
        return self.github_at("github")

    def github_at(self, site_id: str) -> GitHub:
        simulator = self.simulators[site_id]
        assert isinstance(simulator, GitHub)
        return simulator

    @property
    def dropbox(self) -> Dropbox:
        simulator = self.simulators["dropbox"]
        assert isinstance(simulator, Dropbox)
        return simulator

    @property
    def box(self) -> Box:
        simulator = self.simulators["box"]
        assert isinstance(simulator, Box)
        return simulator

    @property
    def microsoft(self) -> Microsoft:
        simulator = self.simulators["microsoft"]
        assert isinstance(simulator, Microsoft)
        return simulator

    @property
    def base_url(self) -> str:
        if self._server is None:
            raise RuntimeError("the sandbox is not started")
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self, port: int = 0) -> str:
        """Listen on 127.0.0.1 (port 0: any free one) and return the base URL."""
        self._stopping.clear()
        self._server = _Server(port, self)
        threading.Thread(target=self._server.serve_forever, args=(STOP_S,), daemon=True).start()
        return self.base_url

    def stop(self) -> None:
        if self._server is None:
            return
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._server = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def overrides(self) -> dict[str, str]:
        """Vendor host -> base URL to call instead, the Host header kept."""
        return {host: f"{self.base_url}/~/{host}" for each in self.simulators.values() for host in each.hosts}

    def reset(self) -> None:
        """Back to the seed: no exchanges, no faults, real time."""
        self.clock.reset()
        self.faults.clear()
        for simulator in self.simulators.values():
            simulator.reset()
        with self._lock:
            self.requests.clear()

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes = b"") -> Answer:
        """Answer one HTTP request without a socket. `target` is path and query; header names in any case."""
        parts = urlsplit(target)
        lower = {name.lower(): value for name, value in headers.items()}
        query = parse_qsl(parts.query, keep_blank_values=True)
        called = lower.get("host", "")
        host, path = _vendor(called, parts.path)
        if not host:
            return start_page.answer(self, Request(method, called, parts.path, query, lower, body))
        base = None if called.split(":")[0] == host else f"http://{called}"
        request = Request(method, host, path, query, lower, body, base)
        simulator = next((each for each in self.simulators.values() if host in each.hosts), None)
        if simulator is None:
            return Answer.of_text(f"The sandbox has no simulator for {host}.\n", 404)
        fault = self.faults.strike(request)
        answer = simulator.answer(request) if fault is None else _play(fault, simulator, request)
        self._record(request, answer, fault)
        answer.hold += self.latency
        return answer

    def wait(self, seconds: float) -> None:
        """Hold an answer back, ending early when the server stops."""
        if seconds > 0:
            self._stopping.wait(seconds)

    def _record(self, request: Request, answer: Answer, fault: Fault | None) -> None:
        exchange = Exchange(
            request.host,
            request.method,
            request.path,
            request.query,
            request.headers,
            request.body,
            answer.status,
            {name.lower(): value for name, value in answer.headers.items()},
            answer.body,
            str(fault.kind) if fault else None,
        )
        with self._lock:
            self.requests.append(exchange)
            del self.requests[:-KEPT_EXCHANGES]
            while sum(len(each.response_body) for each in self.requests) > KEPT_BYTES:
                del self.requests[0]


def _vendor(called: str, path: str) -> tuple[str, str]:
    """The vendor host a request is for ("" for the sandbox's own pages) and the path below it."""
    if path.startswith("/~/"):
        host, _, rest = path[3:].partition("/")
        return host, f"/{rest}"
    name = called.rsplit(":", 1)[0]
    return ("", path) if name in ("127.0.0.1", "localhost", "") else (name, path)


def _play(fault: Fault, simulator: Simulator, request: Request) -> Answer:
    answer = simulator.answer(request) if fault.performed else Answer(200, b"{}")
    if fault.kind in VENDOR_WORDED:
        return simulator.refuse(request, fault)
    return spoil(fault, answer)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, port: int, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no error of ours; everything else is shown."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "GatehouseSandbox"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def _serve(self) -> None:
        sandbox = self.server.sandbox
        body = self._body()
        answer = sandbox.answer(self.command, self.path, dict(self.headers.items()), body)
        sandbox.wait(answer.hold)
        if answer.reset:
            self._cut()
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status not in (204, 304):
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD" and answer.status not in (204, 304):
            self.wfile.write(answer.body)
        self.wfile.flush()

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _serve

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        chunks = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def _cut(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        self.connection.close()

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Answers are dated by the clock that the simulators count from."""
        return super().date_time_string(self.server.sandbox.clock.now() if timestamp is None else timestamp)

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: the exchanges are recorded, and request lines may hold codes."""

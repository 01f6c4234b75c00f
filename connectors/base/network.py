"""The network seam: the one place that sends. Everything a connector asks of the outside world goes through `Network`.

It decides where a call may go in the network's terms (an override of the sandbox, no private addresses, the address
that was checked is the address that is connected to) and how long it may take. Which hosts a connector may call, and
what a status means, is decided in client.py.
"""

import functools
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.utils import parse_header_links
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ProtocolError
from urllib3.util import parse_url

from connectors.base.addresses import is_loopback, is_public, matches, parsed, resolve
from connectors.base.deadline import TimedResponse, deadline, remaining
from connectors.base.errors import BadResponse, Unavailable

CALL_S = 10.0
"""Seconds a call may take in all."""

BODY_CAP = 32 * 1024 * 1024
"""Bytes of a decompressed body held in memory; what is larger must be streamed."""

CHUNK = 64 * 1024

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")

Guard = Callable[[str, list[str]], None]


class Stream(Protocol):
    """A body that is read while it is sent; `len()` is its size in bytes."""

    def read(self, size: int = -1, /) -> bytes: ...

    def __len__(self) -> int: ...


Body = bytes | Stream | None


class Headers(Mapping[str, str]):
    """Header names in any case; repeated headers are joined by a comma, as HTTP has it."""

    def __init__(self, headers: Mapping[str, str] | None = None) -> None:
        self._values = {name.lower(): value for name, value in (headers or {}).items()}

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


@dataclass(frozen=True, slots=True)
class Place:
    """The parts of an address that decide where a call goes."""

    scheme: str
    host: str
    port: int | None
    path: str
    query: str

    @property
    def origin(self) -> str:
        """Host, with the port where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port in (None, {"https": 443, "http": 80}.get(self.scheme)) else f"{host}:{self.port}"

    @property
    def without_query(self) -> str:
        return f"{self.scheme}://{self.origin}{self.path}"


def place(url: str) -> Place:
    """The parts of an absolute address, read by the parser that also opens the connection. Raises BadResponse."""
    if any(character in url for character in "\\\r\n\t ") or not url.isprintable():
        raise _bad_address()
    try:
        parts = parse_url(url)
    except ValueError:
        raise _bad_address() from None
    if parts.scheme not in ("http", "https") or not parts.host or parts.auth:
        raise _bad_address()
    return Place(parts.scheme, parts.host.strip("[]"), parts.port, parts.path or "/", parts.query or "")


def _bad_address() -> BadResponse:
    return BadResponse(
        "A call to an address that is not one was stopped.",
        why="The app, or the instance's details, named an address that cannot be called safely.",
        remedy="Check the instance's host name; if it is right, report this as a fault of the connector.",
    )


def with_query(url: str, params: Mapping[str, Any] | list[tuple[str, Any]] | None) -> str:
    """`url` with the parameters added; None values are left out, lists are repeated."""
    pairs = list(params.items()) if isinstance(params, Mapping) else list(params or ())
    query = urlencode([(name, value) for name, value in pairs if value is not None], doseq=True)
    if not query:
        return url
    return f"{url}{'&' if '?' in url else '?'}{query}"


def links(header: str) -> dict[str, str]:
    """From a Link header (RFC 8288): relation -> address."""
    return {item["rel"]: item["url"] for item in parse_header_links(header) if "rel" in item and "url" in item}


class Reply:
    """What came back: `body` is complete unless the call asked for a stream, then `chunks` yields it once."""

    def __init__(self, origin: str, status: int, headers: Mapping[str, str], raw: urllib3.BaseHTTPResponse) -> None:
        self.status = status
        self.headers = Headers(headers)
        self.body = b""
        self._origin = origin
        self._raw = raw

    def chunks(self, size: int = CHUNK) -> Iterator[bytes]:
        """The decompressed body in pieces. Raises Unavailable when it breaks off, BadResponse when it is garbled."""
        try:
            yield from self._raw.stream(size, decode_content=True)
        except urllib3.exceptions.DecodeError as error:
            raise BadResponse(
                f"The answer of {self._origin} could not be decompressed.",
                remedy="It is tried again by itself. If it stays, something on the way to the app changes its answers.",
            ) from error
        except (urllib3.exceptions.ReadTimeoutError, TimeoutError) as error:
            raise _too_slow(self._origin, is_sent=True) from error
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise _lost(f"The answer of {self._origin} broke off before its end.") from error
        finally:
            self.close()

    def read(self, cap: int = BODY_CAP) -> bytes:
        """The whole body. Raises BadResponse when it is longer than `cap` bytes."""
        parts, size = [], 0
        for chunk in self.chunks():
            size += len(chunk)
            if size > cap:
                self.close()
                raise BadResponse(
                    f"The answer of {self._origin} is larger than {cap // (1024 * 1024)} MB and was not read.",
                    remedy="Report this as a fault of the connector: it should ask for smaller pages.",
                )
            parts.append(chunk)
        return b"".join(parts)

    def close(self) -> None:
        """Ends the exchange; a connection with something left to read is not used again."""
        self._raw.close()
        self._raw.release_conn()


@dataclass(frozen=True)
class Network:
    """How this process reaches the outside world.

    `overrides`: vendor host (or `*.pattern`) -> base URL of a local stand-in, `{host}` in it is the vendor host.
    Loopback targets only, else ValueError. The Host header keeps the vendor's name.
    `allowed_private_hosts`: hosts (or patterns) that may have private addresses, by the operator's word.
    `ca_bundle`: path of a file of certificate authorities to trust instead of the built-in ones.
    `call_s`: seconds one call may take in all.
    `may_use_machine_role`: the cloud role of the machine itself may stand in for stored keys (AWS).

    Proxies, netrc files and certificates of the environment are not consulted.
    """

    overrides: Mapping[str, str] = field(default_factory=dict)
    allowed_private_hosts: frozenset[str] = frozenset()
    ca_bundle: str = ""
    call_s: float = CALL_S
    may_use_machine_role: bool = False
    _vendors: HTTPAdapter = field(init=False, repr=False, compare=False)
    _stand_ins: HTTPAdapter = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for host, target in self.overrides.items():
            _check_override(host, target)
        # Adapters and not a Session: a Session reads the body of a redirect it will not follow, without any limit.
        object.__setattr__(self, "_vendors", _Adapter(self._refuse_private))
        object.__setattr__(self, "_stand_ins", _Adapter(_refuse_all_but_loopback))

    def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        body: Body = None,
        *,
        deadline_s: float | None = None,
        stream: bool = False,
    ) -> Reply:
        """One exchange with a vendor; no redirect is followed, any status is a Reply.

        `deadline_s` (default `call_s`) bounds the whole of it, or with `stream` the time until the headers are there.
        Raises Unavailable (`is_sent` False when the vendor certainly did not get the request) and BadResponse.
        """
        target = self._override(url)
        if target is None and place(url).scheme != "https":
            raise BadResponse(
                f"A call to {place(url).origin} without encryption was stopped.",
                remedy="Use an https address in the instance's details.",
            )
        request = requests.Request(method, target or url, headers={"Host": place(url).origin, **(headers or {})})
        prepared = request.prepare()
        prepared.prepare_body(body, None)
        with deadline(self.call_s if deadline_s is None else deadline_s):
            reply = self._exchange(prepared, self._vendors if target is None else self._stand_ins, place(url).origin)
            if not stream:
                reply.body = reply.read()
        return reply

    def browser_url(self, url: str) -> str:
        """Where a browser is sent for `url`: the same, or its stand-in."""
        return self._override(url) or url

    def _override(self, url: str) -> str | None:
        there = place(url)
        target = self.overrides.get(there.origin) or next(
            (base for pattern, base in self.overrides.items() if matches(there.host, pattern)), None
        )
        if target is None:
            return None
        query = f"?{there.query}" if there.query else ""
        return f"{target.replace('{host}', there.origin).rstrip('/')}{there.path}{query}"

    def _refuse_private(self, host: str, addresses: list[str]) -> None:
        if any(matches(host, pattern) for pattern in self.allowed_private_hosts):
            return
        if not all(is_public(parsed(address)) for address in addresses):
            raise Unavailable(
                f"A call to {host} was stopped: it stands for an address inside a private network.",
                why="Gatehouse calls public addresses only, so that nobody can make it call machines of your network.",
                remedy="If the app runs there, the operator adds its host to GATEHOUSE_ALLOWED_PRIVATE_HOSTS.",
                is_sent=False,
            )

    def _exchange(self, prepared: requests.PreparedRequest, adapter: HTTPAdapter, origin: str) -> Reply:
        try:
            response = adapter.send(
                prepared, stream=True, timeout=(remaining(), remaining()), verify=self.ca_bundle or True
            )
        except requests.exceptions.SSLError as error:
            raise Unavailable(
                f"The identity of {origin} could not be verified.",
                why="Its certificate is not valid for this name, has expired, or is from an authority unknown here.",
                remedy="Check the host name in the instance's details, and the certificate of that server.",
                is_sent=False,
            ) from _bare(error)
        except requests.exceptions.Timeout as error:
            raise _too_slow(origin, is_sent=not isinstance(error, requests.exceptions.ConnectTimeout)) from _bare(error)
        except requests.exceptions.ConnectionError as error:
            raise _broken(origin, error) from _bare(error)
        except TimeoutError as error:
            raise _too_slow(origin, is_sent=True) from error
        return Reply(origin, response.status_code, response.headers, response.raw)


def _check_override(host: str, target: str) -> None:
    try:
        is_local = place(target.replace("{host}", "host")).host in LOOPBACK_NAMES
    except BadResponse:
        is_local = False
    if not is_local:
        raise ValueError(f"The override of {host} must lead to this machine's loopback address, not to {target}.")


def _refuse_all_but_loopback(host: str, addresses: list[str]) -> None:
    if not all(is_loopback(parsed(address)) for address in addresses):
        raise Unavailable(f"The stand-in {host} is not on this machine.", is_sent=False)


def _bare(error: requests.exceptions.RequestException) -> Exception:
    """The error without its request: tracebacks and error reports would show the headers that hang on it."""
    return ConnectionError(type(error).__name__)


def _too_slow(origin: str, *, is_sent: bool) -> Unavailable:
    return Unavailable(
        f"{origin} did not answer in time.",
        remedy="It is tried again by itself. If it stays, look at the app's status page and at the firewall.",
        is_sent=is_sent,
    )


def _lost(message: str) -> Unavailable:
    return Unavailable(message, remedy="It is tried again by itself. If it stays, look at the app's status page.")


def _broken(origin: str, error: requests.exceptions.ConnectionError) -> Unavailable:
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", None)
    if isinstance(cause, ProtocolError) and any(isinstance(part, TimeoutError) for part in cause.args):
        return _too_slow(origin, is_sent=True)
    if isinstance(reason, NewConnectionError | ConnectTimeoutError):
        return Unavailable(
            f"No connection to {origin}.",
            why="It refuses connections, or a firewall is in between.",
            remedy="It is tried again by itself. Check the host name, and that this machine may reach it.",
            is_sent=False,
        )
    return _lost(f"{origin} closed the connection without an answer.")


class _Adapter(HTTPAdapter):
    """requests' adapter with connections that check where they lead. Keeps up to ten connections to a host open."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        super().__init__(max_retries=0)

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
        connection = _TLSConnection if pool.scheme == "https" else _Connection
        pool.ConnectionCls = functools.partial(connection, guard=self._guard)
        return pool


def _connect(host: str, port: int, guard: Guard, options: Any) -> socket.socket:
    """Resolve once, check every address, connect to one that was checked. TLS still verifies the vendor's name."""
    addresses = resolve(host, port, remaining())
    guard(host, addresses)
    problem: OSError | None = None
    for address in addresses:
        try:
            return urllib3.util.connection.create_connection((address, port), remaining(), socket_options=options)
        except OSError as error:
            problem = error
    raise problem or OSError("no address")


class _Guarded:
    def __init__(self, *args: Any, guard: Guard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._guard = guard

    def send(self: Any, data: Any) -> None:
        """A socket's time-out counts anew at every write too, so what is sent goes in pieces under the deadline."""
        for start in range(0, len(data), CHUNK):
            if self.sock is not None:
                self.sock.settimeout(remaining())
            super().send(data[start : start + CHUNK])  # type: ignore[misc]

    def _new_conn(self: Any) -> socket.socket:
        try:
            return _connect(self._dns_host, self.port, self._guard, self.socket_options)
        except TimeoutError as error:
            raise ConnectTimeoutError(self, "timed out") from error
        except OSError as error:
            raise NewConnectionError(self, "refused") from error


class _Connection(_Guarded, urllib3.connection.HTTPConnection):
    response_class = TimedResponse


class _TLSConnection(_Guarded, urllib3.connection.HTTPSConnection):
    response_class = TimedResponse



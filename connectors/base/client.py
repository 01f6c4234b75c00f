"""The client: all a connector sees of the world."""

import hashlib
import json as jsonlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any, TypedDict, Unpack
from urllib.parse import unquote, urlencode, urljoin

from connectors.base.answers import Answer, judge, retry_after
from connectors.base.auth import Renewal
from connectors.base.deadline import Budget, paced
from connectors.base.errors import BadResponse, RateLimited, Unavailable
from connectors.base.limits import Traffic
from connectors.base.network import Network, Reply, place, with_query
from connectors.base.page_memory import NoPages, PageMemory
from connectors.base.secret_store import SecretStore
from connectors.base.setup import FORM, USER_AGENT, Call, Setup, answer_of
from connectors.base.transfers import CHUNK_SIZE, Chunk, ChunkHeaders, Downloaded, Multipart, content_range

if TYPE_CHECKING:
    from connectors.base.connector import AuthMethod, Connector

__all__ = ["Answer", "Client", "Params"]

Params = Mapping[str, Any] | list[tuple[str, Any]]

REDIRECTS = (301, 302, 303, 307, 308)
MOST_REDIRECTS = 5
UNPROVEN = (400, 401)
"""Statuses a scheme is asked about: 400 because some vendors so ask for another proof of the same token."""
REPEATABLE = ("GET", "HEAD", "PUT", "DELETE")
CHUNK_S = 60.0
"""Seconds one chunk of an upload may take."""
STREAM_S = 300.0
"""Seconds a call may take that sends a whole file."""


class Options(TypedDict, total=False):
    """What a call may say. `json` is sent as JSON, a mapping in `data` as a form, text and bytes in `data` as they are,
    a `Multipart` while its file is read.

    `expect`: statuses besides 2xx that are answers and not errors. `follow`: redirects are followed. `authenticate`
    False: no credentials are sent, as to an address that holds its own.
    """

    params: Params | None
    headers: Mapping[str, str] | None
    json: Any
    data: bytes | str | Mapping[str, str] | Multipart | None
    expect: tuple[int, ...]
    follow: bool
    authenticate: bool


class Client:
    """Calls one connected tenant as its connector declared.

    A call that ends well, or with a status in `expect`, returns its Answer. All else raises: the connector's
    `classify` decides first, then the general rules in answers.py. Messages name the call without its query string.

    Paths are joined to the connector's base URL; absolute addresses must be on its declared hosts. A redirect is
    followed only with `follow`, to declared hosts, and to another host than the first without credentials.

    After a 401 on a token that can be renewed, one new token is obtained, and GET, HEAD, PUT and DELETE are repeated
    once: they may be sent twice without doing more than once. POST, PATCH and files in a form are not repeated but
    raise Unavailable(is_sent=False): a vendor that answers 401 has done nothing (RFC 9110 15.5.2), so whoever asked may
    ask again, with the new token.
    """

    def __init__(
        self,
        connector: "Connector",
        method: "AuthMethod",
        *,
        config: Mapping[str, str],
        secrets: SecretStore,
        network: Network,
        now: Callable[[], datetime],
        pages: PageMemory | None = None,
        components: tuple[str, ...] | None = None,
    ) -> None:
        self.connector = connector
        self.config = config
        self.pages = pages or NoPages()
        self._setup = Setup(connector, method, config, secrets, network, now, components)
        self._scheme = method.scheme
        self._subject = ""
        self._audience: str | None = None

    def now(self) -> datetime:
        """Aware UTC."""
        return self._setup.now()

    @property
    def setup(self) -> Setup:
        """For sign-in schemes and aws.py."""
        return self._setup

    def take_traffic(self) -> Traffic:
        """What was sent, and what is left of the vendor's limits, since this was last asked."""
        memory = self._setup.memory
        taken, memory.traffic = memory.traffic, Traffic()
        return taken

    @property
    def method_id(self) -> str:
        """The auth method that the instance is connected by."""
        return self._setup.method.id

    def has_component(self, component: str) -> bool:
        """Whether this part of the app is switched on; '' stands for what every instance has."""
        return not component or self._setup.components is None or component in self._setup.components

    @property
    def subject(self) -> str:
        """Whom this client acts as, '' for the connection's own account."""
        return self._subject

    @property
    def granted_scopes(self) -> tuple[str, ...]:
        """The last list of scopes the vendor stated, empty if it never did."""
        return self._scheme.granted_scopes(self._setup, self._audience_at(self.connector.base_url(self.config)))

    def fresh_scopes(self, host: str = "") -> tuple[str, ...]:
        """What the vendor grants now for the audience of this host, by default that of the base URL. Raises the errors
        of a sign-in."""
        url = f"https://{host}" if host else self.connector.base_url(self.config)
        return self._scheme.fresh_scopes(self._setup, self._call("GET", url, None, None))

    def acting_as(self, subject: str) -> "Client":
        """A client whose calls are made in the name of `subject`: a user's id or address, as the vendor wants it.

        Raises ValueError when the auth method cannot impersonate.
        """
        if not self._scheme.can_act_as:
            raise ValueError(f"{type(self._scheme).__name__} of {self.connector.id} cannot act as somebody else")
        return self._variant(subject=subject, audience=self._audience)

    def for_audience(self, audience: str) -> "Client":
        """A client whose calls carry a token for `audience`, whatever the host: an API, or a set of scopes."""
        return self._variant(subject=self._subject, audience=audience)

    def address(self, path_or_url: str, params: Params | None = None) -> str:
        """Where a call goes to, in full."""
        return with_query(self._url(path_or_url), params)

    def get(self, path_or_url: str, **options: Unpack[Options]) -> Answer:
        return self.request("GET", path_or_url, **options)

    def head(self, path_or_url: str, **options: Unpack[Options]) -> Answer:
        return self.request("HEAD", path_or_url, **options)

    def post(self, path_or_url: str, **options: Unpack[Options]) -> Answer:
        return self.request("POST", path_or_url, **options)

    def put(self, path_or_url: str, **options: Unpack[Options]) -> Answer:
        return self.request("PUT", path_or_url, **options)

    def patch(self, path_or_url: str, **options: Unpack[Options]) -> Answer:
        return self.request("PATCH", path_or_url, **options)

    def delete(self, path_or_url: str, **options: Unpack[Options]) -> Answer:
        return self.request("DELETE", path_or_url, **options)

    def request(self, method: str, path_or_url: str, **options: Unpack[Options]) -> Answer:
        call = self._call(method, path_or_url, options.get("params"), options.get("headers"))
        _add_body(call, options.get("json"), options.get("data"))
        return self._send(
            call,
            options.get("expect", ()),
            options.get("follow", False),
            options.get("authenticate", True),
            STREAM_S if isinstance(call.body, Multipart) else None,
        )

    def download(
        self,
        path_or_url: str,
        stream: IO[bytes],
        *,
        max_bytes: int,
        hash: str = "sha256",
        method: str = "GET",
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        authenticate: bool = True,
    ) -> Downloaded:
        """Writes the answer's body into `stream`; redirects to declared hosts are followed.

        Raises BadResponse when the file is larger than `max_bytes` (what was written until then is worthless), and
        RateLimited when the app says that the file is not ready yet (202).
        """
        asked = {"Accept": "*/*", "Accept-Encoding": "identity", **(headers or {})}
        call = self._call(method, path_or_url, params, asked)
        reply = self._open(call, authenticate)
        digest, size = hashlib.new(hash), 0
        if int(reply.headers.get("content-length") or 0) > max_bytes:
            reply.close()
            raise _too_large(max_bytes)
        for piece in paced(reply.chunks(), self._setup.network.call_s):
            size += len(piece)
            if size > max_bytes:
                reply.close()
                raise _too_large(max_bytes)
            digest.update(piece)
            stream.write(piece)
        return Downloaded(size, digest.hexdigest(), reply.headers)

    def upload(
        self,
        path_or_url: str,
        stream: IO[bytes],
        *,
        size: int,
        start: int = 0,
        method: str = "PUT",
        chunk_size: int = CHUNK_SIZE,
        headers: ChunkHeaders = content_range,
        params: Params | None = None,
        accepted: Callable[[Chunk, Answer], None] | None = None,
        expect: tuple[int, ...] = (308,),
        authenticate: bool = True,
    ) -> Answer:
        """Sends `stream` in chunks to an upload session the connector has opened; the answer to the last chunk.

        `headers` says how a chunk is addressed; `accepted` is told of each chunk the vendor took, with its answer
        (part numbers, or a place to note how far it came). To resume after an error, ask the vendor how many bytes it
        has and pass that as `start`: the stream is read from there. `size` is that of the whole file, in bytes.
        """
        if start >= size > 0:
            raise ValueError("nothing is left to upload")
        stream.seek(start)
        for chunk in _chunks(stream, start, size, chunk_size):
            sent = {"Content-Type": "application/octet-stream", **headers(chunk)}
            call = self._call(method, path_or_url, params, sent)
            call.body = chunk.data
            answer = self._send(call, expect, follow=False, authenticate=authenticate, seconds=CHUNK_S)
            if accepted:
                accepted(chunk, answer)
        return answer

    def _variant(self, *, subject: str, audience: str | None) -> "Client":
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__, _subject=subject, _audience=audience)
        return other

    def _call(
        self, method: str, path_or_url: str, params: Params | None, headers: Mapping[str, str] | None
    ) -> Call:
        url = self.address(path_or_url, params)
        sent = {"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": "gzip, deflate"}
        sent |= {**self.connector.headers, **(headers or {})}
        return Call(method, url, sent, None, self._audience_at(url), self._subject)

    def _audience_at(self, url: str) -> str:
        if self._audience is not None:
            return self._audience
        return self.connector.audience(place(url).host) if self.connector.audience else ""

    def _url(self, path_or_url: str) -> str:
        if path_or_url.startswith(("https://", "http://")):
            return path_or_url
        if any(unquote(part) in (".", "..") for part in path_or_url.partition("?")[0].split("/")):
            raise BadResponse(
                f"A call to {self.connector.name} was stopped: its path would lead elsewhere.",
                why="An id that the app gave cannot be part of an address.",
                remedy="Report this as a fault of the connector.",
            )
        return f"{self.connector.base_url(self.config).rstrip('/')}/{path_or_url.lstrip('/')}"

    def _send(
        self, call: Call, expect: tuple[int, ...], follow: bool, authenticate: bool, seconds: float | None = None
    ) -> Answer:
        budget = Budget(seconds or self._setup.network.call_s)
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._exchange(call, authenticate, budget)
            if not follow or answer.status not in REDIRECTS:
                return judge(self.connector, answer, expect, self.now())
            target = self._target(call, answer)
            authenticate = authenticate and place(target).origin == place(call.url).origin
            call = _moved(call, target, answer.status, authenticate)
        raise _bad_redirect(self.connector.name, "It led on and on.")

    def _exchange(self, call: Call, authenticate: bool, budget: Budget) -> Answer:
        answer = self._signed(call, authenticate, budget)
        if answer.status in UNPROVEN and authenticate:
            renewal = self._scheme.renew(self._setup, call, answer)
            is_safe = renewal is Renewal.NEW_PROOF or call.method in REPEATABLE
            if renewal is not Renewal.NONE and (not is_safe or isinstance(call.body, Multipart)):
                raise _not_repeated(self.connector.name)
            if renewal is not Renewal.NONE:
                answer = self._signed(call, authenticate, budget)
        self._scheme.note(self._setup, answer)
        return answer

    def _signed(self, call: Call, authenticate: bool, budget: Budget) -> Answer:
        self._prepare(call, authenticate)
        return self._setup.exchange(call, deadline_s=budget.left())

    def _prepare(self, call: Call, authenticate: bool) -> None:
        self._setup.check_host(call.url)
        if authenticate:
            self._scheme.authorize(self._setup, call)

    def _open(self, call: Call, authenticate: bool) -> Reply:
        """The streamed answer of a download, after redirects and at most one renewal of the token."""
        budget = Budget(self._setup.network.call_s)
        is_renewed = False
        for _ in range(MOST_REDIRECTS + 2):
            self._prepare(call, authenticate)
            reply = self._setup.open(call, deadline_s=budget.left())
            if reply.status in (200, 206):
                return reply
            answer = answer_of(call, reply, reply.read())
            if reply.status in UNPROVEN and authenticate and not is_renewed:
                is_renewed = True
                if self._scheme.renew(self._setup, call, answer) is not Renewal.NONE:
                    continue
            if reply.status not in REDIRECTS:
                raise self._not_downloaded(answer)
            target = self._target(call, answer)
            authenticate = authenticate and place(target).origin == place(call.url).origin
            call = _moved(call, target, answer.status, authenticate)
        raise _bad_redirect(self.connector.name, "It led on and on.")

    def _not_downloaded(self, answer: Answer) -> Exception:
        judge(self.connector, answer, (), self.now())
        return RateLimited(
            f"{self.connector.name} is still preparing this file.", retry_after=retry_after(answer, self.now())
        )

    def _target(self, call: Call, answer: Answer) -> str:
        location = answer.headers.get("location", "")
        if not location:
            raise _bad_redirect(self.connector.name, "It did not say where to.")
        target = urljoin(call.url, location)
        if place(target).origin != place(call.url).origin and call.method not in ("GET", "HEAD"):
            raise _bad_redirect(self.connector.name, "What was sent does not belong to another host.")
        return target


def _add_body(call: Call, json: Any, data: bytes | str | Mapping[str, str] | Multipart | None) -> None:
    if isinstance(data, Multipart):
        call.body = data
        call.headers["Content-Type"] = data.content_type
    elif json is not None:
        call.body = jsonlib.dumps(json).encode()
        call.headers.setdefault("Content-Type", "application/json")
    elif isinstance(data, Mapping):
        call.body = urlencode(data).encode()
        call.headers.setdefault("Content-Type", FORM)
    elif data is not None:
        call.body = data.encode() if isinstance(data, str) else data


def _moved(call: Call, target: str, status: int, keeps_headers: bool) -> Call:
    """The call after a redirect. Another host gets nothing but what any caller would send."""
    harmless = ("user-agent", "accept", "accept-encoding", "range")
    headers = {
        name: value for name, value in call.headers.items() if keeps_headers or name.lower() in harmless
    }
    method, body = ("GET", None) if status == 303 and call.method != "HEAD" else (call.method, call.body)
    return Call(method, target, headers, body, call.audience, call.subject)


def _chunks(stream: IO[bytes], start: int, size: int, chunk_size: int) -> Iterator[Chunk]:
    offset = start
    while offset < size or size == 0:
        data = stream.read(min(chunk_size, size - offset))
        if len(data) < min(chunk_size, size - offset):
            raise ValueError(f"the file ended after {offset + len(data)} of {size} bytes")
        yield Chunk(offset, data, size)
        offset += len(data)
        if size == 0:
            return


def _too_large(max_bytes: int) -> BadResponse:
    return BadResponse(
        f"The file is larger than the limit of {max_bytes // (1024 * 1024)} MB and was not kept.",
        remedy="Raise the limit in Settings, or handle this file in the app itself.",
    )


def _not_repeated(name: str) -> Unavailable:
    return Unavailable(
        f"{name} refused the access token before it did anything, and has given a new one.",
        why="A token can end before its time.",
        remedy="It is tried again by itself, with the new token.",
        is_sent=False,
    )


def _bad_redirect(name: str, why: str) -> BadResponse:
    return BadResponse(
        f"{name} redirected a call to a place it cannot follow.", why=why,
        remedy="Check the instance's host name. If it is right, report this as a fault of the connector.",
    )

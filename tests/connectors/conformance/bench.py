"""One connected tenant of one app in the sandbox, and what the conformance tests do with it."""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import IO, Any, ClassVar
from urllib.parse import parse_qsl

from urllib3 import HTTPResponse

from connectors.base import (
    ActionTarget,
    Client,
    Connector,
    Feed,
    Listed,
    MemorySecrets,
    Network,
    Order,
    PageMemory,
)
from connectors.base.network import Body, Reply, place
from connectors.base.redaction import SHORTEST, texts_in
from connectors.base.secret_store import SecretDocument
from connectors.catalogue import catalogue
from tests.connectors.conformance.reading import records_of
from tests.connectors.corpus import Recording, Refused
from tests.sandbox import Sandbox
from tests.sandbox.exchange import Answer, Exchange, Json
from tests.sandbox.memory import packed, unpacked
from tests.sandbox.simulator import Simulator

HASTY_S = 0.01


@dataclass
class Play:
    """What happens to the calls of a client. `told`: calls made before, in their order, whose answers are given again;
    those after them leave. `is_hasty`: the first that leaves is given up after HASTY_S seconds. `before_call` is called
    before each that leaves, `after_call` when its answer has come; `left` counts them.
    """

    told: deque[Exchange] = field(default_factory=deque)
    is_hasty: bool = False
    before_call: Callable[[], None] = lambda: None
    after_call: Callable[[], None] = lambda: None
    left: int = 0


@dataclass(frozen=True)
class WatchedNetwork(Network):
    """The network seam with the simulators behind it. A call to any other host fails the test."""

    play: Play = field(default_factory=Play, compare=False)

    def begin(self, play: Play) -> None:
        """Connections that are open stay open."""
        object.__setattr__(self, "play", play)

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
        origin = place(url).origin
        assert self.browser_url(url) != url, f"a call left for {origin}, which is no host of the simulator"
        if self.play.told:
            return _again(self.play.told.popleft(), method, url, stream)
        if self.play.is_hasty and self.play.left == 0:
            deadline_s = HASTY_S
        self.play.left += 1
        self.play.before_call()
        reply = super().send(method, url, headers, body, deadline_s=deadline_s, stream=stream)
        self.play.after_call()
        return reply


def _again(call: Exchange, method: str, url: str, stream: bool) -> Reply:
    there = place(url)
    asked = (method, there.origin, there.path, parse_qsl(there.query, keep_blank_values=True))
    assert asked == (call.method, call.host, call.path, call.query), "other calls are made than the last time"
    raw = HTTPResponse(BytesIO(call.response_body), call.response_headers, call.status, preload_content=False)
    reply = Reply(there.origin, call.status, call.response_headers, raw)
    if not stream:
        reply.body = reply.read()
    return reply


class MemoryStore:
    """What actions keep in the portal, here in memory."""

    max_bytes = 10_000_000

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    @contextmanager
    def writer(self, key: str) -> Iterator[IO[bytes]]:
        stream = BytesIO()
        yield stream
        self.kept[key] = stream.getvalue()

    @contextmanager
    def reader(self, key: str) -> Iterator[IO[bytes]]:
        yield BytesIO(self.kept[key])

    def forget(self, key: str) -> None:
        self.kept.pop(key, None)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the simulator and the connection to it are at a moment, and what the portal keeps. `calls`: that led there,
    where somebody asks."""

    state: bytes
    at: datetime
    config: dict[str, str]
    secrets: SecretDocument
    kept: dict[str, bytes]
    calls: tuple[Exchange, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """An action on a target that the simulator holds.

    `target_id`: of a record that a feed lists. `is_undone`: whether its undo brings back what was there, after what
    `Bench.settle` plays. `is_struck`: whether each of its calls is made to fail; a trial alike may stand for it.
    """

    action: str
    target: type[Listed]
    target_id: str
    params: Mapping[str, Any] = field(default_factory=dict)
    is_undone: bool = True
    is_struck: bool = True

    def __str__(self) -> str:
        return f"{self.action} of {self.target.__name__} {self.target_id}"


class Bench(ABC):
    """`begin` brings the simulator back to its seed, newly connected; from then on time stands still."""

    connector_id: ClassVar[str]
    method_id: ClassVar[str]
    descriptions: ClassVar[tuple[str, ...]] = ()
    """Files of the vendor's own description, in GATEHOUSE_SPECS under the connector's id."""
    unavailable: ClassVar[frozenset[str]] = frozenset()
    """The feeds and actions that this tenant does not offer, as its check has to say."""
    wordless: ClassVar[frozenset[str]] = frozenset()
    """Feeds whose records hold the vendor's own words and ids alone: nobody outside can put a text there."""
    like: ClassVar["type[Bench] | None"] = None
    """Another bench that reads in the same way: of the feeds only those that it does not offer are struck here."""
    closable: ClassVar[frozenset[str]] = frozenset()
    """Paths of what the connector is told elsewhere as well: where they are closed to it, it goes on without."""
    unhurried: ClassVar[frozenset[str]] = frozenset()
    """Paths that a check asks for the plan alone, which feeds tell as well: where their limit is used up, it goes on
    without."""
    ends_by_being_told: ClassVar[bool] = True
    """Whether the vendor takes nothing from a connection any more that was said to end. Where an admin of the vendor's
    alone can end it, it is told to stop what was started for it."""
    trials: ClassVar[tuple[Trial, ...]] = ()
    """At least one for each action, among all benches of the connector."""

    def __init__(self) -> None:
        self.connector: Connector = catalogue()[self.connector_id]
        self.sandbox = Sandbox()
        self.config: dict[str, str] = {}
        self.secrets = MemorySecrets()
        self.network = WatchedNetwork()
        self.store = MemoryStore()
        self._starts: dict[bool, Standing] = {}

    @property
    def simulator(self) -> Simulator:
        return self.sandbox.simulators[self.connector_id]

    @property
    def feeds(self) -> tuple[Feed, ...]:
        """Those that this tenant offers, without parts of the app that are switched on apart: their own tests read
        those."""
        offered = (feed for feed in self.connector.feeds if feed.name not in self.unavailable)
        return tuple(feed for feed in offered if not feed.component)

    @property
    def every_feed(self) -> tuple[Feed, ...]:
        """With those of parts of the app that actions belong to."""
        told = {feed.name: feed for trial in self.trials for feed in self.feeds_of(trial.action)}
        return tuple({**{feed.name: feed for feed in self.feeds}, **told}.values())

    def feeds_of(self, action: str) -> tuple[Feed, ...]:
        """Those that tell of an action's targets: with the part of the app that the action belongs to."""
        part = self.connector.action(action).component
        offered = (feed for feed in self.connector.feeds if feed.name not in self.unavailable)
        return tuple(feed for feed in offered if feed.component in ("", part))

    @property
    def struck_feeds(self) -> tuple[Feed, ...]:
        """Those whose calls are made to fail, one after the other."""
        return tuple(feed for feed in self.feeds if self.like is None or feed.name in self.like.unavailable)

    @property
    def folder(self) -> Path:
        return Path(__file__).parents[3] / "connectors" / self.connector_id

    def begin(self, *, is_short: bool = False) -> None:
        """`is_short`: with what `shorten` leaves. Done once; from then on what came of it is brought back."""
        if is_short not in self._starts:
            self._starts[is_short] = self._begun(is_short)
        start = self._starts[is_short]
        self.bring_back(start)
        self.sandbox.requests.extend(start.calls)

    def _begun(self, is_short: bool) -> Standing:
        self.connect_anew()
        if is_short:
            self.shorten()
        return replace(self.standing(), calls=tuple(self.sandbox.requests))

    def connect_anew(self) -> None:
        self.sandbox.reset()
        self.sandbox.clock.freeze(datetime.now(UTC).replace(microsecond=0))
        self.config, self.secrets = self.connect()
        self.sign_in()

    def sign_in(self) -> None:  # noqa: B027  most connections begin with a token
        """Where a connection has no token yet, it is given those that it needs, so that from then on the same calls
        are made each time."""

    def standing(self) -> Standing:
        kept = dict(self.store.kept)
        return Standing(packed(self.simulator.state), self.now(), dict(self.config), self.secrets.read(), kept)

    def bring_back(self, standing: Standing) -> None:
        """Simulator and connection are as they were then."""
        self.sandbox.reset()
        self.sandbox.clock.freeze(standing.at)
        self.simulator.adopt(unpacked(standing.state, self.sandbox.clock))
        self.config, self.secrets = dict(standing.config), MemorySecrets(**standing.secrets)
        self.store.kept = dict(standing.kept)

    def client(self, pages: PageMemory | None = None, play: Play | None = None) -> Client:
        """A client as the portal makes it. All of them share their network: the newest one's `play` is played."""
        if self.network.overrides != self.sandbox.overrides():
            self.network = WatchedNetwork(self.sandbox.overrides())
        self.network.begin(play or Play())
        return Client(
            self.connector,
            self.connector.method(self.method_id),
            config=self.config,
            secrets=self.secrets,
            network=self.network,
            now=self.now,
            pages=pages,
        )

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.sandbox.clock.now(), UTC)

    def secret_texts(self) -> list[str]:
        """Whatever must not be seen anywhere."""
        return [text for text in texts_in(self.secrets.read()) if len(text) >= SHORTEST]

    @cached_property
    def orders(self) -> tuple[Order, ...]:
        """One for each trial."""
        self.begin(is_short=True)
        return tuple(self.order(trial) for trial in self.trials)

    def order(self, trial: Trial) -> Order:
        """As the portal would write it: with what the feeds say about the target."""
        feeds = [feed for feed in self.feeds_of(trial.action) if trial.target in feed.records]
        found = next(
            each
            for each in records_of(feeds, self.client())
            if isinstance(each, trial.target) and each.id == trial.target_id
        )
        name = getattr(found, "username", "") or getattr(found, "name", "")
        target = ActionTarget(trial.target, found.id, name, getattr(found, "raw", {}))
        return Order(target, trial.params, store=self.store)

    def only_reads(self, call: Exchange) -> bool:
        """Whether a call changes nothing in the app."""
        return call.method == "GET" or call.path.endswith("/graphql")

    @abstractmethod
    def connect(self) -> tuple[dict[str, str], MemorySecrets]:
        """Config and secrets of a tenant whose token was granted what the auth method asks for and nothing more."""

    @abstractmethod
    def forbidden(self) -> Answer:
        """The vendor's own wording of a missing permission, status 403."""

    @abstractmethod
    def grow(self) -> None:
        """Gives each feed several pages to read."""

    @abstractmethod
    def shorten(self) -> None:
        """Leaves feeds little to read, a row of each sort, and the targets of trials: each of their calls is made to
        fail in turn, and everything is read again and again around each action."""

    @abstractmethod
    def plant(self, text: str) -> None:
        """Puts a hostile text wherever somebody outside can put text that a feed reads."""

    @abstractmethod
    def state(self) -> Json:
        """What the simulator holds apart from its log, comparable."""

    @abstractmethod
    def recordings(self, folder: Path) -> Iterable[Recording]:
        """What of the vendor's recorded answers the feeds can read."""

    @abstractmethod
    def refusals(self, folder: Path) -> Iterable[Refused]:
        """The vendor's recorded refusals."""

    @abstractmethod
    def settle(self, trial: Trial) -> None:
        """What people at the vendor do until an undo is complete, such as accepting an invitation."""

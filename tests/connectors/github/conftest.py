"""contoso-dev in the sandbox, connected; and answers put in the simulator's mouth."""

import re
from collections.abc import Callable, Iterator

import pytest

from connectors.base import Client, Page
from tests.connectors.conformance.github import AppBench, Bench, ManagedBench, ServerBench
from tests.connectors.conformance.reading import pages_of
from tests.sandbox.exchange import Answer, Request
from tests.sandbox.github.organisation import Organisation

Stub = Callable[..., None]
Read = Callable[..., list[Page]]


@pytest.fixture(scope="module")
def started() -> Iterator[Bench]:
    bench = Bench()
    with bench.sandbox:
        yield bench


@pytest.fixture
def bench(started: Bench) -> Bench:
    started.begin()
    return started


@pytest.fixture(scope="module")
def running() -> Iterator[ManagedBench]:
    bench = ManagedBench()
    with bench.sandbox:
        yield bench


@pytest.fixture
def managed(running: ManagedBench) -> ManagedBench:
    """The same, its users managed by the enterprise, whose slug is filled in."""
    running.begin()
    return running


@pytest.fixture(scope="module")
def racked() -> Iterator[ServerBench]:
    bench = ServerBench()
    with bench.sandbox:
        yield bench


@pytest.fixture
def server(racked: ServerBench) -> ServerBench:
    """An Enterprise Server."""
    racked.begin()
    return racked


@pytest.fixture
def client(bench: Bench) -> Client:
    return bench.client()


@pytest.fixture
def organisation(bench: Bench) -> Organisation:
    return bench.organisation


@pytest.fixture
def read(bench: Bench) -> Read:
    """A whole pass over a feed by its name."""
    return lambda name: pages_of(bench.connector.feed(name), bench.client())


@pytest.fixture
def stub(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Stub:
    """`stub("GET", "/user", answer)`: from now on GitHub says this to calls of a path (a pattern, matched whole).

    `answer` is an Answer, or a function from what the simulator would say to what is said.
    """

    def put(method: str, path: str, answer: Answer | Callable[[Answer], Answer]) -> None:
        true = bench.simulator.answer

        def say(request: Request) -> Answer:
            if request.method != method or not re.fullmatch(path, request.path):
                return true(request)
            return answer(true(request)) if callable(answer) else answer

        monkeypatch.setattr(bench.simulator, "answer", say)

    return put


@pytest.fixture(scope="module")
def connected_app() -> Iterator[AppBench]:
    bench = AppBench()
    with bench.sandbox:
        yield bench


@pytest.fixture
def app(connected_app: AppBench) -> AppBench:
    """The organisation connected by the GitHub App, as it is in the beginning."""
    connected_app.begin()
    return connected_app

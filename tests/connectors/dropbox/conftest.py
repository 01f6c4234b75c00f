from collections.abc import Iterator

import pytest

from tests.connectors.conformance.dropbox import Bench


@pytest.fixture(scope="module")
def started() -> Iterator[Bench]:
    bench = Bench()
    with bench.sandbox:
        yield bench


@pytest.fixture
def bench(started: Bench) -> Bench:
    """Contoso's team in the sandbox, connected by a service account that is a team admin."""
    started.begin()
    return started

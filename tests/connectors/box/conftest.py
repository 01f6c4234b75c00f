from collections.abc import Iterator

import pytest

from tests.connectors.base.vendor import Vendor
from tests.connectors.box.vendor import Talk
from tests.connectors.conformance.box import Bench


@pytest.fixture
def talk() -> Iterator[Talk]:
    vendor = Vendor()
    yield Talk(vendor)
    vendor.close()


@pytest.fixture(scope="module")
def started() -> Iterator[Bench]:
    bench = Bench()
    with bench.sandbox:
        yield bench


@pytest.fixture
def bench(started: Bench) -> Bench:
    """Contoso's enterprise in the sandbox, connected by its primary admin."""
    started.begin()
    return started

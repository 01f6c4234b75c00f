from collections.abc import Iterator

import pytest

from tests.connectors.conformance.office365 import Bench
from tests.connectors.office365.drives import Reader
from tests.connectors.office365.tenant import Tenant
from tests.sandbox.microsoft.seed_people import user_id


@pytest.fixture(scope="module")
def started() -> Iterator[Bench]:
    bench = Bench()
    with bench.sandbox:
        yield bench


@pytest.fixture
def bench(started: Bench) -> Bench:
    """Contoso's tenant in the sandbox, connected by an app that was granted all it asks for."""
    started.begin()
    return started


@pytest.fixture
def tenant(started: Bench) -> Tenant:
    """The same at its seed, for logs: what was read stays read."""
    tenant = Tenant(started.sandbox)
    tenant.begin()
    return tenant


@pytest.fixture
def finance(bench: Bench) -> Reader:
    return Reader(bench, "Finance")


@pytest.fixture
def sales(bench: Bench) -> Reader:
    return Reader(bench, "Sales")


@pytest.fixture
def engineering(bench: Bench) -> Reader:
    return Reader(bench, "Engineering")


@pytest.fixture
def own(bench: Bench) -> Reader:
    """Of Björn-Ole Schmidt."""
    return Reader(bench, bench.held.directory.objects[user_id("C1028")].name)

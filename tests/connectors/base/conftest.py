from collections.abc import Iterator

import pytest

from tests.connectors.base.vendor import Bench, Vendor


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    vendor = Vendor()
    yield vendor
    vendor.close()


@pytest.fixture
def bench(vendor: Vendor) -> Bench:
    return Bench(vendor)

from collections.abc import Iterator

import pytest

from tests.connectors.azure.vendor import Talk
from tests.connectors.base.vendor import Vendor


@pytest.fixture
def talk() -> Iterator[Talk]:
    vendor = Vendor()
    yield Talk(vendor)
    vendor.close()

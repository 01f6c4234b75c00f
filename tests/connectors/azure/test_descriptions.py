"""What the connector asks of Azure, and how it is answered, is as Microsoft describes it."""

import pytest

from tests.connectors import specification
from tests.connectors.conformance.acting import every_use
from tests.connectors.conformance.azure import Bench
from tests.connectors.specification import Specification, distinct
from tests.connectors.test_microsoft_simulator_arm_spec import specification_of


@pytest.mark.skipif(specification.folder("azure") is None, reason="GATEHOUSE_SPECS has no folder azure")
@pytest.mark.filterwarnings("ignore:Unsupported scheme type")
def test_each_call_is_as_it_is_described() -> None:
    bench = Bench()
    with bench.sandbox:
        bench.begin()
        found = [specification_of(each) for each in distinct(every_use(bench)) if each.host == "management.azure.com"]
    files = {file: Specification.load("azure", file) for file, _ in filter(None, found)}
    for file, exchange in filter(None, found):
        files[file].validate(exchange)
    assert len(files) >= 5, "a part of Azure was not asked"

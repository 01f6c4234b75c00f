"""What a connector declares is looked at before anything runs."""

from collections.abc import Iterator
from dataclasses import dataclass

from connectors.base import Account, Activity, Capability, Client, Cursor, File, Page, snapshot
from portal.inventory import checks
from tests.portal.scans.example import connector


@dataclass(frozen=True, slots=True)
class Weather:
    id: str


@snapshot(Account, File, Weather, Activity, title="Everything", serves=(Capability.DATA_SCAN,))  # type: ignore[arg-type]
def everything(client: Client, cursor: Cursor) -> Iterator[Page]:
    yield from ()


def test_a_record_kind_without_a_table_is_refused_at_start() -> None:
    [problem] = checks.problems(connector(feeds=(everything,)))
    assert problem.id == "gatehouse.E020"
    assert "Example lists Weather records in its feed 'everything'" in problem.msg


def test_the_connectors_that_are_there_list_nothing_without_a_table() -> None:
    assert checks.check_records(None) == []

"""What a connector declares is looked at before anything runs."""

from collections.abc import Iterator

from connectors.base import Account, Activity, Capability, Client, Cursor, File, Page, Session, snapshot
from portal.inventory import checks
from tests.portal.scans.example import connector


@snapshot(Account, File, Session, Activity, title="Everything", serves=(Capability.DATA_SCAN,))
def everything(client: Client, cursor: Cursor) -> Iterator[Page]:
    yield from ()


def test_a_record_kind_without_a_table_is_refused_at_start() -> None:
    [problem] = checks.problems(connector(feeds=(everything,)))
    assert problem.id == "gatehouse.E020"
    assert "Example lists Session records in its feed 'everything'" in problem.msg


def test_the_connectors_that_are_there_list_nothing_without_a_table() -> None:
    assert checks.check_records(None) == []

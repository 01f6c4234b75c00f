"""A page is asked for by the ETag it came with, and a page that may not be believed is not remembered."""

import pytest

from connectors.base import (
    Account,
    BadResponse,
    Client,
    ConditionalPage,
    PagesInMemory,
    StaticToken,
    TargetGone,
    conditional_page,
)
from tests.connectors.base.vendor import Bench, Says, Vendor, says

ETAG = 'W/"one"'
NEXT = '<https://api.example.com/v1/users?page=2>; rel="next"'


class Impersonating(StaticToken):
    can_act_as = True


@pytest.fixture
def memory() -> PagesInMemory:
    return PagesInMemory()


@pytest.fixture
def client(bench: Bench, memory: PagesInMemory) -> Client:
    return bench.client(pages=memory)


def read(client: Client, memory: PagesInMemory, path: str = "/users", *, is_full: bool = False) -> ConditionalPage:
    """As a feed does, its page stored."""
    found = conditional_page(client, path, params={"per_page": 2})
    listed = found.answer.json() if found.answer else []
    memory.keep(found.page([Account(id=name) for name in listed], None, is_full=is_full, note=listed))
    return found


def test_an_unchanged_page_comes_without_records_and_with_what_was_noted(
    client: Client, vendor: Vendor, memory: PagesInMemory
) -> None:
    vendor.script(says(["ada", "bo"], etag=ETAG, link=NEXT), Says(304))
    first, second = read(client, memory), conditional_page(client, "/users", params={"per_page": 2})

    assert [seen.headers.get("if-none-match") for seen in vendor.seen] == [None, ETAG]
    assert (first.note, first.next) == (None, "https://api.example.com/v1/users?page=2")
    assert second.answer is None
    assert (second.note, second.next) == (["ada", "bo"], first.next)
    page = second.page([Account(id="never")], {"at": 2}, is_full=False)
    assert (page.is_unchanged, list(page.records), page.cursor) == (True, [], {"at": 2})
    assert page.known is not None
    assert page.known.size == 2


def test_a_changed_page_is_read_and_remembered_anew(client: Client, vendor: Vendor, memory: PagesInMemory) -> None:
    vendor.script(says(["ada"], etag=ETAG), says(["bo"], etag='"two"'), Says(304))
    read(client, memory)
    changed = read(client, memory)
    assert changed.answer is not None
    assert changed.answer.json() == ["bo"]
    assert read(client, memory).note == ["bo"]
    assert vendor.seen[2].headers["if-none-match"] == '"two"'


@pytest.mark.parametrize(
    "answer",
    [
        says(["ada"]),
        says(["ada"], etag=""),
        says(["ada"], etag=f'"{"x" * 300}"'),
        says(["ada"], 203, etag=ETAG),
    ],
    ids=["no-etag", "empty", "endless", "other-status"],
)
def test_what_cannot_be_asked_for_again_is_read_each_time(
    answer: Says, client: Client, vendor: Vendor, memory: PagesInMemory
) -> None:
    vendor.script(answer)
    read(client, memory)
    read(client, memory)
    assert [seen.headers.get("if-none-match") for seen in vendor.seen] == [None, None]


def test_a_full_last_page_is_read_each_time_as_its_successor_would_not_change_it(
    client: Client, vendor: Vendor, memory: PagesInMemory
) -> None:
    vendor.script(says(["ada", "bo"], etag=ETAG))
    read(client, memory, is_full=True)
    read(client, memory, is_full=True)
    assert vendor.seen[1].headers.get("if-none-match") is None


def test_another_page_or_person_is_another_memory(
    bench: Bench, vendor: Vendor, memory: PagesInMemory
) -> None:
    client = bench.client(Impersonating(), pages=memory)
    vendor.script(says(["ada"], etag=ETAG))
    read(client, memory)
    read(client, memory, "/guests")
    conditional_page(client, "/users", params={"per_page": 3})
    conditional_page(client.acting_as("bo"), "/users", params={"per_page": 2})
    conditional_page(client, "https://api.example.com/v1/users?per_page=2")
    assert [seen.headers.get("if-none-match") for seen in vendor.seen] == [None, None, None, None, ETAG]


def test_without_a_memory_nothing_is_asked_conditionally(bench: Bench, vendor: Vendor) -> None:
    vendor.script(says(["ada"], etag=ETAG))
    conditional_page(bench.client(), "/users")
    conditional_page(bench.client(), "/users")
    assert all("if-none-match" not in seen.headers for seen in vendor.seen)


def test_refusals_stay_refusals(client: Client, vendor: Vendor, memory: PagesInMemory) -> None:
    vendor.script(says(["ada"], etag=ETAG), says({}, 404), says({}, 404, etag=ETAG))
    read(client, memory)
    with pytest.raises(TargetGone):
        read(client, memory)
    expected = conditional_page(client, "/users", params={"per_page": 2}, expect=(404,))
    assert expected.answer is not None
    assert expected.answer.status == 404
    assert expected.page([], None, is_full=False).known is None


def test_unchanged_without_having_been_asked_is_nonsense(client: Client, vendor: Vendor) -> None:
    vendor.script(Says(304))
    with pytest.raises(BadResponse):
        conditional_page(client, "/users")

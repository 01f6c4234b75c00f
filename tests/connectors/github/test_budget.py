"""What is left of GitHub's limits, as its answers say it."""

from datetime import UTC, datetime

import pytest

from connectors.base import Answer, Client, Headers
from connectors.github.budget import AUDIT_LOG, CORE, GRAPHQL, budget
from tests.connectors.conformance.github import Bench


def answer(**headers: str) -> Answer:
    named = {f"x-ratelimit-{name}": value for name, value in headers.items()}
    return Answer("GET", "https://api.github.com/x", 200, Headers(named))


def test_an_answer_says_which_limit_and_how_much_of_it_is_left() -> None:
    found = budget(answer(limit="5000", remaining="4321", reset="1795000000", resource="core"))
    assert found is not None
    assert (found.name, found.limit, found.remaining) == (CORE, 5000, 4321)
    assert found.resets_at == datetime.fromtimestamp(1795000000, UTC)


@pytest.mark.parametrize(
    "headers",
    [
        {}, {"limit": "5000"}, {"limit": "0", "remaining": "0", "reset": "1"},
        {"limit": "x", "remaining": "1", "reset": "1"}, {"limit": "10", "remaining": "-1", "reset": "1"},
        {"limit": "10", "remaining": "1", "reset": "9" * 30},
    ],
)
def test_where_nothing_sensible_is_said_there_is_none(headers: dict[str, str]) -> None:
    assert budget(answer(**headers)) is None


@pytest.mark.parametrize(
    ("feed", "limits"), [("accounts", {CORE, GRAPHQL}), ("audit_log", {AUDIT_LOG}), ("teams", {CORE})]
)
def test_a_feed_names_the_limits_that_its_calls_draw_on(
    bench: Bench, client: Client, feed: str, limits: set[str]
) -> None:
    client.take_traffic()
    for _ in bench.connector.feed(feed).pages(client, None):
        pass
    drawn = set(client.take_traffic().budgets)
    assert limits <= drawn
    assert limits == set(bench.connector.feed(feed).limits)

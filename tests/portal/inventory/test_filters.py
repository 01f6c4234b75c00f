"""Reading filters from an address: what is understood narrows the list, what is not is said, nothing raises."""

import pytest
from django.http import QueryDict

from portal.inventory.filters import ACCOUNT_FILTERS, ACTIVITY_FILTERS, GROUP_FILTERS, Condition, parse


def test_values_of_one_name_are_alternatives_and_not_negates() -> None:
    query = QueryDict("status=active&status=suspended&status=active&kind.not=bot&q=Ann&older=abc&sort=-name")
    conditions, problems = parse(ACCOUNT_FILTERS, query)
    assert conditions == [
        Condition("status", ("active", "suspended")), Condition("kind", ("bot",), True), Condition("q", ("Ann",)),
    ]
    assert problems == []


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("colour=red", "There is no filter “colour”."),
        ("status=purple&status=active", "Status has no value “purple”."),
        ("instance=1;DROP", "An instance is named by its number."),
        ("instance=99999999999999999999", "An instance is named by its number."),
        ("q=a", "Search needs at least 2 characters."),
        ("q=%00%00", "Search was given without a usable value."),
        ("status=", "Status has no value “”."),
        (f"q={'x' * 501}", "A value of Search is longer than 500 characters."),
        ("group=nonsense", "A group is named by its instance's number, a colon and its id."),
    ],
)
def test_what_is_not_understood_is_left_out_and_said(address: str, problem: str) -> None:
    conditions, problems = parse(ACCOUNT_FILTERS, QueryDict(address))
    assert problem in problems
    assert all(value in ("active",) for condition in conditions for value in condition.values)


@pytest.mark.parametrize("address", ["from=yesterday", "to=2026-13-45", "last=99y", "from=0001-01-01T00:00:00%2B14:00"])
def test_a_time_that_is_none_is_said(address: str) -> None:
    conditions, problems = parse(ACTIVITY_FILTERS, QueryDict(address))
    assert (conditions, len(problems)) == ([], 1)


def test_more_values_than_anybody_needs_are_cut() -> None:
    address = "&".join(f"instance={number}" for number in range(1, 200))
    [condition], problems = parse(GROUP_FILTERS, QueryDict(address))
    assert len(condition.values) == 50
    assert problems == ["Only the first 50 values of Instance are used."]


def test_every_field_has_a_label_and_chosen_values_have_words() -> None:
    for field in (*ACCOUNT_FILTERS.values(), *GROUP_FILTERS.values(), *ACTIVITY_FILTERS.values()):
        assert field.label
        assert all(value and words for value, words in field.choices or ())

"""The activity log: its windows, late events, and operations of several events that are one activity."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from connectors.azure import mapping
from connectors.base import (
    AccountKind,
    Activity,
    ActivityCategory,
    CursorExpired,
    NotAvailable,
    Outcome,
    PermissionMissing,
)
from tests.connectors.azure.vendor import ADA, LOG, ONE, TWO, Json, Talk, event, listed, refused
from tests.connectors.base.vendor import START, Seen, says

PATH = f"/subscriptions/{ONE}{LOG}"
DAY = timedelta(days=1)


def window(seen: Seen) -> tuple[datetime, datetime]:
    begin, end = re.findall(r"'(\d{4}[^']+)'", seen.query["$filter"])[:2]
    return datetime.fromisoformat(begin), datetime.fromisoformat(end)


def keeps(talk: Talk, *events: Json) -> None:
    """The log holds these, and answers with those of the window that is asked for."""

    def answer(seen: Seen) -> Json:
        begin, end = window(seen)
        return listed(*(each for each in events if begin <= mapping.time_of(each) <= end))

    talk.says["GET", PATH] = answer


def read(talk: Talk, cursor: Any = None) -> tuple[list[Activity], Any]:
    pages = talk.pages("activity_log", ONE, cursor)
    return [each for page in pages for each in page.records if isinstance(each, Activity)], pages[-1].cursor


def ago(**much: float) -> datetime:
    return START - timedelta(**much)


def test_the_first_read_goes_back_ninety_days_in_windows_of_less_than_a_day(talk: Talk) -> None:
    keeps(talk, event(1, ago(days=89, hours=22)), event(2, ago(hours=2)))
    found, _ = read(talk)
    assert [each.id for each in found] == ["Succeeded-1", "Succeeded-2"]
    windows = [window(seen) for seen in talk.asked(PATH)]
    assert all(end - begin <= DAY for begin, end in windows)
    assert START - windows[0][0] < 90 * DAY
    assert all(begin < before for (begin, _), (_, before) in zip(windows[1:], windows, strict=False)), "there is a gap"
    assert {seen.query["api-version"] for seen in talk.asked(PATH)} == {"2015-04-01"}


def test_azure_is_asked_in_a_form_of_filter_that_it_takes(talk: Talk) -> None:
    keeps(talk)
    read(talk)
    time = r"eventTimestamp ge '[^']+Z' and eventTimestamp le '[^']+Z'"
    assert all(re.fullmatch(time, seen.query["$filter"]) for seen in talk.asked(PATH))
    talk.pages("tenant_log")
    more = r" and eventChannels eq 'Admin, Operation'"
    assert all(re.fullmatch(time + more, seen.query["$filter"]) for seen in talk.asked(LOG))


def test_later_reads_begin_half_an_hour_before_the_last_one(talk: Talk) -> None:
    keeps(talk)
    _, cursor = read(talk)
    talk.vendor.seen.clear()
    talk.clock.pass_by(300)
    late = event(1, ago(minutes=20))
    keeps(talk, late)
    found, _ = read(talk, cursor)
    assert [each.id for each in found] == ["Succeeded-1"]
    (seen,) = talk.asked(PATH)
    assert window(seen) == (START - timedelta(minutes=30), START + timedelta(minutes=5))


def test_once_a_day_the_last_day_is_read_anew_for_what_came_very_late(talk: Talk) -> None:
    keeps(talk)
    _, cursor = read(talk)
    for hours in (12, 12):
        talk.clock.pass_by(hours * 3600)
        keeps(talk, event(1, talk.clock() - timedelta(hours=20)))
        found, cursor = read(talk, cursor)
    assert [each.id for each in found] == ["Succeeded-1"]


def test_begun_accepted_and_ended_are_one_activity_at_the_time_of_the_end(talk: Talk) -> None:
    at = ago(hours=3)
    keeps(
        talk, event(1, at + timedelta(seconds=9)), event(1, at + timedelta(seconds=2), "Accepted"),
        event(1, at, "Started"), event(2, at, "Started"), event(2, at + timedelta(seconds=4), "Failed"),
    )  # fmt: skip
    found, _ = read(talk)
    told = {(each.id, each.outcome, each.occurred_at) for each in found}
    assert told == {
        ("Succeeded-1", Outcome.SUCCESS, at + timedelta(seconds=9)),
        ("Failed-2", Outcome.FAILURE, at + timedelta(seconds=4)),
    }


def test_what_has_only_begun_is_kept_back_for_half_an_hour(talk: Talk) -> None:
    begun = [event(1, ago(minutes=10), "Started"), event(1, ago(minutes=9), "Accepted")]
    keeps(talk, *begun)
    found, cursor = read(talk)
    assert found == []
    talk.clock.pass_by(25 * 60)
    found, cursor = read(talk, cursor)
    assert [(each.id, each.outcome) for each in found] == [("Started-1", Outcome.UNKNOWN)]
    assert found[0].description.endswith("which has begun")
    talk.clock.pass_by(300)
    keeps(talk, *begun, event(1, talk.clock()))
    found, _ = read(talk, cursor)
    assert [each.id for each in found if each.outcome is Outcome.SUCCESS] == ["Succeeded-1"]


def test_what_ends_within_half_an_hour_never_shows_as_begun(talk: Talk) -> None:
    begun = event(1, ago(minutes=10), "Started")
    keeps(talk, begun)
    seen, cursor = read(talk)
    keeps(talk, begun, event(1, START + timedelta(minutes=10)))
    for _ in range(14):
        talk.clock.pass_by(300)
        found, cursor = read(talk, cursor)
        seen += found
    assert {each.id for each in seen} == {"Succeeded-1"}


def test_two_reads_of_the_same_time_tell_the_same(talk: Talk) -> None:
    keeps(talk, *(event(number, ago(hours=number), status) for number in (1, 2) for status in ("Started", "Succeeded")))
    assert read(talk)[0] == read(talk)[0]


def test_a_window_that_holds_too_much_is_made_smaller(talk: Talk) -> None:
    pages = 12
    link = f"https://management.azure.com{PATH}?api-version=2015-04-01&$skipToken="

    def answer(seen: Seen) -> Json:
        if "$skipToken" not in seen.query:
            begin, end = window(seen)
            wide = end - begin > timedelta(hours=7)
            return listed(event(0, end), next_link=f"{link}1" if wide else "")
        number = int(seen.query["$skipToken"])
        return listed(event(number, ago(hours=1)), next_link=f"{link}{number + 1}" if number < pages else "")

    talk.says["GET", PATH] = answer
    cursor = {"until": ago(hours=20).isoformat(), "looked_back": START.isoformat()}
    found, at = read(talk, cursor)
    widths = [end - begin for begin, end in (window(each) for each in talk.asked(PATH) if "$filter" in each.query)]
    assert widths[:3] == [timedelta(hours=20.5), timedelta(hours=10.5), timedelta(hours=5.5)]
    assert found
    assert at["until"] == START.isoformat()


def test_a_next_page_is_followed_as_it_came_also_to_another_region(talk: Talk) -> None:
    link = f"https://westeurope.management.azure.com{PATH}?api-version=2015-04-01&%24skipToken=a%2Bb"
    talk.vendor.answer = lambda seen: says(
        listed(event(2, ago(hours=1))) if seen.host.startswith("westeurope") else
        listed(event(1, ago(hours=1)), next_link=link)
    )  # fmt: skip
    client = talk.client()
    network = client.setup.network
    object.__setattr__(
        network, "overrides", {**network.overrides, "westeurope.management.azure.com": talk.vendor.base_url}
    )
    cursor = {"until": ago(minutes=5).isoformat(), "looked_back": START.isoformat()}
    (page,) = talk.feed("activity_log").pages(client, cursor, ONE)
    assert [each.id for each in page.records] == ["Succeeded-1", "Succeeded-2"]
    first, second = talk.vendor.seen
    assert second.query["$skipToken"] == "a+b"
    assert second.headers["authorization"] == first.headers["authorization"]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refused(403, "AuthorizationFailed", "does not have authorization to perform action "
                 "'Microsoft.Insights/eventtypes/values/read' over scope"), PermissionMissing),
        (refused(404, "SubscriptionNotFound"), NotAvailable),
        (refused(409, "ReadOnlyDisabledSubscription"), NotAvailable),
        (says({"Code": "BadRequest", "Message": "The start time cannot be more than 90 days in the past."}, 400),
         CursorExpired),
    ],
)  # fmt: skip
def test_trouble_with_one_subscription_stops_its_own_log_alone(talk: Talk, answer: Any, error: type[Exception]) -> None:
    talk.says["GET", PATH] = answer
    with pytest.raises(error):
        read(talk)
    assert talk.pages("activity_log", TWO)


def test_each_subscription_is_a_partition_but_deleted_ones(talk: Talk) -> None:
    partitions = talk.feed("activity_log").partitions
    assert partitions
    assert [(each.id, each.label) for each in partitions(talk.client())] == [(ONE, "Production"), (TWO, "Lab")]


def test_who_what_and_where_from(talk: Talk) -> None:
    assigned = event(
        1, ago(hours=1), operationName={"value": "Microsoft.Authorization/roleAssignments/write"},
        httpRequest={"clientIpAddress": "203.0.113.9", "method": "PUT"},
        properties={"requestbody": '{"Id":"x","Properties":{"PrincipalId":"P-1","RoleDefinitionId":"r"}}'},
    )  # fmt: skip
    keeps(talk, assigned, event(2, ago(hours=1)))
    first, second = read(talk)[0]
    assert (first.actor_id, first.actor_name, first.actor_kind) == (ADA, "ada@contoso.example", AccountKind.USER)
    assert (first.category, second.category) == (ActivityCategory.ADMIN, ActivityCategory.USER)
    assert (first.ip_address, second.ip_address) == ("203.0.113.9", "198.51.100.7")
    assert ("account", "p-1") in [(each.kind, each.id) for each in first.targets]
    assert second.targets[0].name == "vm2"
    assert second.description == "ada@contoso.example created or changed the virtual machine vm2"


@pytest.mark.parametrize(
    ("said", "kind", "actor"),
    [
        ({"caller": ADA.upper(), "claims": {}}, AccountKind.SERVICE, ADA),
        ({"caller": None, "claims": {}}, None, ""),
        ({"caller": "", "claims": None, "resourceId": None, "id": None, "subscriptionId": ""}, None, ""),
        ({"properties": {"requestbody": '{"cut off'}}, AccountKind.USER, ADA),
    ],
)
def test_an_event_with_odd_members_is_kept(talk: Talk, said: Json, kind: AccountKind | None, actor: str) -> None:
    keeps(talk, {**event(1, ago(hours=1)), **said})
    (found,) = read(talk)[0]
    assert (found.actor_kind, found.actor_id) == (kind, actor)
    assert found.targets

"""The simulated audit log: search, order, cursors, and every awkward event that the real one has."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from tests.sandbox import Sandbox
from tests.sandbox.caller import Caller
from tests.sandbox.clock import iso
from tests.sandbox.exchange import Json
from tests.sandbox.github import OWNER, SERVICE_OWNER

LOG = "/orgs/contoso-dev/audit-log"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def sandbox() -> Sandbox:
    sandbox = Sandbox()
    sandbox.clock.freeze(NOW)
    sandbox.github.reset()
    return sandbox


@pytest.fixture
def owner(sandbox: Sandbox) -> Caller:
    return caller(sandbox, SERVICE_OWNER, "read:audit_log")


def caller(sandbox: Sandbox, login: str, *scopes: str) -> Caller:
    token = sandbox.github.state.issue_token(login, list(scopes))
    sandbox.github.organisation().has_application_restrictions = False
    return Caller(sandbox, "api.github.com", {"User-Agent": "tests", "Authorization": f"Bearer {token}"})


def read(call: Caller, **parameters: Json) -> list[Json]:
    """All events of a search, over all pages."""
    query = "&".join(f"{name}={quote(str(value))}" for name, value in {"per_page": 100, **parameters}.items())
    return [event for reply in call.pages(f"{LOG}?{query}") for event in reply.json()]


def ago(**span: float) -> str:
    return iso((NOW - timedelta(**span)).timestamp())


def times(events: list[Json]) -> list[int]:
    return [event.get("@timestamp", event.get("created_at")) for event in events]


def test_both_orders_give_the_same_events(owner: Caller) -> None:
    newest_first, oldest_first = read(owner, include="all"), read(owner, include="all", order="asc")
    assert len(newest_first) > 200
    assert newest_first == oldest_first[::-1]


def test_small_pages_lose_and_double_nothing(owner: Caller) -> None:
    assert read(owner, include="all", per_page=7, order="asc") == read(owner, include="all", order="asc")


def test_a_page_back_is_the_page_before(owner: Caller) -> None:
    first = owner.get(f"{LOG}?per_page=5")
    second = owner.get(first.link("next") or "")
    assert owner.get(second.link("prev") or "").json() == first.json()


def test_without_include_git_events_are_left_out(owner: Caller) -> None:
    kinds = {
        name: {event["action"].startswith("git.") for event in read(owner, include=name)} for name in ("web", "git")
    }
    assert kinds == {"web": {False}, "git": {True}}
    assert read(owner) == read(owner, include="web")


def test_git_events_are_kept_seven_days_and_others_longer(owner: Caller) -> None:
    since = int((NOW - timedelta(days=7)).timestamp() * 1000)
    assert min(times(read(owner, include="git"))) > since
    assert min(times(read(owner))) < since


def test_three_months_are_shown_unless_a_time_is_given(owner: Caller) -> None:
    assert not [event for event in read(owner) if event["action"] == "org.enable_saml"]
    assert [event for event in read(owner, phrase="created:>=2026-01-01") if event["action"] == "org.enable_saml"]


@pytest.mark.parametrize(
    ("phrase", "first", "last"),
    [
        (f"created:>={ago(days=2)}", NOW - timedelta(days=2), NOW),
        (
            f"created:{ago(days=3)}..{ago(days=2)}",
            NOW - timedelta(days=3),
            NOW - timedelta(days=2) + timedelta(seconds=1),
        ),
        (f"created:<{ago(days=20)}", NOW - timedelta(days=180), NOW - timedelta(days=20)),
        ("created:2026-11-20", datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 21, tzinfo=UTC)),
        ("created:>=2026-11-22T13:00:00+01:00", NOW - timedelta(days=2), NOW),
    ],
)
def test_created_limits_the_time(owner: Caller, phrase: str, first: datetime, last: datetime) -> None:
    everything = read(owner, phrase="created:>=2026-01-01")
    bounds = (first.timestamp() * 1000, last.timestamp() * 1000)
    wanted = [event for event, at in zip(everything, times(everything), strict=True) if bounds[0] <= at < bounds[1]]
    assert wanted
    assert read(owner, phrase=phrase) == wanted


def test_an_offset_whose_plus_became_a_space_finds_nothing(owner: Caller) -> None:
    assert owner.get(f"{LOG}?phrase=created:>=2026-11-22T13:00:00+01:00").json() == []


def test_action_actor_and_their_opposites_are_understood(owner: Caller) -> None:
    assert {event["action"] for event in read(owner, phrase="action:repo")} > {"repo.access", "repo.destroy"}
    assert {event["action"] for event in read(owner, phrase="action:repo.access")} == {"repo.access"}
    assert {event["actor"] for event in read(owner, phrase=f"actor:{OWNER} -action:repo")} == {OWNER}
    assert not [each for each in read(owner, phrase="-action:org") if each["action"].startswith("org.")]
    assert {each["operation_type"] for each in read(owner, phrase="operation:authentication")} == {"authentication"}


@pytest.mark.parametrize("phrase", ["created:yesterday", "created:>=2026-13-01"])
def test_a_time_that_is_none_is_refused(owner: Caller, phrase: str) -> None:
    assert owner.get(f"{LOG}?phrase={phrase}").status == 422


def test_scope_ownership_and_plan_are_needed(sandbox: Sandbox, owner: Caller) -> None:
    assert owner.get(LOG).status == 200
    assert caller(sandbox, SERVICE_OWNER, "admin:org").get(LOG).status == 200
    assert caller(sandbox, SERVICE_OWNER, "read:org").get(LOG).status == 403
    assert caller(sandbox, "asingh", "read:audit_log").get(LOG).status == 403
    sandbox.github.organisation().plan = "team"
    assert owner.get(LOG).status == 404


def test_the_log_has_each_awkward_event(owner: Caller) -> None:
    events = read(owner, include="all")
    missing = {
        name
        for name in ("_document_id", "@timestamp", "created_at", "actor", "actor_ip", "org")
        if not all(name in event for event in events)
    }
    assert missing == {"_document_id", "@timestamp", "created_at", "actor", "actor_ip", "org"}
    assert any(event.get("actor") == "ghost" for event in events)
    assert any(event.get("actor_is_bot") for event in events)
    repeated = [each for each, count in Counter(event.get("_document_id") for event in events).items() if count > 1]
    assert len(repeated) == 1
    assert times(events) != sorted(times(events), reverse=True)


def test_a_late_event_appears_behind_newer_ones(sandbox: Sandbox, owner: Caller) -> None:
    action = "org.oauth_app_access_denied"
    assert not [event for event in read(owner) if event["action"] == action]
    sandbox.clock.advance(300)
    sandbox.github.organisation().record("repo.create", sandbox.github.state.actor(OWNER))
    actions = [event["action"] for event in read(owner)]
    assert actions.index("repo.create") < actions.index(action)


def test_the_lag_of_the_log_can_be_set(sandbox: Sandbox, owner: Caller) -> None:
    organisation = sandbox.github.organisation()
    organisation.audit.lag = 120
    organisation.record("repo.create", sandbox.github.state.actor(OWNER), repo="contoso-dev/brand-new")
    assert not read(owner, phrase="repo:contoso-dev/brand-new")
    sandbox.clock.advance(120)
    assert len(read(owner, phrase="repo:contoso-dev/brand-new")) == 1


def test_addresses_can_be_switched_off(sandbox: Sandbox, owner: Caller) -> None:
    organisation = sandbox.github.organisation()
    organisation.shows_addresses = False
    organisation.record("repo.create", sandbox.github.state.actor(OWNER))
    assert "actor_ip" not in read(owner, phrase="action:repo.create")[0]


def test_a_million_events_cost_nothing_until_they_are_read(sandbox: Sandbox, owner: Caller) -> None:
    sandbox.github.state.grow(members=500, events=1_000_000, days=30)
    newest = owner.get(f"{LOG}?include=all&per_page=100")
    oldest = owner.get(f"{LOG}?include=web&order=asc&per_page=100&phrase=created:>={ago(days=29)}")
    assert len(newest.json()) == len(oldest.json()) == 100
    following = owner.get(oldest.link("next") or "")
    assert not {event["_document_id"] for event in following.json()} & {each["_document_id"] for each in oldest.json()}
    assert times(following.json())[0] >= times(oldest.json())[-1]


def test_grown_events_are_the_same_at_every_read(sandbox: Sandbox, owner: Caller) -> None:
    sandbox.github.state.grow(events=1_000, days=5)
    assert read(owner, include="all", order="asc") == read(owner, include="all", per_page=33)[::-1]
    assert len(read(owner, include="all", phrase=f"created:>={ago(days=5)} repo:contoso-dev/repository-7")) == 2

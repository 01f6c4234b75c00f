"""The reads: nothing outside the scope, nothing doubled or left out by paging, a fixed number of queries."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from connectors.base import Account, Activity, ActivityCategory, Gone, Group, HolderKind, Membership, Privilege
from portal.instances.models import AppInstance
from portal.inventory import actors, models, queries, row_lists
from portal.inventory.filters import ACCOUNT_FILTERS, ACTIVITY_FILTERS, GROUP_FILTERS, Condition, parse
from portal.inventory.keyset import SALT, STALE
from portal.inventory.row_lists import Count
from portal.people.roles import Role
from portal.people.scope import Held, Scope
from tests.portal.inventory.reading import EVERYWHERE, NOBODY, asked, connected, fill, only, walk

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def event(number: int, moment: datetime = NOON, **values: Any) -> Activity:
    fields = {"id": f"e{number:04}", "action": "repo.create", "category": ActivityCategory.USER, **values}
    return Activity(occurred_at=moment, raw={"number": number}, **fields)


def accounts(address: str = "", scope: Scope = EVERYWHERE, **page: Any) -> list[str]:
    conditions, problems = parse(ACCOUNT_FILTERS, QueryDict(address))
    assert problems == []
    return [row.vendor_id for row in queries.accounts(scope, conditions, **page).rows]


def activities(address: str = "", scope: Scope = EVERYWHERE) -> list[str]:
    conditions, problems = parse(ACTIVITY_FILTERS, QueryDict(address))
    assert problems == []
    return [row.vendor_id for row in queries.activities(scope, conditions).rows]


@pytest.fixture
def github() -> AppInstance:
    instance = connected()
    fill(
        instance,
        [
            Account(
                id="1", name="Ada", username="ada", email="ada@contoso.example", is_admin=True, has_mfa=True,
                is_external=False, raw={"r": 1},
            ),
            Account(id="2", name="Bo", username="bob", is_admin=False, has_mfa=False, is_external=True),
            Account(id="3", name="Cy", username="cy", status="suspended", kind="bot"),  # type: ignore[arg-type]
            Account(id="4", name="Gone"),
            Group(id="g/1", name="Platform", raw={"g": 1}),
            Group(id="g2", name="Sales"),
            Membership(group_id="g/1", member_id="1", role="maintainer"),
            Membership(group_id="g/1", member_id="3", is_inherited=True),
            Membership(group_id="g/1", member_id="g2", member_kind=HolderKind.GROUP),
            Membership(group_id="g/1", member_id="unknown"),
            Membership(group_id="g2", member_id="2"),
            Privilege(holder_id="1", name="member"),
            Privilege(holder_id="1", name="owner", is_admin=True),
            event(1, NOON, actor_id="1", actor_name="ada", ip_address="10.0.0.1"),
            event(2, NOON - timedelta(days=3), action="team.add", category=ActivityCategory.ADMIN, actor_name="bob"),
            event(3, NOON - timedelta(days=20), actor_email="cy@contoso.example", description="Of the 100%_Plan"),
        ],
    )
    fill(instance, [Gone(Account, "4"), Gone(Membership, "g2/account/2")])
    return instance


@pytest.fixture
def okta() -> AppInstance:
    instance = connected("okta", "Contoso Okta")
    fill(instance, [Account(id="1", name="Ada at Okta"), Group(id="g/1", name="All"), event(1, NOON)])
    return instance


# --- filters --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", ["1", "2", "3"]),
        ("presence=gone", ["4"]),
        ("presence=all", ["1", "2", "3", "4"]),
        ("presence=gone&presence=present", ["1", "2", "3", "4"]),
        ("status=active", ["1", "2"]),
        ("status=active&status=suspended", ["1", "2", "3"]),
        ("status.not=active", ["3"]),
        ("kind=bot", ["3"]),
        ("affiliation=internal", ["1"]),
        ("affiliation=external&affiliation=unknown", ["2", "3"]),
        ("affiliation.not=external", ["1", "3"]),
        ("admin=yes", ["1"]),
        ("admin=no", ["2", "3"]),
        ("admin=yes&admin=no", ["1", "2", "3"]),
        ("admin.not=yes", ["2", "3"]),
        ("mfa=no", ["2"]),
        ("mfa=unknown", ["3"]),
        ("mfa.not=yes", ["2", "3"]),
        ("q=ADA@", ["1"]),
        ("q=bo", ["2"]),
        ("q=ad&q=cy", ["1", "3"]),
        ("q.not=ada", ["2", "3"]),
        ("app=github", ["1", "2", "3"]),
        ("app=okta", []),
        ("app.not=github", []),
        ("status=active&admin=no", ["2"]),
    ],
)
def test_accounts_are_narrowed_by_every_filter(github: AppInstance, address: str, expected: list[str]) -> None:
    assert accounts(address) == expected


def test_accounts_of_a_group_are_those_in_it_now(github: AppInstance, okta: AppInstance) -> None:
    assert accounts(f"group={github.pk}:g/1") == ["1", "3"]
    assert accounts(f"group={github.pk}:g2") == [], "a membership that is gone counts no more"
    assert accounts(f"group={okta.pk}:g/1") == [], "the same id elsewhere is another group"
    assert accounts(f"group.not={github.pk}:g/1&instance={github.pk}") == ["2"]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", ["e0001", "e0002", "e0003"]),
        ("category=admin", ["e0002"]),
        ("action=repo.create", ["e0001", "e0003"]),
        ("action.not=repo.create", ["e0002"]),
        ("outcome=unknown", ["e0001", "e0002", "e0003"]),
        ("actor=1", ["e0001"]),
        ("actor=bob&actor=cy@contoso.example", ["e0002", "e0003"]),
        ("ip=10.0.0.1", ["e0001"]),
        ("from=2026-11-21T12:00:00Z", ["e0001", "e0002"]),
        ("from=2026-11-21T14:00:00%2B02:00&to=2026-11-24", ["e0002"]),
        ("from=2026-11-21T14:00:00+02:00&to=2026-11-24", ["e0002"]),
        ("to=2026-11-20", ["e0003"]),
        ("q=100%25_plan", ["e0003"]),
        ("q=100__plan", []),
        ("q=%25%25", []),
    ],
)
def test_activities_are_narrowed_by_every_filter(github: AppInstance, address: str, expected: list[str]) -> None:
    assert activities(address) == expected


def test_the_last_hours_and_days_count_from_now(monkeypatch: pytest.MonkeyPatch, github: AppInstance) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON + timedelta(hours=1))
    assert activities("last=24h") == ["e0001"]
    assert activities("last=7d") == ["e0001", "e0002"]
    assert activities("last=24h&last=30d") == ["e0001", "e0002", "e0003"]


# --- scope ----------------------------------------------------------------------------------------------------------


def test_no_read_leaves_the_scope(github: AppInstance, okta: AppInstance) -> None:
    mine, other = only(okta), github
    foreign = models.Account.objects.get(instance_id=github.pk, vendor_id="1")
    team = models.Group.objects.get(instance_id=github.pk, vendor_id="g/1")
    everything = [Condition("presence", ("all",))]
    here = [Condition("instance", (str(other.pk),))]

    assert [row.name for row in queries.accounts(mine, everything).rows] == ["Ada at Okta"]
    assert [row.name for row in queries.groups(mine, everything).rows] == ["All"]
    assert {row.instance_id for row in queries.activities(mine, []).rows} == {okta.pk}
    assert queries.accounts(mine, here).rows == []
    assert queries.accounts(mine, [Condition("app", ("github",))]).rows == []
    assert queries.activities(mine, here).rows == []
    counts = (queries.count_accounts, queries.count_groups, queries.count_activities)
    assert [count(mine, []).number for count in counts] == [1, 1, 1]
    assert [row.name for row in queries.export_accounts(mine, everything)] == ["Ada at Okta"]
    assert [row.name for row in queries.export_groups(mine, everything)] == ["All"]
    assert {row.instance_id for row in queries.export_activities(mine, [])} == {okta.pk}
    with pytest.raises(models.Account.DoesNotExist):
        queries.account(mine, foreign.pk)
    with pytest.raises(models.Group.DoesNotExist):
        queries.group(mine, team.pk)
    with pytest.raises(models.Activity.DoesNotExist):
        queries.activity(mine, other.pk, NOON, "e0001")
    with pytest.raises(models.ActivityRaw.DoesNotExist):
        queries.activity_raw(mine, other.pk, NOON, "e0001")
    assert queries.accounts(NOBODY, everything).rows == [], "support staff see nothing of what is in the apps"
    assert queries.accounts(Scope(), everything).rows == []


def test_a_scope_of_an_app_covers_its_instances(github: AppInstance, okta: AppInstance) -> None:
    scope = Scope(frozenset({Held(Role.APP_ADMIN, app_id="okta")}))
    assert [row.name for row in queries.accounts(scope, []).rows] == ["Ada at Okta"]


def test_a_token_of_one_person_shows_another_nothing_beyond_their_scope(github: AppInstance, okta: AppInstance) -> None:
    token = queries.accounts(EVERYWHERE, [], size=1).older
    assert [row.instance_id for row in queries.accounts(only(okta), [], older=token).rows] in ([], [okta.pk])


# --- pages ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sort", ["name", "-name"])
def test_pages_are_complete_and_stable_among_equal_names(sort: str) -> None:
    for name in ("A", "B"):
        instance = connected(name=name)
        fill(instance, [Account(id=f"{number}", name=["Same", "Other", "ß", "éa"][number % 4]) for number in range(23)])
    there, back = walk(lambda **token: queries.accounts(EVERYWHERE, [], size=7, sort=sort, **token))
    shown = [pk for page in there for pk in page]
    assert len(shown) == len(set(shown)) == 46
    assert [len(page) for page in there] == [7, 7, 7, 7, 7, 7, 4]
    assert back == there[::-1]
    names = [models.Account.objects.get(pk=pk).sort_name for pk in shown]
    ordered = list(models.Account.objects.order_by(f"{'-' if sort == '-name' else ''}sort_name"))
    assert names == [row.sort_name for row in ordered]


def test_pages_of_activities_are_complete_where_many_happen_at_one_moment() -> None:
    for name in ("A", "B"):
        fill(connected(name=name), [event(number, NOON + timedelta(seconds=number // 9)) for number in range(30)])
    there, back = walk(lambda **token: queries.activities(EVERYWHERE, [], size=8, **token))
    shown = [pk for page in there for pk in page]
    assert len(shown) == len(set(shown)) == 60
    assert shown == sorted(shown, key=lambda key: (key[1], key[0], key[2]), reverse=True)  # type: ignore[index]
    assert back == there[::-1]
    assert [row.pk for row in queries.export_activities(EVERYWHERE, [])] == shown


def test_a_row_that_comes_in_between_neither_hides_nor_doubles_another(github: AppInstance) -> None:
    first = queries.accounts(EVERYWHERE, [], size=2)
    fill(github, [Account(id="0", name="Aaron")])
    second = queries.accounts(EVERYWHERE, [], size=2, older=first.older)
    assert [row.vendor_id for row in first.rows + second.rows] == ["1", "2", "3"]
    back = queries.accounts(EVERYWHERE, [], size=2, newer=second.newer)
    assert [row.vendor_id for row in back.rows] == ["1", "2"]
    assert [row.vendor_id for row in queries.accounts(EVERYWHERE, [], size=2, newer=back.newer).rows] == ["0"]


@pytest.mark.parametrize(
    "token",
    ["garbage", "a:b:c", "\x00", "é" * 500, signing.dumps(["time", 1, 2], salt=SALT), signing.dumps("x")],
    ids=["word", "parts", "control character", "long", "of another list", "of another purpose"],
)
def test_a_token_that_fits_no_page_gives_the_first_and_says_so(github: AppInstance, token: str) -> None:
    for listing in (queries.accounts(EVERYWHERE, [], older=token), queries.accounts(EVERYWHERE, [], newer=token)):
        assert [row.vendor_id for row in listing.rows] == ["1", "2", "3"]
        assert listing.problem == STALE


def test_a_token_of_the_other_direction_is_not_taken(github: AppInstance) -> None:
    token = queries.accounts(EVERYWHERE, [], size=1).older
    assert queries.accounts(EVERYWHERE, [], size=1, sort="-name", older=token).problem == STALE


def test_exports_are_complete_across_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_lists, "EXPORT_CHUNK", 10)
    fill(connected(), [Account(id=f"{number}", name="x") for number in range(30)])
    assert len({row.pk for row in queries.export_accounts(EVERYWHERE, [])}) == 30


def test_counts_are_capped() -> None:
    instance = connected()
    fill(instance, [Account(id=f"{number}") for number in range(12)])
    assert queries.count_accounts(EVERYWHERE, [], cap=10) == Count(10, is_capped=True)
    assert queries.count_accounts(EVERYWHERE, [], cap=12) == Count(12, is_capped=False)
    assert queries.instance_totals(instance.pk) == {
        "accounts": Count(12, False), "groups": Count(0, False), "activities": Count(0, False),
    }


# --- one and its surroundings ---------------------------------------------------------------------------------------


def test_an_account_shows_its_groups_privileges_and_activities(github: AppInstance) -> None:
    pk = models.Account.objects.get(vendor_id="1").pk
    account = queries.account(EVERYWHERE, pk)
    assert account.raw == {"r": 1}
    assert [(each.group.name, each.role, each.is_inherited) for each in queries.groups_of(account)] == [
        ("Platform", "maintainer", False)
    ]
    assert [row.name for row in queries.privileges_of(account)] == ["owner", "member"]
    assert [row.vendor_id for row in actors.activities_of(account)] == ["e0001"]


def test_a_group_shows_its_members_known_or_not(github: AppInstance) -> None:
    group = models.Group.objects.get(vendor_id="g/1")
    members = queries.members_of(group)
    assert [(each.name, each.role, each.is_inherited) for each in members] == [
        ("Ada", "maintainer", False), ("unknown", "member", False), ("Sales", "member", False), ("Cy", "member", True),
    ]


def test_an_activity_is_found_by_its_key_and_its_raw_record_apart(github: AppInstance) -> None:
    row = queries.activity(EVERYWHERE, github.pk, NOON, "e0001")
    assert row.action == "repo.create"
    assert queries.activity_raw(EVERYWHERE, github.pk, NOON.replace(tzinfo=None), "e0001") == {"number": 1}


# --- how many questions ---------------------------------------------------------------------------------------------


def test_as_many_queries_for_300_rows_as_for_3() -> None:
    instance = connected()

    def add(start: int, end: int) -> None:
        numbers = range(start, end)
        fill(instance, [Account(id=f"{number}", name=f"n{number}") for number in numbers])
        fill(instance, [Group(id="g", name="G"), *(Group(id=f"g{number}", name="x") for number in numbers)])
        fill(instance, [Membership(group_id="g", member_id=f"{number}") for number in numbers])
        fill(instance, [Membership(group_id="g", member_id="g0", member_kind=HolderKind.GROUP)])
        fill(instance, [Membership(group_id=f"g{number}", member_id="0") for number in numbers])
        fill(instance, [event(number, actor_id="0") for number in numbers])

    scope = only(instance)
    query = QueryDict(f"app=github&instance={instance.pk}&q=n1&group={instance.pk}:g&status=active")
    filtered = parse(ACCOUNT_FILTERS, query)[0]
    add(0, 3)
    account = models.Account.objects.get(vendor_id="0")
    group = models.Group.objects.get(vendor_id="g")
    reads: list[Callable[[], Any]] = [
        lambda: queries.accounts(EVERYWHERE, []),
        lambda: queries.accounts(scope, filtered, size=200),
        lambda: queries.groups(scope, parse(GROUP_FILTERS, QueryDict("q=ab"))[0]),
        lambda: queries.activities(scope, [], size=200),
        lambda: queries.count_accounts(scope, filtered),
        lambda: queries.groups_of(account, limit=300),
        lambda: queries.members_of(group, limit=300),
        lambda: queries.privileges_of(account),
        lambda: actors.activities_of(account),
        lambda: queries.instance_totals(instance.pk),
    ]
    few = [asked(read) for read in reads]
    add(3, 300)
    many = [asked(read) for read in reads]
    assert many == few == [1, 3, 2, 2, 3, 2, 3, 1, 1, 6]


def test_lists_leave_the_large_columns_in_the_database(github: AppInstance) -> None:
    with CaptureQueriesContext(connection) as captured:
        list(queries.accounts(EVERYWHERE, []).rows)
        list(queries.groups(EVERYWHERE, []).rows)
        list(queries.activities(EVERYWHERE, []).rows)
    for each in captured:
        assert '"raw"' not in each["sql"]
        assert "OFFSET" not in each["sql"]

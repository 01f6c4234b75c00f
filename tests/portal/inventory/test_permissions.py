"""OAuth apps, grants and credentials: filters, orders, pages, details, never outside the scope."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from connectors.base import Account, Credential, File, Gone, Grant, OAuthApp, Risk
from portal.instances.models import AppInstance
from portal.inventory import models, permission_queries, queries
from portal.inventory.filters import Condition, parse
from portal.inventory.permission_filters import CREDENTIAL_FILTERS, GRANT_FILTERS, OAUTH_APP_FILTERS
from portal.inventory.row_lists import Count
from tests.portal.inventory.reading import EVERYWHERE, NOBODY, asked, connected, fill, only, walk

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LISTS: dict[str, tuple[Any, Any]] = {
    "apps": (permission_queries.oauth_apps, OAUTH_APP_FILTERS),
    "grants": (permission_queries.grants, GRANT_FILTERS),
    "credentials": (permission_queries.credentials, CREDENTIAL_FILTERS),
}


def listed(name: str, address: str = "", scope: Any = EVERYWHERE, **page: Any) -> list[str]:
    read, fields = LISTS[name]
    conditions, problems = parse(fields, QueryDict(address))
    assert problems == []
    return [row.vendor_id for row in read(scope, conditions, **page).rows]


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> datetime:
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    return NOON


@pytest.fixture
def github(now: datetime) -> AppInstance:
    instance = connected()
    days = timedelta(days=1)
    fill(
        instance,
        [
            Account(id="u1", name="Ada"),
            File(id="f1", name="website"),
            OAuthApp(
                id="o1", name="Deployer", publisher="Fabrikam", is_verified=False, scopes=("repo", "admin:org"),
                risk=Risk.HIGH, last_used_at=now - 40 * days, raw={"r": 1},
            ),
            OAuthApp(id="o2", name="Badges", is_verified=True, scopes=("read:user",), risk=Risk.LOW, is_banned=True),
            OAuthApp(id="o3", name="Charts", risk=Risk.HIGH, last_used_at=now),
            OAuthApp(id="o4", name="Away"),
            Grant(id="r1", app_id="o1", account_id="u1", account_name="Ada", scopes=("repo",), risk=Risk.MEDIUM),
            Grant(id="r2", app_id="o1", scopes=("repo", "admin:org"), risk=Risk.HIGH),
            Grant(id="r3", app_id="o2", account_id="u2", account_name="Bo", is_active=False),
            Grant(id="r4", app_id="o2", account_id="u1", account_name="Ada"),
            Credential(
                id="c1", name="laptop", kind="personal token", account_id="u1", account_name="Ada", scopes=("repo",),
                risk=Risk.HIGH, expires_at=now + 20 * days, last_used_at=now - days,
            ),
            Credential(
                id="c2", name="CI", kind="deploy key", file_id="f1", file_name="website", risk=Risk.LOW,
                last_used_at=now - 100 * days,
            ),
            Credential(
                id="c3", name="Bot", kind="personal token", account_id="u1", expires_at=now - days, is_active=False,
                risk=Risk.MEDIUM,
            ),
        ],
    )
    fill(instance, [Gone(OAuthApp, "o4"), Gone(Grant, "r4")])
    return instance


@pytest.mark.parametrize(
    ("name", "address", "expected"),
    [
        ("apps", "", ["o2", "o3", "o1"]),
        ("apps", "presence=gone", ["o4"]),
        ("apps", "risk=high", ["o3", "o1"]),
        ("apps", "scope=ADMIN:", ["o1"]),
        ("apps", "scope.not=repo", ["o2", "o3"]),
        ("apps", "verified=yes", ["o2"]),
        ("apps", "verified=no&verified=unknown", ["o3", "o1"]),
        ("apps", "banned=yes", ["o2"]),
        ("apps", "unused=30d", ["o1"]),
        ("apps", "unused=30d&unused=never", ["o2", "o1"]),
        ("apps", "q=fabrikam", ["o1"]),
        ("apps", "app=okta", []),
        ("grants", "", ["r2", "r1", "r3"]),
        ("grants", "active=no", ["r3"]),
        ("grants", "risk=medium&risk=high", ["r2", "r1"]),
        ("grants", "scope=admin", ["r2"]),
        ("grants", "presence=all", ["r2", "r1", "r4", "r3"]),
        ("credentials", "", ["c3", "c2", "c1"]),
        ("credentials", "kind=deploy+key", ["c2"]),
        ("credentials", "risk.not=low", ["c3", "c1"]),
        ("credentials", "active=yes", ["c2", "c1"]),
        ("credentials", "expired=yes", ["c3"]),
        ("credentials", "expired=no", ["c2", "c1"]),
        ("credentials", "expired.not=yes", ["c2", "c1"]),
        ("credentials", "expires=30d", ["c1"]),
        ("credentials", "expires=7d", []),
        ("credentials", "expires=never", ["c2"]),
        ("credentials", "expires=30d&expires=never", ["c2", "c1"]),
        ("credentials", "unused=90d", ["c2"]),
        ("credentials", "unused=never", ["c3"]),
        ("credentials", "scope=repo", ["c1"]),
        ("credentials", "q=website", ["c2"]),
    ],
)
def test_lists_are_narrowed_by_every_filter(github: AppInstance, name: str, address: str, expected: list[str]) -> None:
    assert listed(name, address) == expected


def test_grants_and_credentials_of_one_app_account_or_file(github: AppInstance) -> None:
    other = connected(name="Fabrikam")
    fill(other, [Grant(id="x", app_id="o1"), Credential(id="y", name="y", kind="key", account_id="u1", file_id="f1")])
    assert listed("grants", f"oauth_app={github.pk}:o1") == ["r2", "r1"]
    assert listed("grants", f"account={github.pk}:u1") == ["r1"]
    assert listed("credentials", f"account={github.pk}:u1") == ["c3", "c1"]
    assert listed("credentials", f"file={github.pk}:f1") == ["c2"]


def test_apps_and_credentials_come_by_risk_then_by_name(github: AppInstance) -> None:
    assert listed("apps", sort="risk") == ["o3", "o1", "o2"]
    assert listed("apps", sort="-risk") == ["o2", "o1", "o3"]
    assert listed("apps", sort="-name") == ["o1", "o3", "o2"]
    assert listed("credentials", sort="risk") == ["c1", "c3", "c2"]


@pytest.mark.parametrize("sort", ["name", "-name", "risk", "-risk"])
@pytest.mark.parametrize("read", [permission_queries.oauth_apps, permission_queries.credentials])
def test_pages_are_complete_where_many_are_alike(read: Any, sort: str) -> None:
    risks = list(Risk)
    for name in ("A", "B"):
        instance = connected(name=name)
        fill(instance, [OAuthApp(id=f"{each}", name="abc"[each % 2], risk=risks[each % 4]) for each in range(23)])
        fill(
            instance,
            [Credential(id=f"{each}", name="ab"[each % 2], kind="key", risk=risks[each % 4]) for each in range(23)],
        )
    there, back = walk(lambda **token: read(EVERYWHERE, [], size=7, sort=sort, **token))
    shown = [pk for page in there for pk in page]
    assert len(shown) == len(set(shown)) == 46
    assert back == there[::-1]


def test_what_belongs_together_is_found_from_each_side(github: AppInstance) -> None:
    deployer = models.OAuthApp.objects.get(vendor_id="o1")
    ada, website = models.Account.objects.get(), models.File.objects.get()
    grants = permission_queries.grants_of(deployer)
    assert [each.vendor_id for each in grants] == ["r2", "r1"]
    assert permission_queries.app_of(grants[1]) == deployer
    assert permission_queries.account_of(grants[0]) is None
    assert permission_queries.account_of(grants[1]) == ada
    assert [each.vendor_id for each in permission_queries.grants_of_account(ada)] == ["r1"]
    assert [each.vendor_id for each in permission_queries.credentials_of(ada)] == ["c1", "c3"]
    [key] = permission_queries.credentials_of_file(website)
    assert (key.vendor_id, permission_queries.file_of(key), permission_queries.account_of(key)) == ("c2", website, None)

    apps = list(models.OAuthApp.objects.order_by("vendor_id"))
    assert list(permission_queries.grant_counts(apps).values()) == [2, 1, 0, 0]
    assert permission_queries.grant_counts([]) == {}
    assert permission_queries.apps_of(grants) == {each.pk: deployer for each in grants}


def test_no_read_of_permissions_leaves_the_scope(github: AppInstance) -> None:
    other = connected("okta", "Okta")
    fill(other, [OAuthApp(id="t", name="t"), Grant(id="t", app_id="t"), Credential(id="t", name="t", kind="key")])
    mine, everything = only(other), [Condition("presence", ("all",))]
    for name in LISTS:
        assert listed(name, "presence=all", mine) == ["t"]
        assert listed(name, "presence=all", NOBODY) == []
    exports = (
        permission_queries.export_oauth_apps, permission_queries.export_grants, permission_queries.export_credentials
    )
    assert [[row.vendor_id for row in export(mine, everything)] for export in exports] == [["t"]] * 3
    counts = (
        permission_queries.count_oauth_apps, permission_queries.count_grants, permission_queries.count_credentials
    )
    assert [count(mine, everything).number for count in counts] == [1, 1, 1]
    with pytest.raises(models.OAuthApp.DoesNotExist):
        permission_queries.oauth_app(mine, models.OAuthApp.objects.get(vendor_id="o1").pk)
    with pytest.raises(models.Grant.DoesNotExist):
        permission_queries.grant(mine, models.Grant.objects.get(vendor_id="r1").pk)
    with pytest.raises(models.Credential.DoesNotExist):
        permission_queries.credential(mine, models.Credential.objects.get(vendor_id="c1").pk)
    assert permission_queries.oauth_app(EVERYWHERE, models.OAuthApp.objects.get(vendor_id="o1").pk).raw == {"r": 1}


def test_counts_and_totals(github: AppInstance) -> None:
    assert permission_queries.count_credentials(EVERYWHERE, [], cap=2) == Count(2, True)
    totals = queries.instance_totals(github.pk)
    assert {name: totals[name].number for name in ("files", "OAuth apps", "credentials")} == {
        "files": 1, "OAuth apps": 3, "credentials": 3,
    }


def test_as_many_queries_for_300_rows_as_for_3(github: AppInstance) -> None:
    deployer, ada = models.OAuthApp.objects.get(vendor_id="o1"), models.Account.objects.get()
    address = f"app=github&risk=high&account={github.pk}:u1&scope=repo"
    filtered = parse(CREDENTIAL_FILTERS, QueryDict(address))[0]
    reads = [
        lambda: permission_queries.oauth_apps(EVERYWHERE, [], size=200),
        lambda: permission_queries.credentials(only(github), filtered, size=200),
        lambda: permission_queries.count_credentials(only(github), filtered),
        lambda: permission_queries.grants(only(github), [], size=200),
        lambda: permission_queries.grants_of(deployer, limit=300),
        lambda: permission_queries.grant_counts(list(models.OAuthApp.objects.all())),
        lambda: permission_queries.credentials_of(ada, limit=300),
    ]
    few = [asked(read) for read in reads]
    fill(github, [OAuthApp(id=f"{each}", name=f"{each}") for each in range(300)])
    fill(github, [Grant(id=f"{each}", app_id="o1", account_id=f"{each}") for each in range(300)])
    fill(
        github,
        [Credential(id=f"{each}", name="x", kind="key", account_id="u1", scopes=("repo",)) for each in range(300)],
    )
    assert [asked(read) for read in reads] == few == [1, 3, 3, 2, 1, 2, 1]


def test_lists_of_permissions_leave_the_large_columns_in_the_database(github: AppInstance) -> None:
    with CaptureQueriesContext(connection) as captured:
        for read, _ in LISTS.values():
            read(EVERYWHERE, [])
    for each in captured:
        assert '"raw"' not in each["sql"]

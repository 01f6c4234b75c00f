"""The page of the audit trail: filters in the address, pages, CSV, and who reads it."""

import csv
import io
from datetime import UTC, datetime

import pytest
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse

from portal.audit import trail
from portal.audit.models import AuditEntry
from portal.people import queries
from portal.people.models import User
from portal.people.roles import Role
from tests.portal.people.persons import holder, person, signed_in, text_of

pytestmark = pytest.mark.django_db
PAGE = "/settings/audit/"


@pytest.fixture
def admin() -> User:
    return person(Role.GLOBAL_ADMIN, email="megan@contoso.example")


@pytest.fixture
def browser(admin: User) -> Client:
    return signed_in(admin)


def entry(verb: str = "settings.changed", label: str = "", at: datetime | None = None, **more: object) -> None:
    AuditEntry.objects.create(
        at=at or datetime(2026, 11, 24, 12, tzinfo=UTC), verb=verb, object_label=label, source="web", **more
    )


def rows(browser: Client, **query: str) -> str:
    return text_of(browser.get(PAGE, query).content.decode())


def test_it_shows_who_did_what_and_what_changed(admin: User, browser: Client) -> None:
    trail.record(
        verb="settings.changed", actor=admin, object_label="Mail", before={"from": "a@b.c"}, after={"from": "d@e.f"}
    )
    assert "megan@contoso.example Settings changed Mail from: a@b.c d@e.f" in rows(browser)


def test_filters_by_person_verb_and_day(browser: Client) -> None:
    entry(label="Alpha", actor_email="lee@contoso.example", at=datetime(2026, 11, 1, 12, tzinfo=UTC))
    entry("people.removed", "Beta", at=datetime(2026, 11, 2, 12, tzinfo=UTC))
    for query, seen in (
        ({"who": "LEE@"}, (True, False)),
        ({"who": "beta"}, (False, True)),
        ({"verb": "people"}, (False, True)),
        ({"since": "2026-11-02", "until": "2026-11-02"}, (False, True)),
        ({"until": "2026-11-01"}, (True, False)),
    ):
        words = rows(browser, **query)
        assert ("Alpha" in words, "Beta" in words) == seen, query


def test_days_are_the_person_s_own(admin: User) -> None:
    User.objects.filter(pk=admin.pk).update(time_zone="Pacific/Auckland")
    entry(label="Late evening in Greenwich", at=datetime(2026, 11, 1, 22, tzinfo=UTC))
    browser = signed_in(admin)
    assert "Greenwich" in rows(browser, since="2026-11-02", until="2026-11-02")
    assert "Greenwich" not in rows(browser, since="2026-11-01", until="2026-11-01")


@pytest.mark.parametrize("day", ["yesterday", "2026-13-45", "0001-01-01", "9999-12-31"])
def test_a_day_that_cannot_be_read_is_said_and_left_out(browser: Client, day: str) -> None:
    words = rows(browser, since=day)
    assert "Write the day like 2026-11-24" in words
    assert "Signed in" in words


def test_older_pages_follow_without_gap_or_repeat(browser: Client) -> None:
    for number in range(queries.PAGE * 2 + 10):
        entry("export.made", label=f"number {number}")
    seen: list[str] = []
    address = f"{PAGE}?verb=export"
    while address:
        page = browser.get(address)
        seen += [each.object_label for each, *_ in page.context["entries"]]
        older = page.context["older_url"]
        address = f"{PAGE}{older}" if older else ""
    assert seen == [f"number {number}" for number in reversed(range(queries.PAGE * 2 + 10))]


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "²"])
def test_a_wrong_place_to_go_on_from_shows_the_newest(browser: Client, before: str) -> None:
    assert "Signed in" in rows(browser, before=before)


def test_the_download_holds_what_the_filters_say(browser: Client) -> None:
    entry("people.removed", "=cmd()", before={"roles": ["Support"]})
    answer = browser.get(reverse("audit_export"), {"verb": "people"})
    assert isinstance(answer, StreamingHttpResponse)
    lines = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert [line["What"] for line in lines] == ["people.removed"]
    assert lines[0]["Name"] == "'=cmd()"


@pytest.mark.parametrize("role", Role)
def test_global_and_security_admins_read_it(role: Role) -> None:
    browser = signed_in(holder(role))
    expected = 200 if role in (Role.GLOBAL_ADMIN, Role.SECURITY_ADMIN) else 403
    assert browser.get(PAGE).status_code == expected
    assert browser.get(reverse("audit_export")).status_code == expected


def test_hostile_labels_come_out_escaped(browser: Client) -> None:
    entry(label="<script>alert(1)</script>", after={"<b>": "<i>"})
    html = browser.get(PAGE).content.decode()
    assert "<script>alert" not in html
    assert "<b>" not in html


def test_a_failed_sign_in_of_a_stranger_is_told_as_such(browser: Client) -> None:
    Client().post(reverse("account_login"), {"login": "stranger@evil.example", "password": "guess"})
    assert "Not signed in Sign-in failed stranger@evil.example" in rows(browser)

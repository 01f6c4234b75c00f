"""The activity log of an app with parts, such as the apps of Office 365: shown, filtered and exported by name."""

import pytest
from django.db import connection
from django.test import Client

from connectors.office365.office_apps import OFFICE_APPS
from portal.inventory.filters import ACTIVITY_FILTERS
from portal.inventory.models import Activity
from portal.people.roles import Role
from tests.portal.web import inventory_rows as rows
from tests.portal.web.test_accounts import names
from tests.portal.web.visitor import client_of, person, text_of

pytestmark = pytest.mark.django_db

LIST = "/activities/"


@pytest.fixture
def reader() -> Client:
    return client_of(person(Role.SECURITY_READER))


@pytest.fixture
def told() -> None:
    tenant = rows.instance(app_id="office365")
    for name, part in (("mail", "Exchange"), ("file", "OneDrive"), ("chat", "Teams"), ("other", "")):
        rows.activity(tenant, name, action=name, component=part)


@pytest.mark.usefixtures("told")
def test_the_parts_of_the_connected_apps_are_offered_by_name(reader: Client) -> None:
    html = reader.get(LIST).content.decode()
    for name in OFFICE_APPS:
        assert f'name="value" value="{name.replace("&", "&amp;")}"' in html


def test_without_such_an_app_there_is_no_filter_for_it(reader: Client) -> None:
    rows.instance()
    assert "Part of the app" not in text_of(reader.get(LIST))


@pytest.mark.usefixtures("told")
def test_the_log_is_filtered_by_one_part_by_several_and_by_all_others(reader: Client) -> None:
    assert names(reader.get(LIST, {"component": "Exchange"})) == ["mail"]
    assert sorted(names(reader.get(LIST, {"component": ["Exchange", "Teams"]}))) == ["chat", "mail"]
    assert sorted(names(reader.get(LIST, {"component.not": "Exchange"}))) == ["chat", "file", "other"]
    page = reader.get(LIST, {"component": "OneDrive"})
    assert "Part of the app is OneDrive" in text_of(page)
    assert "1" in text_of(reader.get("/activities/count/", {"component": "OneDrive"}))


@pytest.mark.usefixtures("told")
def test_a_row_an_activity_and_the_export_say_the_part(reader: Client) -> None:
    page = reader.get(LIST, {"component": "OneDrive"})
    assert "Office 365" in text_of(page)
    assert '<span class="soft">OneDrive</span>' in page.content.decode()
    export = reader.get("/activities/export.csv", {"component": "OneDrive"})
    head, *lines = b"".join(export.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert head.endswith(",Part of the app")
    assert [line.endswith(",file,OneDrive") for line in lines] == [True]


@pytest.mark.usefixtures("told")
def test_what_no_app_has_finds_nothing_and_breaks_nothing(reader: Client) -> None:
    page = reader.get(LIST, {"component": "<script>alert(1)</script>"})
    assert page.status_code == 200
    assert names(page) == []
    assert "<script>alert(1)" not in page.content.decode()


@pytest.mark.usefixtures("told")
def test_the_filter_can_be_answered_by_an_index() -> None:
    indexes = {tuple(index.fields) for index in Activity._meta.indexes}
    assert ("component", "-occurred_at") in indexes
    with connection.cursor() as cursor:
        made = connection.introspection.get_constraints(cursor, Activity._meta.db_table)
    assert any(each["index"] and each["columns"] == ["component", "occurred_at"] for each in made.values())
    assert ACTIVITY_FILTERS["component"].apply(Activity.objects.all(), ("Teams",)).count() == 1

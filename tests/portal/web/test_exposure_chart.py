"""The chart of what is shared outside: bars that lead to their list, and the same in words and numbers."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from portal.inventory.exposure_days import Day
from portal.inventory.models import ExposureDay
from portal.inventory.roll_ups import day_of
from portal.people.roles import Role
from portal.web.exposure_chart import BOTTOM, HEIGHT, TOP, drawn
from tests.portal.web import inventory_rows as rows
from tests.portal.web.visitor import client_of, person, text_of

pytestmark = pytest.mark.django_db

CHART = "/files/exposure/"


def test_the_files_page_shows_how_sharing_changed(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    contoso, today = rows.instance(), day_of(timezone.now())
    for ago, exposure, number in ((1, "public", 2), (1, "external", 3), (0, "public", 1), (0, "private", 40_000)):
        ExposureDay.objects.create(
            instance_id=contoso.pk, day=today - timedelta(days=ago), exposure=exposure, number=number
        )
    client = client_of(person(Role.SECURITY_READER))
    assert f'hx-get="{CHART}?instance={contoso.pk}"' in client.get(f"/files/?instance={contoso.pk}").content.decode()
    with django_assert_max_num_queries(8):
        page = client.get(f"{CHART}?instance={contoso.pk}&exposure=public")
    said, html = text_of(page), page.content.decode()
    assert "public from 2 to 1 and external from 3 to 0." in said
    assert f"{today:%-d %b %Y} 1 0 0 40000 0" in said
    assert "Of the filters, those by app and instance count here." in said
    assert html.count("<rect") == 3
    assert f'href="{reverse("file_list")}?instance={contoso.pk}&amp;exposure=public"' in html


def test_without_a_count_it_says_when_there_will_be_one() -> None:
    rows.instance()
    assert "the first bar comes with the first count" in text_of(client_of(person(Role.SECURITY_READER)).get(CHART))


def test_bars_stand_on_one_another_within_the_drawing_and_labels_apart() -> None:
    today = day_of(timezone.now())
    chart = drawn([Day(today - timedelta(days=1), {}), Day(today, {"public": 1, "external": 1_000})], "/files/", {})
    public, external = chart.bars
    assert public.y + public.height == HEIGHT - BOTTOM
    assert external.y + external.height == public.y
    assert external.y == TOP
    lower, upper = (label.y for label in chart.labels)
    assert lower - upper >= 18

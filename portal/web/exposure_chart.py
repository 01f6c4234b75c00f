"""The chart on the Files page: what is shared outside, day by day, drawn here as SVG, with the same as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from connectors.base import Exposure
from portal.inventory import exposure_days
from portal.inventory.exposure_days import Day
from portal.inventory.file_filters import FILE_FILTERS
from portal.inventory.roll_ups import day_of
from portal.people.roles import Right
from portal.web import words
from portal.web.lists import ListState, scope_with

DAYS = 90
WIDTH, HEIGHT = 960, 150
LEFT, RIGHT, TOP, BOTTOM = 56, 130, 8, 22
"""Room for numbers, for labels at the last day, and for dates."""
LINE = 18
"""Between two labels at least."""
DRAWN = (Exposure.PUBLIC, Exposure.EXTERNAL)
"""From the bottom up. What is shared inside is many times as much and would leave nothing of these to see."""
TOLD = (Exposure.PUBLIC, Exposure.EXTERNAL, Exposure.INTERNAL, Exposure.PRIVATE, Exposure.UNKNOWN)


class Bar(NamedTuple):
    """One exposure on one day, in the units of the drawing."""

    x: float
    y: float
    width: float
    height: float
    exposure: str
    title: str
    url: str


class Label(NamedTuple):
    x: float
    y: float
    text: str
    exposure: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """`sentence` says what there is to see to whoever does not see it. `rows`: the days that were counted, last first,
    with their numbers in the order of `heads`."""

    bars: list[Bar]
    labels: list[Label]
    dates: list[Label]
    most: Label
    sentence: str
    heads: list[str]
    rows: list[tuple[Day, list[int]]]
    width: int = WIDTH
    height: int = HEIGHT
    base: int = HEIGHT - BOTTOM
    left: int = LEFT
    right: int = WIDTH - RIGHT


@require_GET
def exposure_chart(request: HttpRequest) -> HttpResponse:
    """For the list of files with its filters; of these, app and instance count."""
    own = scope_with(request, Right.READ_INVENTORY)
    state = ListState(request, FILE_FILTERS, "file")
    days = exposure_days.days(own, state.conditions, day_of(timezone.now()), DAYS)
    query = {each.field: list(each.values) for each in state.conditions if each.field in exposure_days.FILTERS}
    passed_over = any(each.field not in exposure_days.FILTERS for each in state.conditions)
    chart = drawn(days, reverse("file_list"), query) if any(day.numbers for day in days) else None
    return render(request, "files/_exposure_chart.html", {"chart": chart, "days": DAYS, "passed_over": passed_over})


def drawn(days: Sequence[Day], url: str, query: dict[str, list[str]]) -> Chart:
    """At least one of the days was counted."""
    most = max(1, *(sum(_numbers(day)) for day in days))
    step = (WIDTH - LEFT - RIGHT) / len(days)
    bars = [bar for place, day in enumerate(days) for bar in _stack(day, LEFT + place * step, step, most, url, query)]
    counted = [day for day in days if day.numbers]
    return Chart(
        bars,
        _labels(counted[-1], most, url, query),
        [Label(LEFT + place * step, HEIGHT - 6, f"{days[place].day:%d %b}") for place in (0, len(days) // 2)],
        Label(LEFT - 6, TOP + 10, f"{most:,}"),
        _sentence(counted),
        [words.EXPOSURE[each].text for each in TOLD],
        [(day, [day.numbers.get(each, 0) for each in TOLD]) for day in reversed(counted)],
    )


def _numbers(day: Day) -> list[int]:
    return [day.numbers.get(each, 0) for each in DRAWN]


def _stack(day: Day, x: float, step: float, most: int, url: str, query: dict[str, list[str]]) -> list[Bar]:
    told = ", ".join(f"{words.EXPOSURE[each].text} {day.numbers.get(each, 0):,}" for each in TOLD)
    bars, below = list[Bar](), 0
    for exposure, number in zip(DRAWN, _numbers(day), strict=True):
        if number:
            top, bottom = _y(below + number, most), _y(below, most)
            bars.append(
                Bar(round(x, 2), top, round(step - 1, 2), round(bottom - top, 2), exposure,
                    f"{day.day:%d %b %Y}: {told}", _address(url, query, exposure))
            )  # fmt: skip
        below += number
    return bars


def _labels(last: Day, most: int, url: str, query: dict[str, list[str]]) -> list[Label]:
    """Beside the last day, each at the middle of its part, none over another."""
    found, below, lowest = list[Label](), 0, float(HEIGHT - BOTTOM + LINE)
    for exposure, number in zip(DRAWN, _numbers(last), strict=True):
        y = min(_y(below + number / 2, most) + 5, lowest - LINE)
        text = f"{words.EXPOSURE[exposure].text} {number:,}"
        found.append(Label(WIDTH - RIGHT + 8, round(y, 2), text, exposure, _address(url, query, exposure)))
        below, lowest = below + number, y
    return found


def _y(number: float, most: int) -> float:
    return round(HEIGHT - BOTTOM - number / most * (HEIGHT - TOP - BOTTOM), 2)


def _address(url: str, query: dict[str, list[str]], exposure: str) -> str:
    return f"{url}?{urlencode({**query, 'exposure': [exposure]}, doseq=True)}"


def _sentence(counted: Sequence[Day]) -> str:
    first, last = counted[0], counted[-1]
    told = " and ".join(
        f"{words.EXPOSURE[each].text.lower()} from {first.numbers.get(each, 0):,} to {last.numbers.get(each, 0):,}"
        for each in DRAWN
    )
    return f"From {first.day:%d %B %Y} to {last.day:%d %B %Y}: {told}."


urlpatterns: list[URLPattern] = [path("files/exposure/", exposure_chart, name="exposure_chart")]

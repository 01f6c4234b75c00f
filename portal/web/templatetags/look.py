"""How things look on pages: icons, status words, app tiles, times. `{% load look %}`."""

import json
import zlib
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from heroicons.templatetags.heroicons import heroicon_outline

register = template.Library()

TONE_ICONS = {
    "ok": "check-circle",
    "run": "arrow-path",
    "warn": "exclamation-triangle",
    "bad": "x-circle",
    "info": "information-circle",
    "off": "minus-circle",
}
HUES = 12
KEPT = 1_000
"""Pieces that hang on their words alone are put together once: a list shows the same ones in each of its rows. By type
too, as a text that is safe already equals the same text that must be escaped."""


@register.simple_tag
@lru_cache(maxsize=KEPT, typed=True)
def icon(name: str, size: int = 20) -> SafeString:
    """An outline icon beside a word; hidden from screen readers, as the word says it."""
    return mark_safe(heroicon_outline(name, size=size, **{"class": "icon", "aria-hidden": "true"}))  # noqa: S308


@register.simple_tag
@lru_cache(maxsize=KEPT, typed=True)
def status(tone: str, text: str) -> SafeString:
    """A word with its icon. `tone` is one of ok, run, warn, bad, info, off."""
    return format_html('<span class="status is-{}">{}{}</span>', tone, icon(TONE_ICONS[tone], 18), text)


@register.simple_tag
def tone_icon(tone: str, size: int = 20) -> SafeString:
    """The icon of a tone, for banners."""
    return icon(TONE_ICONS[tone], size)


@register.simple_tag
@lru_cache(maxsize=KEPT, typed=True)
def app_tile(app_id: str, name: str, size: str = "") -> SafeString:
    """A monogram in a hue that stays the same for an app. `size` may be "large"."""
    letters = "".join(word[0] for word in name.split()[:2]).upper() or "?"
    hue = zlib.crc32(app_id.encode()) % HUES
    return format_html(
        '<span class="tile hue-{}{}" aria-hidden="true">{}</span>', hue, " is-large" if size == "large" else "", letters
    )


@register.simple_tag(takes_context=True)
def moment(context: template.Context, value: datetime | None, empty: str = "") -> SafeString | str:
    """A time in the person's zone; UTC and the zone's name on hover."""
    if value is None:
        return empty
    zone = _zone(context)
    return _time(value, local_words(value, zone), f"{value.astimezone(zone):%H:%M:%S %Z}")


@register.simple_tag(takes_context=True)
def ago(context: template.Context, value: datetime | None, empty: str = "never") -> SafeString | str:
    """How long ago (or in how long) in words; the exact time on hover."""
    if value is None:
        return empty
    local = value.astimezone(_zone(context))
    return _time(value, distance(value, timezone.now()), f"{local:%d %b %Y, %H:%M:%S %Z}")


@register.filter
def pretty_json(value: Any) -> str:
    """Indented JSON, escaped by the template like any text."""
    return json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True, default=str)


def zone_of(user: object) -> ZoneInfo:
    """The zone the signed-in person chose; UTC where there is none."""
    try:
        return ZoneInfo(getattr(user, "time_zone", "") or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def local_words(value: datetime, zone: ZoneInfo) -> str:
    return f"{value.astimezone(zone):%d %b %Y, %H:%M}"


def distance(value: datetime, now: datetime) -> str:
    """`2 h ago`, `in 5 min`, `just now`."""
    seconds = (now - value).total_seconds()
    size = abs(seconds)
    if size < 45:
        return "just now" if seconds >= 0 else "in a moment"
    for unit, length, limit in (("min", 60, 3600), ("h", 3600, 86400), ("days", 86400, float("inf"))):
        if size < limit:
            count = max(1, round(size / length))
            words = "1 day" if (unit, count) == ("days", 1) else f"{count} {unit}"
            return f"{words} ago" if seconds > 0 else f"in {words}"
    raise AssertionError("the last limit is infinite")


def _zone(context: template.Context) -> ZoneInfo:
    return zone_of(getattr(context.get("request"), "user", None))


def _time(value: datetime, words: str, local: str) -> SafeString:
    utc = value.astimezone(UTC)
    return format_html(
        '<time datetime="{}" title="{} · {}">{}</time>', utc.isoformat(), local, f"{utc:%Y-%m-%d %H:%M:%S} UTC", words
    )

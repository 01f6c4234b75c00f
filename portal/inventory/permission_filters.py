"""What lists of OAuth apps, of grants and of credentials can be filtered by."""

from collections.abc import Mapping
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from connectors.base import Risk
from portal.inventory.filters import (
    APP,
    INSTANCE,
    PRESENT,
    TEXT,
    YES_NO,
    Choices,
    FilterField,
    Values,
    contains,
    fields_of,
    flag,
    is_named,
    long_enough,
    named,
    one_of,
    words,
)

PERIODS: Mapping[str, tuple[str, timedelta]] = {
    "7d": ("7 days", timedelta(days=7)),
    "30d": ("30 days", timedelta(days=30)),
    "90d": ("90 days", timedelta(days=90)),
    "180d": ("180 days", timedelta(days=180)),
}
PERIOD_CHOICES: Choices = tuple((value, label) for value, (label, _) in PERIODS.items())


def _periods(values: Values) -> list[timedelta]:
    return [PERIODS[value][1] for value in values if value in PERIODS]


def _unused(values: Values) -> Q:
    """Not used for so long; `never`: no use of it is known."""
    condition = Q(last_used_at=None) if "never" in values else Q()
    for period in _periods(values):
        condition |= Q(last_used_at__lt=timezone.now() - period)
    return condition


def _expired(values: Values) -> Q:
    now = timezone.now()
    meanings = {"yes": Q(expires_at__lte=now), "no": Q(expires_at__gt=now) | Q(expires_at=None)}
    return _any(meanings, values)


def _expires(values: Values) -> Q:
    """Within so many days from now, what expired already left out."""
    now = timezone.now()
    condition = Q(expires_at=None) if "never" in values else Q()
    for period in _periods(values):
        condition |= Q(expires_at__gt=now, expires_at__lte=now + period)
    return condition


def _any(meanings: Mapping[str, Q], values: Values) -> Q:
    condition = Q()
    for value in values:
        condition |= meanings[value]
    return condition


RISK = FilterField("risk", "Risk", one_of("risk"), words(tuple(Risk)[::-1]))
SCOPE = FilterField("scope", "Scope contains", contains("scope_text"), is_text=True, problem=long_enough)
UNUSED = FilterField("unused", "Not used for", _unused, (*PERIOD_CHOICES, ("never", "No use is known")))
ACTIVE = FilterField("active", "Active", flag("is_active"), YES_NO)
ACCOUNT = FilterField("account", "Account", named("account_id"), is_text=True, problem=is_named("An account"))

OAUTH_APP_FILTERS: dict[str, FilterField] = fields_of(
    APP,
    INSTANCE,
    RISK,
    SCOPE,
    FilterField("verified", "Verified publisher", flag("is_verified"), (*YES_NO, ("unknown", "Unknown"))),
    FilterField("banned", "Banned", flag("is_banned"), YES_NO),
    UNUSED,
    PRESENT,
    TEXT,
)
GRANT_FILTERS: dict[str, FilterField] = fields_of(
    APP,
    INSTANCE,
    FilterField("oauth_app", "OAuth app", named("app_id"), is_text=True, problem=is_named("An OAuth app")),
    ACCOUNT,
    RISK,
    SCOPE,
    ACTIVE,
    UNUSED,
    PRESENT,
)
CREDENTIAL_FILTERS: dict[str, FilterField] = fields_of(
    APP,
    INSTANCE,
    FilterField("kind", "Kind", one_of("kind"), is_text=True),
    RISK,
    SCOPE,
    ACTIVE,
    FilterField("expired", "Expired", _expired, YES_NO),
    FilterField("expires", "Expires within", _expires, (*PERIOD_CHOICES, ("never", "Never expires"))),
    UNUSED,
    ACCOUNT,
    FilterField("file", "File", named("file_id"), is_text=True, problem=is_named("A file")),
    PRESENT,
    TEXT,
)

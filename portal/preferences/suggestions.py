"""Apps that people want to have connected. Whose right it is to read them is known above, in settings_service."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import QuerySet

from portal.preferences.models import Suggestion

HEAD = ("App", "Web address", "Why", "Suggested by", "Suggested at")


def keep(user_id: int, email: str, app_name: str, web_address: str = "", why: str = "") -> Suggestion:
    return Suggestion.objects.create(
        app_name=app_name, web_address=web_address, why=why, suggested_by_id=user_id, suggested_by_email=email
    )


def newest_first() -> QuerySet[Suggestion]:
    return Suggestion.objects.order_by("-suggested_at", "-pk")


def rows(suggestions: Iterable[Suggestion]) -> Iterator[tuple[str, str, str, str, datetime]]:
    """For a CSV download, under HEAD."""
    for each in suggestions:
        yield each.app_name, each.web_address, each.why, each.suggested_by_email, each.suggested_at

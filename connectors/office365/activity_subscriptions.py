"""Content types of the Management Activity API: Microsoft collects nothing of one before it is started.

Whoever starts one twice within fifteen minutes is sent away, so those that are on are looked up first.
"""

from contextlib import suppress
from datetime import datetime, timedelta

from connectors.base import Answer, Client, NotAvailable, RateLimited
from connectors.office365.activity_refusals import AlreadyOn
from connectors.office365.hosts import activity_url
from connectors.office365.mapping import text
from connectors.office365.reading import unexpected

NOT_AGAIN_FOR = timedelta(minutes=15)


def feed_url(client: Client) -> str:
    """Raises NotAvailable in a cloud whose activity feed is not known."""
    url = activity_url(client.config)
    if not url:
        raise NotAvailable(
            "Where the activity feed of this cloud answers, Microsoft does not say.",
            remedy="Nothing can be done from here: look at the audit log in Microsoft Purview.",
        )
    return url


def publisher(client: Client) -> dict[str, str]:
    """Goes with every call. Without it all callers in the world share one quota."""
    return {"PublisherIdentifier": client.config["tenant_id"]}


def ensure_started(client: Client, content_type: str, asked: datetime | None) -> datetime | None:
    """Starts what is not on. `asked`: when that was last done; returns the same, or now where it was done again."""
    if _is_on(client, content_type) or (asked and client.now() - asked < NOT_AGAIN_FOR):
        return asked
    # Sent away for asking too soon, somebody else started it; whether it is on the list of its content shows.
    with suppress(AlreadyOn, RateLimited):
        client.post(
            f"{feed_url(client)}/subscriptions/start", params={"contentType": content_type, **publisher(client)}
        )
    return client.now()


def started_types(answer: Answer) -> tuple[str, ...]:
    """Of the list of subscriptions, those that are on. One that is listed without a status is."""
    found = answer.json()
    if not isinstance(found, list):
        raise unexpected(answer, "a list")
    rows = [each for each in found if isinstance(each, dict)]
    return tuple(text(row.get("contentType")) for row in rows if text(row.get("status")).lower() != "disabled")


def _is_on(client: Client, content_type: str) -> bool:
    return content_type in started_types(client.get(f"{feed_url(client)}/subscriptions/list", params=publisher(client)))

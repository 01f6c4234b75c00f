"""Ending the connection at Microsoft: what was started of the activity feed is stopped.

Nothing ends the app's tokens before their hour is over, and only an admin deletes the app registration.
"""

from contextlib import suppress
from urllib.parse import urlencode

from connectors.base import Answer, NotAvailable, PermissionMissing, Setup, entra
from connectors.base.answers import judge
from connectors.base.setup import Call
from connectors.office365.activity_refusals import NotSubscribed
from connectors.office365.activity_subscriptions import started_types
from connectors.office365.hosts import activity_url
from connectors.office365.scopes import ACTIVITY_FEED


def revoke(setup: Setup) -> None:
    """Stops every content type that is on: Microsoft then collects none of it for this app. An app that was never to
    read the feed started none; raises PermissionMissing where it was to, and no longer may."""
    if not activity_url(setup.config):
        return
    try:
        started = started_types(_asked(setup, "GET", "list"))
    except NotAvailable:
        return
    except PermissionMissing:
        if ACTIVITY_FEED in setup.scopes():
            raise
        return
    for content_type in started:
        with suppress(NotSubscribed):
            _asked(setup, "POST", "stop", contentType=content_type)


def _asked(setup: Setup, method: str, what: str, **params: str) -> Answer:
    url = activity_url(setup.config)
    query = urlencode({**params, "PublisherIdentifier": setup.config["tenant_id"]})
    audience = entra.audience(entra.cloud(setup.config).activity)
    call = Call(method, f"{url}/subscriptions/{what}?{query}", audience=audience)
    setup.method.scheme.authorize(setup, call)
    return judge(setup.connector, setup.exchange(call), (), setup.now())

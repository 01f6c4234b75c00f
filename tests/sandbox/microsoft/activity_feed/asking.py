"""What every call of the feed has to get right first."""

import re

from tests.sandbox.microsoft.activity_feed.feed import CONTENT_TYPES, Feed, Subscription
from tests.sandbox.microsoft.activity_feed.refusals import (
    disabled_subscription,
    missing,
    no_guid,
    no_subscription,
    not_audited,
    other_tenant,
    unknown_type,
    unlicensed,
)
from tests.sandbox.microsoft.call import Call

GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def feed_of(call: Call) -> Feed:
    """The feed of the tenant that the path names, which must be the token's."""
    named, own, feed = call.parameters["tenant_id"], call.state.tenant.id, call.state.feed
    if not GUID.fullmatch(named):
        raise no_guid(named)
    if named.lower() != own:
        raise other_tenant(named, own)
    if not feed.is_licensed:
        raise unlicensed()
    if not feed.is_audited:
        raise not_audited(own)
    return feed


def content_type(call: Call) -> str:
    """Of the query; its case does not matter."""
    asked = call.request.parameter("contentType")
    if not asked:
        raise missing("contentType")
    found = next((each for each in CONTENT_TYPES if each.lower() == asked.lower()), None)
    if found is None:
        raise unknown_type(asked)
    return found


def subscription(call: Call) -> Subscription:
    """The one of this content type, if it is switched on."""
    found = feed_of(call).subscriptions.get(content_type(call))
    if found is None:
        raise no_subscription()
    if not found.is_enabled:
        raise disabled_subscription("a tenant admin")
    if found.settles_at > call.state.now():
        raise disabled_subscription("the service")
    return found

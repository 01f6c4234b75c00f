"""Subscriptions to change notifications: making, renewing, ending them. Each application sees its own."""

import uuid
from urllib.parse import quote, urlsplit

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.graph.bodies import body_of, text_of
from tests.sandbox.microsoft.graph.collections import collection, entity
from tests.sandbox.microsoft.graph.notifications import expire
from tests.sandbox.microsoft.graph.refusals import GraphRefusal, bad, denied
from tests.sandbox.microsoft.moments import iso, seconds
from tests.sandbox.microsoft.router import route
from tests.sandbox.microsoft.subscription import LIVES, MINUTE, Subscription
from tests.sandbox.postman import LOOPBACK

ROLES = {
    "drive": ("Files.ReadWrite.All",),
    "users": ("User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"),
    "groups": ("Group.Read.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"),
}
DIRECTORY_CHANGES = frozenset({"updated", "deleted"})
CHANGES = {
    "drive": frozenset({"updated"}),
    "users": DIRECTORY_CHANGES,
    "groups": DIRECTORY_CHANGES,
}
LONGEST_STATE = 128
UNANSWERED = (
    "Subscription validation request failed. Notification endpoint must respond with 200 OK to validation request."
)
CONTEXT = "subscriptions"


def listed(call: Call) -> Answer:
    expire(call.state)
    own = [each for each in call.state.subscriptions.values() if each.client_id == call.token.client_id]
    return collection(call, CONTEXT, own, _shape)


def shown(call: Call) -> Answer:
    return entity(call, CONTEXT, _shape(_named(call)))


def made(call: Call) -> Answer:
    body = body_of(call)
    watches, watched_id = _watched(text_of(body, "resource"))
    if not call.may(*ROLES[watches]):
        raise denied()
    subscription = Subscription(
        id=str(uuid.UUID(bytes=call.state.login.chance.randbytes(16), version=4)),
        client_id=call.token.client_id,
        creator_id=call.token.principal_id,
        resource=body["resource"],
        watches=watches,
        watched_id=watched_id,
        change_types=_change_types(text_of(body, "changeType"), watches),
        change_type=body["changeType"],
        notification_url=_address(text_of(body, "notificationUrl"), "notificationUrl"),
        lifecycle_url=_lifecycle(body),
        client_state=_client_state(body.get("clientState")),
        expires_at=_expiry(call, text_of(body, "expirationDateTime"), watches),
        seen=_changes_so_far(call, watched_id),
        hears_sharing=call.prefers("includesecuritywebhooks"),
    )
    _check_quota(call, watches)
    for url in (subscription.notification_url, subscription.lifecycle_url):
        if url:
            _shake_hands(call, url)
    call.state.subscriptions[subscription.id] = subscription
    return Answer.of_json({"@odata.context": _CONTEXT, **_shape(subscription)}, 201)


def _watched(resource: str) -> tuple[str, str]:
    """Of a business drive the root alone."""
    steps = resource.strip("/").split("/")
    if steps in (["users"], ["groups"]):
        return steps[0], ""
    if len(steps) == 3 and steps[0].lower() == "drives" and steps[2].lower() == "root":
        return "drive", steps[1]
    raise bad(f"Resource '{resource}' is not supported for subscriptions.", "InvalidRequest")


def _changes_so_far(call: Call, drive_id: str) -> int:
    if not drive_id:
        return call.state.directory.changes.last
    drive = call.state.files.drives.get(drive_id)
    if drive is None:
        raise GraphRefusal(404, "ResourceNotFound", "The drive could not be found.")
    return drive.changes


def _change_types(text: str, watches: str) -> frozenset[str]:
    found = frozenset(each.strip() for each in text.split(","))
    if not found <= CHANGES[watches]:
        raise bad(f"ChangeType '{text}' is not supported for this resource.", "InvalidRequest")
    return found


def _address(url: str, name: str) -> str:
    """The vendor calls https alone; here also the demo's portal, which is on this machine."""
    parts = urlsplit(url)
    is_here = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not is_here and (parts.scheme != "https" or not parts.hostname):
        raise bad(f"{name} must be an https address.", "InvalidRequest")
    return url


def _lifecycle(body: dict[str, Json]) -> str | None:
    url = body.get("lifecycleNotificationUrl")
    return _address(str(url), "lifecycleNotificationUrl") if url else None


def _client_state(text: Json) -> str | None:
    if text is not None and (not isinstance(text, str) or len(text) > LONGEST_STATE):
        raise bad("clientState must be a text of at most 128 characters.", "InvalidRequest")
    return text


def _expiry(call: Call, text: str, watches: str) -> float:
    now, longest = call.state.now(), LIVES[watches]
    try:
        moment = seconds(text)
    except ValueError:
        raise bad("expirationDateTime is no time.", "InvalidRequest") from None
    if moment <= now:
        raise bad("Subscription expiration must be in the future.", "InvalidRequest")
    # What the two clocks differ by is granted.
    if moment > now + longest + MINUTE:
        raise bad(f"Subscription expiration can only be {longest // MINUTE} minutes in the future.", "ExtensionError")
    return moment


def _check_quota(call: Call, watches: str) -> None:
    """Of subscriptions to users and groups, for an application."""
    held = [each for each in call.state.subscriptions.values() if each.client_id == call.token.client_id]
    if watches in ("users", "groups") and len(held) >= call.state.subscription_quota:
        raise GraphRefusal(403, "Forbidden", "The application has reached its quota of subscriptions.")


def _shake_hands(call: Call, url: str) -> None:
    """The address must give the token back as plain text."""
    token = f"Validation: Testing client application reachability for subscription Request-Id: {uuid.uuid4()}"
    mark = "&" if "?" in url else "?"
    got = call.ask(f"{url}{mark}validationToken={quote(token)}", {"Content-Type": "text/plain; charset=utf-8"}, b"")
    is_plain = got.headers.get("content-type", "").startswith("text/plain")
    if got.status != 200 or not is_plain or got.body.decode("utf-8", "replace") != token:
        raise bad(UNANSWERED, "ValidationError")


def renewed(call: Call) -> Answer:
    subscription, body = _named(call), body_of(call)
    if set(body) - {"expirationDateTime", "notificationUrl"}:
        raise bad("Only expirationDateTime and notificationUrl can be updated.", "InvalidRequest")
    if "expirationDateTime" in body:
        subscription.expires_at = _expiry(call, text_of(body, "expirationDateTime"), subscription.watches)
    if "notificationUrl" in body:
        url = _address(text_of(body, "notificationUrl"), "notificationUrl")
        _shake_hands(call, url)
        subscription.notification_url = url
    return entity(call, CONTEXT, _shape(subscription))


def reauthorized(call: Call) -> Answer:
    _named(call)
    return Answer(204)


def deleted(call: Call) -> Answer:
    del call.state.subscriptions[_named(call).id]
    return Answer(204)


def _named(call: Call) -> Subscription:
    expire(call.state)
    name = call.parameters["subscription_id"]
    found = call.state.subscriptions.get(name)
    if found is None or found.client_id != call.token.client_id:
        raise GraphRefusal(404, "ResourceNotFound", "The object was not found.")
    return found


def _shape(subscription: Subscription) -> dict[str, Json]:
    """The clientState is not shown again."""
    return {
        "id": subscription.id,
        "resource": subscription.resource,
        "applicationId": subscription.client_id,
        "changeType": subscription.change_type,
        "clientState": None,
        "notificationUrl": subscription.notification_url,
        "lifecycleNotificationUrl": subscription.lifecycle_url,
        "notificationQueryOptions": None,
        "expirationDateTime": iso(subscription.expires_at),
        "creatorId": subscription.creator_id,
        "includeResourceData": None,
        "latestSupportedTlsVersion": "v1_2",
        "encryptionCertificate": None,
        "encryptionCertificateId": None,
        "notificationUrlAppId": None,
    }


_CONTEXT = "https://graph.microsoft.com/v1.0/$metadata#subscriptions/$entity"
ITEM = "/subscriptions/{subscription_id}"
ROUTES = [
    route("GET", "/subscriptions", listed),
    route("POST", "/subscriptions", made),
    route("GET", ITEM, shown),
    route("PATCH", ITEM, renewed),
    route("POST", f"{ITEM}/reauthorize", reauthorized),
    route("DELETE", ITEM, deleted),
]

"""What Microsoft pushes: that users, groups or drives changed. It tells whom it is about and not what changed, so
that is read.

Nothing is signed. The proof is the text that Microsoft was given with the registration and says again with each item:
the instance's secret, and what the registration is about. Whoever knows it was told it by this connection, in its own
tenant; so one item with it proves the whole delivery.
"""

import hmac
import json
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from connectors.base import (
    ChallengeAnswer,
    Client,
    Delivery,
    NotAvailable,
    ReadNow,
    Record,
    Registration,
    RenewNow,
    TargetGone,
    Unavailable,
    Webhook,
    entra,
)
from connectors.office365 import components, mapping
from connectors.office365.drives import drives_of, sites
from connectors.office365.reading import document
from connectors.office365.scopes import FILES_WRITE, GROUPS

USERS, GROUP_LIST = "/users", "/groups"
DRIVES = "drives"
DRIVE = re.compile(r"/sites/(?P<site>[^/]+)(?P<resource>/drives/[^/]+/root)")
"""What a registration about a drive is called: Microsoft takes the resource alone, while files are read by the site."""
SITE = "site"
"""Of the address that changes of a drive are told to: they do not name its site."""
MOST_SITES = 500
"""Drives are registered for in tenants with no more sites, as each site is asked for its drives every hour. In larger
ones files are read every quarter of an hour all the same."""
LIFE = timedelta(days=3)
"""Of a registration, far below what Microsoft allows (29 days). With a third of it left it is renewed."""
LONGEST_STATE = 128
TOKEN = re.compile(r"[ -~]{1,4096}")
ENDING = ("reauthorizationRequired", "subscriptionRemoved")
LOSING = ("subscriptionRemoved", "missed")
"""Events after which changes were not told."""
SECURITY = {"Prefer": "includesecuritywebhooks"}
"""A drive then tells of changed permissions, too."""


def challenge(delivery: Delivery, secrets: tuple[str, ...]) -> ChallengeAnswer | None:
    """Microsoft wants its token back within ten seconds, as plain text that no browser takes for something else."""
    token = delivery.query.get("validationToken", "")
    if delivery.method != "POST" or not TOKEN.fullmatch(token):
        return None
    return ChallengeAnswer(token, headers={"X-Content-Type-Options": "nosniff"})


def verify(delivery: Delivery, secrets: tuple[str, ...]) -> bool:
    """There is no time in it: sent again, it has the same read once more."""
    try:
        told = [mapping.text(item.get("clientState")).partition(" ")[0].encode() for item in _items(delivery)]
    except ValueError:
        return False
    found = [hmac.compare_digest(state, secret.encode()) for state in told for secret in secrets if secret]
    return delivery.method == "POST" and any(found)


def delivery_id(delivery: Delivery) -> str:
    """Microsoft numbers none."""
    return ""


def hints(delivery: Delivery) -> Iterator[Record | ReadNow | RenewNow]:
    site = delivery.query.get(SITE, "")
    for item in _items(delivery):
        event = item.get("lifecycleEvent")
        if event is None:
            yield from _changed(mapping.text(item.get("resource")), item, site)
            continue
        if event in ENDING:
            yield RenewNow(mapping.text(item.get("subscriptionId")))
        if event in LOSING:
            topic = DRIVES if site else mapping.text(item.get("clientState")).partition(" ")[2]
            yield from _changed(topic, {}, site)


def topics(client: Client) -> Iterator[str]:
    """Groups only where the permission for it was granted, which is not asked for; drives where files may be changed,
    which Microsoft wants for it."""
    granted = client.granted_scopes
    yield USERS
    if GROUPS in granted:
        yield GROUP_LIST
    if client.has_component(components.FILES) and FILES_WRITE in granted:
        yield from _drives(client)


def _drives(client: Client) -> Iterator[str]:
    found = [each.id for each in islice(sites(client), MOST_SITES + 1)]
    for site_id in found if len(found) <= MOST_SITES else ():
        try:
            drives = drives_of(client, site_id)
        except NotAvailable:
            continue  # it is locked, which its files say
        yield from (f"/sites/{site_id}/drives/{drive.id}/root" for drive in drives)


def subscribe(client: Client, topic: str, callback_url: str, secret: str) -> Registration:
    """`topic`: the resource, in Microsoft's words, or DRIVE. It proves the address before it answers."""
    drive, state = DRIVE.fullmatch(topic), f"{secret} {topic}"
    address = f"{callback_url}?{urlencode({SITE: drive['site']})}" if drive else callback_url
    body = {
        "changeType": "updated" if drive else "updated,deleted",
        "notificationUrl": address,
        "lifecycleNotificationUrl": address,
        "resource": drive["resource"] if drive else topic,
        "expirationDateTime": _end(client),
        "clientState": state if len(state) <= LONGEST_STATE else secret,
    }
    headers = SECURITY if drive else None
    answer = client.post("/subscriptions", json=body, headers=headers, expect=(400,))
    if answer.status == 400:
        raise Unavailable(
            "Microsoft does not register the portal's address for pushes.",
            why="It calls the address first, and got no answer, or not within ten seconds.",
            remedy="See that the public address of the portal can be reached from the internet. Until then changes are "
            "asked for every quarter of an hour.",
        )
    return _registration(document(answer, "id"), topic, callback_url)


def renew(client: Client, registration: Registration, callback_url: str) -> Registration:
    """Raises TargetGone for one that ended, or that is about another address than the portal has now."""
    if registration.memo.get("address") != callback_url:
        unsubscribe(client, registration)
        raise TargetGone("The portal has another address now, and is registered anew.")
    answer = client.patch(f"/subscriptions/{registration.id}", json={"expirationDateTime": _end(client)})
    return _registration(document(answer, "id"), registration.topic, callback_url)


def unsubscribe(client: Client, registration: Registration) -> None:
    """Raises TargetGone."""
    client.delete(f"/subscriptions/{registration.id}")


def _changed(resource: str, item: Mapping[str, Any], site: str) -> Iterator[ReadNow]:
    """`resource`: such as `Users/<id>` or `drives/<id>/root`, also one of the topics. `site`: of a drive; without it
    all sites are read."""
    kind = resource.strip("/").partition("/")[0].lower()
    if kind == DRIVES:
        yield ReadNow("files", site)
    elif kind == "users":
        yield _user(mapping.text(mapping.part(item, "resourceData").get("id")))
    elif kind == "groups":
        yield ReadNow("groups")


def _user(user_id: str) -> ReadNow:
    """It becomes part of an address, so nothing but an id is taken; else all changes are read."""
    return ReadNow("users", record_id=user_id if re.fullmatch(entra.GUID, user_id) else "")


def _end(client: Client) -> str:
    return (client.now() + LIFE).strftime("%Y-%m-%dT%H:%M:%SZ")


def _registration(found: Mapping[str, Any], topic: str, address: str) -> Registration:
    ends_at = mapping.moment(found.get("expirationDateTime"))
    return Registration(mapping.text(found["id"]), topic, expires_at=ends_at, memo={"address": address})


def _items(delivery: Delivery) -> list[Mapping[str, Any]]:
    """Raises ValueError for a body that is no such list."""
    try:
        told = json.loads(delivery.body)
    except RecursionError:
        raise ValueError("the body is nested too deep") from None
    if not isinstance(told, dict) or not isinstance(told.get("value"), list):
        raise ValueError("the body holds no list")
    return mapping.rows(told, "value")


WEBHOOK = Webhook(
    verify=verify,
    hints=hints,
    delivery_id=delivery_id,
    challenge=challenge,
    renew=renew,
    unsubscribe=unsubscribe,
    topics=topics,
    subscribe_topic=subscribe,
)

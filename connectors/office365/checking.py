"""Who are we connected to, and what may we do there? Asked at connecting, at Test now and before scans.

What is granted stands in the tokens, one for each API. They are asked for anew: what is granted later is not in a token
from before.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from connectors.base import (
    Action,
    ActionKind,
    Capability,
    Client,
    CredentialsRejected,
    Feed,
    MissingPermission,
    NotAvailable,
    PermissionMissing,
    RateLimited,
    Tenant,
    entra,
)
from connectors.office365 import components, mapping, scopes
from connectors.office365.hosts import activity_url
from connectors.office365.methods import BY_SECRET
from connectors.office365.reading import document, listed
from connectors.office365.refusals import GRANT, NotPremium
from connectors.office365.secret_ends import secret_warning

NO_FEED = "In this cloud the host of the Office 365 Management Activity API is not known, so it is not read."
NO_PREMIUM = (
    "The tenant has no Entra ID P1 or P2: sign-ins are read from the audit log, which says less of each, and nobody's "
    "last sign-in is known."
)
NO_CERTIFICATE = (
    "SharePoint takes it from an app with a certificate alone, and this connection has a client secret. To have it, "
    "disconnect, keep what was read, and connect anew with a certificate."
)
READS_ALONE = (
    "SharePoint has no permission that opens its recycle bins for reading alone, so a connection that reads alone "
    "leaves them out."
)
ONE = {"$top": 1}


def check(client: Client) -> Tenant:
    """Raises PermissionMissing where not even the tenant's name may be read, CredentialsRejected where the app belongs
    to another tenant than the one that was typed."""
    granted = client.fresh_scopes()
    if not scopes.is_granted(scopes.USERS, granted):
        raise _nothing_granted()
    organization = _organization(client)
    granted += tuple(_granted_elsewhere(client, granted))
    return Tenant(
        id=mapping.text(organization["id"]).lower(),
        name=mapping.text(organization.get("displayName")) or mapping.text(organization["id"]),
        url="https://entra.microsoft.com/",
        connected_as=f"app {client.config['client_id']}",
        granted=granted,
        missing=tuple(_missing(client, granted)),
        warnings=tuple(_warnings(client, granted)),
        unavailable=_unavailable(client),
    )


def _organization(client: Client) -> Mapping[str, Any]:
    found = listed(client.get("/organization", params={"$select": "id,displayName,verifiedDomains"}), "id").rows
    if not found or mapping.text(found[0]["id"]).lower() != client.config["tenant_id"].lower():
        raise CredentialsRejected(
            "This app belongs to another tenant than the one that was typed.",
            remedy="Compare the tenant id with the page Overview of the app registration, and connect again.",
        )
    return found[0]


def _granted_elsewhere(client: Client, granted: tuple[str, ...]) -> Iterator[str]:
    """By the other two APIs, where a component that is on needs them."""
    wanted = client.setup.scopes()
    host = urlsplit(activity_url(client.config)).hostname
    if host and scopes.ACTIVITY_FEED in wanted:
        yield from _granted_at(client, host)
    if scopes.SHAREPOINT in wanted and scopes.is_granted(scopes.SITES, granted):
        for role in _granted_at(client, _sharepoint_host(client)):
            yield f"{scopes.OF_SHAREPOINT}{role}"


def _granted_at(client: Client, host: str) -> tuple[str, ...]:
    """Nothing where the tenant does not have the service, or where nothing of it was ever added to the app."""
    try:
        return client.fresh_scopes(host)
    except PermissionMissing:
        return ()


def _sharepoint_host(client: Client) -> str:
    """The host of the tenant's own sites."""
    answer = client.get("/sites/root", params={"$select": "id,webUrl"})
    return urlsplit(mapping.text(document(answer, "webUrl")["webUrl"])).hostname or ""


def _missing(client: Client, granted: tuple[str, ...]) -> Iterator[MissingPermission]:
    for permission in client.setup.scopes():
        if not scopes.is_granted(permission, granted):
            yield MissingPermission(permission, _closed_by(client, permission), GRANT)


def _closed_by(client: Client, permission: str) -> tuple[Capability | ActionKind, ...]:
    """What cannot be done without it, by what feeds and actions say that they need."""
    found: dict[Capability | ActionKind, None] = {}
    offers: tuple[Feed | Action, ...] = (*client.connector.feeds, *client.connector.actions)
    for each in offers:
        if permission in each.permissions and client.has_component(each.component):
            found |= dict.fromkeys(each.serves if isinstance(each, Feed) else (each.kind,))
    return tuple(found)


def _warnings(client: Client, granted: tuple[str, ...]) -> Iterator[str]:
    """What an admin had better know, as far as the connection may read it."""
    found = [entra.certificate_warning(client.setup), secret_warning(client, granted)]
    if client.has_component(components.SIGN_IN_EVENTS) and scopes.AUDIT_LOGS in granted:
        found.append(_without_premium(client))
    if scopes.ACTIVITY_FEED in granted:
        found.append(_without_auditing(client))
    yield from (sentence for sentence in found if sentence)


def _without_premium(client: Client) -> str:
    try:
        listed(client.get("/auditLogs/signIns", params=ONE))
    except NotPremium:
        return NO_PREMIUM
    except RateLimited:
        # The feeds of the logs may have used up what is allowed of reports, which says nothing of the licence, and
        # must not keep the others waiting. Without a licence the feed of sign-ins says so.
        return ""
    return ""


def _without_auditing(client: Client) -> str:
    """The feed answers for a tenant that has a licence and records what happens."""
    try:
        client.get(
            f"{activity_url(client.config)}/subscriptions/list",
            params={"PublisherIdentifier": client.config["tenant_id"]},
        ).json()
    except NotAvailable as error:
        return str(error)
    return ""


def _unavailable(client: Client) -> Mapping[str, str]:
    """By name: what the cloud, or the way of connecting, does not offer."""
    feeds, actions = client.connector.feeds, client.connector.actions
    found: dict[str, str] = {}
    if not activity_url(client.config):
        found |= {feed.name: NO_FEED for feed in feeds if scopes.ACTIVITY_FEED in feed.permissions}
    if client.method_id == BY_SECRET:
        offers: tuple[Feed | Action, ...] = (*feeds, *actions)
        found |= {each.name: NO_CERTIFICATE for each in offers if scopes.SHAREPOINT in each.permissions}
    elif client.config.get("access") == scopes.READ_ONLY:
        found |= {feed.name: READS_ALONE for feed in feeds if scopes.SHAREPOINT in feed.permissions}
    return found


def _nothing_granted() -> PermissionMissing:
    return PermissionMissing(
        "The app may read nothing in this tenant yet.",
        why=f"{scopes.USERS} of Microsoft Graph is not granted to it, or was added as a delegated permission.",
        remedy=GRANT,
        permission=scopes.USERS,
    )

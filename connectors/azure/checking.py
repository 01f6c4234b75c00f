"""Who are we connected to, and what may we do there? Asked at connecting, at Test now and before scans.

A token proves nothing here: Azure gives one to an app without any role. So each thing is tried by a small call. Rights
to act are not tried: they may differ from one subscription to the next, and Azure names the one that is missing.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from connectors.azure import probes
from connectors.azure.mapping.values import text
from connectors.azure.reading import listed
from connectors.azure.refusals import NotPremium
from connectors.azure.scopes import DIRECTORY, LOG_READER, READER, SIGN_INS
from connectors.azure.tree import Subscription, subscriptions
from connectors.base import (
    ActionKind,
    Capability,
    Client,
    CredentialsRejected,
    MissingPermission,
    PermissionMissing,
    Tenant,
)

PROBES: Mapping[str, Callable[[Client], Any]] = {
    DIRECTORY: probes.look_up_nobody,
    SIGN_INS: probes.list_sign_ins,
    LOG_READER: probes.read_tenant_log,
    READER: probes.list_management_groups,
}
"""By what each needs. That there are subscriptions at all is asked first."""
MANY = 5


def check(client: Client) -> Tenant:
    """Raises PermissionMissing where Azure shows no subscription, and CredentialsRejected where the app belongs to
    another tenant than the one that was typed."""
    name = _tenant_name(client)
    found = subscriptions(client)
    unavailable: dict[str, str] = {}
    missing = tuple(_missing(client, unavailable))
    return Tenant(
        id=client.config["tenant_id"],
        name=name,
        url="https://portal.azure.com/",
        connected_as=f"app {client.config['client_id']}, which sees {_counted(len(found))}",
        granted=tuple(each for each in PROBES if each not in {one.permission for one in missing}),
        missing=missing,
        warnings=tuple(_warnings(found)),
        unavailable=unavailable,
    )


def _tenant_name(client: Client) -> str:
    """The tenants that the app can be seen in: its own, and that alone."""
    found = listed(client.get("/tenants", params={"api-version": probes.TENANTS}), "id").rows
    own = next((row for row in found if text(row.get("tenantId")).lower() == client.config["tenant_id"]), None)
    if found and own is None:
        raise CredentialsRejected(
            "This app belongs to another tenant than the one that was typed.",
            remedy="Compare the tenant id with the page Overview of the app registration, and connect again.",
        )
    return text((own or {}).get("displayName")) or client.config["tenant_id"]


def _missing(client: Client, unavailable: dict[str, str]) -> Iterator[MissingPermission]:
    for permission, probe in PROBES.items():
        try:
            probe(client)
        except NotPremium as error:
            unavailable["sign_ins"] = error.message
        except PermissionMissing as error:
            yield MissingPermission(permission, _closed_by(client, permission), error.remedy or str(error))


def _closed_by(client: Client, permission: str) -> tuple[Capability | ActionKind, ...]:
    """What cannot be read in full without it, by what feeds say that they need."""
    found = (kind for feed in client.connector.feeds if permission in feed.permissions for kind in feed.serves)
    return tuple(dict.fromkeys(found))


def _warnings(found: list[Subscription]) -> Iterator[str]:
    disabled = [each.name for each in found if not each.can_change]
    if disabled:
        more = f" and {len(disabled) - MANY} more" if len(disabled) > MANY else ""
        yield (
            f"Disabled in Azure, so what is in them can be read and not changed: {', '.join(disabled[:MANY])}{more}."
        )


def _counted(number: int) -> str:
    return "1 subscription" if number == 1 else f"{number} subscriptions"

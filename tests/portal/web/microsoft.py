"""An admin of Contoso's tenant at Microsoft: what the app registration asks for, and consent in a browser."""

import re
from collections.abc import Iterable
from html import unescape
from typing import Any

import requests
from django.test import Client
from django.urls import reverse

from connectors.office365 import scopes
from portal.instances.connecting import callback_url
from portal.instances.models import AppInstance
from tests.portal.web.visitor import come_back
from tests.sandbox.exchange import Json
from tests.sandbox.microsoft import permissions, seed, seed_apps, tenant
from tests.sandbox.server import Sandbox

DETAILS = {
    "tenant_id": seed.TENANT_ID, "client_id": seed.CLIENT_ID, "client_secret": seed_apps.CLIENT_SECRET,
    "cloud": "global",
}  # fmt: skip
SERVICES = {
    tenant.GRAPH: scopes.of_graph, tenant.ACTIVITY_FEED: scopes.of_management_api,
    tenant.SHAREPOINT: scopes.of_sharepoint,
}  # fmt: skip


def registration(sandbox: Sandbox) -> dict[str, Any]:
    """The properties of the app registration."""
    found = sandbox.microsoft.state.directory.application_of(seed.CLIENT_ID)
    assert found is not None
    return found.properties


def register(sandbox: Sandbox, wanted: Iterable[str]) -> None:
    """On the registration's pages: exactly these permissions, and the address of this portal."""
    found, names = registration(sandbox), list(wanted)
    found["web"]["redirectUris"] = [callback_url()]
    found["requiredResourceAccess"] = [
        _access(service, filter(None, map(named, names))) for service, named in SERVICES.items()
    ]


def upload(sandbox: Sandbox, pem: str) -> None:
    """On its page Certificates & secrets."""
    sandbox.microsoft.state.login.certificates["key-1"] = pem
    row = {"keyId": "key-1", "endDateTime": "2099-01-01T00:00:00Z", "type": "AsymmetricX509Cert", "usage": "Verify"}
    registration(sandbox)["keyCredentials"] = [row]


def draft(client: Client, *components: str, **details: str) -> AppInstance:
    """The wizard up to the consent page, with a client secret."""
    first = client.post(reverse("wizard_components", args=["office365"]), {"components": list(components)})
    client.post(first["Location"], {"name": "Contoso", "method": "client_secret"})
    instance = AppInstance.objects.get(app_id="office365", state="connecting")
    client.post(reverse("wizard_details", args=[instance.pk]), {**DETAILS, "access": "read", **details})
    return instance


def consent_link(client: Client, instance: AppInstance) -> str:
    page = client.get(reverse("wizard_consent", args=[instance.pk])).content.decode()
    links = re.findall(r'href="([^"]+/adminconsent\?[^"]*)"', page)
    assert links, "the page has no link to the consent page"
    return unescape(links[-1])


def consent(client: Client, instance: AppInstance, decision: str = "accept") -> Any:
    """At Microsoft's consent page as its first administrator, and back to the portal."""
    link = consent_link(client, instance)
    answer = requests.post(link, data={"decision": decision}, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    return come_back(client, answer.headers["Location"])


def _access(service: str, names: Iterable[str]) -> Json:
    return {
        "resourceAppId": service,
        "resourceAccess": [{"id": permissions.role_id(service, name), "type": "Role"} for name in names],
    }

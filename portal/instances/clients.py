"""From an instance to the client its connector is handed."""

from collections.abc import Mapping

from django.utils import timezone

from connectors.base import AuthMethod, Client, Connector, PageMemory, SecretStore
from connectors.catalogue import catalogue
from portal.instances.models import AppInstance
from portal.instances.network import network
from portal.instances.vault import InstanceVault


def connector_of(instance: AppInstance) -> Connector:
    """Raises KeyError when the connector is not installed any more."""
    return catalogue()[instance.app_id]


def method_of(instance: AppInstance) -> AuthMethod:
    return connector_of(instance).method(instance.method_id)


def client_for(instance: AppInstance, pages: PageMemory | None = None) -> Client:
    """A client with the instance's configuration, secrets and the portal's network; `pages`: what it need not read."""
    return client_with(instance, {**instance.config, **instance.holding}, InstanceVault(instance.pk), pages)


def client_with(
    instance: AppInstance, config: Mapping[str, str], secrets: SecretStore, pages: PageMemory | None = None
) -> Client:
    """The same with another configuration and other secrets than those in use."""
    return Client(
        connector_of(instance),
        method_of(instance),
        config=config,
        secrets=secrets,
        network=network(),
        now=timezone.now,
        pages=pages,
        components=tuple(instance.components),
    )


def wanted_scopes(instance: AppInstance) -> tuple[str, ...]:
    """What is asked for at the vendor, by the details in use and the components that are on."""
    return connector_of(instance).wanted(method_of(instance), instance.config, instance.components)

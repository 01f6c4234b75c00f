"""The components of an app: which are on, and what stands in the way of others."""

from collections.abc import Collection

from connectors.base import Component, Connector
from portal.instances.clients import connector_of
from portal.instances.models import AppInstance
from portal.instances.problems import Problem
from portal.instances.service import record, require_connect
from portal.people.models import User
from portal.preferences import preferences

FIELD = "components"
NOT_MONITORED = "File monitoring is off. A Global Admin switches it on in Settings, General."


def obstacle(component: Component) -> str:
    """A sentence why it cannot be switched on at present, '' where nothing stands in the way."""
    return NOT_MONITORED if component.needs_file_monitoring and not preferences.get("file_monitoring") else ""


def selection(connector: Connector, chosen: Collection[str], before: Collection[str] = ()) -> list[str]:
    """The ids that are on with this choice, in the connector's order: the fixed ones always are, and one that cannot
    be switched on stays as it was. Raises Problem for one that needs another, or cannot be switched on."""
    known = {component.id: component for component in connector.components}
    wanted = [each.id for each in known.values() if _is_wanted(each, chosen, before)]
    for name in wanted:
        blocked = obstacle(known[name])
        if blocked and name not in before:
            raise Problem(f"{known[name].label} cannot be switched on.", remedy=blocked, field=FIELD)
        lacking = [known[need].label for need in known[name].needs if need not in wanted]
        if lacking:
            raise Problem(
                f"{known[name].label} needs {' and '.join(lacking)}.",
                remedy="Switch that on as well, or this off.", field=FIELD,
            )
    return wanted


def choose(actor: User, instance: AppInstance, chosen: Collection[str]) -> None:
    """Switch components on and off. Raises Problem as `selection` does."""
    require_connect(actor, instance)
    before = list(instance.components)
    wanted = selection(connector_of(instance), chosen, before)
    if wanted == before:
        return
    instance.components = wanted
    instance.save(update_fields=["components"])
    record(actor, "instance.components_chosen", instance, {"components": before}, {"components": wanted})


def _is_wanted(component: Component, chosen: Collection[str], before: Collection[str]) -> bool:
    is_chosen = component.id in chosen or (bool(obstacle(component)) and component.id in before)
    return component.is_fixed or is_chosen

"""Which actions a person may ask for: what the connector has, what the role allows, what the state permits."""

from dataclasses import dataclass

from connectors.base import WORDS, Action, ActionFamily, ActionKind, Facts
from portal.governance.models import GovernanceAction
from portal.governance.targets import TargetRow, facts_of, kind_of
from portal.instances.clients import connector_of
from portal.instances.models import AppInstance, State
from portal.people.models import User
from portal.people.roles import Right
from portal.people.scope import Scope, scope_of

RIGHTS = {
    ActionFamily.ACCOUNT: Right.ACT_ACCOUNT,
    ActionFamily.FILE: Right.ACT_FILE,
    ActionFamily.APP_PERMISSION: Right.ACT_APP_PERMISSION,
}


GONE = "It is no longer in the app."


@dataclass(frozen=True, slots=True)
class Offer:
    """`reason` says why the action cannot be asked for now; empty when it can."""

    action: Action
    reason: str

    @property
    def is_allowed(self) -> bool:
        return not self.reason


def right_for(kind: ActionKind) -> Right:
    """The right that an action of this kind asks for."""
    family = WORDS[kind].family
    if family is None:
        raise KeyError(kind)
    return RIGHTS[family]


def may_still(row: GovernanceAction) -> bool:
    """Whether who asked for this is still here and may act so in this instance; who approved of it, too."""
    needed = {row.retried_by_id or row.requested_by_id or 0, *([row.approved_by_id] if row.approved_by_id else [])}
    right = right_for(ActionKind(row.kind))
    people = User.objects.filter(pk__in=needed)
    allowed = [
        scope_of(person).can(right, instance_id=row.instance_id, app_id=row.instance.app_id) for person in people
    ]
    return len(allowed) == len(needed) and all(allowed)


def offers(scope: Scope, instance: AppInstance, target: TargetRow) -> list[Offer]:
    """Those the role allows and that make sense for the target, in the connector's order; what the state of things, the
    tenant's plan or a permission that is missing forbids carries the reason."""
    kind, facts = kind_of(target), facts_of(target)
    reason = obstacle(instance, target)
    return [
        Offer(action, reason or closed(instance, action))
        for action in connector_of(instance).actions
        if action.target is kind.record
        and not action.is_for_held
        and applies(action, facts)
        and scope.can(right_for(action.kind), instance_id=instance.pk, app_id=instance.app_id)
    ]


def applies(action: Action, facts: Facts) -> bool:
    """Whether the action makes sense for a target, by what the inventory knows of it."""
    return action.applies is None or action.applies(facts)


def obstacle(instance: AppInstance, target: TargetRow) -> str:
    """A sentence why nothing can be done to this target now, else ''."""
    if target.gone_at is not None:
        return GONE
    return instance_obstacle(instance)


def instance_obstacle(instance: AppInstance) -> str:
    """A sentence why nothing can be done in this instance now, else ''."""
    if instance.state == State.PAUSED:
        return f"{instance.name} is paused. Resume it first."
    if instance.state == State.ATTENTION:
        return f"{instance.name} needs attention: {instance.problem}"
    if instance.state != State.CONNECTED:
        return f"{instance.name} is not connected."
    return ""


def closed(instance: AppInstance, action: Action) -> str:
    """A sentence why this action cannot be done to any target of the instance now, else ''."""
    if action.name in instance.unavailable:
        return str(instance.unavailable[action.name])
    if action.component and action.component not in instance.components:
        return f"{_label_of(instance, action.component)} is switched off: it is a component of {instance.name}."
    lacking = next((each for each in instance.missing if each["permission"] in action.permissions), None)
    return f"{lacking['permission']} was not granted. {lacking['remedy']}" if lacking else ""


def _label_of(instance: AppInstance, component: str) -> str:
    return next(each.label for each in connector_of(instance).components if each.id == component)

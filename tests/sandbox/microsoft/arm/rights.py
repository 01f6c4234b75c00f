"""Who may do what where: by the roles that were assigned at the scope or above it."""

from collections.abc import Iterable

from tests.sandbox.microsoft.arm import scopes
from tests.sandbox.microsoft.arm.azure import Azure, Role
from tests.sandbox.microsoft.directory.store import Directory


def identities(directory: Directory, principal_id: str) -> set[str]:
    """The principal and the groups it is in, nested ones too."""
    found, waiting = {principal_id}, [principal_id]
    while waiting:
        for group in directory.groups_of(waiting.pop()):
            if group.id not in found:
                found.add(group.id)
                waiting.append(group.id)
    return found


def may(azure: Azure, whose: set[str], action: str, scope: str) -> bool:
    if scopes.subscription_id(scope) in azure.closed:
        return False
    above = set(azure.above(scope))
    return any(allows(role, action) for role in _roles(azure, whose, above))


def _roles(azure: Azure, whose: set[str], above: set[str]) -> Iterable[Role]:
    for each in azure.assignments.values():
        if each.principal_id in whose and scopes.key(each.scope) in above and not each.is_foreign:
            yield azure.roles[each.role_id]


def sees(azure: Azure, whose: set[str], subscription_id: str) -> bool:
    """A subscription shows to those who hold a role at it, above it or below it."""
    if subscription_id in azure.closed:
        return False
    scope = f"/subscriptions/{subscription_id}"
    above = set(azure.above(scope))
    held = [each for each in azure.assignments.values() if each.principal_id in whose]
    return any(scopes.key(each.scope) in above or scopes.is_below(each.scope, scope) for each in held)


def allows(role: Role, action: str) -> bool:
    return _matches(role.actions, action) and not _matches(role.not_actions, action)


def _matches(patterns: tuple[str, ...], action: str) -> bool:
    return any(_is_like(each.lower(), action.lower()) for each in patterns)


def _is_like(pattern: str, action: str) -> bool:
    """A star stands for anything."""
    first, *rest = pattern.split("*")
    if not rest:
        return pattern == action
    if not action.startswith(first):
        return False
    at = len(first)
    for each in rest[:-1]:
        at = action.find(each, at)
        if at < 0:
            return False
        at += len(each)
    return len(action) - at >= len(rest[-1]) and action.endswith(rest[-1])

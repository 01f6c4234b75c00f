"""What the connection's permissions, roles and rights mean to an admin, and what harm their holder can do."""

from connectors.azure import scopes
from connectors.base import Risk, ScopeMeaning

SCOPES: dict[str, tuple[str, Risk]] = {
    scopes.DIRECTORY: ("Read the directory: people, groups, apps, roles", Risk.MEDIUM),
    scopes.SIGN_INS: ("Read audit logs and sign-ins", Risk.MEDIUM),
    scopes.READER: ("Read what is in the subscriptions, and who may do what there", Risk.MEDIUM),
    scopes.LOG_READER: ("Read what happens above all subscriptions", Risk.MEDIUM),
    scopes.REMOVE_ROLES: ("Take roles away", Risk.HIGH),
    scopes.GIVE_ROLES: ("Give any role to anybody, which undoing needs", Risk.HIGH),
    scopes.LOCK: ("Lock resource groups against changes", Risk.HIGH),
    scopes.UNLOCK: ("Remove locks, which undoing needs", Risk.HIGH),
    scopes.CHANGE_STORAGE: ("Change settings of storage accounts", Risk.HIGH),
    scopes.SUBSCRIBE: ("Have Azure tell at once what happens", Risk.MEDIUM),
    scopes.UNSUBSCRIBE: ("End what was set up to tell it", Risk.MEDIUM),
}


def scope_meaning(scope: str) -> ScopeMeaning:
    """Of any text; what is not known keeps its name."""
    words, risk = SCOPES.get(scope, (scope, Risk.UNKNOWN))
    return ScopeMeaning(words, risk)

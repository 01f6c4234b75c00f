"""Which feeds and actions a tenant does not offer, and why, as an admin reads it.

Decided by the product, the plan, single sign-on, managed users and the way of connecting. Permissions that were not
granted are another matter (checking.py).
"""

from collections.abc import Callable
from dataclasses import dataclass

from connectors.github.products import Product


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`has_saml`: the organisation itself requires single sign-on. `is_managed`: its people are managed users of an
    enterprise. `no_audit_log`: a sentence why there is none, ''. `may_uninstall`: the GitHub App is installed on the
    enterprise, too, and may change what is installed in its organisations."""

    product: Product
    is_app: bool
    has_saml: bool
    is_managed: bool
    is_site_admin: bool
    enterprise: str
    no_audit_log: str
    may_uninstall: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """These are not offered where it holds."""

    names: tuple[str, ...]
    holds: Callable[[Surroundings], bool]
    reason: str


NO_BLOCKING = "GitHub Enterprise Server has no blocking of people in an organisation."
NO_INVITATIONS = "There are no invitations to cancel: GitHub Enterprise Server keeps no list of them."
NO_INVITATIONS_MANAGED = "There are no invitations: people of this organisation come from the identity provider."
NO_SINGLE_SIGN_ON = (
    "GitHub lists and revokes members' tokens and keys only where the organisation itself has SAML single sign-on."
)
NO_SUSPENDING = (
    "Only GitHub Enterprise Server suspends accounts at an app's request. Remove the account from the organisation "
    "instead; managed users of an enterprise are suspended in its identity provider, whose token alone GitHub accepts."
)
NO_EXTERNAL_GROUPS = (
    "The identity provider's groups are at GitHub only where an enterprise manages its users; teams are read."
)
NO_GROUPS_OF_SERVERS = (
    "On GitHub Enterprise Server the identity provider's groups are not read: whether a server has them shows by "
    "trying alone. Teams are read, those that follow such a group too."
)
NO_ENTERPRISE = "Fill in Enterprise slug in Edit details to have the administrators of the enterprise read."
ENTERPRISE_APP = "GitHub shows the administrators of an enterprise to its owners alone: connect by the OAuth App."
NO_SITE_ADMIN = "GitHub Enterprise Server lets site administrators alone suspend accounts."
APP_ONLY = "GitHub shows fine-grained tokens to a GitHub App alone. Connect with the method GitHub App to see them."
NO_UNINSTALLING = (
    "GitHub lets only an app that is installed on the enterprise, with the permission Enterprise organization "
    "installations, uninstall others. The app's address here leads to its page in GitHub, where owners suspend or "
    "uninstall it."
)
NO_DIRECTORY = "There is no directory (SCIM) to take an account out of: that comes with SAML single sign-on."

SINGLE_SIGN_ON = ("authorised_credentials", "require_sign_in", "revoke_credential")
FINE_GRAINED = ("fine_grained_tokens", "token_requests", "revoke_fine_grained_token", "deny_token_request")

TOLD_BETTER = "The audit log tells it, with more around it."

RULES = (
    Rule(("repository_activity",), lambda at: not at.no_audit_log, TOLD_BETTER),
    Rule(("blocked_people", "block_account", "unblock_account"), lambda at: at.product is Product.SERVER, NO_BLOCKING),
    Rule(("cancel_invitation",), lambda at: at.product is Product.SERVER, NO_INVITATIONS),
    Rule(("cancel_invitation",), lambda at: at.is_managed, NO_INVITATIONS_MANAGED),
    Rule(SINGLE_SIGN_ON, lambda at: not at.has_saml, NO_SINGLE_SIGN_ON),
    Rule(("suspend_account", "unsuspend_account"), lambda at: at.product is not Product.SERVER, NO_SUSPENDING),
    Rule(("suspend_account", "unsuspend_account"), lambda at: not at.is_site_admin, NO_SITE_ADMIN),
    Rule(FINE_GRAINED, lambda at: not at.is_app, APP_ONLY),
    Rule(("uninstall_app",), lambda at: not at.may_uninstall, NO_UNINSTALLING),
    Rule(("external_groups",), lambda at: at.product is Product.SERVER, NO_GROUPS_OF_SERVERS),
    Rule(("external_groups",), lambda at: not at.is_managed, NO_EXTERNAL_GROUPS),
    Rule(("enterprise_administrators",), lambda at: at.is_app, ENTERPRISE_APP),
    Rule(("enterprise_administrators",), lambda at: not at.enterprise, NO_ENTERPRISE),
    Rule(("deprovision_account",), lambda at: not at.has_saml, NO_DIRECTORY),
)
"""The first that holds gives the reason."""


def unavailable(at: Surroundings) -> dict[str, str]:
    """Names of feeds and actions, each with the reason."""
    found = {"audit_log": at.no_audit_log} if at.no_audit_log else {}
    for rule in RULES:
        if rule.holds(at):
            found |= {name: rule.reason for name in rule.names if name not in found}
    return found

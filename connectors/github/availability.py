"""Which feeds and actions a tenant does not offer, and why, as an admin reads it.

Decided by the product, the plan, single sign-on, managed users and the way of connecting. Permissions that were not
granted are another matter (checking.py).
"""

from collections.abc import Callable
from dataclasses import dataclass

from connectors.github.products import Product


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is None, GitHub does not tell this connection, which closes nothing.

    `has_saml`: the organisation itself has single sign-on. `is_managed`: its people are managed users of an enterprise.
    `has_external_groups`: an identity provider's groups are at GitHub. `no_audit_log`: why there is none, ''.
    `may_uninstall`: the GitHub App is installed on the enterprise, too, and may change what is installed in its
    organisations."""

    product: Product
    is_app: bool
    has_saml: bool | None
    is_managed: bool | None
    is_site_admin: bool
    enterprise: str
    no_audit_log: str
    has_external_groups: bool | None = False
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
NO_GROUPS_OF_SERVER = "This server takes no groups from an identity provider (SCIM); teams are read."
NO_PROVISIONING = (
    "Identities that nobody has claimed are there only where the organisation itself has SAML single sign-on: the "
    "identity provider of an enterprise or of a server makes accounts at once."
)
NO_ENTERPRISE = (
    "Fill in Enterprise slug in Edit details to have the administrators, teams and roles of the enterprise read."
)
ENTERPRISE_APP = "Gatehouse reads the enterprise as one of its owners: connect by the OAuth App."
ENTERPRISE_ON_SERVER = "Teams and roles of an enterprise are read on GitHub's cloud alone; its administrators are read."
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

ENTERPRISE = ("enterprise_administrators", "enterprise_teams", "enterprise_roles")

TOLD_BETTER = "The audit log tells it, with more around it."



def _is_server(at: Surroundings) -> bool:
    return at.product is Product.SERVER


def _is_server_without_groups(at: Surroundings) -> bool:
    return _is_server(at) and at.has_external_groups is False


RULES = (
    Rule(("repository_activity",), lambda at: not at.no_audit_log, TOLD_BETTER),
    Rule(("blocked_people", "block_account", "unblock_account"), lambda at: at.product is Product.SERVER, NO_BLOCKING),
    Rule(("cancel_invitation",), lambda at: at.product is Product.SERVER, NO_INVITATIONS),
    Rule(("cancel_invitation",), lambda at: at.is_managed is True, NO_INVITATIONS_MANAGED),
    Rule(SINGLE_SIGN_ON, lambda at: at.has_saml is False, NO_SINGLE_SIGN_ON),
    Rule(("unclaimed_identities",), lambda at: at.has_saml is False, NO_PROVISIONING),
    Rule(("suspend_account", "unsuspend_account"), lambda at: at.product is not Product.SERVER, NO_SUSPENDING),
    Rule(("suspend_account", "unsuspend_account"), lambda at: not at.is_site_admin, NO_SITE_ADMIN),
    Rule(FINE_GRAINED, lambda at: not at.is_app, APP_ONLY),
    Rule(("uninstall_app",), lambda at: not at.may_uninstall, NO_UNINSTALLING),
    Rule(("external_groups",), _is_server_without_groups, NO_GROUPS_OF_SERVER),
    Rule(("external_groups",), lambda at: at.has_external_groups is False, NO_EXTERNAL_GROUPS),
    Rule(("enterprise_teams", "enterprise_roles"), _is_server, ENTERPRISE_ON_SERVER),
    Rule(ENTERPRISE, lambda at: at.is_app, ENTERPRISE_APP),
    Rule(ENTERPRISE, lambda at: not at.enterprise, NO_ENTERPRISE),
    Rule(("deprovision_account",), lambda at: at.has_saml is False, NO_DIRECTORY),
)
"""The first that holds gives the reason."""


def unavailable(at: Surroundings) -> dict[str, str]:
    """Names of feeds and actions, each with the reason."""
    found = {"audit_log": at.no_audit_log} if at.no_audit_log else {}
    for rule in RULES:
        if rule.holds(at):
            found |= {name: rule.reason for name in rule.names if name not in found}
    return found

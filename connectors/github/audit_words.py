"""What the audit log's actions mean: category, outcome, OCSF class, and a sentence for people.

Actions are `category.operation`. What is not named here keeps its own name and the category of its first word.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.base import ActivityCategory, Outcome, Target

SIGN_IN_ACTIONS = ("org.sso_response", "business.sso_response")
SIGN_IN_BEGINNINGS = ("user.login", "user.failed_login")  # of enterprise-managed users only (unverified)
ADMIN_WORDS = (
    "org", "team", "hook", "integration", "integration_installation", "oauth_application", "protected_branch",
    "repository_ruleset", "role", "organization_role", "ip_allow_list", "ip_allow_list_entry",
    "personal_access_token", "org_credential_authorization", "business", "enterprise",
    "external_identity",
)  # fmt: skip
ADMIN_ACTIONS = ("user.suspend", "user.unsuspend")
"""Of a category that is otherwise the person's own."""

AUTHENTICATION, ACCOUNT_CHANGE, ENTITY_MANAGEMENT = 3002, 3001, 3004
USER_ACCESS, GROUP_MANAGEMENT, API_ACTIVITY = 3005, 3006, 6003
OCSF_CLASSES = {
    "org.add_member": ACCOUNT_CHANGE,
    "org.invite_member": ACCOUNT_CHANGE,
    "org.remove_member": ACCOUNT_CHANGE,
    "org.block_user": ACCOUNT_CHANGE,
    "org.unblock_user": ACCOUNT_CHANGE,
    "user.suspend": ACCOUNT_CHANGE,
    "user.unsuspend": ACCOUNT_CHANGE,
    "org.update_member": USER_ACCESS,
    "repo.add_member": USER_ACCESS,
    "repo.remove_member": USER_ACCESS,
    "repo.update_member": USER_ACCESS,
}

SENTENCES = {
    "org.add_member": "{actor} added {target} to the organisation",
    "org.invite_member": "{actor} invited {target} to the organisation",
    "org.cancel_invitation": "{actor} cancelled the invitation of {target}",
    "org.remove_member": "{actor} removed {target} from the organisation",
    "org.update_member": "{actor} changed the role of {target}",
    "org.block_user": "{actor} blocked {target}",
    "org.unblock_user": "{actor} unblocked {target}",
    "user.suspend": "{actor} suspended {target}",
    "user.unsuspend": "{actor} unsuspended {target}",
    "external_identity.deprovision": "{actor} deprovisioned {target}",
    "org.sso_response": "{actor} signed in with single sign-on",
    "org.disable_two_factor_requirement": "{actor} no longer requires two-factor authentication",
    "org.disable_saml": "{actor} switched SAML single sign-on off",
    "org.saml_disabled": "{actor} switched SAML single sign-on off",
    "org.disable_oauth_app_restrictions": "{actor} removed the restrictions for OAuth apps",
    "org.oauth_app_access_approved": "{actor} approved an OAuth app",
    "integration_installation.create": "{actor} installed an app",
    "integration_installation.destroy": "{actor} uninstalled an app",
    "team.add_member": "{actor} added {target} to a team",
    "team.remove_member": "{actor} removed {target} from a team",
    "repo.access": "{actor} changed the visibility of {target}",
    "repo.create": "{actor} created {target}",
    "repo.destroy": "{actor} deleted {target}",
    "repo.transfer": "{actor} transferred {target}",
    "repo.archived": "{actor} archived {target}",
    "repo.add_member": "{actor} gave {target} access to a repository",
    "repo.remove_member": "{actor} took {target}'s access to a repository",
    "protected_branch.destroy": "{actor} removed a branch protection of {target}",
    "hook.create": "{actor} created a webhook",
    "git.clone": "{actor} cloned {target}",
    "git.fetch": "{actor} fetched from {target}",
    "git.push": "{actor} pushed to {target}",
}


def category(action: str, operation_type: str) -> ActivityCategory:
    if action in SIGN_IN_ACTIONS or action.startswith(SIGN_IN_BEGINNINGS) or operation_type == "authentication":
        return ActivityCategory.SIGN_IN
    is_admin = action in ADMIN_ACTIONS or action.partition(".")[0] in ADMIN_WORDS
    return ActivityCategory.ADMIN if is_admin else ActivityCategory.USER


def outcome(action: str, found: Mapping[str, Any]) -> Outcome:
    """The log has no such field: events tell of what succeeded, except where their name says otherwise."""
    operation = action.partition(".")[2]
    if "rejected" in operation or "failed" in operation or found.get("conclusion") == "failure":
        return Outcome.FAILURE
    if action in SIGN_IN_ACTIONS and not found.get("external_identity_nameid"):
        return Outcome.UNKNOWN
    return Outcome.SUCCESS


def ocsf_class(action: str) -> int:
    if action in SIGN_IN_ACTIONS or action.startswith(SIGN_IN_BEGINNINGS):
        return AUTHENTICATION
    first = action.partition(".")[0]
    if action in OCSF_CLASSES:
        return OCSF_CLASSES[action]
    if first == "team":
        return GROUP_MANAGEMENT
    return ENTITY_MANAGEMENT if first in ADMIN_WORDS else API_ACTIVITY


def sentence(action: str, actor: str, targets: Sequence[Target]) -> str:
    """One line for people; for actions without words of their own the vendor's name of it."""
    who = actor or "Somebody"
    what = targets[0].name if targets else "something"
    if action in SENTENCES:
        return SENTENCES[action].format(actor=who, target=what)
    return f"{who}: {action.replace('.', ' ').replace('_', ' ')}" + (f" ({what})" if targets else "")

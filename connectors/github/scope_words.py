"""What scopes and permissions mean to an analyst, and what harm their holder can do.

Reading what is public or one's own is of low risk; reading members, code or files of medium; writing, administering
and whatever opens everything of high.
"""

from collections.abc import Iterable

from connectors.base import Risk, ScopeMeaning, highest

LOW, MEDIUM, HIGH = Risk.LOW, Risk.MEDIUM, Risk.HIGH

SCOPES: dict[str, tuple[str, Risk]] = {
    "repo": ("Read and change code, settings and collaborators of all repositories", HIGH),
    "repo:status": ("Set the status of commits", HIGH),
    "repo_deployment": ("Make deployments", HIGH),
    "public_repo": ("Read and change code of public repositories", HIGH),
    "repo:invite": ("Accept invitations to repositories", HIGH),
    "security_events": ("Read and change security alerts", HIGH),
    "delete_repo": ("Delete repositories", HIGH),
    "workflow": ("Change workflows, which run with the repository's secrets", HIGH),
    "admin:repo_hook": ("Administer webhooks of repositories", HIGH),
    "write:repo_hook": ("Change webhooks of repositories", HIGH),
    "read:repo_hook": ("Read webhooks of repositories", MEDIUM),
    "admin:org": ("Administer organisations: members, teams, roles, settings", HIGH),
    "write:org": ("Change memberships and teams of organisations", HIGH),
    "read:org": ("Read members and teams of organisations", MEDIUM),
    "admin:org_hook": ("Administer webhooks of organisations", HIGH),
    "admin:public_key": ("Administer one's SSH keys", HIGH),
    "write:public_key": ("Add SSH keys to one's account", HIGH),
    "read:public_key": ("Read one's SSH keys", LOW),
    "admin:gpg_key": ("Administer one's signing keys", HIGH),
    "write:gpg_key": ("Add signing keys to one's account", HIGH),
    "read:gpg_key": ("Read one's signing keys", LOW),
    "admin:ssh_signing_key": ("Administer one's SSH signing keys", HIGH),
    "write:ssh_signing_key": ("Add SSH signing keys to one's account", HIGH),
    "read:ssh_signing_key": ("Read one's SSH signing keys", LOW),
    "gist": ("Write one's gists", HIGH),
    "notifications": ("Read one's notifications", MEDIUM),
    "user": ("Read and change one's profile", HIGH),
    "read:user": ("Read one's profile", LOW),
    "user:email": ("Read one's e-mail addresses", LOW),
    "user:follow": ("Follow people for one", LOW),
    "project": ("Read and change projects", HIGH),
    "read:project": ("Read projects", MEDIUM),
    "write:discussion": ("Write team discussions", HIGH),
    "read:discussion": ("Read team discussions", MEDIUM),
    "write:packages": ("Publish packages", HIGH),
    "read:packages": ("Download packages", MEDIUM),
    "delete:packages": ("Delete packages", HIGH),
    "audit_log": ("Read and stream the audit log", HIGH),
    "read:audit_log": ("Read the audit log", MEDIUM),
    "codespace": ("Make and use codespaces", HIGH),
    "copilot": ("Administer Copilot seats", HIGH),
    "manage_billing:copilot": ("Administer Copilot seats", HIGH),
    "admin:enterprise": ("Administer enterprises", HIGH),
    "manage_runners:enterprise": ("Administer runners of enterprises", HIGH),
    "manage_billing:enterprise": ("Read and change billing of enterprises", HIGH),
    "read:enterprise": ("Read profile and licences of enterprises", MEDIUM),
    "scim:enterprise": ("Provision people of enterprises", HIGH),
    "site_admin": ("Administer the whole server", HIGH),
    "repository:read": ("Read the code of one repository", MEDIUM),
    "repository:write": ("Read and change the code of one repository", HIGH),
    "*": ("Is told of everything that happens", HIGH),
}
"""Of OAuth Apps and classic tokens; `repository:` is of deploy keys, the last one of webhooks."""

PERMISSIONS: dict[str, str] = {
    "administration": "settings, collaborators and visibility of repositories",
    "actions": "workflows, runs and artifacts",
    "checks": "checks of commits",
    "codespaces": "codespaces",
    "contents": "code, commits and releases",
    "dependabot_secrets": "Dependabot secrets",
    "deployments": "deployments",
    "discussions": "discussions",
    "email_addresses": "e-mail addresses of the account",
    "emails": "e-mail addresses of the account",
    "environments": "environments",
    "followers": "followers",
    "gists": "gists",
    "git_ssh_keys": "SSH keys of the account",
    "gpg_keys": "signing keys of the account",
    "issues": "issues",
    "members": "members and teams",
    "merge_queues": "merge queues",
    "metadata": "names and descriptions of repositories",
    "organization_administration": "settings and audit log of the organisation",
    "organization_announcement_banners": "the organisation's banner",
    "organization_custom_org_roles": "organisation roles",
    "organization_custom_properties": "custom properties",
    "organization_custom_roles": "repository roles",
    "organization_events": "public events of the organisation",
    "organization_hooks": "webhooks of the organisation",
    "organization_packages": "packages of the organisation",
    "organization_personal_access_token_requests": "requests for fine-grained tokens",
    "organization_personal_access_tokens": "fine-grained tokens",
    "organization_plan": "the organisation's plan",
    "organization_projects": "projects of the organisation",
    "organization_secrets": "secrets of the organisation",
    "organization_self_hosted_runners": "runners of the organisation",
    "organization_user_blocking": "who is blocked",
    "packages": "packages",
    "pages": "pages",
    "plan": "the account's plan",
    "profile": "the account's profile",
    "pull_requests": "pull requests",
    "repository_custom_properties": "custom properties of repositories",
    "repository_hooks": "webhooks of repositories",
    "repository_projects": "projects of repositories",
    "secret_scanning_alerts": "secret scanning alerts",
    "secrets": "secrets of repositories",
    "security_events": "code scanning alerts",
    "single_file": "single files",
    "starring": "stars",
    "statuses": "statuses of commits",
    "vulnerability_alerts": "Dependabot alerts",
    "workflows": "workflow files",
}
"""Of GitHub Apps and fine-grained tokens, with `:read`, `:write` or `:admin` behind them."""

VERBS = {"read": "Read", "write": "Read and change", "admin": "Administer"}
HARMLESS = ("metadata", "organization_plan", "organization_events", "organization_announcement_banners", "starring",
            "followers", "email_addresses", "emails", "plan", "profile", "gpg_keys", "git_ssh_keys")  # fmt: skip
"""Reading them shows what is public or the holder's own."""


def scope_meaning(scope: str) -> ScopeMeaning:
    """Whatever is not known keeps its name; what one can read or write by it is told by its level."""
    if scope in SCOPES:
        return ScopeMeaning(*SCOPES[scope])
    name, _, level = scope.rpartition(":")
    if level not in VERBS:
        return ScopeMeaning(scope, Risk.UNKNOWN)
    words = f"{VERBS[level]} {PERMISSIONS.get(name, name.replace('_', ' '))}"
    if level != "read":
        return ScopeMeaning(words, HIGH)
    return ScopeMeaning(words, LOW if name in HARMLESS else MEDIUM)


def risk_of(scopes: Iterable[str]) -> Risk:
    return highest(scope_meaning(scope).risk for scope in scopes)

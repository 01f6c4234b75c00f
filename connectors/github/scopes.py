"""What an admin grants, in GitHub's words: scopes to the OAuth App, permissions to the GitHub App."""

from collections.abc import Iterable, Mapping

from connectors.github.products import Config, Product, product_of

READ_ORG, READ_AUDIT_LOG, READ_USER, ADMIN_ORG = "read:org", "read:audit_log", "read:user", "admin:org"
REPO, WORKFLOW, ADMIN_ORG_HOOK, READ_ENTERPRISE = "repo", "workflow", "admin:org_hook", "read:enterprise"
SITE_ADMIN = "site_admin"
SCOPES = (READ_ORG, READ_AUDIT_LOG, READ_USER, ADMIN_ORG, REPO, WORKFLOW, ADMIN_ORG_HOOK)
"""The narrow ones first."""

METADATA, READ_MEMBERS, READ_PLAN = "metadata:read", "members:read", "organization_plan:read"
READ_ADMINISTRATION, READ_ROLES = "organization_administration:read", "organization_custom_org_roles:read"
READ_REPOSITORIES, READ_CONTENTS = "administration:read", "contents:read"
WRITE_CONTENTS, WRITE_WORKFLOWS = "contents:write", "workflows:write"
READ_HOOKS, READ_ORG_HOOKS = "repository_hooks:read", "organization_hooks:read"
READ_BLOCKS = "organization_user_blocking:read"
READ_TOKENS, READ_TOKEN_REQUESTS = (
    "organization_personal_access_tokens:read",
    "organization_personal_access_token_requests:read",
)
PERMISSIONS = (
    METADATA,
    READ_MEMBERS,
    "members:write",
    READ_PLAN,
    READ_ADMINISTRATION,
    "organization_administration:write",
    READ_ROLES,
    "organization_custom_org_roles:write",
    READ_BLOCKS,
    "organization_user_blocking:write",
    READ_ORG_HOOKS,
    "organization_hooks:write",
    READ_TOKENS,
    "organization_personal_access_tokens:write",
    READ_TOKEN_REQUESTS,
    "organization_personal_access_token_requests:write",
    READ_REPOSITORIES,
    "administration:write",
    READ_CONTENTS,
    WRITE_CONTENTS,
    READ_HOOKS,
    "repository_hooks:write",
    WRITE_WORKFLOWS,
)
"""Of a GitHub App; a permission to write holds the one to read."""

CONTAINED: Mapping[str, frozenset[str]] = {
    ADMIN_ORG: frozenset({READ_ORG, "write:org"}),
    "write:org": frozenset({READ_ORG}),
    "user": frozenset({READ_USER, "user:email", "user:follow"}),
    "audit_log": frozenset({READ_AUDIT_LOG}),
    "admin:enterprise": frozenset({READ_ENTERPRISE, "manage_billing:enterprise"}),
}
"""Scopes that another one brings along; GitHub then no longer lists them."""


def called_for(config: Config) -> tuple[str, ...]:
    """What is asked for beside SCOPES: where the enterprise is read, too, and on a server of one's own."""
    enterprise = (READ_ENTERPRISE,) if config.get("enterprise") else ()
    return (*enterprise, SITE_ADMIN) if product_of(config) is Product.SERVER else enterprise


def held(granted: Iterable[str]) -> frozenset[str]:
    """What was granted, with all that it brings along."""
    found = set(granted)
    for each in tuple(found):
        found |= CONTAINED.get(each, frozenset())
        name, _, level = each.rpartition(":")
        if level in ("write", "admin"):
            found |= {f"{name}:read", f"{name}:write"}
    return frozenset(found)


def permissions_of(permissions: Mapping[str, str]) -> tuple[str, ...]:
    """Of an app or a token, as GitHub lists them: {"members": "read"} is members:read."""
    return tuple(sorted(f"{name}:{level}" for name, level in permissions.items()))

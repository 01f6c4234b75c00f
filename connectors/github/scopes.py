"""What an admin grants to the OAuth App, in GitHub's words."""

READ_ORG, READ_AUDIT_LOG, READ_USER, ADMIN_ORG = "read:org", "read:audit_log", "read:user", "admin:org"
SCOPES = (READ_ORG, READ_AUDIT_LOG, READ_USER, ADMIN_ORG)
"""The narrow ones first."""
CONTAINED = {ADMIN_ORG: {READ_ORG, "write:org"}, "user": {READ_USER}}
"""Scopes that another one brings along; GitHub then no longer lists them."""

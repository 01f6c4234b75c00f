"""What categories and types of events mean. Dropbox adds types as it likes: what is not named here keeps its name."""

from connectors.base import ActivityCategory, Outcome

LOGINS = "logins"
ADMIN = frozenset({
    "members", "groups", "team_policies", "team_folders", "team_profile", "sso", "tfa", "domains", "trusted_teams",
    "reports", "data_governance", "admin_alerting", "encryption",
})  # fmt: skip
"""Categories of what admins do; all others are of what members do."""
FAILURES = ("_fail", "_error", "_blocked_by_permissions")

AUTHENTICATION, ACCOUNT_CHANGE, ENTITY_MANAGEMENT = 3002, 3001, 3004
USER_ACCESS, GROUP_MANAGEMENT, FILE_HOSTING = 3005, 3006, 6006
OCSF_CLASSES = {
    LOGINS: AUTHENTICATION,
    "members": ACCOUNT_CHANGE,
    "passwords": ACCOUNT_CHANGE,
    "tfa": ACCOUNT_CHANGE,
    "groups": GROUP_MANAGEMENT,
    "file_operations": FILE_HOSTING,
    "sharing": FILE_HOSTING,
}
ROLE_CHANGE = "member_change_admin_role"


def category(name: str, *, is_by_admin: bool) -> ActivityCategory:
    """`is_by_admin`: Dropbox says that it was done in the role of an admin."""
    if name == LOGINS:
        return ActivityCategory.SIGN_IN
    return ActivityCategory.ADMIN if name in ADMIN or is_by_admin else ActivityCategory.USER


def outcome(event_type: str) -> Outcome:
    """The log has no such member: events tell of what succeeded, except where their name says otherwise."""
    return Outcome.FAILURE if event_type.endswith(FAILURES) else Outcome.SUCCESS


def ocsf_class(name: str, event_type: str) -> int:
    if event_type == ROLE_CHANGE:
        return USER_ACCESS
    return OCSF_CLASSES.get(name, ENTITY_MANAGEMENT if name in ADMIN else 0)


def sentence(description: str, actor: str, target: str) -> str:
    """One line for people: Dropbox's own words, with who and what."""
    return f"{actor or 'Somebody'}: {description}" + (f" ({target})" if target else "")

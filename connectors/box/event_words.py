"""What the event types of the enterprise's stream mean: category, outcome, OCSF class, and a sentence for people.

Box adds types as it likes. What is not named here keeps its own name and counts as a user's activity.
"""

from connectors.base import ActivityCategory, Outcome

SIGN_IN = frozenset({
    "LOGIN", "FAILED_LOGIN", "ADMIN_LOGIN", "ADD_LOGIN_ACTIVITY_DEVICE", "REMOVE_LOGIN_ACTIVITY_DEVICE",
    "DEVICE_TRUST_CHECK_FAILED", "ENABLE_MULTI_FACTOR_AUTH", "DISABLE_MULTI_FACTOR_AUTH",
})  # fmt: skip
ADMIN = frozenset({
    "NEW_USER", "EDIT_USER", "DELETE_USER", "CHANGE_ADMIN_ROLE", "ACCESS_GRANTED", "ACCESS_REVOKED",
    "EXTERNAL_COLLAB_SECURITY_SETTINGS", "ENTERPRISE_APP_AUTHORIZATION_UPDATE", "APPLICATION_CREATED",
    "APPLICATION_PUBLIC_KEY_ADDED", "APPLICATION_PUBLIC_KEY_DELETED", "EMAIL_ALIAS_CONFIRM", "EMAIL_ALIAS_PRIMARY",
    "EMAIL_ALIAS_REMOVE", "ADD_DEVICE_ASSOCIATION", "REMOVE_DEVICE_ASSOCIATION", "USER_SESSION_TERMINATED",
})  # fmt: skip
ADMIN_BEGINNINGS = (
    "GROUP_", "LEGAL_HOLD_", "RETENTION_POLICY_", "DATA_RETENTION_", "METADATA_TEMPLATE_", "SHIELD_",
    "CONTENT_WORKFLOW_", "WORKFLOW_AUTOMATION_",
)  # fmt: skip
TOKENS = frozenset({
    "USER_AUTHENTICATE_OAUTH2_ACCESS_TOKEN_CREATE", "OAUTH2_ACCESS_TOKEN_REVOKE", "OAUTH2_REFRESH_TOKEN_REVOKE",
})  # fmt: skip
FAILURES = frozenset({"FAILED_LOGIN", "DEVICE_TRUST_CHECK_FAILED", "BOX_AI_USER_FAILED_REQUEST"})

AUTHENTICATION, ACCOUNT_CHANGE, ENTITY_MANAGEMENT = 3002, 3001, 3004
USER_ACCESS, GROUP_MANAGEMENT, FILE_HOSTING = 3005, 3006, 6006
OCSF_CLASSES = {
    "NEW_USER": ACCOUNT_CHANGE,
    "EDIT_USER": ACCOUNT_CHANGE,
    "DELETE_USER": ACCOUNT_CHANGE,
    "ENABLE_MULTI_FACTOR_AUTH": ACCOUNT_CHANGE,
    "DISABLE_MULTI_FACTOR_AUTH": ACCOUNT_CHANGE,
    "CHANGE_ADMIN_ROLE": USER_ACCESS,
}

SENTENCES = {
    "LOGIN": "{actor} signed in",
    "FAILED_LOGIN": "Somebody failed to sign in as {target}",
    "ADMIN_LOGIN": "{actor} opened the account of {target} as an admin",
    "ADD_LOGIN_ACTIVITY_DEVICE": "{actor} signed in from a new device",
    "REMOVE_LOGIN_ACTIVITY_DEVICE": "{actor} removed a device of {target}",
    "DEVICE_TRUST_CHECK_FAILED": "A device of {actor} was not trusted",
    "ENABLE_MULTI_FACTOR_AUTH": "{actor} switched two-step verification on",
    "DISABLE_MULTI_FACTOR_AUTH": "{actor} switched two-step verification off",
    "NEW_USER": "{actor} created the account of {target}",
    "EDIT_USER": "{actor} changed the account of {target}",
    "DELETE_USER": "{actor} deleted the account of {target}",
    "CHANGE_ADMIN_ROLE": "{actor} changed the admin role of {target}",
    "GROUP_CREATION": "{actor} created the group {target}",
    "GROUP_DELETION": "{actor} deleted the group {target}",
    "GROUP_EDITED": "{actor} changed the group {target}",
    "GROUP_ADD_USER": "{actor} added {target} to a group",
    "GROUP_REMOVE_USER": "{actor} removed {target} from a group",
    "ACCESS_GRANTED": "{actor} gave Box's support access",
    "ACCESS_REVOKED": "{actor} ended the access of Box's support",
    "ENTERPRISE_APP_AUTHORIZATION_UPDATE": "{actor} authorised a server app",
    "USER_AUTHENTICATE_OAUTH2_ACCESS_TOKEN_CREATE": "{actor} signed in to an app",
    "OAUTH2_ACCESS_TOKEN_REVOKE": "A token of {actor} was revoked",
    "UPLOAD": "{actor} uploaded {target}",
    "EDIT": "{actor} changed {target}",
    "DOWNLOAD": "{actor} downloaded {target}",
    "PREVIEW": "{actor} viewed {target}",
    "ITEM_OPEN": "{actor} opened {target}",
    "ITEM_MODIFY": "{actor} changed {target}",
    "COPY": "{actor} copied {target}",
    "MOVE": "{actor} moved {target}",
    "RENAME": "{actor} renamed {target}",
    "DELETE": "{actor} moved {target} to trash",
    "UNDELETE": "{actor} restored {target} from trash",
    "LOCK": "{actor} locked {target}",
    "UNLOCK": "{actor} unlocked {target}",
    "FILE_MARKED_MALICIOUS": "{target} was found to be malicious",
    "FILE_VERSION_RESTORE": "{actor} restored an earlier version of {target}",
    "SHARE": "{actor} made a shared link to {target}",
    "UNSHARE": "{actor} removed the shared link to {target}",
    "ITEM_SHARED_UPDATE": "{actor} changed the shared link to {target}",
    "SHARE_EXPIRATION": "The shared link to {target} ran out",
    "COLLABORATION_INVITE": "{actor} invited somebody to {target}",
    "COLLABORATION_ACCEPT": "{actor} accepted the invitation to {target}",
    "COLLABORATION_REMOVE": "{actor} removed somebody from {target}",
    "COLLABORATION_ROLE_CHANGE": "{actor} changed somebody's role in {target}",
    "COLLABORATION_EXPIRATION": "Somebody's access to {target} ran out",
    "SHIELD_ALERT": "Box Shield raised an alert about {target}",
}


def category(event_type: str) -> ActivityCategory:
    if event_type in SIGN_IN:
        return ActivityCategory.SIGN_IN
    is_admin = event_type in ADMIN or event_type.startswith(ADMIN_BEGINNINGS)
    return ActivityCategory.ADMIN if is_admin else ActivityCategory.USER


def outcome(event_type: str) -> Outcome:
    """The stream has no such member: events tell of what succeeded, except where their name says otherwise."""
    is_failure = event_type in FAILURES or "_BLOCKED" in event_type
    return Outcome.FAILURE if is_failure else Outcome.SUCCESS


def ocsf_class(event_type: str) -> int:
    if event_type in OCSF_CLASSES:
        return OCSF_CLASSES[event_type]
    if event_type in SIGN_IN or event_type in TOKENS:
        return AUTHENTICATION
    if event_type.startswith("GROUP_"):
        return GROUP_MANAGEMENT
    return ENTITY_MANAGEMENT if category(event_type) is ActivityCategory.ADMIN else FILE_HOSTING


def sentence(event_type: str, actor: str, target: str) -> str:
    """One line for people; for types without words of their own Box's name of it."""
    who = actor or "Somebody"
    if event_type in SENTENCES:
        return SENTENCES[event_type].format(actor=who, target=target or "something")
    return f"{who}: {event_type.lower().replace('_', ' ')}" + (f" ({target})" if target else "")

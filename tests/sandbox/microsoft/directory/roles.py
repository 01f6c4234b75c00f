"""The directory roles, by the vendor's template ids, and who holds them."""

from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.directory.objects import DirectoryObject
from tests.sandbox.microsoft.directory.store import Directory

GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
PRIVILEGED_ROLE_ADMINISTRATOR = "e8611ab8-c189-46e8-94e1-60213ab1f814"
PRIVILEGED_AUTHENTICATION_ADMINISTRATOR = "7be44c8a-adaf-4e2a-84d6-ab2649e08a13"
SECURITY_ADMINISTRATOR = "194ae4cb-b126-40b2-bd5b-6091b380977d"
USER_ADMINISTRATOR = "fe930be7-5e62-47db-91af-98c3a49a38b1"
GLOBAL_READER = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
HELPDESK_ADMINISTRATOR = "729827e3-9c14-49f7-bb1b-9608f156bbb8"
EXCHANGE_ADMINISTRATOR = "29232cdf-9323-42fd-ade2-1d097af3e4de"
SHAREPOINT_ADMINISTRATOR = "f28a1f50-f6e7-4571-818b-6a12f2af6b6c"

# Role -> its name, and one of the actions that it permits.
BUILT_IN = {
    GLOBAL_ADMINISTRATOR: ("Global Administrator", "microsoft.directory/users/allProperties/allTasks"),
    PRIVILEGED_ROLE_ADMINISTRATOR: (
        "Privileged Role Administrator",
        "microsoft.directory/roleAssignments/allProperties/allTasks",
    ),
    PRIVILEGED_AUTHENTICATION_ADMINISTRATOR: (
        "Privileged Authentication Administrator",
        "microsoft.directory/users/password/update",
    ),
    SECURITY_ADMINISTRATOR: ("Security Administrator", "microsoft.directory/identityProtection/allProperties/update"),
    USER_ADMINISTRATOR: ("User Administrator", "microsoft.directory/users/create"),
    GLOBAL_READER: ("Global Reader", "microsoft.directory/users/allProperties/read"),
    HELPDESK_ADMINISTRATOR: ("Helpdesk Administrator", "microsoft.directory/users/password/update"),
    EXCHANGE_ADMINISTRATOR: ("Exchange Administrator", "microsoft.office365.exchange/allEntities/basic/allTasks"),
    SHAREPOINT_ADMINISTRATOR: ("SharePoint Administrator", "microsoft.office365.sharePoint/allEntities/allTasks"),
}
MAY_CONSENT = frozenset({GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR})
REACHES_ADMINISTRATORS = frozenset({GLOBAL_ADMINISTRATOR, PRIVILEGED_AUTHENTICATION_ADMINISTRATOR})


def definition(role_id: str) -> Json:
    """The row of a built-in role."""
    name, action = BUILT_IN[role_id]
    return {
        "id": role_id,
        "description": f"Built-in role: {name}.",
        "displayName": name,
        "isBuiltIn": True,
        "isEnabled": True,
        "resourceScopes": ["/"],
        "templateId": role_id,
        "version": "1",
        "rolePermissions": [{"allowedResourceActions": [action], "condition": None}],
    }


def roles_of(directory: Directory, object_id: str) -> set[str]:
    """Of a user or service principal, those inherited from role-assignable groups, too."""
    rows = directory.role_assignments.values()
    return {row["roleDefinitionId"] for row in rows if _is_for(directory, row["principalId"], object_id)}


def _is_for(directory: Directory, principal_id: str, object_id: str) -> bool:
    """Whether that is it, or a role-assignable group that it is in."""
    if principal_id == object_id:
        return True
    group = directory.objects.get(principal_id)
    is_assignable = group is not None and bool(group.properties.get("isAssignableToRole"))
    return is_assignable and object_id in directory.members.get(principal_id, {})


def is_sensitive(directory: Directory, found: DirectoryObject) -> bool:
    """An administrator, or a member of a role-assignable group: not every application may touch the account."""
    groups = directory.groups_of(found.id)
    return bool(roles_of(directory, found.id)) or any(each.properties.get("isAssignableToRole") for each in groups)


def may_touch(directory: Directory, principal_id: str, found: DirectoryObject) -> bool:
    """What an application may do to a sensitive account depends on the role that it holds itself."""
    return not is_sensitive(directory, found) or bool(roles_of(directory, principal_id) & REACHES_ADMINISTRATORS)


def may_consent(directory: Directory, found: DirectoryObject) -> bool:
    return bool(found.properties["accountEnabled"]) and bool(roles_of(directory, found.id) & MAY_CONSENT)

"""Application permissions, as Microsoft calls them: the least that each component and action needs.

Those of Graph stand by their bare names. The other two APIs are added under their own names in the Entra admin center.
"""

from collections.abc import Callable, Iterable, Mapping

USERS = "User.Read.All"
AUDIT_LOGS = "AuditLog.Read.All"
"""Directory audits and sign-ins; with users also when each signed in last."""
MEMBERS = "GroupMember.Read.All"
"""Groups and who is in them. The two permissions below it give fewer properties, and not every cloud knows them."""
GROUPS = "Group.Read.All"
"""Opens what is in groups, too, so it is not asked for; where it was granted all the same, groups are pushed."""
ROLES = "RoleManagement.Read.Directory"
ELIGIBILITY = "RoleEligibilitySchedule.Read.Directory"
APPLICATIONS = "Application.Read.All"
DIRECTORY = "Directory.Read.All"
"""For the list of delegated grants, which takes nothing smaller."""
ACTIVITY_FEED = "ActivityFeed.Read"
DLP_FEED = "ActivityFeed.ReadDlp"
FILES = "Files.Read.All"
SITES = "Sites.Read.All"

ENABLE_USERS = "User.EnableDisableAccount.All"
REVOKE_SESSIONS = "User.RevokeSessions.All"
PASSWORDS = "User-PasswordProfile.ReadWrite.All"
RISKY_USERS = "IdentityRiskyUser.ReadWrite.All"
MEMBERS_WRITE = "GroupMember.ReadWrite.All"
ROLES_WRITE = "RoleManagement.ReadWrite.Directory"
APPLICATIONS_WRITE = "Application.ReadWrite.All"
GRANTS_WRITE = "DelegatedPermissionGrant.ReadWrite.All"
APP_ROLES_WRITE = "AppRoleAssignment.ReadWrite.All"
FILES_WRITE = "Files.ReadWrite.All"
SHAREPOINT = "SharePoint: Sites.FullControl.All"
"""For the recycle bin and for inheriting permissions; SharePoint takes it from an app with a certificate alone."""

MANAGEMENT_API = "Office 365 Management APIs"
OF_OTHER_APIS = {ACTIVITY_FEED: MANAGEMENT_API, DLP_FEED: MANAGEMENT_API, SHAREPOINT: "SharePoint"}
"""Under which name the API of a permission is found; all others are Microsoft Graph's."""

ACT, READ_ONLY = "act", "read"

Wanted = Callable[[Mapping[str, str]], tuple[str, ...]]


def wanted(reading: Iterable[str], acting: Iterable[str] = ()) -> Wanted:
    """What a component wants: to read, and where the connection may act, to act."""

    def by(config: Mapping[str, str]) -> tuple[str, ...]:
        return (*reading, *(() if config.get("access") == READ_ONLY else acting))

    return by

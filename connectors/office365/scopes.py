"""Application permissions, as Microsoft calls them: the least that each component and action needs.

Those of Graph stand by their bare names. The other two APIs are added under their own names in the Entra admin center.
"""

from collections.abc import Callable, Collection, Iterable, Mapping

from connectors.base import entra

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
OF_SHAREPOINT = "SharePoint: "
SHAREPOINT = f"{OF_SHAREPOINT}Sites.FullControl.All"
"""For the recycle bin and for inheriting permissions; SharePoint takes it from an app with a certificate alone."""

OF_MANAGEMENT_API = frozenset({ACTIVITY_FEED, DLP_FEED})

ACT, READ_ONLY = "act", "read"

Wanted = Callable[[Mapping[str, str]], tuple[str, ...]]


def wanted(reading: Iterable[str], acting: Iterable[str] = ()) -> Wanted:
    """What a component wants: to read, and where the connection may act, to act. Nothing of an API that its cloud does
    not have."""

    def by(config: Mapping[str, str]) -> tuple[str, ...]:
        every = (*reading, *(() if config.get("access") == READ_ONLY else acting))
        return tuple(each for each in every if entra.cloud(config).activity or each not in OF_MANAGEMENT_API)

    return by


READS_ALL = (DIRECTORY, "Directory.ReadWrite.All")
IMPLIED_BY: Mapping[str, tuple[str, ...]] = {
    USERS: (*READS_ALL, "User.ReadWrite.All"),
    MEMBERS: (*READS_ALL, MEMBERS_WRITE, "Group.Read.All", "Group.ReadWrite.All"),
    ROLES: (*READS_ALL, ROLES_WRITE),
    ELIGIBILITY: ("RoleEligibilitySchedule.ReadWrite.Directory", "RoleManagement.Read.All", ROLES, ROLES_WRITE),
    APPLICATIONS: (*READS_ALL, APPLICATIONS_WRITE),
    DIRECTORY: ("Directory.ReadWrite.All", GRANTS_WRITE),
    FILES: (FILES_WRITE, SITES, "Sites.ReadWrite.All", "Sites.FullControl.All"),
    SITES: ("Sites.ReadWrite.All", "Sites.FullControl.All"),
    ENABLE_USERS: ("User.ReadWrite.All",),
    REVOKE_SESSIONS: ("User.ReadWrite.All",),
    MEMBERS_WRITE: ("Group.ReadWrite.All", "Directory.ReadWrite.All"),
    APPLICATIONS_WRITE: (),
    GRANTS_WRITE: ("Directory.ReadWrite.All",),
    FILES_WRITE: ("Sites.ReadWrite.All", "Sites.FullControl.All"),
}
"""Stronger permissions that do as well: an organisation that granted one of them is not asked for the weaker one."""


def is_granted(permission: str, granted: Collection[str]) -> bool:
    return permission in granted or any(each in granted for each in IMPLIED_BY.get(permission, ()))


def of_graph(scope: str) -> str:
    return "" if of_management_api(scope) or of_sharepoint(scope) else scope


def of_management_api(scope: str) -> str:
    return scope if scope in OF_MANAGEMENT_API else ""


def of_sharepoint(scope: str) -> str:
    """As SharePoint calls it, whose permission has the name of one of Graph's."""
    return scope.removeprefix(OF_SHAREPOINT) if scope == SHAREPOINT else ""

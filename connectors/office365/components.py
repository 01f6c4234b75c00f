"""The parts of Office 365 that can be switched on, each with what it needs."""

from connectors.base import Component
from connectors.office365 import scopes
from connectors.office365.scopes import wanted

USERS_AND_GROUPS = "users_and_groups"
MANAGEMENT_EVENTS = "management_events"
SIGN_IN_EVENTS = "sign_in_events"
APPS = "apps"
ACTIVITIES = "activities"
FILES = "files"

COMPONENTS = (
    Component(
        USERS_AND_GROUPS,
        "Azure AD Users and groups",
        "Accounts, groups, who is in them, and admin roles. All other components build on it.",
        is_fixed=True,
        scopes=wanted(
            (scopes.USERS, scopes.MEMBERS, scopes.ROLES, scopes.ELIGIBILITY),
            (
                scopes.ENABLE_USERS, scopes.REVOKE_SESSIONS, scopes.PASSWORDS, scopes.RISKY_USERS,
                scopes.MEMBERS_WRITE, scopes.ROLES_WRITE,
            ),
        ),
    ),
    Component(
        MANAGEMENT_EVENTS,
        "Azure AD Management events",
        "What admins and apps change in the directory, with the values before and after.",
        needs=(USERS_AND_GROUPS,),
        scopes=wanted((scopes.AUDIT_LOGS,)),
    ),
    Component(
        SIGN_IN_EVENTS,
        "Azure AD Sign-in events",
        "Who signs in to which app, from where and with what device. Without Entra ID P1 less is known of each.",
        needs=(USERS_AND_GROUPS,),
        scopes=wanted((scopes.AUDIT_LOGS, scopes.ACTIVITY_FEED)),
    ),
    Component(
        APPS,
        "Azure AD Apps",
        "Apps that people and admins let into the tenant, and what each may do.",
        needs=(USERS_AND_GROUPS,),
        scopes=wanted(
            (scopes.APPLICATIONS, scopes.DIRECTORY),
            (scopes.APPLICATIONS_WRITE, scopes.GRANTS_WRITE, scopes.APP_ROLES_WRITE),
        ),
    ),
    Component(
        ACTIVITIES,
        "Office 365 activities",
        "What people do in Exchange, SharePoint, OneDrive, Teams, Viva Engage (Yammer), Power BI, Skype for Business, "
        "Dynamics 365, Power Automate and Office. The first can take up to twelve hours to come.",
        needs=(USERS_AND_GROUPS,),
        scopes=wanted((scopes.ACTIVITY_FEED, scopes.DLP_FEED)),
    ),
    Component(
        FILES,
        "Office 365 files",
        "Files in OneDrive and SharePoint: whose they are and who else can open them.",
        needs=(USERS_AND_GROUPS, ACTIVITIES),
        needs_file_monitoring=True,
        scopes=wanted((scopes.FILES, scopes.SITES), (scopes.FILES_WRITE, scopes.SHAREPOINT)),
    ),
)  # fmt: skip

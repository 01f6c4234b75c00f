"""What Microsoft's permissions mean to an analyst, and what harm their holder can do (docs/risk.md).

A delegated permission reaches as far as the person who consented, an application permission (marked) over the whole
tenant. Permissions of other APIs than Microsoft Graph begin with the API's name. What is not listed is judged by how
Microsoft builds the name: what, what may be done, and `.All` for everybody's.
"""

import re

from connectors.base import Risk, ScopeMeaning

LOW, MEDIUM, HIGH = Risk.LOW, Risk.MEDIUM, Risk.HIGH
APPLICATION = " (application)"
"""Behind the name of what an app may do by itself."""

SCOPES: dict[str, tuple[str, Risk]] = {
    "openid": ("Sign in with the account", LOW),
    "profile": ("Read the account's name and picture", LOW),
    "email": ("Read the account's e-mail address", LOW),
    "offline_access": ("Keep the access it was given until it is taken away", LOW),
    "User.Read": ("Sign in with the account and read its profile", LOW),
    "User.ReadBasic.All": ("Read names and addresses of all people", MEDIUM),
    "Directory.AccessAsUser.All": ("Do in the directory whatever the person may do", HIGH),
    "user_impersonation": ("Act as the person in this service", HIGH),
    "full_access_as_user": ("Read, change and send all mail as the person", HIGH),
    "full_access_as_app": ("Read, change and send all mail of everybody", HIGH),
    "EWS.AccessAsUser.All": ("Read, change and send all mail as the person", HIGH),
    "IMAP.AccessAsUser.All": ("Read and change all mail as the person", HIGH),
    "POP.AccessAsUser.All": ("Read and delete all mail as the person", HIGH),
    "SMTP.Send": ("Send mail as the person", HIGH),
    "Mail.Send": ("Send mail", HIGH),
    "User.EnableDisableAccount.All": ("Suspend accounts and bring them back", HIGH),
    "User.RevokeSessions.All": ("Have people sign in again", HIGH),
    "RoleEligibilitySchedule.Read.Directory": ("Read who may take which admin role", MEDIUM),
    "ActivityFeed.ReadDlp": ("Read findings of data loss prevention", MEDIUM),
    "Chat.ReadWrite": ("Read and write chats", HIGH),
    "RoleManagement.ReadWrite.Directory": ("Give and take admin roles", HIGH),
    "AppRoleAssignment.ReadWrite.All": ("Give any app any permission", HIGH),
    "Sites.FullControl.All": ("Full control over all SharePoint sites and their files", HIGH),
    "Sites.Selected": ("Reach the SharePoint sites it was given", MEDIUM),
    "BitlockerKey.Read.All": ("Read the keys of encrypted disks", HIGH),
}
THINGS = {
    "User": "people's profiles",
    "Group": "groups, their members and what is in them",
    "GroupMember": "who is in which group",
    "Directory": "the directory: people, groups, apps, roles",
    "Application": "app registrations and their secrets",
    "Mail": "mail",
    "MailboxSettings": "settings of mailboxes",
    "Calendars": "calendars",
    "Contacts": "contacts",
    "Files": "files in OneDrive and SharePoint",
    "Sites": "SharePoint sites and their files",
    "Chat": "chats in Teams",
    "ChannelMessage": "messages in Teams' channels",
    "Notes": "OneNote notebooks",
    "Tasks": "tasks",
    "AuditLog": "audit logs and sign-ins",
    "ActivityFeed": "what people do in the Office apps",
    "SecurityEvents": "security alerts",
    "Device": "devices",
    "Domain": "domains",
    "Organization": "settings of the organisation",
    "Policy": "security policies",
    "RoleManagement": "admin roles and who holds them",
    "DelegatedPermissionGrant": "what people allowed apps to do",
    "AppRoleAssignment": "what apps may do by themselves",
    "UserAuthenticationMethod": "second factors and passwords",
    "User-PasswordProfile": "passwords",
    "IdentityRiskyUser": "who is thought to be compromised",
    "Reports": "reports of usage",
}
CONTENT = frozenset({
    "Mail", "Calendars", "Contacts", "Files", "Sites", "Chat", "ChannelMessage", "Notes", "Tasks", "Group",
})  # fmt: skip
"""What people wrote: reading it for everybody is as bad as changing it."""
HARMLESS = frozenset({"Read", "ReadBasic", "ReadHidden"})
NAME = re.compile(r"(?P<thing>[A-Za-z-]+)\.(?P<deed>[A-Za-z]+)(?P<rest>(?:\.[A-Za-z]+)*)")


def scope_meaning(scope: str) -> ScopeMeaning:
    """Of any text; what is not known keeps its name."""
    is_own = scope.endswith(APPLICATION)
    api, _, name = scope.removesuffix(APPLICATION).rpartition(": ")
    words, risk = SCOPES.get(name) or _built(name, is_own)
    if risk is Risk.UNKNOWN:
        return ScopeMeaning(scope, risk)
    if is_own and risk is LOW:
        risk = MEDIUM
    told = f"{words}, in {api}" if api else words
    return ScopeMeaning(f"{told}, by itself and for everybody" if is_own else told, risk)


def _built(name: str, is_own: bool) -> tuple[str, Risk]:
    found = NAME.fullmatch(name)
    if not found:
        return name, Risk.UNKNOWN
    thing, deed = found["thing"], found["deed"]
    what = THINGS.get(thing)
    if what is None:
        return name, Risk.UNKNOWN
    if deed in HARMLESS:
        reaches_all = is_own or (".All" in found["rest"] and thing == "Group")
        return f"Read {what}", HIGH if reaches_all and thing in CONTENT else MEDIUM
    return f"Read and change {what}", HIGH

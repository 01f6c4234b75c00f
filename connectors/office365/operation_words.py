"""What operations of the unified audit log mean: their category, their class for export, and words for the common ones.

Microsoft adds operations as it likes: what is not named here keeps its name.
"""

from collections.abc import Mapping

from connectors.base import ActivityCategory
from connectors.office365.office_apps import AZURE_AD, EXCHANGE, ONEDRIVE, SECURITY, SHAREPOINT

LOGONS = frozenset({9, 15, 275})
"""Numbers of records that tell of sign-ins."""
ADMINS = frozenset({1, 8, 18, 57, 87, 187, 256, 288})
"""Numbers of records of what admins do."""
FILES = frozenset({4, 6, 7, 14})
MAILS = frozenset({2, 3, 19, 50})
FINDINGS = frozenset({11, 13, 28, 40, 41, 47, 64, 98, 294})
SIGN_INS = frozenset({"UserLoggedIn", "UserLoginFailed", "MailboxLogin", "TeamsSessionStarted", "SignInEvent"})
OF_SITE_ADMINS = (
    "SiteCollection", "SiteCollectionAdmin", "SharingPolicy", "NetworkAccessPolicy", "DeviceAccessPolicy", "Tenant",
    "SiteIBMode", "GeoQuota", "AllowedDataLocation", "SiteGeoMove", "HubSite",
)  # fmt: skip

AUTHENTICATION, ACCOUNT_CHANGE, ENTITY_MANAGEMENT = 3002, 3001, 3004
USER_ACCESS, GROUP_MANAGEMENT, FILE_HOSTING, EMAIL, FINDING = 3005, 3006, 6006, 4009, 2004

WORDS: Mapping[str, str] = {
    "UserLoggedIn": "signed in",
    "UserLoginFailed": "could not sign in",
    "FileAccessed": "opened the file",
    "FileAccessedExtended": "opened the file again and again",
    "FilePreviewed": "looked at a preview of the file",
    "FileDownloaded": "downloaded the file",
    "FileSyncDownloadedFull": "synchronised the file to a computer",
    "FileSyncUploadedFull": "uploaded the file from a synchronised computer",
    "FileUploaded": "uploaded the file",
    "FileModified": "changed the file",
    "FileModifiedExtended": "changed the file again and again",
    "FileCopied": "copied the file",
    "FileMoved": "moved the file",
    "FileRenamed": "renamed the file",
    "FileDeleted": "deleted the file",
    "FileRecycled": "moved the file to the recycle bin",
    "FileRestored": "restored the file",
    "FileVersionsAllDeleted": "deleted all versions of the file",
    "FileMalwareDetected": "found malware in the file",
    "FolderCreated": "made the folder",
    "FolderModified": "changed the folder",
    "FolderDeleted": "deleted the folder",
    "PageViewed": "looked at the page",
    "SharingSet": "shared it",
    "SharingRevoked": "ended sharing it",
    "SharingInheritanceBroken": "gave it permissions of its own",
    "SharingInvitationCreated": "invited somebody to it",
    "SharingInvitationAccepted": "accepted an invitation to it",
    "AnonymousLinkCreated": "made a link for anyone",
    "AnonymousLinkUpdated": "changed a link for anyone",
    "AnonymousLinkUsed": "used a link for anyone",
    "AnonymousLinkRemoved": "removed a link for anyone",
    "CompanyLinkCreated": "made a link for the organisation",
    "SecureLinkCreated": "made a link for certain people",
    "AddedToSecureLink": "added somebody to a link",
    "RemovedFromSecureLink": "took somebody off a link",
    "AddedToGroup": "added somebody to a site's group",
    "RemovedFromGroup": "took somebody out of a site's group",
    "SiteCollectionCreated": "made the site",
    "SiteCollectionAdminAdded": "made somebody an admin of the site",
    "Send": "sent a mail",
    "SendAs": "sent a mail in another's name",
    "SendOnBehalf": "sent a mail on another's behalf",
    "MailItemsAccessed": "read mail",
    "HardDelete": "deleted mail for good",
    "SoftDelete": "deleted mail",
    "MoveToDeletedItems": "moved mail to Deleted Items",
    "UpdateInboxRules": "changed inbox rules",
    "ModifyFolderPermissions": "changed who may see a folder",
    "New-InboxRule": "made an inbox rule",
    "Set-InboxRule": "changed an inbox rule",
    "Add-MailboxPermission": "gave access to a mailbox",
    "New-TransportRule": "made a mail flow rule",
    "TeamCreated": "made the team",
    "TeamDeleted": "deleted the team",
    "MemberAdded": "added members",
    "MemberRemoved": "removed members",
    "MemberRoleChanged": "changed a member's role",
    "ChannelAdded": "made the channel",
    "ChannelDeleted": "deleted the channel",
    "ChatCreated": "began a chat",
    "MessageSent": "sent a message",
    "TeamsSessionStarted": "signed in to Teams",
    "ViewReport": "looked at the report",
    "ExportReport": "exported the report",
    "ShareReport": "shared the report",
    "CreateFlow": "made the flow",
    "EditFlow": "changed the flow",
    "DeleteFlow": "deleted the flow",
    "CreateForm": "made the form",
    "EditForm": "changed the form",
    "ViewForm": "looked at the form",
    "AlertTriggered": "raised an alert",
    "AlertEntityGenerated": "added to an alert",
    "DlpRuleMatch": "matched a rule against data loss",
}


def category(record_type: int, operation: str, app: str, *, is_admin: bool) -> ActivityCategory:
    """`is_admin`: Microsoft says that it was done in the role of an admin."""
    if record_type in LOGONS or operation in SIGN_INS:
        return ActivityCategory.SIGN_IN
    if record_type in ADMINS or app == SECURITY or operation.startswith(OF_SITE_ADMINS):
        return ActivityCategory.ADMIN
    is_of_users = record_type in FILES | MAILS
    return ActivityCategory.ADMIN if is_admin and not is_of_users else ActivityCategory.USER


def ocsf_class(record_type: int, operation: str, app: str) -> int:
    if record_type in LOGONS or operation in SIGN_INS:
        return AUTHENTICATION
    if record_type in FINDINGS:
        return FINDING
    if app in (SHAREPOINT, ONEDRIVE):
        return FILE_HOSTING
    if record_type in MAILS:
        return EMAIL
    if app == AZURE_AD:
        return directory_class(operation)
    return ENTITY_MANAGEMENT if app == EXCHANGE or record_type in ADMINS else 0


def directory_class(operation: str) -> int:
    """Of what is done in the directory, by the words of its name."""
    words = operation.lower()
    if "role" in words or "consent" in words or "permission grant" in words:
        return USER_ACCESS
    if "group" in words:
        return GROUP_MANAGEMENT
    return ACCOUNT_CHANGE if "user" in words or "password" in words else ENTITY_MANAGEMENT


def sentence(actor: str, operation: str, target: str, app_used: str, more: str = "") -> str:
    """One line for people: who, what, to what, through which app, and what changed."""
    through = f", through {app_used}" if app_used and app_used != actor else ""
    return (
        f"{actor or 'Somebody'}: {WORDS.get(operation, operation.strip())}"
        + (f" ({target})" if target else "")
        + through
        + (f". {more}" if more else "")
    )

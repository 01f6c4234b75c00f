"""Which properties the types of Microsoft Graph have, and which of them come without being asked for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """`default`: come unasked; `more`: only when selected; `single`: never in a list. `lists`: hold several values, and
    are empty where others are null."""

    type: str
    default: tuple[str, ...]
    more: tuple[str, ...] = ()
    single: tuple[str, ...] = ()
    lists: frozenset[str] = frozenset()

    def nothing(self, name: str) -> list[str] | None:
        return [] if name in self.lists else None

    def knows(self, name: str) -> bool:
        return name in self.default or name in self.more or name in self.single


USERS = Kind(
    "user",
    (
        "businessPhones", "displayName", "givenName", "jobTitle", "mail", "mobilePhone", "officeLocation",
        "preferredLanguage", "surname", "userPrincipalName", "id",
    ),
    (
        "accountEnabled", "ageGroup", "assignedLicenses", "assignedPlans", "city", "companyName", "country",
        "createdDateTime", "creationType", "deletedDateTime", "department", "employeeId", "employeeType",
        "externalUserState", "externalUserStateChangeDateTime", "faxNumber", "identities", "imAddresses",
        "lastPasswordChangeDateTime", "licenseAssignmentStates", "mailNickname", "onPremisesImmutableId",
        "onPremisesLastSyncDateTime", "onPremisesSamAccountName", "onPremisesSecurityIdentifier",
        "onPremisesSyncEnabled", "onPremisesUserPrincipalName", "otherMails", "passwordPolicies", "passwordProfile",
        "postalCode", "proxyAddresses", "refreshTokensValidFromDateTime", "showInAddressList", "signInActivity",
        "signInSessionsValidFromDateTime", "state", "streetAddress", "usageLocation", "userType",
    ),
    (
        "aboutMe", "birthday", "hireDate", "interests", "mailboxSettings", "mySite", "pastProjects", "preferredName",
        "responsibilities", "schools", "skills",
    ),
    lists=frozenset((
        "assignedPlans", "identities", "imAddresses", "interests", "licenseAssignmentStates", "pastProjects",
        "responsibilities", "schools", "skills",
    )),
)  # fmt: skip
GROUPS = Kind(
    "group",
    (
        "id", "deletedDateTime", "classification", "createdDateTime", "description", "displayName",
        "expirationDateTime", "groupTypes", "isAssignableToRole", "mail", "mailEnabled", "mailNickname",
        "membershipRule", "membershipRuleProcessingState", "onPremisesDomainName", "onPremisesLastSyncDateTime",
        "onPremisesNetBiosName", "onPremisesSamAccountName", "onPremisesSecurityIdentifier", "onPremisesSyncEnabled",
        "preferredDataLocation", "preferredLanguage", "proxyAddresses", "renewedDateTime", "resourceBehaviorOptions",
        "resourceProvisioningOptions", "securityEnabled", "securityIdentifier", "theme", "uniqueName", "visibility",
        "onPremisesProvisioningErrors", "serviceProvisioningErrors",
    ),
    (
        "assignedLabels", "assignedLicenses", "hasMembersWithLicenseErrors", "licenseProcessingState", "members",
        "owners",
    ),
    (
        "allowExternalSenders", "autoSubscribeNewMembers", "hideFromAddressLists", "hideFromOutlookClients",
        "isSubscribedByMail", "unseenCount", "isArchived",
    ),
    lists=frozenset((
        "assignedLabels", "assignedLicenses", "onPremisesProvisioningErrors", "proxyAddresses",
        "resourceBehaviorOptions", "resourceProvisioningOptions", "serviceProvisioningErrors",
    )),
)  # fmt: skip
SERVICE_PRINCIPALS = Kind(
    "servicePrincipal",
    (
        "id", "deletedDateTime", "accountEnabled", "alternativeNames", "appDescription", "appDisplayName", "appId",
        "applicationTemplateId", "appOwnerOrganizationId", "appRoleAssignmentRequired", "createdDateTime",
        "description", "disabledByMicrosoftStatus", "displayName", "homepage", "loginUrl", "logoutUrl", "notes",
        "notificationEmailAddresses", "preferredSingleSignOnMode", "preferredTokenSigningKeyThumbprint", "replyUrls",
        "servicePrincipalNames", "servicePrincipalType", "signInAudience", "tags", "tokenEncryptionKeyId",
        "samlSingleSignOnSettings", "addIns", "appRoles", "info", "keyCredentials", "oauth2PermissionScopes",
        "passwordCredentials", "resourceSpecificApplicationPermissions", "verifiedPublisher",
    ),
    ("customSecurityAttributes", "publisherName"),
    lists=frozenset((
        "addIns", "alternativeNames", "keyCredentials", "notificationEmailAddresses", "passwordCredentials",
        "resourceSpecificApplicationPermissions",
    )),
)  # fmt: skip
APPLICATIONS = Kind(
    "application",
    (
        "id", "deletedDateTime", "appId", "applicationTemplateId", "disabledByMicrosoftStatus", "createdDateTime",
        "displayName", "description", "groupMembershipClaims", "identifierUris", "isDeviceOnlyAuthSupported",
        "isFallbackPublicClient", "notes", "publisherDomain", "serviceManagementReference", "signInAudience", "tags",
        "tokenEncryptionKeyId", "uniqueName", "samlMetadataUrl", "defaultRedirectUri", "certification",
        "optionalClaims", "servicePrincipalLockConfiguration", "requestSignatureVerification", "addIns", "api",
        "appRoles", "info", "keyCredentials", "parentalControlSettings", "passwordCredentials", "publicClient",
        "requiredResourceAccess", "verifiedPublisher", "web", "spa",
    ),
    ("oauth2RequirePostResponse",),
    lists=frozenset((
        "addIns", "appRoles", "identifierUris", "requiredResourceAccess", "tags",
    )),
)  # fmt: skip

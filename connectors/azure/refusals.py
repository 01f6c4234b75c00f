"""What Azure's errors mean, and what an admin can do about them."""

from connectors.azure import scopes
from connectors.azure.errors import code_of, message_of, operation_of
from connectors.azure.hosts import GRAPH_HOSTS, is_arm
from connectors.base import (
    Answer,
    Conflict,
    ConnectorError,
    CredentialsRejected,
    CursorExpired,
    NotAvailable,
    PermissionMissing,
    RateLimited,
    TargetGone,
    entra,
)

NO_PREMIUM = "Authentication_RequestFromNonPremiumTenantOrB2CTenant"
NO_PRIVILEGED = ("AadPremiumLicenseRequired", "MissingLicense")  # unverified: neither name is in a description
NO_SUBSCRIPTION = ("SubscriptionNotFound", "InvalidSubscriptionId")
DISABLED = "ReadOnlyDisabledSubscription"
TENANT_LOG = "/providers/microsoft.insights/"
POLICY = "RoleAssignmentRequestPolicyValidationFailed"
GRAPH_OF_PATHS = (("/auditLogs/", scopes.SIGN_INS),)
"""By what is in a path; all others need to read the directory."""
ASSIGN = (
    "Assign the role {permission} to the app at the Tenant Root Group (Management groups > Tenant Root Group > Access "
    "control (IAM)), or there where it is missing. It takes up to ten minutes."
)


class NotPremium(NotAvailable):
    """The tenant has no Entra ID P1 or P2, without which Graph gives no sign-ins."""


class NoBlobs(NotAvailable):
    """The storage account is of a kind that has no containers, such as one for file shares alone."""


def classify(answer: Answer) -> ConnectorError | None:
    """None where the general rules decide."""
    host = answer.where.split(" ", 1)[1].partition("/")[0]
    if entra.is_sign_in(answer):
        return entra.sign_in_refusal(answer)
    if host in GRAPH_HOSTS:
        return _of_graph(answer)
    return _of_arm(answer) if is_arm(host) else None


# --- Azure Resource Manager -----------------------------------------------------------------------------------------


def _of_arm(answer: Answer) -> ConnectorError | None:
    code = code_of(answer)
    if answer.status == 401:
        return _not_accepted(answer, code)
    if code == DISABLED:
        return NotAvailable(
            "This subscription is disabled in Azure, so nothing in it can be changed.",
            remedy="Enable it in the Azure portal under Subscriptions, or leave it as it is: it is looked at again "
            "each day.",
        )
    if code in NO_SUBSCRIPTION:
        return NotAvailable(
            "Azure no longer shows this subscription to the connection.",
            why="It was cancelled or moved to another tenant.",
            remedy="Nothing needs doing: it leaves the list by itself.",
        )
    if answer.status == 403:
        return _forbidden(answer, code)
    if answer.status == 400:
        return _bad_request(answer, code)
    if answer.status == 409:
        return _conflict(code)
    return _throttled(answer)


def _not_accepted(answer: Answer, code: str) -> CredentialsRejected:
    if code == "InvalidAuthenticationTokenTenant" or "wrong issuer" in message_of(answer):
        return CredentialsRejected(
            "The subscription belongs to another tenant than this connection.",
            why="The tenant id that was typed is that of another directory.",
            remedy="Compare the tenant id with the page Overview of the app registration, and the directory of the "
            "subscription in the Azure portal.",
        )
    return CredentialsRejected(
        "Azure does not accept the token of this connection, nor a new one.",
        why="It was made for another of Microsoft's clouds, or the app was taken out of the tenant.",
        remedy="Check the cloud, then choose Reconnect.",
    )


def _forbidden(answer: Answer, code: str) -> ConnectorError:
    operation = operation_of(answer)
    if code == POLICY:
        return _policy()
    if TENANT_LOG in answer.url.lower() and "/subscriptions/" not in answer.url.lower():
        return tenant_log_missing()
    if "denyassignment" in code.lower():
        return NotAvailable(
            "A deny assignment in Azure forbids this, whatever role the app has.",
            why="A managed application or a deployment stack protects its resources so.",
            remedy="Change it where the deny assignment comes from.",
        )
    permission = operation if operation and not operation.lower().endswith("/read") else scopes.READER
    is_right = permission != scopes.READER
    return PermissionMissing(
        f"Azure does not let this connection do this ({answer.where}).",
        why=f"The right {operation} is missing there." if operation else "A role is missing there.",
        remedy=f"Give the app a role with the right {permission}, as the set-up guide shows it, then try again."
        if is_right else ASSIGN.format(permission=permission),
        permission=permission,
    )  # fmt: skip


def tenant_log_missing() -> PermissionMissing:
    return PermissionMissing(
        "Azure does not show what happens above the subscriptions to this connection.",
        why="The activity log of the tenant wants a role of its own: Reader at the root is more than at its uppermost "
        "management group.",
        remedy="As a Global Administrator with elevated access, assign Reader to the app at the scope "
        "/providers/Microsoft.Insights, as the set-up guide shows it.",
        permission=scopes.LOG_READER,
    )


def _policy() -> Conflict:
    return Conflict(
        "A rule of Privileged Identity Management does not allow this.",
        why="The settings of the role ask for more than a justification, or limit who may end an activation.",
        remedy="Look at the role's settings in Privileged Identity Management, or end the activation there.",
    )


def _bad_request(answer: Answer, code: str) -> ConnectorError | None:
    if code in NO_PRIVILEGED:
        return NotAvailable(
            "Privileged Identity Management is not part of this tenant's plan.",
            why="It needs Entra ID P2 or ID Governance.",
        )
    if code == POLICY:
        return _policy()
    if code == "FeatureNotSupportedForAccount":
        return NoBlobs("This storage account is of a kind that has no containers.")
    if code == "PrincipalNotFound":
        return TargetGone(
            "The account is not in the directory any more.", why="It was deleted meanwhile.",
            remedy="Restore the account in the Entra admin center first.",
        )
    if code in ("InvalidApiVersionParameter", "NoRegisteredProviderFound", "InvalidResourceType"):
        return NotAvailable(
            f"This cloud of Microsoft does not offer this part of Azure in the version that is asked for "
            f"({answer.where}).",
            remedy="Nothing needs doing: it is looked at again each day.",
        )
    if "more than 90 days in the past" in message_of(answer):
        return CursorExpired(
            "Azure keeps its activity log for ninety days, and the reading stood before that.",
            remedy="It begins anew by itself, with what is still there.",
        )
    return None


def _conflict(code: str) -> ConnectorError | None:
    if code == "ScopeLocked":
        return Conflict(
            "A lock in Azure forbids this.", remedy="Remove the lock in the Azure portal, or act there.",
        )
    if code == "RoleAssignmentExists":
        return Conflict("The account has this role there already, by another assignment.")
    return None


def _throttled(answer: Answer) -> RateLimited | None:
    """A 503 that says how long to wait is a limit as well."""
    wait = answer.headers.get("retry-after", "").strip()
    if answer.status != 503 or not wait.isdigit():
        return None
    return RateLimited("Azure asks for a pause.", retry_after=max(float(wait), 1.0))


# --- Microsoft Graph ------------------------------------------------------------------------------------------------


def _of_graph(answer: Answer) -> ConnectorError | None:
    code = code_of(answer)
    if code == NO_PREMIUM:
        return NotPremium(
            "Sign-ins are shown to tenants with Entra ID P1 or P2 alone, and this one has neither.",
            remedy="Nothing needs doing: it is looked at again each day.",
        )
    if answer.status == 401:
        return _not_accepted(answer, code)
    if answer.status == 403:
        return missing_in_graph(answer)
    return _throttled(answer)


def missing_in_graph(answer: Answer) -> PermissionMissing:
    found = (name for part, name in GRAPH_OF_PATHS if part in answer.url)
    return graph_permission(next(found, scopes.DIRECTORY))


def graph_permission(permission: str) -> PermissionMissing:
    return PermissionMissing(
        f"The permission {permission} of Microsoft Graph was not granted to the app.",
        remedy=f"Add {permission} on the app registration's page API permissions as an Application permission, choose "
        "Grant admin consent there, then choose Test now.",
        permission=permission,
    )


def gone(name: str) -> TargetGone:
    return TargetGone(f"{name} is not in Azure any more.", why="It was deleted, or moved elsewhere.")

"""What SharePoint's own errors mean, which is asked for its recycle bin, and which gives out downloads."""

from connectors.base import Answer, ConnectorError, NotAvailable, PermissionMissing
from connectors.office365.scopes import SHAREPOINT

NO_CERTIFICATE = "Unsupported app only token"


def classify(answer: Answer) -> ConnectorError | None:
    """None where the general rules decide."""
    if answer.status in (401, 403) and NO_CERTIFICATE in answer.text:
        return NotAvailable(
            "SharePoint takes no app that signs in with a client secret.",
            why="Its recycle bin and the inheriting of permissions are open to apps with a certificate alone.",
            remedy="To have them, disconnect, keep what was read, and connect anew with a certificate.",
        )
    if answer.status == 403 and "/_api/" in answer.url:
        return PermissionMissing(
            f"SharePoint refuses this call ({answer.where}).",
            remedy="Add Sites.FullControl.All of SharePoint as an Application permission, then choose Connect in "
            "Office 365 and accept.",
            permission=SHAREPOINT,
        )
    return None

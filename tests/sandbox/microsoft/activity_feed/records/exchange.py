"""Mailboxes: what was done to them, and what was done in them."""

from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.activity_feed.records.record import Record

SERVER = "DB6PR04MB3206 (15.20.4129.032)"


def cmdlet(base: Record, target: str, parameters: dict[str, str], is_external: bool, address: str | None) -> Record:
    """An administrator's command, or one of Microsoft's own; the operation is its name."""
    return {
        **base,
        "ResultStatus": "True",
        "ObjectId": target,
        "AppId": "",
        "ClientAppId": "",
        "ExternalAccess": is_external,
        "OrganizationName": "contoso.onmicrosoft.com",
        "OriginatingServer": SERVER,
        "Parameters": [{"Name": name, "Value": value} for name, value in parameters.items()],
        **({} if address is None else {"ClientIP": address}),
    }


def _mailbox(base: Record, address: str | None, client: str) -> Record:
    return {
        **base,
        "ResultStatus": "Succeeded",
        "ClientIPAddress": address,
        "ClientInfoString": client,
        "ExternalAccess": False,
        "InternalLogonType": 0,
        "LogonType": 0,
        "LogonUserSid": "S-1-5-21-1376570662-3565232716-1187618197-25622886",
        "MailboxGuid": "2c1cb101-3be8-4591-a5d2-e24244ea4df5",
        "MailboxOwnerUPN": base["UserId"],
        "OrganizationName": "contoso.onmicrosoft.com",
        "OriginatingServer": f"{SERVER}\r\n",
    }


def item(base: Record, address: str | None, client: str, subject: str) -> Record:
    return {
        **_mailbox(base, address, client),
        "Item": {
            "Id": "LgAAAADBwCLOTkcSTpPvPqAu44P4AQBY8xpM8MPnRJFI1LZ3pAMJAAAAAAEMAAAB",
            "Subject": subject,
            "ParentFolder": {"Id": "LgAAAADBwCLOTkcSTpPvPqAu44P4", "Path": "\\Inbox"},
        },
    }


def items(base: Record, address: str | None, client: str, subjects: list[str]) -> Record:
    return {
        **_mailbox(base, address, client),
        "AffectedItems": [{"Id": f"RgAAAAB{number}", "Subject": each} for number, each in enumerate(subjects)],
        "CrossMailboxOperation": False,
        "Folder": {"Id": "LgAAAAAdhAMR", "Path": "\\Deleted Items"},
    }


def items_accessed(base: Record, address: str | None, client: str) -> Record:
    properties: list[Json] = [{"Name": "MailAccessType", "Value": "Bind"}, {"Name": "IsThrottled", "Value": "False"}]
    folder: Json = {"FolderItems": [{"InternetMessageId": "<one@contoso.example>"}], "Path": "\\Inbox"}
    return {
        **_mailbox(base, address, client),
        "OperationProperties": properties,
        "Folders": [folder],
        "OperationCount": "1",
    }


def label(base: Record, sender: str, name: str, receivers: list[str]) -> Record:
    return {
        **base,
        "ObjectId": f"<{base['Id']}@contoso.example>",
        "ItemName": name,
        "ApplicationMode": "Standard",
        "LabelAction": "None",
        "LabelId": "8581574a-c314-42e3-bfdc-a63cf96ed86e",
        "LabelName": "Internal",
        "Receivers": receivers,
        "Sender": sender,
    }


def policy_match(base: Record, subject: str, policy: str, kind: str) -> Record:
    """Data loss prevention; what was found stands in PolicyDetails."""
    found: Json = {"SensitiveType": "50842eb7-edc8-4019-85dd-5a5c1f2bb085", "Count": "3", "Confidence": 85}
    rule: Json = {
        "RuleId": "3b5a2d2c-9cfa-4b0c-9b8a-1d2c4a8b6f11",
        "RuleName": f"{policy}: {kind}",
        "Severity": "High",
        "Actions": ["NotifyUser"],
        "ConditionsMatched": {"SensitiveInformation": [found]},
    }
    return {
        **base,
        "ObjectId": f"<{base['Id']}@contoso.example>",
        "IncidentId": "4b0ed1bb-0001-0000-a6e2-08d9477d0000",
        "SensitiveInfoDetectionIsIncluded": True,
        "ExchangeMetaData": {"From": base["UserId"], "Subject": subject, "To": ["someone@fabrikam.example"]},
        "PolicyDetails": [{"PolicyId": "a5ff9ab8-0d4a-4e2f-b6c2-5c61b2ae7a0e", "PolicyName": policy, "Rules": [rule]}],
    }

"""Alerts and detections of the security services."""

import json

from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.activity_feed.records.record import Record


def alert(base: Record, name: str, user_principal_name: str, severity: str) -> Record:
    """What it is about stands as JSON in a text."""
    data = {"etype": "User", "eid": user_principal_name, "tid": base["OrganizationId"], "op": "MailRedirect"}
    return {
        **base,
        "ResultStatus": "Succeeded",
        "ObjectId": user_principal_name,
        "AlertEntityId": user_principal_name,
        "AlertId": base["Id"],
        "AlertLinks": [{"AlertLinkHref": ""}],
        "AlertType": "System",
        "Category": "ThreatManagement",
        "Comments": "New alert",
        "Data": json.dumps(data),
        "EntityType": "User",
        "Name": name,
        "Severity": severity,
        "Source": "Office 365 Security & Compliance",
        "Status": "Active",
    }


def mail_threat(base: Record, recipient: str, subject: str) -> Record:
    attachment: Json = {"FileName": "Rechnung_4711.zip", "FileType": "zip", "FileVerdict": 1, "SHA256": "2AE743746DBC"}
    return {
        **base,
        "ObjectId": base["Id"],
        "AttachmentData": [attachment],
        "DetectionMethod": "Advanced filter",
        "DetectionType": "Inline",
        "NetworkMessageId": base["Id"],
        "P1Sender": "billing@proseware.example",
        "P2Sender": "billing@proseware.example",
        "Policy": "Phish",
        "Recipients": [recipient],
        "SenderIp": "192.0.2.250",
        "Subject": subject,
        "Verdict": "Phish",
    }


def command(base: Record) -> Record:
    """A cmdlet of the compliance centre."""
    return {
        **base,
        "ResultStatus": "Success",
        "ObjectId": "",
        "SecurityComplianceCenterEventType": 0,
        "ClientApplication": "EMC",
        "CmdletVersion": "...",
        "NonPIIParameters": "",
        "Parameters": "",
        "StartTime": base["CreationTime"],
    }

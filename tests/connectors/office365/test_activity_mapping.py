"""What each part of a record becomes, hostile and unknown ones included."""

import random
from typing import Any

import pytest

from connectors.base import AccountKind, ActivityCategory, Outcome
from connectors.office365.mapping import audit_record, directory_audit, sign_in
from connectors.office365.mapping.addresses import address
from connectors.office365.office_apps import (
    AZURE_AD,
    CRM,
    EXCHANGE,
    OFFICE,
    ONEDRIVE,
    POWER_AUTOMATE,
    POWER_BI,
    SECURITY,
    SHAREPOINT,
    SKYPE,
    TEAMS,
    YAMMER,
    office_app,
)
from tests.connectors.conformance.shapes import HOSTILE, faults_of

Json = dict[str, Any]
ID = "9d8001cb-a159-4252-a3a1-c2dc689f322a"
APP = "27922004-5251-4030-b22d-91ecd9a37ea4"


def record(**more: Any) -> Json:
    return {
        "Id": "1", "CreationTime": "2026-11-24T09:00:00", "RecordType": 6, "Workload": "SharePoint",
        "Operation": "FileAccessed", "UserId": "anna@contoso.com", "UserType": 0, **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("record_type", "workload", "app"),
    [
        (1, "Exchange", EXCHANGE), (50, "Exchange", EXCHANGE), (13, "Exchange", EXCHANGE),
        (6, "SharePoint", SHAREPOINT), (6, "OneDrive", ONEDRIVE), (14, "OneDrive", ONEDRIVE), (11, "", SHAREPOINT),
        (7, "", ONEDRIVE), (25, "MicrosoftTeams", TEAMS), (22, "Yammer", YAMMER), (20, "PowerBI", POWER_BI),
        (16, "SkypeForBusiness", SKYPE), (21, "CRM", CRM), (30, "MicrosoftFlow", POWER_AUTOMATE),
        (45, "", POWER_AUTOMATE),
        (66, "MicrosoftForms", OFFICE), (8, "AzureActiveDirectory", AZURE_AD),
        (40, "SecurityComplianceCenter", SECURITY),
        (463, "PowerBI", POWER_BI), (99999, "NeverSeen", OFFICE), (0, "", OFFICE),
        (25, "Exchange", TEAMS),
    ],
)  # fmt: skip
def test_the_number_of_a_record_tells_its_app_and_the_workload_what_it_leaves_open(
    record_type: int, workload: str, app: str
) -> None:
    assert office_app(record_type, workload) == app
    assert audit_record(record(RecordType=record_type, Workload=workload)).component == app
    assert audit_record(record(RecordType=str(record_type), Workload=workload)).component == app


def test_a_number_that_nobody_knows_is_kept() -> None:
    told = audit_record(record(RecordType=4711, Workload="Holodeck", Operation="ProgramStarted"))
    assert (told.action, told.component) == ("ProgramStarted", OFFICE)
    assert told.description == "anna@contoso.com: ProgramStarted. Record type 4711"
    assert told.raw["RecordType"] == 4711


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1.2.3.4", "1.2.3.4"), ("1.2.3.4:5678", "1.2.3.4"), ("[2001:db8::1]:443", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"), ("2001:DB8::1", "2001:db8::1"), ("::ffff:1.2.3.4", "1.2.3.4"), ("", ""),
        (None, ""), ("<null>", ""), ("10.0.0.0", ""), (5, ""), (["1.2.3.4"], ""), ("1.2.3.4.5", ""),
    ],
)  # fmt: skip
def test_addresses_in_all_their_forms(written: Any, read: str) -> None:
    assert address(written) == read
    assert audit_record(record(ClientIP=written)).ip_address == read


def test_the_address_and_the_user_agent_stand_in_several_places() -> None:
    assert audit_record(record(ClientIP="", ClientIPAddress="1.2.3.4")).ip_address == "1.2.3.4"
    assert audit_record(record(ClientIP=None, ActorIpAddress="1.2.3.4:80")).ip_address == "1.2.3.4"
    pairs = [{"Name": "UserAgent", "Value": "Firefox"}]
    packed = [{"Name": "additionalDetails", "Value": '{"User-Agent":"Edge"}'}]
    assert audit_record(record(UserAgent="Chrome")).user_agent == "Chrome"
    assert audit_record(record(ExtendedProperties=pairs)).user_agent == "Firefox"
    assert audit_record(record(ExtendedProperties=packed)).user_agent == "Edge"
    assert audit_record(record(ClientInfoString="Client=OWA")).user_agent == "Client=OWA"


@pytest.mark.parametrize(
    ("more", "actor"),
    [
        ({"UserId": "Anna@Contoso.com"}, ("", "Anna@Contoso.com", "anna@contoso.com", AccountKind.USER)),
        ({"UserId": "urn:spo:guest#lena@fabrikam.com"},
         ("", "lena@fabrikam.com", "lena@fabrikam.com", AccountKind.USER)),
        ({"UserId": "i:0#.f|membership|anna@contoso.com"},
         ("", "anna@contoso.com", "anna@contoso.com", AccountKind.USER)),
        ({"UserId": "lena_fabrikam.com#EXT#@contoso.onmicrosoft.com", "UserType": 10},
         ("", "lena_fabrikam.com#EXT#@contoso.onmicrosoft.com", "lena_fabrikam.com#ext#@contoso.onmicrosoft.com",
          AccountKind.USER)),
        ({"UserId": ID}, (ID, ID, "", AccountKind.USER)),
        ({"RecordType": 15, "UserId": "anna@contoso.com", "UserKey": ID},
         (ID, "anna@contoso.com", "anna@contoso.com", AccountKind.USER)),
        ({"UserId": r"NT AUTHORITY\SYSTEM (w3wp)", "UserType": 3},
         ("", r"System: NT AUTHORITY\SYSTEM (w3wp)", "", AccountKind.SERVICE)),
        ({"UserId": r"SHAREPOINT\system"}, ("", r"System: SHAREPOINT\system", "", AccountKind.SERVICE)),
        ({"UserId": "S-1-5-18", "UserType": 2}, ("", "System: S-1-5-18", "", AccountKind.SERVICE)),
        ({"UserId": "SecurityComplianceAlerts", "UserType": 4},
         ("", "System: SecurityComplianceAlerts", "", AccountKind.SERVICE)),
        ({"UserId": "app@sharepoint", "ApplicationDisplayName": "Sorter", "ApplicationId": APP},
         (APP, "Sorter", "", AccountKind.SERVICE)),
        ({"UserId": f"ServicePrincipal_{ID}", "UserType": 4}, (ID, ID, "", AccountKind.SERVICE)),
        ({"UserId": "NOT-FOUND", "UserType": 5, "AadAppId": APP}, (APP, APP, "", AccountKind.SERVICE)),
        ({"UserId": ""}, ("", "", "", None)),
        ({"UserId": None}, ("", "", "", None)),
    ],
)  # fmt: skip
def test_who_did_it(more: Json, actor: tuple[str, str, str, AccountKind | None]) -> None:
    told = audit_record(record(**more))
    assert (told.actor_id, told.actor_name, told.actor_email, told.actor_kind) == actor


def test_the_directory_names_actor_and_target_by_object_id() -> None:
    entries = [
        {"ID": "Portal", "Type": 1}, {"ID": APP, "Type": 2}, {"ID": f"User_{ID}", "Type": 2}, {"ID": ID, "Type": 2},
        {"ID": "User", "Type": 2}, {"ID": "anna@contoso.com", "Type": 5},
    ]  # fmt: skip
    changed = [{"Name": "Role.DisplayName", "OldValue": "", "NewValue": '"Global Administrator"'}]
    told = audit_record(record(
        RecordType=8, Operation="Add member to role.", Actor=entries, Target=entries, ModifiedProperties=changed,
    ))  # fmt: skip
    assert told.actor_id == ID
    assert [(each.kind, each.id, each.name) for each in told.targets] == [
        ("account", ID, "anna@contoso.com"), ("role", "", "Global Administrator"),
    ]  # fmt: skip
    assert "Role.DisplayName: nothing → Global Administrator" in told.description
    assert (told.category, told.ocsf_class) == (ActivityCategory.ADMIN, 3005)


@pytest.mark.parametrize(
    ("more", "outcome"),
    [
        ({"Operation": "UserLoginFailed", "ResultStatus": "Success", "ErrorNumber": "50126"}, Outcome.FAILURE),
        ({"Operation": "UserLoginFailed", "ResultStatus": "Success"}, Outcome.FAILURE),
        ({"Operation": "UserLoggedIn", "ResultStatus": "Success", "ErrorNumber": "0"}, Outcome.SUCCESS),
        ({"Operation": "UserLoggedIn", "ResultStatus": "Success", "LogonError": "Interrupt"}, Outcome.FAILURE),
        ({"Operation": "UserLoggedIn", "ErrorNumber": 0}, Outcome.SUCCESS),
        ({"Operation": "Other"}, Outcome.UNKNOWN),
    ],
)
def test_sign_ins_are_judged_by_more_than_their_status(more: Json, outcome: Outcome) -> None:
    assert audit_record(record(RecordType=15, **more)).outcome is outcome


@pytest.mark.parametrize(
    ("status", "outcome"),
    [("TRUE", Outcome.SUCCESS), (True, Outcome.SUCCESS), ("PartiallySucceeded", Outcome.SUCCESS),
     ("False", Outcome.FAILURE), (False, Outcome.FAILURE), (None, Outcome.UNKNOWN), ("Perhaps", Outcome.UNKNOWN)],
)  # fmt: skip
def test_the_status_is_written_in_many_ways(status: Any, outcome: Outcome) -> None:
    assert audit_record(record(ResultStatus=status)).outcome is outcome


def test_values_before_and_after_are_taken_out_of_the_text_they_are_packed_into() -> None:
    properties = [
        {"displayName": "AccountEnabled", "oldValue": "[true]", "newValue": "[false]"},
        {"displayName": "Name", "oldValue": None, "newValue": '"Anna"'},
        {"displayName": "Cut", "oldValue": '{"a": [1, 2', "newValue": "DirectorySync"},
        {"displayName": "Same", "oldValue": "[]", "newValue": '""'},
    ]
    target = {"id": ID, "type": "User", "userPrincipalName": "anna@contoso.com", "modifiedProperties": properties}
    told = directory_audit({
        "id": "Directory_1", "activityDateTime": "2026-11-24T09:00:00.1234567Z", "activityDisplayName": "Update user",
        "result": "success", "initiatedBy": {"app": {"displayName": "Sync", "servicePrincipalId": APP}},
        "targetResources": [target], "additionalDetails": [{"key": "User-Agent", "value": "Edge"}],
    })  # fmt: skip
    assert told.description == (
        "Sync: Update user (anna@contoso.com). AccountEnabled: true → false; Name: nothing → Anna; "
        'Cut: {"a": [1, 2 → DirectorySync'
    )
    assert (told.actor_id, told.actor_kind, told.user_agent) == (APP, AccountKind.SERVICE, "Edge")
    assert told.occurred_at.microsecond == 123456


def test_audits_of_microsofts_own_services_name_nobody() -> None:
    nobody = {"id": "00000000-0000-0000-0000-000000000000", "userPrincipalName": None, "ipAddress": "10.0.0.0"}
    told = directory_audit({"id": "1", "activityDateTime": "2026-11-24T09:00:00Z", "initiatedBy": {"user": nobody}})
    assert (told.actor_id, told.actor_name, told.ip_address) == ("", "System", "")
    assert told.outcome is Outcome.UNKNOWN


def test_a_sign_in_says_why_it_failed() -> None:
    row = {
        "id": "1", "createdDateTime": "2026-11-24T09:00:00Z", "userId": ID, "userPrincipalName": "anna@contoso.com",
        "appDisplayName": "Outlook", "appId": APP, "clientAppUsed": "IMAP4", "location": {"countryOrRegion": "de"},
        "status": {"errorCode": 50126, "failureReason": "Long words of Microsoft's."},
    }  # fmt: skip
    told = sign_in(row)
    assert told.description == (
        "anna@contoso.com: could not sign in to Outlook by IMAP4: wrong user name or password (50126)"
    )
    assert (told.outcome, told.country_code, told.actor_id) == (Outcome.FAILURE, "DE", ID)
    other = sign_in({**row, "status": {"errorCode": 99, "failureReason": "Something new."}})
    assert "Something new. (99)" in other.description


def test_a_record_without_an_id_or_a_time_is_the_same_row_at_each_read() -> None:
    for by in (audit_record, directory_audit, sign_in):
        first, second = by({"UserId": "x"}), by({"UserId": "x"})
        assert (first.id, first.occurred_at) == (second.id, second.occurred_at)
        assert first.id
        assert list(faults_of(first)) == []


VALUES: list[Any] = [
    None, "", 0, -1, 15, "15", 1e300, True, [], {}, [None, 1, "x"], {"Name": None}, [{"Name": 5, "Value": []}],
    [{"ID": None, "Type": "5"}], [[[]]], {"a": {"b": []}}, "2026-13-45T99:99:99", "[", "]:", "https://[", "::",
    *HOSTILE.values(),
]  # fmt: skip
MEMBERS = (
    "Id", "CreationTime", "RecordType", "Workload", "Operation", "UserId", "UserKey", "UserType", "ClientIP",
    "ObjectId", "ClientIPAddress", "ActorIpAddress", "ResultStatus", "ErrorNumber", "LogonError", "UserAgent",
    "ExtendedProperties", "ModifiedProperties", "Actor", "Target", "AppAccessContext", "ItemType", "SourceFileName",
    "Members", "Item",
    "AffectedItems", "Folder", "Folders", "ExtraProperties", "TeamName", "TargetUserOrGroupType", "MailboxOwnerUPN",
    "TargetUserOrGroupName", "DestinationFileName", "id", "activityDateTime", "activityDisplayName", "initiatedBy",
    "targetResources", "additionalDetails", "result", "createdDateTime", "status", "location", "deviceDetail", "appId",
    "userId", "userPrincipalName", "ipAddress", "userAgent", "resultType", "EventData",
)  # fmt: skip


def test_members_of_any_type_never_drop_a_record() -> None:
    chance = random.Random(20261124)
    for _ in range(600):
        row = {name: chance.choice(VALUES) for name in MEMBERS if chance.random() < 0.6}
        nested = {"user": row, "app": row}
        for by in (audit_record, directory_audit, sign_in):
            for each in (row, {**row, "initiatedBy": nested, "targetResources": [row], "status": row}):
                told = by({"kept": "yes", **each})
                assert list(faults_of(told)) == [], each
                assert told.targets

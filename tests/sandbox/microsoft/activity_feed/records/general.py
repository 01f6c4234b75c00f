"""The services whose records come as Audit.General: each has members of its own on top."""

from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.activity_feed.records.record import Record

OWNER, MEMBER, GUEST = 1, 0, 2


def teams(base: Record, team: str, channel: str, members: dict[str, int]) -> Record:
    """`members`: user principal name and role."""
    return {
        **base,
        "ObjectId": f"{team} ({base['Id']})",
        "TeamName": team,
        "TeamGuid": "19:4d8a9e7c6f5b4a3e8d2c1b0a9f8e7d6c@thread.tacv2",
        "ChannelName": channel,
        "CommunicationType": "Team",
        "Members": [{"DisplayName": each, "UPN": each, "Role": role} for each, role in members.items()],
        "ItemName": team,
    }


def yammer(base: Record, group: str, file_name: str | None) -> Record:
    return {
        **base,
        "ObjectId": group,
        "ResultStatus": "TRUE",
        "ActorUserId": base["UserId"],
        "ActorYammerUserId": 1730912345678,
        "YammerNetworkId": "2457001",
        "GroupName": group,
        **({} if file_name is None else {"FileName": file_name, "FileId": 9_876_543_210, "VersionId": "11"}),
    }


def power_bi(base: Record, report: str, workspace: str, address: str | None) -> Record:
    return {
        **base,
        "ClientIP": address,
        "UserAgent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64)",
        "Activity": base["Operation"],
        "ItemName": report,
        "ReportName": report,
        "WorkSpaceName": workspace,
        "WorkspaceId": "f6e117e3-a1df-49ea-b6ee-c3ab0bec87ab",
        "ObjectId": report,
        "IsSuccess": True,
        "DatasetName": report,
        "RequestId": base["Id"],
        "DistributionMethod": "Workspace",
    }


def skype(base: Record, tenant_name: str) -> Record:
    parameters: list[Json] = [{"Name": "Identity", "Value": "Global"}, {"Name": "AllowUserControl", "Value": "False"}]
    return {**base, "ObjectId": "Global", "TenantName": tenant_name, "Parameters": parameters, "ResultStatus": "True"}


def crm(base: Record, entity: str, message: str) -> Record:
    return {
        **base,
        "ResultStatus": "Succeeded",
        "EntityName": entity,
        "EntityId": base["Id"],
        "Message": message,
        "InstanceUrl": "https://contoso.crm4.dynamics.com/",
        "CrmOrganizationUniqueName": "orgcontoso",
        "ServiceContextId": base["Id"],
        "Fields": [{"Name": "telephone1", "Value": "+49 30 901820"}],
        "ObjectId": f"https://contoso.crm4.dynamics.com/main.aspx?etn={entity}&id={base['Id']}",
    }


def flow(base: Record, name: str) -> Record:
    return {
        **base,
        "ObjectId": "",
        "ResultStatus": "Success",
        "FlowDetailsUrl": f"https://make.powerautomate.com/environments/Default/flows/{base['Id']}/details",
        "FlowDisplayName": name,
        "FlowConnectorNames": "Office 365 Outlook, SharePoint",
        "UserTypeInitiated": 1,
        "UserUPN": base["UserId"],
        "LicenseDisplayName": "Microsoft Power Automate Free",
    }


def forms(base: Record, name: str, address: str | None) -> Record:
    return {
        **base,
        "ResultStatus": "Succeeded",
        "ClientIP": address,
        "ObjectId": base["Id"],
        "FormId": base["Id"],
        "FormName": name,
        "FormType": 1,
        "FormsUserType": 1,
        "SourceApp": "ms-formweb",
        "ActivityParameters": '{"EditOperation":"QuestionUpdated"}',
    }


def office_native(base: Record, document: str) -> Record:
    return {**base, "ObjectId": document, "ResultStatus": "PartiallySucceeded", "AppName": "Word", "Platform": "Win32"}

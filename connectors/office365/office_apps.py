"""In which Office app something was done, by the number of its record first and by its workload second.

SharePoint and OneDrive share their numbers, so there the workload decides. Microsoft adds numbers each month: one that
is not known is told by its workload, and counts as Office's where that says nothing either.
"""

from collections.abc import Mapping

CRM = "Dynamics 365 CRM"
EXCHANGE = "Exchange"
OFFICE = "Office"
ONEDRIVE = "OneDrive"
POWER_AUTOMATE = "Power Automate"
POWER_BI = "Power BI"
SHAREPOINT = "SharePoint"
SKYPE = "Skype for Business"
TEAMS = "Teams"
YAMMER = "Yammer"
AZURE_AD = "Azure AD"
SECURITY = "Security & compliance"
OFFICE_APPS = (
    AZURE_AD, CRM, EXCHANGE, OFFICE, ONEDRIVE, POWER_AUTOMATE, POWER_BI, SECURITY, SHAREPOINT, SKYPE, TEAMS, YAMMER,
)  # fmt: skip
"""By name. The first and the one of security are no Office apps, and stand beside them."""

SHARED = frozenset({4, 6, 7, 11, 14, 36, 37, 54, 55, 56, 71, 72, 102, 277, 336})
"""Numbers of SharePoint and OneDrive alike."""
BY_NUMBER: Mapping[int, str] = {
    **dict.fromkeys((1, 2, 3, 13, 19, 43, 50, 275), EXCHANGE),
    **dict.fromkeys((25, 57, 59, 60, 73, 92, 206, 230, 334, 462), TEAMS),
    **dict.fromkeys((22, 374, 414, 422), YAMMER),
    **dict.fromkeys((20, 357), POWER_BI),
    **dict.fromkeys((16, 17, 23), SKYPE),
    **dict.fromkeys((21, 278), CRM),
    **dict.fromkeys((30, 45, 46, 79, 187, 256), POWER_AUTOMATE),
    **dict.fromkeys((66, 70, 82, 83, 84, 288, 382), OFFICE),
    **dict.fromkeys((8, 9, 15, 294), AZURE_AD),
    **dict.fromkeys((18, 24, 28, 40, 41, 47, 52, 64, 87, 98), SECURITY),
}
BY_WORKLOAD: Mapping[str, str] = {
    "exchange": EXCHANGE,
    "sharepoint": SHAREPOINT,
    "onedrive": ONEDRIVE,
    "microsoftteams": TEAMS,
    "yammer": YAMMER,
    "vivaengage": YAMMER,
    "powerbi": POWER_BI,
    "skypeforbusiness": SKYPE,
    "crm": CRM,  # unverified
    "dynamics365": CRM,  # unverified
    "microsoftflow": POWER_AUTOMATE,  # unverified
    "azureactivedirectory": AZURE_AD,
    "securitycompliancecenter": SECURITY,
    "threatintelligence": SECURITY,
    "compliancemanager": SECURITY,
    "aip": SECURITY,
}


def office_app(record_type: int, workload: str) -> str:
    """The name that lists and filters show."""
    told = workload.strip().lower()
    if record_type in SHARED:
        return ONEDRIVE if told == "onedrive" or (record_type == 7 and told != "sharepoint") else SHAREPOINT
    return BY_NUMBER.get(record_type) or BY_WORKLOAD.get(told, OFFICE)

"""In Teams, Yammer, Power BI, Skype for Business, Dynamics 365, Power Automate, Office, and the security services."""

from tests.sandbox.microsoft.activity_feed.records import general, security
from tests.sandbox.microsoft.activity_feed.records.actor import ALERTS, NOBODY_FOUND, Actor
from tests.sandbox.microsoft.activity_feed.records.record import Record
from tests.sandbox.microsoft.activity_feed.stories.scene import Scene, Story

THREATS = Actor("ThreatIntel", "ThreatIntel", 4)


def member_added(scene: Scene) -> Record:
    members = {scene.other.user_id: general.OWNER, "fab-omar_fabrikam.example#EXT#@contoso.example": general.GUEST}
    return general.teams(scene.base(25, "MicrosoftTeams", "MemberAdded"), "Vertrieb Süd", "General", members)


def team_deleted(scene: Scene) -> Record:
    return general.teams(scene.base(25, "MicrosoftTeams", "TeamDeleted"), "企画", "", {})


def yammer_file(scene: Scene) -> Record:
    return general.yammer(scene.base(22, "Yammer", "FileCreated"), "All Company", "picnic.jpg")


def yammer_group(scene: Scene) -> Record:
    return general.yammer(scene.base(22, "Yammer", "GroupCreation"), "Runners", None)


def report_viewed(scene: Scene) -> Record:
    return general.power_bi(scene.base(20, "PowerBI", "ViewReport"), "Umsatz je Land", "Sales", scene.address)


def skype_policy(scene: Scene) -> Record:
    return general.skype(scene.base(16, "SkypeForBusiness", "Set-CsClientPolicy"), "Contoso Ltd")


def customer_changed(scene: Scene) -> Record:
    return general.crm(scene.base(21, "CRM", "Update"), "account", "Update")


def flow_made(scene: Scene) -> Record:
    """The number of the record's type is a text here."""
    return {**general.flow(scene.base(30, "MicrosoftFlow", "CreateFlow"), "Mail to sheet"), "RecordType": "30"}


def form_edited(scene: Scene) -> Record:
    return general.forms(scene.base(66, "MicrosoftForms", "EditForm"), "Umfrage\n\n", scene.address)


def document_opened(scene: Scene) -> Record:
    return general.office_native(scene.base(70, "OfficeNative", "OpenDocument"), "C:\\Users\\me\\plan.docx")


def alerted(scene: Scene) -> Record:
    base = scene.base(40, "SecurityComplianceCenter", "AlertEntityGenerated", ALERTS)
    return security.alert(base, "Creation of forwarding/redirect rule", scene.actor.user_id, "Informational")


def mail_caught(scene: Scene) -> Record:
    base = scene.base(28, "ThreatIntelligence", "TIMailData", THREATS)
    return security.mail_threat(base, scene.actor.user_id, "Ihre Rechnung")


def report_asked(scene: Scene) -> Record:
    return security.command(scene.base(18, "SecurityComplianceCenter", "Get-DlpSiDetectionsReport"))


def unheard_of(scene: Scene) -> Record:
    """Of a type that came this month; who acted is not told."""
    return {**scene.base(471, "Bookings", "CalendarPublished", NOBODY_FOUND), "ObjectId": "Unknown"}


STORIES: list[Story] = [
    member_added,
    report_viewed,
    yammer_file,
    flow_made,
    customer_changed,
    alerted,
    skype_policy,
    form_edited,
    document_opened,
    mail_caught,
    team_deleted,
    yammer_group,
    report_asked,
    unheard_of,
]

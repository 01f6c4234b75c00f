"""Contoso's Dropbox at the start: people, groups, roles, what they are signed in with. Content is in seed_content."""

from tests.sandbox import company
from tests.sandbox.clock import Clock
from tests.sandbox.company import Kind, Person
from tests.sandbox.dropbox import idents, seed_content, seed_events
from tests.sandbox.dropbox.people import DeviceSession, Group, LinkedApp, Member, Role
from tests.sandbox.dropbox.scopes import ALL_SCOPES
from tests.sandbox.dropbox.state import TEAM_ADMIN, State
from tests.sandbox.dropbox.tokens import Application
from tests.sandbox.dropbox.unions import tagged
from tests.sandbox.exchange import Json

APP_KEY = "gatehouse0demo1"
APP_SECRET = "0sandbox0secret"
APP_NAME = "Gatehouse at Contoso"
REDIRECT_URI = "http://localhost:8800/connect/callback/"
"""The demo's, at the port that it takes where none is named; a portal elsewhere is told to `Dropbox.register`."""
TEAM_NAME = "Contoso Ltd"
ADMIN = "contoso-security-svc@contoso.example"
SECOND_ADMIN = "mhartmann@contoso.example"
DAY = 86_400

INVITED = ("aabubakar", "dwilson")
SUSPENDED = ("psmith2", "mkowalczyk")
ROLES = (
    (TEAM_ADMIN, "User management, security and billing of the whole team."),
    ("User management admin", "Manages members and groups."),
    ("Support admin", "Helps members with common requests."),
    ("Billing admin", "Manages invoices and the plan."),
)
ROLE_OF = {
    "contoso-security-svc": TEAM_ADMIN,
    "mhartmann": TEAM_ADMIN,
    "abrown": "User management admin",
    "psmith": "Support admin",
}
GROUPS = (
    ("Sales", "company_managed", ("eandersson", "psmith2", "fmartin", "lmoreau")),
    ("Finance & Recht", "company_managed", ("ipetrova", "kchen", "wjones")),
    ("Security", "company_managed", ("mhartmann", "rferreira", "gcohen")),
    ("Équipe produit", "user_managed", ("hkim", "cho-s")),
    ("Auditors (empty)", "user_managed", ()),
)
EVERYONE = "Everyone at Contoso"
APPS = (
    ("Notion Importer", "Notion", False),
    ("PDF Signer <free>", "Quicksign", False),
    ("Photo Backup", "", True),
    ("Zapier", "Zapier", False),
    ("Diagram Studio", "Diagrams", True),
)
FEATURES = {
    "upload_api_rate_limit": None,
    "has_team_shared_dropbox": False,
    "has_team_file_events": True,
    "has_team_selective_sync": True,
    "has_distinct_member_homes": False,
}


def plant(clock: Clock) -> State:
    application = Application(
        APP_KEY, APP_SECRET, APP_NAME, idents.app_id("gatehouse"), [REDIRECT_URI], ALL_SCOPES, []
    )
    state = State(clock, idents.team_id("contoso"), TEAM_NAME, application)
    state.licences = 36
    state.features = dict(FEATURES)
    for name, description in ROLES:
        role = Role(idents.ident("pid_dbtmr:", name, 40), name, description)
        state.roles[role.id] = role
    for person in company.people_in("dropbox"):
        if person.kind is not Kind.GUEST:
            _member(state, person)
    _by_mail(state)
    _groups(state)
    _devices(state)
    _linked_apps(state)
    seed_content.plant(state)
    seed_events.plant(state)
    return state


def _member(state: State, person: Person) -> None:
    now = state.clock.now()
    is_invited = person.handle in INVITED
    member = Member(
        idents.member_id(person.handle),
        None if person.handle == "aabubakar" else idents.account_id(person.handle),
        person.email,
        person.given_name,
        person.family_name,
        status="invited" if is_invited else "active",
        joined_at=0.0 if is_invited else now - (200 + len(state.members)) * DAY,
        invited_at=now - (201 + len(state.members)) * DAY,
        address=person.address,
        country=person.country,
        external_id=person.id if person.kind is Kind.EMPLOYEE else "",
    )
    if person.handle in ROLE_OF:
        member.role_id = state.role(ROLE_OF[person.handle]).id
    if person.handle in SUSPENDED:
        member.status, member.suspended_at = "suspended", now - 20 * DAY
    if person.kind is Kind.LEAVER:
        member.status, member.is_recoverable = "removed", person.handle == "hgreen"
        member.removed_at = now - 3 * DAY
    if person.handle == "zoe-builds":
        member.secondary_emails = ["zoe@contoso-dev.example"]
    state.members[member.id] = member


def _by_mail(state: State) -> None:
    """Invited and never seen: no account, no name."""
    email = "new.starter@contoso.example"
    member = Member(idents.member_id(email), None, email, "", "", status="invited")
    member.invited_at = state.clock.now() - 2 * DAY
    member.is_email_verified = False
    state.members[member.id] = member


def _groups(state: State) -> None:
    everyone = Group(idents.group_id(EVERYONE), EVERYONE, "system_managed")
    everyone.members = {each.id: "member" for each in state.members.values() if each.status != "removed"}
    state.groups[everyone.id] = everyone
    for name, kind, handles in GROUPS:
        group = Group(idents.group_id(name), name, kind, external_id=f"ad-{name[:3].lower()}")
        for number, handle in enumerate(handles):
            group.members[idents.member_id(handle)] = "owner" if number == 0 else "member"
        state.groups[group.id] = group


def _devices(state: State) -> None:
    """Some members have none; one list lacks the place and the times."""
    active = [each for each in state.members.values() if each.status == "active"]
    for number, member in enumerate(active[:18]):
        _session(state, member, "web_session", number)
        if number % 2 == 0:
            _session(state, member, "desktop_client", number)
        if number % 5 == 0:
            _session(state, member, "mobile_client", number)


def _session(state: State, member: Member, kind: str, number: int) -> None:
    now = state.clock.now()
    address = "2001:db8::17" if number == 3 else member.address
    facts: dict[str, Json] = {"ip_address": address, "country": member.country}
    facts_of: dict[str, dict[str, Json]] = {
        "web_session": {"user_agent": "Mozilla/5.0 (X11; Linux x86_64)", "os": "Linux", "browser": "Firefox"},
        "desktop_client": {
            "host_name": f"nb-{number:03}",
            "client_type": tagged("windows"),
            "client_version": "199.4.7287",
            "platform": "Windows 11",
            "is_delete_on_unlink_supported": True,
        },
        "mobile_client": {"device_name": "iPhone", "client_type": tagged("iphone"), "os_version": "19.1"},
    }
    is_bare = number == 5
    told = facts_of[kind] if is_bare else {**facts, **facts_of[kind]}
    session = DeviceSession(kind, idents.session_id(kind, member.email), told, 0.0, 0.0)
    if not is_bare:
        session.created_at, session.updated_at = now - (9 + number) * DAY, now - number * 3600
    member.sessions.append(session)


def _linked_apps(state: State) -> None:
    active = [each for each in state.members.values() if each.status == "active"]
    for number, member in enumerate(active[2:14]):
        for name, publisher, is_app_folder in {APPS[number % 5], APPS[number % 3]}:
            linked_at = state.clock.now() - (30 + number) * DAY
            member.linked_apps.append(LinkedApp(idents.app_id(name), name, publisher, linked_at, is_app_folder))
        member.linked_apps.sort(key=lambda each: each.name)

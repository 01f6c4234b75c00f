"""Contoso at Box: the people, groups, applications and devices; what they store and did is planted beside."""

from tests.sandbox import company
from tests.sandbox.box import seed_events, seed_files, seed_sharing
from tests.sandbox.box.people import MANAGE_USERS, REPORTS, DevicePin, Enterprise, Group, Membership, User
from tests.sandbox.box.state import State
from tests.sandbox.box.tokens import Application
from tests.sandbox.clock import Clock

ENTERPRISE = Enterprise("918273", "Contoso Ltd")
FABRIKAM = Enterprise("554410", "Fabrikam Inc")
CLIENT_ID = "gatehousedemoboxoauth00000000001"
CLIENT_SECRET = "AbCdEfGhIjKlMnOpQrStUvWxYz012345"
SERVER_CLIENT_ID = "gatehousedemoboxserver0000000001"
SERVER_CLIENT_SECRET = "ZyXwVuTsRqPoNmLkJiHgFeDcBa543210"
REDIRECT_URI = "http://127.0.0.1:8000/connect/callback/"
ADMIN = "contoso-security-svc"
COADMINS = ("mhartmann", "psmith")
INACTIVE = ("tvolkov", "hgreen")
RESTRICTED = "dwilson"
SCOPES = (
    "root_readonly",
    "root_readwrite",
    "manage_managed_users",
    "manage_app_users",
    "manage_groups",
    "manage_enterprise_properties",
    "manage_webhook",
)
DAY = 86_400
# Name, external id where a directory keeps it, members (the first is its admin).
GROUPS = (
    ("Engineering", "directory-4711", ("dokafor", "asingh", "jmueller", "yhaddad", "sato-h", "zoe-builds", "obrien-c")),
    ("Finance", None, ("ipetrova", "kchen")),
    ("Vertrieb & 営業", None, ("eandersson", "psmith2", "fmartin", "lmoreau")),
    ("Legal hold reviewers", None, ("wjones", "aabubakar")),
)
EVERYBODY = "All users of Contoso"


def plant(clock: Clock) -> State:
    state = State(clock, ENTERPRISE)
    _applications(state)
    _people(state)
    _groups(state)
    _pins(state)
    seed_files.plant(state)
    seed_sharing.plant(state)
    seed_events.plant(state)
    return state


def _applications(state: State) -> None:
    own = Application(CLIENT_ID, CLIENT_SECRET, "Gatehouse at Contoso", REDIRECT_URI, SCOPES, "1188201")
    server = Application(SERVER_CLIENT_ID, SERVER_CLIENT_SECRET, "Gatehouse service", "", SCOPES, "1188202")
    server.is_server, server.authorised = True, SCOPES
    for each in (own, server):
        each.primary_key, each.secondary_key = "a-primary-signature-key", "a-secondary-signature-key"
    state.applications = {CLIENT_ID: own, SERVER_CLIENT_ID: server}


def _people(state: State) -> None:
    now = state.now()
    for number, person in enumerate(company.people_in("box")):
        enterprise: Enterprise | None = ENTERPRISE
        if person.kind is company.Kind.GUEST:
            enterprise = FABRIKAM if person.handle.startswith("fab-") else None
        user = User(str(21_034_500_000 + number * 37), person.email, person.name, now - 400 * DAY, enterprise)
        user.job_title = person.title if user.enterprise is ENTERPRISE else ""
        state.add_user(user)
    state.person(ADMIN).role = "admin"
    for handle in COADMINS:
        state.person(handle).role = "coadmin"
    state.person(COADMINS[1]).rights = frozenset({MANAGE_USERS, REPORTS})
    for handle in INACTIVE:
        state.person(handle).status = "inactive"
    state.person(RESTRICTED).status = "cannot_delete_edit_upload"
    state.person("rpatel").flags["is_exempt_from_login_verification"] = True
    _automata(state, now)


def _automata(state: State, now: float) -> None:
    """An app user without interactive login, and the service account of the server application."""
    login = "AppUser_1188202_0hT3kQwZ@boxdevedition.com"
    app_user = User("21034599001", login, "Intake robot", now - 90 * DAY, ENTERPRISE)
    app_user.is_platform_access_only, app_user.external_app_user_id = True, "intake-1"
    login = "AutomationUser_1188202_fQ8s2LmXyZ@boxdevedition.com"
    service = User("21034599002", login, "Gatehouse service", now - 90 * DAY, ENTERPRISE, service_of=SERVER_CLIENT_ID)
    for each in (app_user, service):
        state.add_user(each)
    state.applications[SERVER_CLIENT_ID].service_account_id = service.id


def _groups(state: State) -> None:
    then = state.now() - 300 * DAY
    everybody = Group(state.next_id(), EVERYBODY, then, then, group_type="all_users_group")
    state.groups[everybody.id] = everybody
    for name, external_id, handles in GROUPS:
        group = Group(state.next_id(), name, then, then, external_sync_identifier=external_id)
        group.provenance = "Okta" if external_id else None
        state.groups[group.id] = group
        for place, handle in enumerate(handles):
            role = "admin" if place == 0 else "member"
            held = Membership(state.next_id(), state.person(handle).id, group.id, role, then, then)
            state.memberships[held.id] = held


def _pins(state: State) -> None:
    for handle, product in (("dokafor", "iPhone"), ("asingh", "Android"), ("eandersson", "iPad"), ("rpatel", "iPhone")):
        pin = DevicePin(state.next_id(), state.person(handle).id, product)
        state.pins[pin.id] = pin

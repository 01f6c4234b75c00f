"""The two organisations at the start: contoso-dev (enterprise plan) and fabrikam-oss (free plan)."""

import uuid

from tests.sandbox import company
from tests.sandbox.clock import Clock
from tests.sandbox.github import managed_users, seed_apps, seed_events, seed_repositories
from tests.sandbox.github.organisation import Organisation
from tests.sandbox.github.people import Invitation, Membership, Role, SamlIdentity, Team, User
from tests.sandbox.github.site import Site
from tests.sandbox.github.state import CLIENT_ID, CLIENT_SECRET, State
from tests.sandbox.github.tokens import Application

CONTOSO = "contoso-dev"
FABRIKAM = "fabrikam-oss"
SERVICE_OWNER = "contoso-security-svc"
OWNER = "dokafor"
BOTS = (("dependabot[bot]", 49_699_333), ("github-actions[bot]", 41_898_282))
DAY = 86_400

# Login -> id; newer accounts lie above 2^31.
IDS = {
    "contoso-security-svc": 2_415_900_001,
    "dokafor": 11_203_114,
    "mhartmann": 90_114_072,
    "asingh": 102_334_871,
    "jmueller": 4_410_982,
    "yhaddad": 2_290_117_334,
    "sato-h": 66_120_493,
    "zoe-builds": 2_301_556_020,
    "obrien-c": 30_998_121,
    "nguyenta": 2_377_410_889,
    "lvantongeren": 8_814_305,
    "mkowalczyk": 118_290_447,
    "rferreira": 77_405_918,
    "contoso-deploy-svc": 2_415_900_002,
    "tbaker": 120_553_761,
    "hkim": 95_771_230,
    "tvolkov": 88_310_655,
    "fab-lena": 52_871_209,
    "fab-omar": 2_350_034_418,
    "priya-freelance": 19_447_802,
    "fab-newhire": 2_420_118_773,
}
NO_TWO_FACTOR = ("obrien-c", "tbaker", "fab-omar")
BY_TEXT_MESSAGE = ("nguyenta", "priya-freelance")
NO_NAME = ("sato-h", "contoso-deploy-svc")
PUBLIC_ADDRESS = ("dokafor", "jmueller", "priya-freelance")
PREDEFINED_ROLES = (
    (8132, "all_repo_read", "read", "Read access to all repositories of the organization."),
    (8133, "all_repo_triage", "triage", "Triage access to all repositories of the organization."),
    (8134, "all_repo_write", "write", "Write access to all repositories of the organization."),
    (8135, "all_repo_maintain", "maintain", "Maintain access to all repositories of the organization."),
    (8136, "all_repo_admin", "admin", "Admin access to all repositories of the organization."),
    (138, "security_manager", "read", "Manages security policies, alerts and settings of the organization."),
)


def plant(clock: Clock, site: Site) -> State:
    state = State(clock, site)
    _people(state, clock.now())
    state.applications[CLIENT_ID] = Application(
        1_900_417, CLIENT_ID, CLIENT_SECRET, "Gatehouse at Contoso", "http://127.0.0.1/"
    )
    contoso = _contoso(state, clock)
    seed_events.plant(state, contoso)
    fabrikam = _fabrikam(state, clock)
    seed_apps.plant(state, contoso, fabrikam)
    if site.manages_users:
        managed_users.begin(state, state.enterprises[seed_apps.ENTERPRISE])
    if site.is_server:
        _on_server(state, contoso)
    return state


def _people(state: State, now: float) -> None:
    for person in company.people_in("github"):
        login = person.handle
        user = User(IDS[login], login, work_email=person.email, address=person.address, country=person.country)
        user.name = None if login in NO_NAME else person.name
        user.email = f"{login}@users.example" if login in PUBLIC_ADDRESS else None
        user.company = f"@{CONTOSO}" if person.kind is company.Kind.EMPLOYEE else None
        user.bio = person.title
        user.has_two_factor = login not in NO_TWO_FACTOR
        user.has_text_messages = login in BY_TEXT_MESSAGE
        user.created_at = 1_300_000_000.0 + (user.id % 4_000) * 100_000
        user.updated_at = now - (user.id % 90) * DAY
        state.add_user(user)
    for login, number in BOTS:
        state.add_user(User(number, login, type="Bot", created_at=1_550_000_000.0))
    state.add_user(User(2_488_000_117, "crypto-faucet-9000", created_at=now - 40 * DAY, country="ZZ"))
    state.add_user(User(10_137, "ghost", "Deleted user", created_at=1_210_000_000.0))


def _contoso(state: State, clock: Clock) -> Organisation:
    now = clock.now()
    organisation = state.add_organisation(
        Organisation(148_205_311, CONTOSO, "Contoso Engineering", "enterprise", clock, state.users, "contoso")
    )
    organisation.description = "Everything we build 🏗️"
    organisation.has_saml = True
    organisation.has_application_restrictions = True
    organisation.verified_domains = company.DOMAINS
    for login in list(IDS)[:14]:
        role = "admin" if login in (SERVICE_OWNER, OWNER) else "member"
        organisation.members[IDS[login]] = Membership(role, is_public=login in ("dokafor", "zoe-builds"))
    organisation.members[IDS["nguyenta"]].enterprise_teams = ["data-platform"]
    organisation.outside_collaborators = {IDS[login] for login in ("fab-lena", "fab-omar", "priya-freelance")}
    organisation.blocks[state.person("crypto-faucet-9000").id] = None
    _invitations(state, organisation, now)
    _teams(organisation)
    _roles(organisation)
    _identities(state, organisation)
    seed_repositories.plant_contoso(state, organisation)
    return organisation


def _on_server(state: State, organisation: Organisation) -> None:
    """No single sign-on of an organisation, nobody invited or blocked; two run the server, two are suspended."""
    organisation.has_saml = False
    organisation.identities.clear()
    organisation.authorisations.clear()
    organisation.invitations.clear()
    organisation.failed_invitations.clear()
    organisation.blocks.clear()
    for login in (OWNER, SERVICE_OWNER):
        state.person(login).is_site_admin = True
    for login, days in (("mkowalczyk", 12), ("tvolkov", 200)):
        state.person(login).suspended_at = state.clock.now() - days * DAY


def _invitations(state: State, organisation: Organisation, now: float) -> None:
    inviter = state.person(OWNER)
    known = Invitation(58_110_204, "tbaker", None, "direct_member", now - 2 * DAY, inviter)
    by_mail = Invitation(58_110_377, None, "new.starter@contoso.example", "direct_member", now - DAY, inviter)
    failed = Invitation(57_900_113, "fab-newhire", None, "direct_member", now - 12 * DAY, inviter, now - 5 * DAY)
    failed.failed_reason = "Invitation expired. User did not accept this invite for 7 days."
    by_mail.source = "scim"
    organisation.invitations = {known.id: known, by_mail.id: by_mail}
    organisation.failed_invitations = {failed.id: failed}


def _teams(organisation: Organisation) -> None:
    platform = _team(9_120_411, "Platform", "platform", {"dokafor": "maintainer", "asingh": "member"})
    platform.members[IDS["contoso-deploy-svc"]] = "member"
    platform.pending[IDS["tbaker"]] = "member"
    reliability = _team(
        9_120_455, "Site Reliability 🚒", "site-reliability", {"asingh": "maintainer", "zoe-builds": "member"}
    )
    reliability.parent_id = platform.id
    data = _team(
        9_304_870, "Données & Datenströme", "donnees-datenstrome", {"obrien-c": "maintainer", "nguyenta": "member"}
    )
    response = _team(
        2_150_774_102, "Incident Response", "incident-response", {"rferreira": "maintainer", "mhartmann": "member"}
    )
    response.privacy = "secret"
    everyone = _team(9_001_002, "Engineering", "engineering", dict.fromkeys(list(IDS)[3:13], "member"))
    everyone.description = "All engineers <b>of</b> Contoso"
    for team in (platform, reliability, data, response, everyone):
        organisation.teams[team.id] = team


def _team(number: int, name: str, slug: str, members: dict[str, str]) -> Team:
    return Team(number, name, slug, members={IDS[login]: role for login, role in members.items()})


def _roles(organisation: Organisation) -> None:
    for number, name, base, description in PREDEFINED_ROLES:
        organisation.roles[number] = Role(number, name, description, base, "Predefined")
    custom = Role(60_412, "Audit log reader", "Reads the audit log", None, "Organization", ("read_audit_logs",))
    organisation.roles[custom.id] = custom
    organisation.roles[138].users = {IDS["rferreira"], IDS["mhartmann"]}
    organisation.roles[138].teams = {2_150_774_102}
    organisation.roles[8136].users = {IDS["contoso-deploy-svc"]}
    custom.users = {IDS["mhartmann"]}


def _identities(state: State, organisation: Organisation) -> None:
    """One member never linked an identity, one signed on without SCIM; two identities belong to nobody here yet, one of
    whom is invited, the other's invitation is long gone."""
    for user_id in organisation.members:
        user = state.users[user_id]
        if user.login != "lvantongeren":
            identity = _identity(user.work_email, user_id)
            person = company.BY_HANDLE[user.login]
            identity.given_name, identity.family_name = person.given_name, person.family_name
            identity.external_id = person.id
            organisation.identities.append(identity)
    organisation.identities[-1].is_provisioned = False
    organisation.identities.append(_identity("new.starter@contoso.example", None))
    late = _identity("late.joiner@contoso.example", None)
    late.given_name, late.family_name, late.external_id = "Léa", "Joiner", "C1099"
    organisation.identities.append(late)


def _identity(email: str, user_id: int | None) -> SamlIdentity:
    return SamlIdentity(str(uuid.uuid5(uuid.NAMESPACE_DNS, email)), email, (email,), user_id)


def _fabrikam(state: State, clock: Clock) -> Organisation:
    organisation = state.add_organisation(
        Organisation(2_190_440_815, FABRIKAM, "Fabrikam Open Source", "free", clock, state.users)
    )
    for login, role in ((OWNER, "admin"), (SERVICE_OWNER, "admin"), ("fab-lena", "member"), ("hkim", "member")):
        organisation.members[IDS[login]] = Membership(role, is_public=True)
    maintainers = _team(9_777_001, "Maintainers", "maintainers", {"fab-lena": "maintainer", "hkim": "member"})
    docs = _team(9_777_002, "Docs", "docs", {"hkim": "maintainer"})
    organisation.teams = {maintainers.id: maintainers, docs.id: docs}
    for number, name, base, description in PREDEFINED_ROLES:
        organisation.roles[number] = Role(number, name, description, base, "Predefined")
    seed_repositories.plant_fabrikam(state, organisation)
    return organisation

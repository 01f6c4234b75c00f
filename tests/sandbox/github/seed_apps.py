"""What reaches contoso-dev without being a person: installed apps, authorised credentials, fine-grained tokens."""

import hashlib

from tests.sandbox import company
from tests.sandbox.github.app import App, Installation
from tests.sandbox.github.app_shapes import organisation_user
from tests.sandbox.github.enterprise import Enterprise, EnterpriseRole, EnterpriseTeam
from tests.sandbox.github.grants import Authorisation, TokenGrant
from tests.sandbox.github.organisation import Organisation
from tests.sandbox.github.people import User
from tests.sandbox.github.state import State

DAY = 86_400
APP_ID = 1_204_551
APP_CLIENT_ID = "Iv23liGATEHOUSEAPP01"
APP_SLUG = "gatehouse-at-contoso"
ENTERPRISE = "contoso"
ENTERPRISE_APP_ID = 1_310_778
# What the guide tells an administrator to grant.
PERMISSIONS = {
    "metadata": "read",
    "members": "write",
    "organization_administration": "write",
    "organization_personal_access_tokens": "write",
    "organization_personal_access_token_requests": "write",
    "organization_user_blocking": "write",
    "organization_hooks": "write",
    "organization_custom_org_roles": "write",
    "organization_plan": "read",
    "administration": "write",
    "contents": "write",
    "repository_hooks": "write",
    "workflows": "write",
}
EVENTS = (
    "deploy_key",
    "member",
    "membership",
    "org_block",
    "organization",
    "personal_access_token_request",
    "public",
    "push",
    "repository",
    "team",
    "team_add",
)
# Id, slug, name, permissions.
_OTHERS: tuple[tuple[int, str, str, dict[str, str]], ...] = (
    (
        287_004,
        "dependency-watch",
        "Dependency Watch",
        {"metadata": "read", "contents": "read", "vulnerability_alerts": "read"},
    ),
    (512_660, "repo-janitor", "Repo Janitor 🧹", {"metadata": "read", "administration": "write", "contents": "write"}),
    (98_113, "old-ci", "Old CI", {"metadata": "read", "statuses": "write", "checks": "write"}),
)
# Id, login, kind, days since authorised, days since used, title or note, days until it expires.
_AUTHORISATIONS: tuple[tuple[int, str, str, float, float | None, str, float | None], ...] = (
    (161_195_001, "dokafor", "personal access token", 200.0, 0.2, "cli", None),
    (161_195_002, "asingh", "personal access token", 90.0, 1.0, "deploy helper", 30.0),
    (161_195_003, "nguyenta", "personal access token", 410.0, None, "notebook", None),
    (161_195_004, "contoso-deploy-svc", "personal access token", 700.0, 0.01, "pipeline", None),
    (161_195_005, "jmueller", "SSH key", 800.0, 0.5, "work laptop", None),
    (161_195_006, "zoe-builds", "SSH key", 120.0, 3.0, "🚀 desktop", None),
    (2_161_195_007, "sato-h", "OAuth app token", 30.0, 2.0, "Editor Sync", None),
    (2_161_195_008, "yhaddad", "OAuth app token", 5.0, 0.1, "Board Mirror", None),
    (2_161_195_009, "obrien-c", "GitHub app token", 15.0, 14.0, "Dependency Watch", 0.2),
)
_SCOPES = {"personal access token": ("repo", "workflow"), "OAuth app token": ("read:org", "user:email")}
ONE_REPOSITORY = {"repository": {"contents": "read", "metadata": "read"}}
WIDE = {"organization": {"members": "read"}, "repository": {"administration": "write", "metadata": "read"}}


def plant(state: State, contoso: Organisation, fabrikam: Organisation) -> None:
    now = state.clock.now()
    owner = organisation_user(contoso.login, contoso.id)
    ours = _app(state, APP_ID, APP_SLUG, "Gatehouse at Contoso", owner, PERMISSIONS)
    ours.client_id = APP_CLIENT_ID
    ours.events = EVENTS
    _install(state, ours, contoso, 61_440_118, now - 3 * DAY)
    _install(state, ours, fabrikam, 61_440_377, now - 2 * DAY)
    _others(state, contoso, now)
    _enterprise(state, contoso, owner, now)
    _authorisations(state, contoso, now)
    _tokens(state, contoso, now)


def _app(state: State, number: int, slug: str, name: str, owner: User, permissions: dict[str, str]) -> App:
    bot = state.add_user(User(number + 190_000_000, f"{slug}[bot]", type="Bot"))
    app = App(number, f"Iv1.{number:016x}", slug, name, owner, bot, dict(permissions))
    state.apps[number] = app
    return app


def _install(state: State, app: App, organisation: Organisation, number: int, at: float) -> Installation:
    made = Installation(number, app, organisation, dict(app.permissions), created_at=at, updated_at=at)
    made.events = list(app.events)
    organisation.installations[number] = made
    return made


def _others(state: State, contoso: Organisation, now: float) -> None:
    maker = organisation_user("toolmakers", 77_120_404)
    watch, janitor, old = (_app(state, *row[:3], maker, row[3]) for row in _OTHERS)
    _install(state, watch, contoso, 48_220_915, now - 60 * DAY).events = ["push", "repository"]
    _install(state, janitor, contoso, 55_019_226, now - 25 * DAY)
    retired = _install(state, old, contoso, 2_204_118_337, now - 1400 * DAY)
    retired.repositories = {301_446_002, 333_017_886}
    retired.suspended_at = now - 90 * DAY
    retired.suspended_by = state.person("dokafor")


def _enterprise(state: State, contoso: Organisation, owner: User, now: float) -> None:
    """It owns contoso-dev alone, and has an app of its own that may uninstall others. One of its owners has left."""
    owners = {state.person(login).id for login in ("dokafor", "contoso-security-svc", "tvolkov")}
    enterprise = Enterprise(contoso.id % 100_000, ENTERPRISE, company.NAME, [contoso], owners)
    enterprise.billing_managers = {state.person("hkim").id}
    state.enterprises[enterprise.slug] = enterprise
    _teams_and_roles(state, enterprise)
    permissions = {"enterprise_organization_installations": "write"}
    app = _app(
        state, ENTERPRISE_APP_ID, "gatehouse-for-the-enterprise", "Gatehouse for the Enterprise", owner, permissions
    )
    made = Installation(62_118_004, app, None, permissions, enterprise, created_at=now - DAY, updated_at=now - DAY)
    enterprise.installations[made.id] = made


def _teams_and_roles(state: State, enterprise: Enterprise) -> None:
    """One team with somebody who is not in the organisation; a role that is held directly and through a team."""
    data = [state.person(login).id for login in ("nguyenta", "hkim")]
    for team in (
        EnterpriseTeam(8_100_204, "Data Platform", "ent:data-platform", data, "Lakes & <b>streams</b>"),
        EnterpriseTeam(8_100_377, "Sicherheit 🔐", "ent:sicherheit", [state.person("mhartmann").id]),
    ):
        enterprise.teams[team.id] = team
    for role in (
        EnterpriseRole(9_001, "security_manager", "Predefined", ("read_enterprise_security",)),
        EnterpriseRole(71_204, "Audit log reader", "Enterprise", ("read_enterprise_audit_logs",), "Reads the log"),
    ):
        enterprise.roles[role.id] = role
    enterprise.roles[9_001].users = {state.person("asingh").id, state.person("mhartmann").id}
    enterprise.roles[9_001].teams = {8_100_377}


def _authorisations(state: State, contoso: Organisation, now: float) -> None:
    for number, login, kind, made, used, name, ends in _AUTHORISATIONS:
        held = Authorisation(
            number,
            state.person(login),
            kind,
            now - made * DAY,
            now - used * DAY if used is not None else None,
            number + 9,
        )
        digest = hashlib.sha256(name.encode()).hexdigest()
        if kind == "SSH key":
            held.title, held.fingerprint = name, digest[:32]
        else:
            held.note, held.last_eight, held.scopes = name, digest[:8], _SCOPES.get(kind, ())
        held.expires_at = now + ends * DAY if ends is not None else None
        contoso.authorisations[number] = held


def _tokens(state: State, contoso: Organisation, now: float) -> None:
    """One expired, one never used; two more ask to be let in."""
    grants = (
        TokenGrant(25_381, state.person("nguyenta"), 98_716_001, "training runs", now - 200 * DAY),
        TokenGrant(25_702, state.person("asingh"), 98_716_445, "terraform", now - 60 * DAY, permissions=WIDE),
        TokenGrant(26_114, state.person("nguyenta"), 2_198_717_002, "scratch", now - 1.5 * DAY),
    )
    grants[0].expires_at, grants[0].used_at = now - 20 * DAY, now - 21 * DAY
    grants[1].expires_at, grants[1].used_at = now + 300 * DAY, now - 0.3 * DAY
    grants[2].expires_at = now + 28 * DAY
    asked = (
        TokenGrant(31_004, state.person("yhaddad"), 98_720_118, "release bot", now - 2 * DAY, permissions=WIDE),
        TokenGrant(31_117, state.person("sato-h"), 98_720_334, "docs preview", now - 0.5 * DAY),
    )
    for each in (grants[0], grants[2], asked[1]):
        each.selection, each.repositories, each.permissions = "subset", (420_553_177,), ONE_REPOSITORY
    asked[0].reason = "Needs to protect branches"
    contoso.token_grants = {each.id: each for each in grants}
    contoso.token_requests = {each.id: each for each in asked}

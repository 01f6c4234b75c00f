"""Organisation roles and who holds them."""

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.github import shapes
from tests.sandbox.github.call import Call, answer_list, no_content
from tests.sandbox.github.people import Role
from tests.sandbox.github.refusal import not_found
from tests.sandbox.github.router import Route, route


def list_roles(call: Call) -> Answer:
    call.need_owner()
    roles = [shapes.organisation_role(call.request, call.organisation, role) for role in _roles(call)]
    return Answer.of_json({"total_count": len(roles), "roles": roles})


def get_role(call: Call) -> Answer:
    call.need_owner()
    return Answer.of_json(shapes.organisation_role(call.request, call.organisation, _role(call)))


def list_role_users(call: Call) -> Answer:
    """Holders by themselves (direct), through a team (indirect), or both (mixed)."""
    call.need_owner()
    role, organisation = _role(call), call.organisation
    through: dict[int, list[Json]] = {}
    for team_id in sorted(role.teams):
        team = organisation.teams[team_id]
        for user_id in team.members:
            through.setdefault(user_id, []).append(shapes.simple_team(call.request, organisation, team))
    holders = sorted(role.users | through.keys())
    users = [
        shapes.simple_user(call.request, call.state.users[user_id])
        | {
            "assignment": _assignment(user_id in role.users, user_id in through),
            "inherited_from": through.get(user_id, []),
        }
        for user_id in holders
    ]
    return answer_list(call, users)


def list_role_teams(call: Call) -> Answer:
    call.need_owner()
    organisation = call.organisation
    teams = [organisation.teams[team_id] for team_id in sorted(_role(call).teams)]
    rows = [shapes.listed_team(call.request, organisation, team) | {"assignment": "direct"} for team in teams]
    return answer_list(call, rows)


def give_role(call: Call) -> Answer:
    call.need_owner()
    call.organisation.give_role(_role(call), call.target(), call.actor)
    return no_content()


def take_role(call: Call) -> Answer:
    call.need_owner()
    call.organisation.take_role(_role(call), call.target(), call.actor)
    return no_content()


def take_all_roles(call: Call) -> Answer:
    call.need_owner()
    user = call.target()
    for role in _roles(call):
        call.organisation.take_role(role, user, call.actor)
    return no_content()


def _roles(call: Call) -> list[Role]:
    """Custom roles exist in the enterprise plan only."""
    organisation = call.organisation
    is_enterprise = organisation.plan == "enterprise"
    return [role for role in organisation.roles.values() if is_enterprise or role.source == "Predefined"]


def _role(call: Call) -> Role:
    found = next((role for role in _roles(call) if str(role.id) == call.parameters["role_id"]), None)
    if found is None:
        raise not_found()
    return found


def _assignment(is_direct: bool, is_indirect: bool) -> str:
    if is_direct and is_indirect:
        return "mixed"
    return "direct" if is_direct else "indirect"


BASE = "/orgs/{org}/organization-roles"
ROUTES: list[Route] = [
    route("GET", BASE, list_roles, "admin:org", permissions="organization_custom_org_roles=read"),
    route("GET", f"{BASE}/{{role_id}}", get_role, "admin:org", permissions="organization_custom_org_roles=read"),
    route("GET", f"{BASE}/{{role_id}}/users", list_role_users, "admin:org", permissions="members=read"),
    route("GET", f"{BASE}/{{role_id}}/teams", list_role_teams, "admin:org", permissions="members=read"),
    route("PUT", f"{BASE}/users/{{username}}/{{role_id}}", give_role, "admin:org", permissions="members=write"),
    route("DELETE", f"{BASE}/users/{{username}}/{{role_id}}", take_role, "admin:org", permissions="members=write"),
    route("DELETE", f"{BASE}/users/{{username}}", take_all_roles, "admin:org", permissions="members=write"),
]

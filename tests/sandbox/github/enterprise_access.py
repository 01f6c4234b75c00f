"""Teams and roles of an enterprise: who is in them and who holds them, for its owners."""

from tests.sandbox.clock import iso
from tests.sandbox.exchange import Answer, Json
from tests.sandbox.github import shapes
from tests.sandbox.github.addresses import web
from tests.sandbox.github.app_shapes import enterprise as as_enterprise
from tests.sandbox.github.call import Call, answer_list
from tests.sandbox.github.enterprise import EnterpriseRole, EnterpriseTeam
from tests.sandbox.github.refusal import not_found
from tests.sandbox.github.router import Route, route


def list_teams(call: Call) -> Answer:
    call.need_enterprise_owner()
    return answer_list(call, [_team(call, each) for each in call.enterprise.teams.values()])


def list_team_members(call: Call) -> Answer:
    """The team is named by its slug or its id."""
    call.need_enterprise_owner()
    named = call.parameters["team"]
    team = next((each for each in call.enterprise.teams.values() if named in (each.slug, str(each.id))), None)
    if team is None:
        raise not_found()
    return answer_list(call, [shapes.simple_user(call.request, call.state.users[number]) for number in team.members])


def list_roles(call: Call) -> Answer:
    call.need_enterprise_owner()
    roles = [_shape_of_role(call, each) for each in call.enterprise.roles.values()]
    return Answer.of_json({"total_count": len(roles), "roles": roles})


def list_role_users(call: Call) -> Answer:
    """Holders by themselves (direct), through a team (indirect), or both (mixed)."""
    role = _role(call)
    through: dict[int, list[Json]] = {}
    for team_id in sorted(role.teams):
        team = call.enterprise.teams[team_id]
        for number in team.members:
            through.setdefault(number, []).append(_team(call, team))
    rows: list[Json] = []
    for number in sorted(role.users | through.keys()):
        held = {"assignment": _assignment(number in role.users, number in through)}
        user = shapes.simple_user(call.request, call.state.users[number])
        rows.append(user | held | {"inherited_from": through.get(number, [])})
    return answer_list(call, rows)


def list_role_teams(call: Call) -> Answer:
    role = _role(call)
    return answer_list(call, [_team(call, call.enterprise.teams[number]) for number in sorted(role.teams)])


def _role(call: Call) -> EnterpriseRole:
    call.need_enterprise_owner()
    found = next((each for each in call.enterprise.roles.values() if str(each.id) == call.parameters["role_id"]), None)
    if found is None:
        raise not_found()
    return found


def _assignment(is_direct: bool, is_indirect: bool) -> str:
    if is_direct and is_indirect:
        return "mixed"
    return "direct" if is_direct else "indirect"


def _shape_of_role(call: Call, role: EnterpriseRole) -> dict[str, Json]:
    return {
        "id": role.id,
        "name": role.name,
        "description": role.description,
        "source": role.source,
        "permissions": list(role.permissions),
        "enterprise": as_enterprise(call.request, call.enterprise),
        "created_at": iso(call.enterprise.created_at),
        "updated_at": iso(call.enterprise.updated_at),
    }


def _team(call: Call, team: EnterpriseTeam) -> dict[str, Json]:
    enterprise = call.enterprise
    path = f"/enterprises/{enterprise.slug}/teams/{team.id}"
    return {
        "id": team.id,
        "name": team.name,
        "description": team.description,
        "slug": team.slug,
        "url": call.request.url(path),
        "organization_selection_type": "all",
        "group_id": None,
        "html_url": web(call.request, f"/enterprises/{enterprise.slug}/teams/{team.slug}"),
        "members_url": call.request.url(f"{path}/memberships{{/member}}"),
        "notification_setting": "notifications_enabled",
        "created_at": iso(enterprise.created_at),
        "updated_at": iso(enterprise.updated_at),
    }


TEAMS, ROLES = "/enterprises/{enterprise}/teams", "/enterprises/{enterprise}/enterprise-roles"
ROUTES: list[Route] = [
    route("GET", TEAMS, list_teams, "read:enterprise"),
    route("GET", f"{TEAMS}/{{team}}/memberships", list_team_members, "read:enterprise"),
    route("GET", ROLES, list_roles, "read:enterprise"),
    route("GET", f"{ROLES}/{{role_id}}/users", list_role_users, "read:enterprise"),
    route("GET", f"{ROLES}/{{role_id}}/teams", list_role_teams, "read:enterprise"),
]

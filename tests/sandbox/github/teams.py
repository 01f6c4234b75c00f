"""Teams, nested and secret ones among them, and who is in them."""

from tests.sandbox.exchange import Answer
from tests.sandbox.github import shapes
from tests.sandbox.github.call import Call, answer_list, no_content
from tests.sandbox.github.refusal import Refusal, not_found
from tests.sandbox.github.router import Route, route


def list_teams(call: Call) -> Answer:
    call.need_member()
    wanted = call.chosen("team_type", ("all", "enterprise", "organization"), "all", "Team")
    visible = [] if wanted == "enterprise" else [team for team in call.organisation.teams.values() if call.sees(team)]
    return answer_list(call, [shapes.listed_team(call.request, call.organisation, team) for team in visible])


def get_team(call: Call) -> Answer:
    call.need_member()
    return Answer.of_json(shapes.full_team(call.request, call.organisation, call.team()))


def list_child_teams(call: Call) -> Answer:
    call.need_member()
    parent = call.team()
    below = [team for team in call.organisation.teams.values() if team.parent_id == parent.id and call.sees(team)]
    return answer_list(call, [shapes.listed_team(call.request, call.organisation, team) for team in below])


def list_team_members(call: Call) -> Answer:
    """Members of the teams below are listed, too, as inherited."""
    call.need_member()
    wanted = call.chosen("role", ("member", "maintainer", "all"), "all", "TeamMember")
    team = call.team()
    rows = [(user_id, role, False) for user_id, role in team.members.items()]
    for below in call.organisation.descendants(team):
        known = {user_id for user_id, _, _ in rows}
        rows += [(user_id, "member", True) for user_id in below.members if user_id not in known]
    members = [
        shapes.simple_user(call.request, call.state.users[user_id]) | {"role": role, "inherited": inherited}
        for user_id, role, inherited in rows
        if wanted in ("all", role)
    ]
    return answer_list(call, members)


def get_team_membership(call: Call) -> Answer:
    call.need_member()
    return _team_membership(call)


def set_team_membership(call: Call) -> Answer:
    _need_maintainer(call)
    role = call.body_choice("role", ("member", "maintainer"), "member", "TeamMembership")
    user = call.target()
    if user.id not in call.organisation.members and not call.is_owner:
        raise Refusal(403, "You must be an organization owner to invite somebody to the organization.")
    call.organisation.put_in_team(call.team(), user, role, call.actor)
    return _team_membership(call)


def remove_team_membership(call: Call) -> Answer:
    _need_maintainer(call)
    call.organisation.take_from_team(call.team(), call.target(), call.actor)
    return no_content()


def _team_membership(call: Call) -> Answer:
    try:
        return Answer.of_json(shapes.team_membership(call.request, call.organisation, call.team(), call.target()))
    except KeyError:
        raise not_found() from None


def _need_maintainer(call: Call) -> None:
    call.need_member()
    if not call.is_owner and call.team().members.get(call.user.id) != "maintainer":
        raise Refusal(403, "You must be an organization owner or a maintainer of the team.")


ROUTES: list[Route] = [
    route("GET", "/orgs/{org}/teams", list_teams, "read:org", permissions="members=read"),
    route("GET", "/orgs/{org}/teams/{team_slug}", get_team, "read:org", permissions="members=read"),
    route("GET", "/orgs/{org}/teams/{team_slug}/teams", list_child_teams, "read:org", permissions="members=read"),
    route("GET", "/orgs/{org}/teams/{team_slug}/members", list_team_members, "read:org", permissions="members=read"),
    route(
        "GET",
        "/orgs/{org}/teams/{team_slug}/memberships/{username}",
        get_team_membership,
        "read:org",
        permissions="members=read",
    ),
    route(
        "PUT",
        "/orgs/{org}/teams/{team_slug}/memberships/{username}",
        set_team_membership,
        "write:org",
        permissions="members=write",
    ),
    route(
        "DELETE",
        "/orgs/{org}/teams/{team_slug}/memberships/{username}",
        remove_team_membership,
        "write:org",
        permissions="members=write",
    ),
]

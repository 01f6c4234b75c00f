"""Members, memberships, invitations, outside collaborators, blocked users."""

from tests.sandbox.exchange import Answer
from tests.sandbox.github import shapes
from tests.sandbox.github.call import Call, answer_list, no_content
from tests.sandbox.github.people import Invitation, User
from tests.sandbox.github.refusal import Refusal, invalid, not_found
from tests.sandbox.github.router import ANY, Route, route

FILTERS = ("all", "2fa_disabled", "2fa_insecure")


def list_members(call: Call) -> Answer:
    """Without read:org, or for somebody outside, only those who made their membership public."""
    organisation = call.organisation
    role = call.chosen("role", ("all", "admin", "member"), "all", "Member")
    wanted = call.chosen("filter", FILTERS, "all", "Member")
    _refuse_filter(call, wanted)
    sees_all = call.is_member and call.allows("read:org")
    ids = organisation.member_ids(role) if sees_all else organisation.public_member_ids(role)
    if wanted == "all":
        shown, headers = call.page(ids)
        rows = [shapes.simple_user(call.request, call.state.users[user_id]) for user_id in shown]
        return Answer.of_json(rows, headers=headers)
    return _users(call, _filtered([call.state.users[user_id] for user_id in ids], wanted))


def check_member(call: Call) -> Answer:
    if not call.is_member:
        path = f"/orgs/{call.organisation.login}/public_members/{call.parameters['username']}"
        return Answer.redirect(call.request.url(path))
    user = call.state.user(call.parameters["username"])
    if user is None or user.id not in call.organisation.members:
        raise Refusal(404, "User does not exist or is not a member of the organization")
    return no_content()


def check_public_member(call: Call) -> Answer:
    membership = call.organisation.members.get(call.target().id)
    if membership is None or not membership.is_public:
        raise not_found()
    return no_content()


def remove_member(call: Call) -> Answer:
    call.need_owner("You must be an admin to remove a member from an organization.")
    user = call.target()
    if user.id not in call.organisation.members:
        raise not_found()
    call.organisation.remove(user, call.actor)
    return no_content()


def get_membership(call: Call) -> Answer:
    call.need_member()
    user = call.target()
    if user is not call.user and user.id not in call.organisation.members and not call.is_owner:
        raise not_found()
    return _membership(call, user)


def set_membership(call: Call) -> Answer:
    call.need_owner("You must be an admin to add or update an organization membership.")
    organisation, user = call.organisation, call.target()
    role = call.body_choice("role", ("admin", "member"), "member", "OrganizationMembership")
    if user.id in organisation.members:
        organisation.set_role(user, role, call.actor)
        return _membership(call, user)
    if organisation.is_enterprise_managed:
        raise invalid("OrganizationInvitation", "data", "Members of this organization are managed by the enterprise.")
    organisation.invite(user, "admin" if role == "admin" else "direct_member", call.actor)
    return _membership(call, user)


def remove_membership(call: Call) -> Answer:
    call.need_owner("You must be an admin to remove an organization membership.")
    call.organisation.remove(call.target(), call.actor)
    return no_content()


def my_membership(call: Call) -> Answer:
    return _membership(call, call.user)


def list_invitations(call: Call) -> Answer:
    _need_invitations(call)
    role = call.chosen(
        "role", ("all", "admin", "direct_member", "billing_manager", "hiring_manager"), "all", "Invitation"
    )
    source = call.chosen("invitation_source", ("all", "member", "scim"), "all", "Invitation")
    chosen = [
        each
        for each in call.organisation.invitations.values()
        if role in ("all", each.role) and source in ("all", each.source)
    ]
    return answer_list(call, [shapes.invitation(call.request, call.organisation, each) for each in chosen])


def create_invitation(call: Call) -> Answer:
    """By the id of a user or by an address; GitHub wants one of them."""
    _need_invitations(call)
    roles = ("admin", "direct_member", "billing_manager")
    role = call.body_choice("role", roles, "direct_member", "OrganizationInvitation")
    body = call.body()
    teams = [team for team in call.organisation.teams.values() if team.id in (body.get("team_ids") or [])]
    user = call.state.users.get(body.get("invitee_id") or 0)
    email = body.get("email")
    if user is None and not isinstance(email, str):
        raise invalid("OrganizationInvitation", "data", "Must specify either an email or a user to invite.")
    invitation = call.organisation.invite_to_teams(user, str(email), role, teams, call.actor)
    return Answer.of_json(shapes.invitation(call.request, call.organisation, invitation), 201)


def list_invitation_teams(call: Call) -> Answer:
    _need_invitations(call)
    organisation = call.organisation
    teams = organisation.teams_of_invitation(_invitation(call))
    return answer_list(call, [shapes.listed_team(call.request, organisation, team) for team in teams])


def cancel_invitation(call: Call) -> Answer:
    _need_invitations(call)
    call.organisation.cancel_invitation(_invitation(call), call.actor)
    return no_content()


def list_failed_invitations(call: Call) -> Answer:
    _need_invitations(call)
    failed = call.organisation.failed_invitations.values()
    return answer_list(call, [shapes.invitation(call.request, call.organisation, each) for each in failed])


def list_outside_collaborators(call: Call) -> Answer:
    call.need_owner()
    wanted = call.chosen("filter", FILTERS, "all", "OutsideCollaborator")
    chosen = [call.state.users[user_id] for user_id in sorted(call.organisation.outside_collaborators)]
    return _users(call, _filtered(chosen, wanted))


def convert_member(call: Call) -> Answer:
    """With "async" the vendor answers 202 and does it in a while; here it is done at once."""
    call.need_owner()
    is_later = call.body().get("async", False)
    call.organisation.convert_to_outside_collaborator(call.target(), call.actor)
    return Answer.of_json({}, 202) if is_later else no_content()


def remove_outside_collaborator(call: Call) -> Answer:
    call.need_owner()
    call.organisation.remove_outside_collaborator(call.target(), call.actor)
    return no_content()


def list_blocks(call: Call) -> Answer:
    call.need_owner()
    return _users(call, [call.state.users[user_id] for user_id in call.organisation.blocks])


def check_block(call: Call) -> Answer:
    call.need_owner()
    if call.target().id not in call.organisation.blocks:
        raise not_found()
    return no_content()


def block(call: Call) -> Answer:
    call.need_owner()
    call.organisation.block(call.target(), call.actor)
    return no_content()


def unblock(call: Call) -> Answer:
    call.need_owner()
    call.organisation.unblock(call.target(), call.actor)
    return no_content()


def _users(call: Call, users: list[User]) -> Answer:
    shown, headers = call.page(list(users))
    return Answer.of_json([shapes.simple_user(call.request, user) for user in shown], headers=headers)


def _filtered(users: list[User], wanted: str) -> list[User]:
    if wanted == "all":
        return users
    if wanted == "2fa_insecure":
        return [user for user in users if user.has_two_factor and user.has_text_messages]
    return [user for user in users if user.type == "User" and not user.has_two_factor]


def _refuse_filter(call: Call, wanted: str) -> None:
    is_owner = call.is_member and call.is_owner and not call.is_installed
    if wanted != "all" and not is_owner:
        raise Refusal(422, "Only owners can filter members by two-factor authentication.", errors=[])


def _membership(call: Call, user: User) -> Answer:
    try:
        return Answer.of_json(shapes.membership(call.request, call.organisation, user))
    except KeyError:
        raise not_found() from None


def _invitation(call: Call) -> Invitation:
    number = call.parameters["invitation_id"]
    invitation = call.organisation.invitations.get(int(number)) if number.isdigit() else None
    if invitation is None:
        raise not_found()
    return invitation


def _need_invitations(call: Call) -> None:
    if call.organisation.is_enterprise_managed:
        raise not_found()
    call.need_owner("You must be an admin to list the invitations of an organization.")


ROUTES: list[Route] = [
    route(
        "GET", "/orgs/{org}/members", list_members, "read:org", is_open=True, is_soft=True, permissions="members=read"
    ),
    route("GET", "/orgs/{org}/members/{username}", check_member, "read:org", is_soft=True, permissions="members=read"),
    route("DELETE", "/orgs/{org}/members/{username}", remove_member, "admin:org", permissions="members=write"),
    route("GET", "/orgs/{org}/public_members/{username}", check_public_member, is_open=True, permissions=ANY),
    route("GET", "/orgs/{org}/memberships/{username}", get_membership, "read:org", permissions="members=read"),
    route("PUT", "/orgs/{org}/memberships/{username}", set_membership, "admin:org", permissions="members=write"),
    route("DELETE", "/orgs/{org}/memberships/{username}", remove_membership, "admin:org", permissions="members=write"),
    route("GET", "/user/memberships/orgs/{org}", my_membership, "read:org"),
    route("GET", "/orgs/{org}/invitations", list_invitations, "read:org", permissions="members=read"),
    route("POST", "/orgs/{org}/invitations", create_invitation, "admin:org", permissions="members=write"),
    route(
        "GET",
        "/orgs/{org}/invitations/{invitation_id}/teams",
        list_invitation_teams,
        "admin:org",
        permissions="members=read",
    ),
    route(
        "DELETE", "/orgs/{org}/invitations/{invitation_id}", cancel_invitation, "admin:org", permissions="members=write"
    ),
    route("GET", "/orgs/{org}/failed_invitations", list_failed_invitations, "read:org", permissions="members=read"),
    route(
        "GET", "/orgs/{org}/outside_collaborators", list_outside_collaborators, "read:org", permissions="members=read"
    ),
    route(
        "PUT", "/orgs/{org}/outside_collaborators/{username}", convert_member, "admin:org", permissions="members=write"
    ),
    route(
        "DELETE",
        "/orgs/{org}/outside_collaborators/{username}",
        remove_outside_collaborator,
        "admin:org",
        permissions="members=write",
    ),
    route("GET", "/orgs/{org}/blocks", list_blocks, "admin:org", permissions="organization_user_blocking=read"),
    route(
        "GET", "/orgs/{org}/blocks/{username}", check_block, "admin:org", permissions="organization_user_blocking=read"
    ),
    route("PUT", "/orgs/{org}/blocks/{username}", block, "admin:org", permissions="organization_user_blocking=write"),
    route(
        "DELETE", "/orgs/{org}/blocks/{username}", unblock, "admin:org", permissions="organization_user_blocking=write"
    ),
]

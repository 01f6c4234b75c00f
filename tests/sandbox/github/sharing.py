"""With whom a repository is shared: collaborators, pending invitations, teams."""

from tests.sandbox.exchange import Answer
from tests.sandbox.github import access, repository_shapes
from tests.sandbox.github.call import Call, answer_list, no_content
from tests.sandbox.github.people import User
from tests.sandbox.github.refusal import invalid, not_found
from tests.sandbox.github.repository import PERMISSIONS, ROLES, Repository, RepositoryInvitation
from tests.sandbox.github.router import Route, route

AFFILIATIONS = ("all", "direct", "outside")


def list_collaborators(call: Call) -> Answer:
    repository = access.repository(call, "write", "Must have push access to view repository collaborators.")
    affiliation = call.chosen("affiliation", AFFILIATIONS, "all", "Collaborator")
    permission = call.chosen("permission", ("", *PERMISSIONS), "", "Collaborator")
    least = repository.level(PERMISSIONS.get(permission, "read"))
    held = [(user, repository.role_of(user)) for user in _people(call, repository, affiliation)]
    rows = [
        repository_shapes.collaborator(call.request, repository, user, role)
        for user, role in held
        if role is not None and repository.level(role) >= least
    ]
    return answer_list(call, rows)


def _people(call: Call, repository: Repository, affiliation: str) -> list[User]:
    """`direct`: by name, whoever they are; `outside`: those of them who are no members; `all`: members as well."""
    members = repository.organisation.members
    ids = list(repository.collaborators)
    if affiliation == "outside":
        ids = [user_id for user_id in ids if user_id not in members]
    if affiliation == "all":
        ids = [*members, *(user_id for user_id in ids if user_id not in members)]
    return [call.state.users[user_id] for user_id in ids]


def check_collaborator(call: Call) -> Answer:
    repository = access.repository(call, "write", "Must have push access to view repository collaborators.")
    user = call.target()
    if user.id not in repository.collaborators and user.id not in repository.organisation.members:
        raise not_found()
    return no_content()


def get_permission(call: Call) -> Answer:
    repository = access.repository(call, "write", "Must have push access to view collaborator permission.")
    user = call.target()
    role = repository.role_of(user)
    base = repository.organisation.repository_roles.get(role or "", role or "none")
    shape = repository_shapes.collaborator(call.request, repository, user, role) if role else None
    older = {"maintain": "write", "triage": "read"}.get(base, base)
    return Answer.of_json({"permission": older, "role_name": role or "none", "user": shape})


def add_collaborator(call: Call) -> Answer:
    repository = access.repository(call, "admin")
    role = _role(call, repository, "push")
    invitation = repository.add_collaborator(call.target(), role, call.actor)
    return no_content() if invitation is None else _invitation(call, repository, invitation, 201)


def remove_collaborator(call: Call) -> Answer:
    """Whoever has access may leave, the others need to be administrators."""
    is_self = call.token is not None and call.parameters["username"].lower() == call.user.login.lower()
    repository = access.repository(call, "read" if is_self else "admin")
    repository.remove_collaborator(call.target(), call.actor)
    return no_content()


def list_invitations(call: Call) -> Answer:
    repository = access.repository(call, "admin")
    now = call.state.clock.now()
    rows = [
        repository_shapes.repository_invitation(call.request, repository, each, now)
        for each in repository.invitations.values()
    ]
    return answer_list(call, rows)


def change_invitation(call: Call) -> Answer:
    repository = access.repository(call, "admin")
    invitation = _named_invitation(call, repository)
    invitation.role = call.body_choice("permissions", ROLES, invitation.role, "RepositoryInvitation")
    return _invitation(call, repository, invitation, 200)


def cancel_invitation(call: Call) -> Answer:
    repository = access.repository(call, "admin")
    repository.cancel_invitation(_named_invitation(call, repository), call.actor)
    return no_content()


def list_teams(call: Call) -> Answer:
    repository = access.repository(call)
    teams = repository.organisation.teams
    visible = [team_id for team_id in repository.teams if call.sees(teams[team_id])]
    return answer_list(call, [repository_shapes.repository_team(call.request, repository, each) for each in visible])


def give_team(call: Call) -> Answer:
    repository = access.repository(call, "admin")
    default = PERMISSIONS.get(repository.teams.get(call.team().id, ""), "push")
    repository.give_team(call.team(), _role(call, repository, default), call.actor)
    return no_content()


def take_team(call: Call) -> Answer:
    access.repository(call, "admin").take_team(call.team(), call.actor)
    return no_content()


def _role(call: Call, repository: Repository, default: str) -> str:
    """`permission` of the body: one of the older names or a custom role of the organisation."""
    asked = call.body().get("permission", default)
    if asked in repository.organisation.repository_roles:
        return str(asked)
    if asked not in PERMISSIONS:
        raise invalid("Repository", "permission", "permission is not included in the list")
    return PERMISSIONS[asked]


def _named_invitation(call: Call, repository: Repository) -> RepositoryInvitation:
    number = call.parameters["invitation_id"]
    found = repository.invitations.get(int(number)) if number.isdigit() else None
    if found is None:
        raise not_found()
    return found


def _invitation(call: Call, repository: Repository, invitation: RepositoryInvitation, status: int) -> Answer:
    now = call.state.clock.now()
    return Answer.of_json(repository_shapes.repository_invitation(call.request, repository, invitation, now), status)


BASE = "/repos/{owner}/{repo}"
PERSON = f"{BASE}/collaborators/{{username}}"
TEAM = "/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}"
ROUTES: list[Route] = [
    route("GET", f"{BASE}/collaborators", list_collaborators, "repo", is_soft=True, permissions="metadata=read"),
    route("GET", PERSON, check_collaborator, "repo", is_soft=True, permissions="metadata=read"),
    route("GET", f"{PERSON}/permission", get_permission, "repo", is_soft=True, permissions="metadata=read"),
    route("PUT", PERSON, add_collaborator, "repo", is_soft=True, permissions="administration=write"),
    route("DELETE", PERSON, remove_collaborator, "repo", is_soft=True, permissions="administration=write"),
    route("GET", f"{BASE}/invitations", list_invitations, "repo", is_soft=True, permissions="administration=read"),
    route(
        "PATCH",
        f"{BASE}/invitations/{{invitation_id}}",
        change_invitation,
        "repo",
        is_soft=True,
        permissions="administration=write",
    ),
    route(
        "DELETE",
        f"{BASE}/invitations/{{invitation_id}}",
        cancel_invitation,
        "repo",
        is_soft=True,
        permissions="administration=write",
    ),
    route("GET", f"{BASE}/teams", list_teams, "repo", is_soft=True, permissions="administration=read"),
    route("PUT", TEAM, give_team, "admin:org", "repo", permissions="members=read,administration=write"),
    route("DELETE", TEAM, take_team, "admin:org", "repo", permissions="members=read,administration=write"),
]

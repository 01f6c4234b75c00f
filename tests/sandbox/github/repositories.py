"""Repositories: listed, read, edited, deleted."""

import re
from collections.abc import Callable

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.github import access, repository_shapes
from tests.sandbox.github.call import Call, answer_list, no_content
from tests.sandbox.github.refusal import Refusal, invalid
from tests.sandbox.github.repository import VISIBILITIES, Repository
from tests.sandbox.github.router import NOT_FOR_APPS, Route, route

TYPES: dict[str, Callable[[Repository], bool]] = {
    "all": lambda each: True,
    "public": lambda each: each.visibility == "public",
    "private": lambda each: each.visibility != "public",
    "internal": lambda each: each.visibility == "internal",
    "forks": lambda each: each.is_fork,
    "sources": lambda each: not each.is_fork,
}
ORDERS: dict[str, Callable[[Repository], float | str]] = {
    "created": lambda each: each.created_at,
    "updated": lambda each: each.updated_at,
    "pushed": lambda each: each.pushed_at or 0.0,
    "full_name": lambda each: each.full_name.lower(),
}
NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")


def list_repositories(call: Call) -> Answer:
    """Those of them that the caller sees: without the scope `repo` the public ones."""
    wanted = call.chosen("type", (*TYPES, "member"), "all", "Repository")
    if wanted == "internal" and call.installation_token is not None:
        raise Refusal(403, NOT_FOR_APPS)
    order = call.chosen("sort", tuple(ORDERS), "created", "Repository")
    direction = call.chosen("direction", ("asc", "desc"), "asc" if order == "full_name" else "desc", "Repository")
    chosen = [
        each
        for each in call.organisation.repositories.values()
        if access.sees(call, each) and (_is_by_name(call, each) if wanted == "member" else TYPES[wanted](each))
    ]
    chosen.sort(key=ORDERS[order], reverse=direction == "desc")
    shown, headers = call.page(list(chosen))
    return Answer.of_json([_listed(call, each) for each in shown], headers=headers)


def get_repository(call: Call) -> Answer:
    return _full(call, access.repository(call))


def edit_repository(call: Call) -> Answer:
    """The new visibility comes before archiving and after waking up, so that both fit into one call."""
    repository = access.repository(call, "admin")
    body = call.body()
    if body.get("archived") is False:
        repository.unarchive(call.actor)
    elif not set(body) <= {"archived"}:
        repository.refuse_archived()
    _rename(call, repository, body)
    _describe(repository, body)
    visibility = _visibility(body)
    if visibility is not None and not (visibility == repository.visibility and "visibility" not in body):
        repository.set_visibility(visibility, call.actor)
    if body.get("archived") is True:
        repository.archive(call.actor)
    return _full(call, repository)


def delete_repository(call: Call) -> Answer:
    repository = access.repository(call, "admin")
    if not call.allows("delete_repo"):
        raise Refusal(403, "Must have admin rights to Repository.")
    repository.destroy(call.actor)
    return no_content()


def list_team_repositories(call: Call) -> Answer:
    call.need_member()
    team = call.team()
    chosen = [each for each in call.organisation.repositories.values() if team.id in each.teams]
    return answer_list(call, [_listed(call, each) for each in chosen if access.sees(call, each)])


def _visibility(body: dict[str, Json]) -> str | None:
    """`visibility` wins over the older `private`."""
    if "visibility" in body:
        if body["visibility"] not in VISIBILITIES:
            raise invalid("Repository", "visibility", f"visibility is not one of {', '.join(VISIBILITIES)}")
        return str(body["visibility"])
    return ("private" if body["private"] else "public") if "private" in body else None


def _rename(call: Call, repository: Repository, body: dict[str, Json]) -> None:
    name = body.get("name", repository.name)
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise invalid("Repository", "name", "name is invalid")
    if name != repository.name:
        repository.rename(name, call.actor)


def _describe(repository: Repository, body: dict[str, Json]) -> None:
    for member in ("description", "homepage"):
        if member in body:
            setattr(repository, member, body[member])
    branch = body.get("default_branch", repository.default_branch)
    if branch != repository.default_branch and branch not in repository.history.branches:
        raise invalid("Repository", "default_branch", f"The branch {branch} was not found.")
    repository.default_branch = branch


def _is_by_name(call: Call, repository: Repository) -> bool:
    return call.token is not None and call.user.id in repository.collaborators


def _listed(call: Call, repository: Repository) -> dict[str, Json]:
    return repository_shapes.listed_repository(call.request, repository, _role(call, repository))


def _full(call: Call, repository: Repository) -> Answer:
    return Answer.of_json(repository_shapes.full_repository(call.request, repository, _role(call, repository)))


def _role(call: Call, repository: Repository) -> str | None:
    """An installed app has no role, only permissions."""
    return repository.role_of(call.user) if call.token and not call.installation_token else None


BASE = "/repos/{owner}/{repo}"
ROUTES: list[Route] = [
    route(
        "GET", "/orgs/{org}/repos", list_repositories, "repo", is_open=True, is_soft=True, permissions="metadata=read"
    ),
    route(
        "GET",
        "/orgs/{org}/teams/{team_slug}/repos",
        list_team_repositories,
        "read:org",
        "repo",
        permissions="members=read",
    ),
    route("GET", BASE, get_repository, "repo", is_open=True, is_soft=True, permissions="metadata=read"),
    route("PATCH", BASE, edit_repository, "repo", is_soft=True, permissions="administration=write"),
    route("DELETE", BASE, delete_repository, "delete_repo", is_soft=True, permissions="administration=write"),
]

"""What was pushed to a repository, and what the world sees of an organisation."""

import base64
from datetime import timedelta

from tests.sandbox.clock import iso
from tests.sandbox.exchange import Answer, Json
from tests.sandbox.github import access, repository_shapes
from tests.sandbox.github.call import Call
from tests.sandbox.github.people import User
from tests.sandbox.github.refusal import Refusal
from tests.sandbox.github.repository import Happening, Repository
from tests.sandbox.github.router import ANY, Route, route

PERIODS = {
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
    "quarter": timedelta(days=90),
    "year": timedelta(days=365),
}
KINDS = ("push", "force_push", "branch_creation", "branch_deletion", "pr_merge", "merge_queue_merge")
EVENTS_KEPT = 300


def list_activity(call: Call) -> Answer:
    """Newest first unless asked otherwise; `after` and `before` come from the Link header."""
    repository = access.repository(call, "read")
    direction = call.chosen("direction", ("asc", "desc"), "desc", "Activity")
    period = call.chosen("time_period", ("", *PERIODS), "", "Activity")
    kind = call.chosen("activity_type", ("", *KINDS), "", "Activity")
    actor = call.request.parameter("actor").lower()
    reference = call.request.parameter("ref").removeprefix("refs/heads/")
    since = call.state.clock.now() - PERIODS[period].total_seconds() if period else 0.0
    chosen = [
        each
        for each in repository.activity
        if each.at >= since
        and kind in ("", each.kind)
        and actor in ("", each.actor.login.lower())
        and reference in ("", each.ref.removeprefix("refs/heads/"))
    ]
    chosen.sort(key=lambda each: (each.at, each.id), reverse=direction == "desc")
    return _page(call, chosen)


def _page(call: Call, chosen: list[Happening]) -> Answer:
    size = call.per_page()
    ids = [each.id for each in chosen]
    after, before = _cursor(call, "after", ids), _cursor(call, "before", ids)
    start = after + 1 if after is not None else max(0, (before or 0) - size)
    end = start + size if before is None else before
    shown = chosen[start:end]
    links = []
    if end < len(chosen) and shown:
        links.append(call.link({"after": _token(shown[-1]), "before": ""}, "next"))
    if start > 0 and shown:
        links.append(call.link({"after": "", "before": _token(shown[0])}, "prev"))
    headers = {"Link": ", ".join(links)} if links else {}
    return Answer.of_json([repository_shapes.activity(call.request, each) for each in shown], headers=headers)


def _token(happening: Happening) -> str:
    return base64.urlsafe_b64encode(f"activity:{happening.id}".encode()).decode()


def _cursor(call: Call, name: str, ids: list[int]) -> int | None:
    """Where in the list the cursor's entry stands."""
    text = call.request.parameter(name)
    if not text:
        return None
    try:
        return ids.index(int(base64.urlsafe_b64decode(text).decode().rpartition(":")[2]))
    except ValueError:
        raise Refusal(422, f"Invalid {name} cursor.") from None


def list_events(call: Call) -> Answer:
    """Pushes to public repositories, some time late, the newest three hundred."""
    until = call.state.clock.now() - call.state.events_delay
    repositories = [each for each in call.organisation.repositories.values() if each.visibility == "public"]
    pushes = [
        (repository, each)
        for repository in repositories
        for each in repository.activity
        if each.kind in ("push", "pr_merge") and each.at <= until
    ]
    pushes.sort(key=lambda pair: (pair[1].at, pair[1].id), reverse=True)
    shown, headers = call.page([_event(call, *each) for each in pushes[:EVENTS_KEPT]])
    return Answer.of_json(shown, headers={"X-Poll-Interval": "60", **headers})


def _event(call: Call, repository: Repository, push: Happening) -> dict[str, Json]:
    organisation = repository.organisation
    url = call.request.url(f"/repos/{repository.full_name}")
    as_user = User(organisation.id, organisation.login)
    return {
        "id": str(push.id),
        "type": "PushEvent",
        "actor": _actor(call, push.actor, "users") | {"display_login": push.actor.login.removesuffix("[bot]")},
        "repo": {"id": repository.id, "name": repository.full_name, "url": url},
        "payload": {
            "repository_id": repository.id,
            "push_id": push.id,
            "ref": push.ref,
            "head": push.after,
            "before": push.before,
        },
        "public": True,
        "created_at": iso(push.at),
        "org": _actor(call, as_user, "orgs"),
    }


def _actor(call: Call, user: User, kind: str) -> dict[str, Json]:
    return {
        "id": user.id,
        "login": user.login,
        "gravatar_id": "",
        "url": call.request.url(f"/{kind}/{user.login}"),
        "avatar_url": f"https://avatars.githubusercontent.com/u/{user.id}?",
    }


ROUTES: list[Route] = [
    route("GET", "/repos/{owner}/{repo}/activity", list_activity, "repo", is_soft=True, permissions="contents=read"),
    route("GET", "/orgs/{org}/events", list_events, is_open=True, permissions=ANY),
]
